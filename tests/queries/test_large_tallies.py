"""Tallies of comments with very many votes: a second old while people vote, exact afterwards."""

import pytest
from flask import Flask

from consult.domain.consultations import ResultsPolicy, State
from consult.domain.votes import Choice, Tally
from consult.queries import tallies
from consult.queries.tallies import large_tally, shown_to_voter, voted_comments
from tests.support.cast import Cast, comment, open_consultation, vote, within

SHOWN = ResultsPolicy.AFTER_VOTING


@pytest.fixture(autouse=True)
def _two_votes_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "LARGE", 2)
    tallies._large_of_engines.clear()  # a database that begins anew counts its comments from one again


def test_a_large_tally_is_counted_once_a_second_and_a_small_one_each_time(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    large, small = (comment(app, people.aigerim, built, words) for words in ("Trees.", "Benches."))
    for voter in (people.aigerim, people.dauren):
        vote(app, voter, built, large, Choice.AGREE)
    vote(app, people.dauren, built, small, Choice.PASS)
    with within(app):
        assert shown_to_voter(built.id, SHOWN, large, Choice.AGREE, 1).tally == Tally(agree=2)
        assert shown_to_voter(built.id, SHOWN, small, Choice.PASS, 1).tally == Tally(pass_=1)
        assert large_tally(large) == Tally(agree=2)
        assert large_tally(small) is None
    vote(app, people.moderator, built, large, Choice.DISAGREE)
    with within(app):
        assert shown_to_voter(built.id, SHOWN, large, Choice.AGREE, 1).tally == Tally(agree=2)


def test_a_large_tally_that_is_hidden_is_not_counted_with_each_vote(app: Flask) -> None:
    many = Tally(agree=2)
    with within(app):
        voted = shown_to_voter(1, ResultsPolicy.AFTER_CLOSING, 7, Choice.AGREE, 1, many)
        assert voted.tally is None
        assert large_tally(7) == many


def test_after_closing_a_large_tally_is_exact(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, "Trees.")
    for voter in (people.aigerim, people.dauren):
        vote(app, voter, built, key, Choice.AGREE)

    def shown(state: State) -> Tally | None:
        choices = {key: Choice.AGREE}
        (voted,) = voted_comments(built.id, ResultsPolicy.AFTER_VOTING, state, {key: 1}, choices)
        return voted.tally

    with within(app):
        assert shown(State.OPEN) == Tally(agree=2)
    vote(app, people.moderator, built, key, Choice.DISAGREE)
    with within(app):
        assert shown(State.CLOSED) == Tally(agree=2, disagree=1)


def test_an_old_large_tally_is_counted_anew(
    app: Flask, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "LARGE_SECONDS", 0.0)
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, "Trees.")
    for number, voter in enumerate((people.aigerim, people.dauren, people.moderator), start=1):
        vote(app, voter, built, key, Choice.AGREE)
        with within(app):
            assert shown_to_voter(built.id, SHOWN, key, Choice.AGREE, 1).tally == Tally(agree=number)
