"""The current votes on the comments of a consultation as arrays, without a row object each."""

from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.votes import CommentVote

AT_ONCE = 50_000

Column = npt.NDArray[np.int64]
Part = TypeVar("Part", Column, npt.NDArray[np.int8])
_NONE: Column = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class VoteColumns:
    """Three arrays of one length, a place in each for a vote; and the comments that are not published."""

    person_ids: Column
    comment_ids: Column
    choices: npt.NDArray[np.int8]
    unpublished: Column


def vote_columns(consultation_id: int) -> VoteColumns:
    """Votes on comments and replies, on unpublished ones too, by comment and person."""
    people, comments, choices = [_NONE], [_NONE], [_NONE.astype(np.int8)]
    result = db.session.execute(
        sa.select(CommentVote.person_id, CommentVote.comment_id, CommentVote.choice)
        .where(CommentVote.consultation_id == consultation_id)
        .order_by(CommentVote.comment_id, CommentVote.person_id),
        execution_options={"yield_per": AT_ONCE},
    )
    for part in result.partitions(AT_ONCE):
        # Each column by itself: a table of all votes would need twice the memory of what is answered.
        table = np.fromiter(chain.from_iterable(part), dtype=np.int64, count=3 * len(part)).reshape(-1, 3)
        people.append(table[:, 0].copy())
        comments.append(table[:, 1].copy())
        choices.append(table[:, 2].astype(np.int8))
    hidden = db.session.scalars(
        sa.select(Comment.id).where(
            Comment.consultation_id == consultation_id, Comment.state != CommentState.PUBLISHED
        )
    )
    unpublished = np.array(hidden.all(), dtype=np.int64)
    return VoteColumns(_joined(people), _joined(comments), _joined(choices), unpublished)


def _joined(parts: list[Part]) -> Part:
    """The parts as one array; they themselves are let go, so that they do not lie beside the next column."""
    joined = np.concatenate(parts)
    parts.clear()
    return joined
