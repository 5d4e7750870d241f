"""The one closing rule: every deed that writes a citizen's input obeys the clock of the database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.domain.votes import Choice
from consult.models.base import Base
from consult.models.comments import Comment
from consult.models.votes import CommentVote, PropositionVote
from consult.services import comments, consultations, votes
from tests.support.cast import (
    Built,
    Cast,
    Member,
    close_by_clock,
    comment,
    count,
    draft,
    open_consultation,
    refusal,
)

pytestmark = pytest.mark.usefixtures("inside")
WORDS = comments.Words("Too late or too early.", Language.EN)

DEEDS: dict[str, Callable[[Member, Built, int, int], object]] = {
    "a comment": lambda by, built, _c, _r: comments.submit_comment(
        by.actor, built.id, built.questions[0], WORDS
    ),
    "a comment on a proposition": lambda by, built, _c, _r: comments.submit_comment(
        by.actor, built.id, built.questions[1], WORDS
    ),
    "a reply": lambda by, built, c, _r: comments.submit_reply(by.actor, built.id, c, WORDS),
    "a reply to a reply": lambda by, built, _c, r: comments.submit_reply(by.actor, built.id, r, WORDS),
    "a vote on a comment": lambda by, built, c, _r: votes.cast_vote(by.actor, built.id, c, Choice.AGREE),
    "a vote on a reply": lambda by, built, _c, r: votes.cast_vote(by.actor, built.id, r, Choice.AGREE),
    "a vote on a proposition": lambda by, built, _c, _r: votes.vote_on_proposition(
        by.actor, built.id, built.questions[1], Choice.AGREE, Language.KK
    ),
}
TABLES: tuple[type[Base], ...] = (Comment, CommentVote, PropositionVote)


@pytest.mark.parametrize("deed", DEEDS)
def test_input_is_taken_while_it_is_open_and_not_a_second_after(app: Flask, people: Cast, deed: str) -> None:
    built = open_consultation(app)
    top = comment(app, people.aigerim, built)
    reply = comment(app, people.aigerim, built, reply_to=top)
    before = [count(table) for table in TABLES]
    DEEDS[deed](people.dauren, built, top, reply)
    during = [count(table) for table in TABLES]
    assert sum(during) == sum(before) + 1
    close_by_clock(app, built, ago=timedelta(seconds=1))
    for late in (people.dauren, people.aigerim, people.moderator, people.blocked):
        attempt = lambda late=late: DEEDS[deed](late, built, top, reply)  # noqa: E731
        assert refusal(attempt) is Reason.CONSULTATION_CLOSED
    assert [count(table) for table in TABLES] == during


@pytest.mark.parametrize("deed", DEEDS)
def test_a_withdrawn_consultation_takes_no_input(app: Flask, people: Cast, deed: str) -> None:
    built = open_consultation(app)
    top = comment(app, people.aigerim, built)
    reply = comment(app, people.aigerim, built, reply_to=top)
    consultations.withdraw_consultation(OPERATOR, built.id, "A mistake.")
    assert refusal(lambda: DEEDS[deed](people.dauren, built, top, reply)) is Reason.CONSULTATION_CLOSED
    assert [count(table) for table in TABLES] == [2, 0, 0]


@pytest.mark.parametrize("deed", ["a comment", "a comment on a proposition", "a vote on a proposition"])
def test_before_the_opening_nothing_is_taken_and_a_draft_is_not_even_known(
    app: Flask, people: Cast, deed: str
) -> None:
    soon = open_consultation(app, opens_in=timedelta(seconds=5), closes_in=timedelta(days=40))
    hidden = draft(app, slug="draft")
    assert refusal(lambda: DEEDS[deed](people.dauren, soon, 0, 0)) is Reason.CONSULTATION_NOT_OPEN
    assert refusal(lambda: DEEDS[deed](people.dauren, hidden, 0, 0)) is Reason.NOT_FOUND
    assert [count(table) for table in TABLES] == [0, 0, 0]
