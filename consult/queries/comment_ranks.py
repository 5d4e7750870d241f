"""The ranks of `domain.comment_orders` as SQL, so that the database sorts and pages."""

from typing import Any

import sqlalchemy as sa

from consult.domain.comment_orders import PSEUDO_VOTES, SCALE, CommentKey, CommentOrder
from consult.domain.comments import CommentState
from consult.domain.votes import Choice
from consult.models.comments import Comment
from consult.models.votes import CommentVote


def ranked(
    query: sa.Select[*tuple[Any, ...]],
    consultation_id: int,
    question_id: int,
    order: CommentOrder,
    before: CommentKey | None,
) -> sa.Select[*tuple[Any, ...]]:
    """A query of comments on a question, in an order, behind a key; a column `rank` is added.

    Orders by votes hold published comments alone: where a stub stood would tell how people had voted on it.
    """
    if order is CommentOrder.NEWEST:
        query = query.add_columns(sa.literal(0).label("rank")).order_by(Comment.id.desc())
        return query if before is None else query.where(Comment.id < before.id)
    votes = _votes(consultation_id, question_id)
    rank = _rank(order, votes)
    query = (
        query.add_columns(rank.label("rank"))
        .outerjoin(votes, votes.c.comment_id == Comment.id)
        .where(Comment.state == CommentState.PUBLISHED)
        .order_by(rank.desc(), Comment.id.desc())
    )
    if before is not None:
        query = query.where(sa.or_(rank < before.rank, sa.and_(rank == before.rank, Comment.id < before.id)))
    return query


def _votes(consultation_id: int, question_id: int) -> sa.Subquery:
    """The votes on each comment of the question; votes on others are not touched."""
    here = sa.select(Comment.id).where(
        Comment.consultation_id == consultation_id,
        Comment.question_id == question_id,
        Comment.parent_id.is_(None),
        Comment.state == CommentState.PUBLISHED,
    )

    def counted(choice: Choice) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((CommentVote.choice == choice.value, 1), else_=0))

    return (
        sa.select(
            CommentVote.comment_id,
            counted(Choice.AGREE).label("agree"),
            counted(Choice.DISAGREE).label("disagree"),
            sa.func.count().label("total"),
        )
        .where(CommentVote.consultation_id == consultation_id, CommentVote.comment_id.in_(here))
        .group_by(CommentVote.comment_id)
        .subquery()
    )


def _rank(order: CommentOrder, votes: sa.Subquery) -> sa.ColumnElement[int]:
    """The SQL twin of `domain.comment_orders.rank`; whole numbers, division rounds down."""
    agree: sa.ColumnElement[int] = sa.func.coalesce(votes.c.agree, 0)
    disagree: sa.ColumnElement[int] = sa.func.coalesce(votes.c.disagree, 0)
    match order:
        case CommentOrder.AGREED:
            return SCALE * (agree + 1) // (agree + disagree + 2)
        case CommentOrder.DIVIDED:
            smaller = sa.case((agree < disagree, agree), else_=disagree)
            return SCALE * 2 * smaller // (agree + disagree + PSEUDO_VOTES)
        case CommentOrder.NEEDS_VOTES:
            return -sa.func.coalesce(votes.c.total, 0)
        case CommentOrder.NEWEST:
            return sa.literal(0)
