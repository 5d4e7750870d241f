"""The current votes on the comments of a consultation as arrays, without a row object each."""

from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.votes import CommentVote

AT_ONCE = 50_000

Column = npt.NDArray[np.int64]


@dataclass(frozen=True)
class VoteColumns:
    """Three arrays of one length, a place in each for a vote; and the comments that are not published."""

    person_ids: Column
    comment_ids: Column
    choices: npt.NDArray[np.int8]
    unpublished: Column


def vote_columns(consultation_id: int) -> VoteColumns:
    """Votes on comments and replies, on unpublished ones too, by comment and person."""
    parts = [np.empty((0, 3), dtype=np.int64)]
    result = db.session.execute(
        sa.select(CommentVote.person_id, CommentVote.comment_id, CommentVote.choice)
        .where(CommentVote.consultation_id == consultation_id)
        .order_by(CommentVote.comment_id, CommentVote.person_id),
        execution_options={"yield_per": AT_ONCE},
    )
    for part in result.partitions(AT_ONCE):
        numbers = np.fromiter(chain.from_iterable(part), dtype=np.int64, count=3 * len(part))
        parts.append(numbers.reshape(-1, 3))
    votes = np.concatenate(parts)
    hidden = db.session.scalars(
        sa.select(Comment.id).where(
            Comment.consultation_id == consultation_id, Comment.state != CommentState.PUBLISHED
        )
    )
    unpublished = np.array(hidden.all(), dtype=np.int64)
    return VoteColumns(votes[:, 0], votes[:, 1], votes[:, 2].astype(np.int8), unpublished)
