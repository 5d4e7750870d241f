"""The orders of `domain.comment_orders` in SQL: by kept ranks, so that a page reads only its rows."""

from typing import Any

import sqlalchemy as sa

from consult.domain.comment_orders import CommentOrder
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
    query: sa.Select[*tuple[Any, ...]], order: CommentOrder, *, is_behind_a_key: bool
) -> sa.Select[*tuple[Any, ...]]:
    """A query of comments on a question, in an order, perhaps behind a key; a column `rank` is added.

    It binds `here` and `question`, the numbers of the consultation and the question, and for the key
    `before_rank`, `before_id`. Orders by votes hold published comments alone: where a stub stood would tell
    how people had voted on it. Their ranks are those that `services.tallying` counted last.
    """
    before_rank, before_id = (
        sa.bindparam(name, type_=sa.BigInteger) for name in ("before_rank", "before_id")
    )
    if order is CommentOrder.NEWEST:
        query = query.add_columns(sa.literal(0).label("rank")).order_by(Comment.id.desc())
        return query.where(Comment.id < before_id) if is_behind_a_key else query
    rank, number = RANKS[order], CommentTally.comment_id
    is_its_own = sa.and_(
        CommentTally.consultation_id == Comment.consultation_id, CommentTally.comment_id == Comment.id
    )
    query = (
        query.add_columns(rank.label("rank"))
        .join(CommentTally, is_its_own)
        .where(
            CommentTally.consultation_id == sa.bindparam("here"),
            CommentTally.question_id == sa.bindparam("question"),
            Comment.state == CommentState.PUBLISHED,
        )
        .order_by(rank.desc(), number.desc())
    )
    if is_behind_a_key:
        query = query.where(sa.or_(rank < before_rank, sa.and_(rank == before_rank, number < before_id)))
    return query
