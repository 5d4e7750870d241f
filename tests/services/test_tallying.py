"""Figures kept beside what they count: they add up after every deed, and follow the votes."""

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.comment_orders import CommentOrder, rank
from consult.domain.comments import CommentState
from consult.domain.people import OPERATOR
from consult.domain.votes import Choice, Tally
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.tallies import CommentCount, CommentTally
from consult.queries.comment_counts import comment_counts, published_counts
from consult.services import moderation, own_comments, tallying
from tests.support.cast import Built, Cast, close_by_clock, comment, count, open_consultation, vote

pytestmark = pytest.mark.usefixtures("inside")


def recount(built: Built) -> dict[CommentState, int]:
    rows = db.session.execute(
        sa.select(Comment.state, sa.func.count())
        .where(Comment.question_id == built.questions[0])
        .group_by(Comment.state)
    )
    return dict(rows.all())


def test_counts_follow_every_deed_and_adding_up_changes_none(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    top = comment(app, people.aigerim, built, "One")
    comment(app, people.dauren, built, "Two", reply_to=top)
    third = comment(app, people.dauren, built, "Three")
    moderation.withhold_comment(OPERATOR, top, "insult", "Rude.")
    assert comment_counts(built.id, built.questions[0]) == recount(built) == {
        CommentState.PUBLISHED: 2, CommentState.WITHHELD: 1,
    }  # fmt: skip
    moderation.restore_comment(OPERATOR, top)
    own_comments.withdraw_comment(people.dauren.actor, built.id, third)
    before = count(CommentCount)
    tallying.GATHERED, gathered = 2, tallying.GATHERED
    try:
        tallying.add_up_counts()
    finally:
        tallying.GATHERED = gathered
    assert count(CommentCount) < before
    assert comment_counts(built.id, built.questions[0]) == recount(built)
    assert published_counts(built.id) == {built.questions[0]: recount(built)[CommentState.PUBLISHED]}


def test_ranks_are_those_of_the_votes_at_the_closing(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    reply = comment(app, people.aigerim, built, reply_to=key)
    for by, choice in ((people.dauren, Choice.AGREE), (people.moderator, Choice.DISAGREE)):
        vote(app, by, built, key, choice)
        vote(app, by, built, reply, choice)
    assert tallying.count_votes() == 1
    assert tallying.count_votes() == 0
    vote(app, people.dauren, built, key, Choice.PASS)
    close_by_clock(app, built)
    assert tallying.count_votes() == 1
    kept = db.session.scalars(sa.select(CommentTally)).one()
    tally = Tally(disagree=1, pass_=1)
    assert (kept.agree, kept.disagree, kept.passed) == (0, 1, 1)
    assert (kept.agreed_rank, kept.divided_rank, kept.needs_rank) == tuple(
        rank(order, tally) for order in (CommentOrder.AGREED, CommentOrder.DIVIDED, CommentOrder.NEEDS_VOTES)
    )
