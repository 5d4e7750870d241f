"""Votes: the last one counts, and only where one is asked for."""

from collections.abc import Callable

import pytest
from flask import Flask

from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR
from consult.domain.votes import Choice, Tally
from consult.models.base import db
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.tallies import comment_tallies, tally_of
from consult.services import moderation, questions, votes
from tests.support.cast import (
    OPEN_QUESTION,
    Built,
    Cast,
    Member,
    comment,
    count,
    open_consultation,
    published_comment,
    refusal,
    vote,
    withheld_comment,
)

pytestmark = pytest.mark.usefixtures("inside")
KK = Language.KK


@pytest.mark.parametrize("first", Choice)
@pytest.mark.parametrize("second", Choice)
def test_a_second_vote_replaces_the_first(
    app: Flask, aigerim: Member, dauren: Member, first: Choice, second: Choice
) -> None:
    built = open_consultation(app)
    top = comment(app, aigerim, built)
    reply = comment(app, aigerim, built, reply_to=top)
    for target in (top, reply):
        vote(app, dauren, built, target, first)
        vote(app, dauren, built, target, second)
    votes.vote_on_proposition(dauren.actor, built.id, built.questions[1], first, KK)
    votes.vote_on_proposition(dauren.actor, built.id, built.questions[1], second, KK)
    assert set(db.session.scalars(db.select(CommentVote.choice))) == {second.value}
    assert (count(CommentVote), count(PropositionVote)) == (2, 1)
    assert tally_of(PropositionVote, built.id, built.questions[1]).total == 1


def test_tallies_count_each_choice(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    one, other = comment(app, people.aigerim, built, "One"), comment(app, people.aigerim, built, "Other")
    choices = (Choice.AGREE, Choice.DISAGREE, Choice.AGREE, Choice.PASS)
    voters = (people.aigerim, people.dauren, people.moderator, people.administrator)
    for voter, choice in zip(voters, choices, strict=True):
        vote(app, voter, built, one, choice)
    assert comment_tallies(built.id, [one, other]) == {one: Tally(2, 1, 1), other: Tally()}


def test_only_a_published_comment_takes_votes(app: Flask, aigerim: Member, dauren: Member) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    pending, withheld = comment(app, aigerim, built), withheld_comment(app, aigerim, built)
    for by, target, reason in (
        (dauren, pending, Reason.NOT_FOUND),
        (aigerim, pending, Reason.COMMENT_NOT_PUBLISHED),
        (dauren, withheld, Reason.COMMENT_NOT_PUBLISHED),
        (dauren, 404, Reason.NOT_FOUND),
    ):
        deed = lambda by=by, target=target: vote(app, by, built, target)  # noqa: E731
        assert refusal(deed) is reason
    assert count(CommentVote) == 0


def test_votes_are_kept_while_a_comment_is_withheld(app: Flask, aigerim: Member, dauren: Member) -> None:
    built = open_consultation(app)
    target = comment(app, aigerim, built)
    vote(app, dauren, built, target)
    moderation.withhold_comment(OPERATOR, target, "insult", "Rude.")
    assert refusal(lambda: vote(app, dauren, built, target, Choice.PASS)) is Reason.COMMENT_NOT_PUBLISHED
    moderation.restore_comment(OPERATOR, target)
    assert comment_tallies(built.id, [target]) == {target: Tally(agree=1)}


def test_an_open_question_is_not_voted_on(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)

    def answer(question_id: int) -> None:
        votes.vote_on_proposition(aigerim.actor, built.id, question_id, Choice.AGREE, KK)

    assert refusal(lambda: answer(built.questions[0])) is Reason.VOTE_NOT_ASKED
    assert refusal(lambda: answer(404)) is Reason.NOT_FOUND


def test_a_vote_on_words_that_have_changed_since_is_refused(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)

    def answer(version: int) -> None:
        key = built.questions[1]
        votes.vote_on_proposition(aigerim.actor, built.id, key, Choice.AGREE, KK, question_version=version)

    questions.edit_question(OPERATOR, built.id, 2, OPEN_QUESTION.texts)
    assert refusal(lambda: answer(1)) is Reason.VERSION_CONFLICT
    answer(2)
    assert count(PropositionVote) == 1


def test_a_comment_of_another_consultation_is_not_found(app: Flask, aigerim: Member) -> None:
    built, other = open_consultation(app), open_consultation(app, slug="other")
    theirs = published_comment(app, aigerim, other)
    assert refusal(lambda: vote(app, aigerim, built, theirs)) is Reason.NOT_FOUND


VOTES: dict[str, Callable[[Member, Built, int], None]] = {
    "comment": lambda by, built, target: votes.cast_vote(by.actor, built.id, target, Choice.AGREE),
    "proposition": lambda by, built, _target: votes.vote_on_proposition(
        by.actor, built.id, built.questions[1], Choice.AGREE, KK
    ),
}


@pytest.mark.parametrize("kind_of_vote", VOTES)
def test_guests_and_blocked_people_do_not_vote(app: Flask, people: Cast, kind_of_vote: str) -> None:
    built = open_consultation(app)
    target = comment(app, people.aigerim, built)
    guest = Member(GUEST, "")
    assert refusal(lambda: VOTES[kind_of_vote](guest, built, target)) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: VOTES[kind_of_vote](people.blocked, built, target)) is Reason.ACCOUNT_BLOCKED
    assert (count(CommentVote), count(PropositionVote)) == (0, 0)
