"""The orders of `domain.comment_orders` in SQL: by kept ranks, so that a page reads only its rows."""

from typing import Any

import sqlalchemy as sa

from consult.domain.comment_orders import CommentKey, CommentOrder
from consult.domain.comments import CommentState
from consult.models.comments import Comment
from consult.models.tallies import CommentTally

RANKS = {
    CommentOrder.AGREED: CommentTally.agreed_rank,
    CommentOrder.DIVIDED: CommentTally.divided_rank,
    CommentOrder.NEEDS_VOTES: CommentTally.needs_rank,
}
"""Where the rank of each order is kept; an index has each, with the comment's number behind it."""


def ranked(
    query: sa.Select[*tuple[Any, ...]],
    consultation_id: int,
    question_id: int,
    order: CommentOrder,
    before: CommentKey | None,
) -> sa.Select[*tuple[Any, ...]]:
    """A query of comments on a question, in an order, behind a key; a column `rank` is added.

    Orders by votes hold published comments alone: where a stub stood would tell how people had voted on it.
    Their ranks are those that `services.tallying` counted last.
    """
    if order is CommentOrder.NEWEST:
        query = query.add_columns(sa.literal(0).label("rank")).order_by(Comment.id.desc())
        return query if before is None else query.where(Comment.id < before.id)
    rank, number = RANKS[order], CommentTally.comment_id
    is_its_own = sa.and_(
        CommentTally.consultation_id == Comment.consultation_id, CommentTally.comment_id == Comment.id
    )
    query = (
        query.add_columns(rank.label("rank"))
        .join(CommentTally, is_its_own)
        .where(
            CommentTally.consultation_id == consultation_id,
            CommentTally.question_id == question_id,
            Comment.state == CommentState.PUBLISHED,
        )
        .order_by(rank.desc(), number.desc())
    )
    if before is not None:
        query = query.where(sa.or_(rank < before.rank, sa.and_(rank == before.rank, number < before.id)))
    return query
