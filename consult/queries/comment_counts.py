"""How many comments and replies there are, by question and state, without going through them."""

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.models.prepared import Prepared
from consult.models.tallies import CommentCount
from consult.queries.freshness import kept

_NUMBER = sa.func.sum(CommentCount.number)
_PUBLISHED = Prepared(
    lambda _dialect: (
        sa.select(CommentCount.question_id, _NUMBER)
        .where(
            CommentCount.consultation_id == sa.bindparam("here"),
            CommentCount.state == CommentState.PUBLISHED.value,
        )
        .group_by(CommentCount.question_id)
        .having(_NUMBER > 0)
    )
)
_BY_STATE = Prepared(
    lambda _dialect: (
        sa.select(CommentCount.state, _NUMBER)
        .where(
            CommentCount.consultation_id == sa.bindparam("here"),
            CommentCount.question_id == sa.bindparam("question"),
        )
        .group_by(CommentCount.state)
        .having(_NUMBER > 0)
    )
)


@kept
def published_counts(consultation_id: int) -> dict[int, int]:
    """Published comments and replies by question; questions without any are left out."""
    return {question_id: int(number) for question_id, number in _PUBLISHED.run(here=consultation_id)}


@kept
def comment_counts(consultation_id: int, question_id: int) -> dict[CommentState, int]:
    """Comments and replies of a question by state; withheld ones stay counted."""
    rows = _BY_STATE.run(here=consultation_id, question=question_id)
    return {CommentState(state): int(number) for state, number in rows}
