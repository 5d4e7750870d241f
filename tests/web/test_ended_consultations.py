"""What the pages of a consultation say once voting is over."""

import pytest
from flask import Flask

from consult.domain.languages import Language
from consult.domain.votes import Choice
from consult.services import votes
from tests.support.cast import Built, Cast, close_by_clock, open_consultation, within
from tests.support.outcomes import answered_consultation
from tests.support.pages import PageClient
from tests.support.scenes import visitor

CALENDAR = "Put the closing date into a calendar"


@pytest.fixture
def voted(app: Flask, people: Cast) -> Built:
    """A consultation in which one person voted on the proposition, closed."""
    with within(app):
        built = open_consultation(app)
        votes.vote_on_proposition(
            people.aigerim.actor, built.id, built.questions[1], Choice.AGREE, Language.KK
        )
        close_by_clock(app, built)
    return built


def test_whoever_never_voted_reads_that_voting_is_over_and_how_many_voted(
    app: Flask, people: Cast, voted: Built
) -> None:
    for client in (visitor(app), visitor(app, people.dauren)):
        card = client.get(f"/en/c/{voted.slug}/q/2").texts("#question-vote")[0]
        assert "Voting is over" in card
        assert "1 vote" in card
        assert "so far" not in card
        assert "Your vote" not in card


def test_whoever_voted_still_reads_the_own_vote(app: Flask, people: Cast, voted: Built) -> None:
    card = visitor(app, people.aigerim).get(f"/en/c/{voted.slug}/q/2").texts("#question-vote")[0]
    assert "Your vote" in card
    assert "You voted: Agree." in card
    assert "so far" not in card


def test_an_ended_consultation_speaks_of_what_could_be_changed_and_offers_no_calendar(
    app: Flask, people: Cast, client: PageClient, voted: Built
) -> None:
    answered = answered_consultation(app, people, slug="decided-upon")
    with within(app):
        running = open_consultation(app, slug="still-open")
    for built in (voted, answered):
        page = client.get(f"/en/c/{built.slug}")
        assert "What could be changed" in page.texts("h2")
        assert "What can still change" not in page.text
        assert CALENDAR not in page.links
        assert "Results" in page.links
    page = client.get(f"/en/c/{running.slug}")
    assert "What can still change" in page.texts("h2")
    assert CALENDAR in page.links
    assert "Results so far" in page.links
