"""The current votes on the comments of a consultation as arrays, without a row object each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.people import Person
from consult.models.votes import CommentVote

AT_ONCE = 50_000
CHOICES = 3
MOST = 2**63 - 1
"""The highest number that both databases hold exactly."""
SMALL_PART = 20
"""A consultation that has less than this part of all votes (one in so many) is read by index on SQLite."""

Column = npt.NDArray[np.int64]
Ids = npt.NDArray[np.integer]
Numbers = sa.Select[tuple[int]]
Rows = Sequence[Any]
"""Rows of one column, of whichever class the reader has."""
Part = TypeVar("Part", Ids, npt.NDArray[np.int8])


@dataclass(frozen=True)
class VoteColumns:
    """Three arrays of one length, a place in each for a vote; and the comments that are not published.

    Ids take 32 bits each where they fit.
    """

    person_ids: Ids
    comment_ids: Ids
    choices: npt.NDArray[np.int8]
    unpublished: Column


@dataclass(frozen=True)
class _Packing:
    """Person, comment and choice of a vote as one number: three times less for the driver to make objects of.

    `first` is the consultation's oldest comment, `width` how many ids there are up to its newest.
    """

    first: int
    width: int
    dtype: type[np.int32] | type[np.int64]

    @property
    def number(self) -> sa.ColumnElement[int]:
        place = CommentVote.comment_id - self.first
        return (CommentVote.person_id * self.width + place) * CHOICES + CommentVote.choice + 1

    def parted(self, numbers: Column) -> tuple[Ids, Ids, npt.NDArray[np.int8]]:
        targets, choices = np.divmod(numbers, CHOICES)
        people, places = np.divmod(targets, self.width)
        places += self.first
        return people.astype(self.dtype), places.astype(self.dtype), choices.astype(np.int8) - np.int8(1)


def vote_columns(consultation_id: int) -> VoteColumns:
    """Votes on comments and replies, on unpublished ones too, in whatever order the database has them.

    Raises:
        OverflowError: ids of people and comments so high that they do not fit together into 63 bits.
    """
    packing = _packing(consultation_id)
    none: Ids = np.empty(0, dtype=packing.dtype)
    people, comments, choices = [none], [none], [none.astype(np.int8)]
    for numbers in _numbers(consultation_id, packing):
        who, what, how = packing.parted(numbers)
        people.append(who)
        comments.append(what)
        choices.append(how)
    return VoteColumns(_joined(people), _joined(comments), _joined(choices), _unpublished(consultation_id))


def _packing(consultation_id: int) -> _Packing:
    here = sa.select(sa.func.min(Comment.id), sa.func.max(Comment.id)).where(
        Comment.consultation_id == consultation_id
    )
    first, last = db.session.execute(here).one()
    first, last = first or 0, last or 0
    highest_person = db.session.scalar(sa.select(sa.func.max(Person.id))) or 0
    width = last - first + 1
    if (highest_person + 1) * width * CHOICES > MOST:
        raise OverflowError("the ids of people and comments are too high to be read together")
    fits = max(last, highest_person) <= np.iinfo(np.int32).max
    return _Packing(first, width, np.int32 if fits else np.int64)


def _numbers(consultation_id: int, packing: _Packing) -> Iterator[Column]:
    """The packed votes, part by part."""
    read = _read_on_sqlite if db.engine.dialect.name == "sqlite" else _read_on_postgresql
    for rows in read(consultation_id, sa.select(packing.number)):
        yield np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=len(rows))


def _read_on_postgresql(consultation_id: int, numbers: Numbers) -> Iterator[Rows]:
    result = db.session.connection().execute(
        numbers.where(CommentVote.consultation_id == consultation_id),
        execution_options={"yield_per": AT_ONCE},
    )
    return result.partitions(AT_ONCE)


def _read_on_sqlite(consultation_id: int, numbers: Numbers) -> Iterator[Rows]:
    """From the driver's own cursor: making SQLAlchemy's rows would cost as much as all the rest."""
    here = CommentVote.consultation_id
    # No index is found for a sum, so the table is read in its own order.
    is_here = here + 0 == consultation_id if _is_scanned(consultation_id) else here == consultation_id
    cursor: Any = db.session.connection().execute(numbers.where(is_here)).cursor
    return iter(partial(cursor.fetchmany, AT_ONCE), [])


def _is_scanned(consultation_id: int) -> bool:
    """Whether SQLite had better read the whole table than look each vote up from an index.

    An index names the rows of a large consultation all over the file, a page for each. PostgreSQL decides by
    its statistics; SQLite has none.
    """
    rows = db.session.scalar(sa.select(sa.func.max(sa.literal_column("rowid"))).select_from(CommentVote)) or 0
    enough = (
        sa.select(sa.literal(1))
        .where(CommentVote.consultation_id == consultation_id)
        .limit(1)
        .offset(rows // SMALL_PART)
    )
    return db.session.scalar(enough) is not None


def _unpublished(consultation_id: int) -> Column:
    hidden = db.session.scalars(
        sa.select(Comment.id).where(
            Comment.consultation_id == consultation_id, Comment.state != CommentState.PUBLISHED
        )
    )
    return np.array(hidden.all(), dtype=np.int64)


def _joined(parts: list[Part]) -> Part:
    """The parts as one array; they themselves are let go, so that they do not lie beside the next column."""
    joined = np.concatenate(parts)
    parts.clear()
    return joined
