"""How many comments and replies there are, by question and state, without going through them."""

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.models.base import db
from consult.models.tallies import CommentCount
from consult.queries.freshness import kept


@kept
def published_counts(consultation_id: int) -> dict[int, int]:
    """Published comments and replies by question; questions without any are left out."""
    number = sa.func.sum(CommentCount.number)
    rows = db.session.execute(
        sa.select(CommentCount.question_id, number)
        .where(
            CommentCount.consultation_id == consultation_id,
            CommentCount.state == CommentState.PUBLISHED.value,
        )
        .group_by(CommentCount.question_id)
        .having(number > 0)
    )
    return {question_id: int(counted) for question_id, counted in rows}


@kept
def comment_counts(consultation_id: int, question_id: int) -> dict[CommentState, int]:
    """Comments and replies of a question by state; withheld ones stay counted."""
    number = sa.func.sum(CommentCount.number)
    rows = db.session.execute(
        sa.select(CommentCount.state, number)
        .where(CommentCount.consultation_id == consultation_id, CommentCount.question_id == question_id)
        .group_by(CommentCount.state)
        .having(number > 0)
    )
    return {CommentState(state): int(counted) for state, counted in rows}
