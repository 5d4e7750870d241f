"""What a person's own page is made of."""

from collections.abc import Callable

import pytest
from flask import Flask

from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR
from consult.domain.votes import Choice
from consult.queries.dashboard import REPLIES, own_consultations, replies_to
from consult.services import moderation, votes
from consult.services.consultations import withdraw_consultation
from consult.services.following import follow_consultation
from tests.support.cast import Cast, close_by_clock, comment, open_consultation, published_comment, vote

pytestmark = pytest.mark.usefixtures("inside")
KK = Language.KK
CANARY = "Canary words that nobody may read."
Statements = Callable[[Callable[[], object]], int]


def test_it_holds_what_one_takes_part_in_or_follows(app: Flask, people: Cast) -> None:
    begun, done = open_consultation(app, slug="begun"), open_consultation(app, slug="done")
    followed, closed = open_consultation(app, slug="followed"), open_consultation(app, slug="closed")
    open_consultation(app, slug="another")
    dauren = people.dauren.actor
    vote(app, people.dauren, begun, comment(app, people.aigerim, begun))
    comment(app, people.dauren, done)
    votes.vote_on_proposition(dauren, done.id, done.questions[1], Choice.PASS, KK)
    follow_consultation(dauren, followed.id)
    comment(app, people.dauren, closed)
    close_by_clock(app, closed)
    mine = own_consultations(dauren, KK)
    assert [(own.view.slug, own.done, own.is_followed, own.is_unfinished) for own in mine] == [
        ("closed", 1, False, False),
        ("followed", 0, True, False),
        ("done", 2, False, False),
        ("begun", 1, False, True),
    ]
    assert own_consultations(GUEST, KK) == own_consultations(people.moderator.actor, KK) == ()


def test_a_withdrawn_consultation_leaves_the_page(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    follow_consultation(people.dauren.actor, built.id)
    withdraw_consultation(OPERATOR, built.id, "No money.")
    assert own_consultations(people.dauren.actor, KK) == ()


def test_replies_are_those_of_others_that_everybody_may_read(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    mine = published_comment(app, people.aigerim, built)
    theirs = published_comment(app, people.dauren, built)
    own_reply = published_comment(app, people.aigerim, built, "My own.", reply_to=mine)
    answer = published_comment(app, people.dauren, built, "An answer.", reply_to=mine)
    deeper = published_comment(app, people.moderator, built, "To the reply.", reply_to=own_reply)
    published_comment(app, people.moderator, built, "To somebody else.", reply_to=theirs)
    comment(app, people.dauren, built, CANARY, reply_to=mine)
    withheld = published_comment(app, people.dauren, built, CANARY, reply_to=mine)
    moderation.withhold_comment(OPERATOR, withheld, "insult", "Rude.")
    found = replies_to(people.aigerim.actor)
    assert [(reply.id, reply.answered_id, reply.is_official) for reply in found] == [
        (deeper, own_reply, True),
        (answer, mine, False),
    ]
    assert CANARY not in repr(found)
    assert replies_to(GUEST) == ()


def test_it_costs_the_same_for_many_as_for_few(app: Flask, people: Cast, statements: Statements) -> None:
    def read() -> None:
        own_consultations(people.aigerim.actor, KK)
        replies_to(people.aigerim.actor)

    def build(number: int) -> None:
        built = open_consultation(app, slug=f"number-{number}")
        mine = comment(app, people.aigerim, built)
        comment(app, people.dauren, built, reply_to=mine)

    build(0)
    few = statements(read)
    for number in range(1, 7):
        build(number)
    assert statements(read) == few
    assert len(replies_to(people.aigerim.actor)) == REPLIES
