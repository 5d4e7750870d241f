"""Who voted how on what, as a sparse matrix: a row a participant, a column a statement."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Ids = npt.NDArray[np.integer]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROWS_AT_ONCE = 50_000
"""Rows whose votes are counted together; what bounds the memory of counting."""
NUMBERS_AT_ONCE = 1_000_000
"""Numbers of which the digest is made together."""


@dataclass(frozen=True)
class VoteMatrix:
    """Current votes. Rows and columns are in ascending order of the ids, whatever order the votes came in.

    `cells` holds 1 agree, 0 pass, -1 disagree; what is not stored was not voted on, so a stored 0 matters.
    `is_left_out` marks the statements that count for nobody's position: they were taken back or withheld.
    """

    participants: Ids
    statements: Ids
    cells: csr_array
    is_left_out: npt.NDArray[np.bool_]

    @property
    def vote_count(self) -> int:
        """Votes, those on statements that are left out included."""
        return int(self.cells.nnz)

    @property
    def sha256(self) -> str:
        """Of the votes: the same whatever order they came in."""
        digest = hashlib.sha256()
        for numbers in (self.participants, self.statements, self.cells.indptr, self.cells.indices):
            # In parts, so that the votes do not lie there a second time and twice as wide.
            for start in range(0, len(numbers), NUMBERS_AT_ONCE):
                part = numbers[start : start + NUMBERS_AT_ONCE]
                digest.update(np.ascontiguousarray(part, dtype=np.int64).data)
        digest.update(np.ascontiguousarray(self.cells.data).data)
        digest.update(np.ascontiguousarray(self.is_left_out).data)
        return digest.hexdigest()

    @property
    def votes_each(self) -> Ints:
        """How many statements each participant voted on, left-out ones included."""
        counted: Ints = np.diff(self.cells.indptr).astype(np.int64)
        return counted

    @property
    def listed(self) -> tuple[Ids, Ids, Ints]:
        """Participant, statement and choice, a place in each for a vote: by participant, then statement."""
        choices: Ints = self.cells.data.astype(np.int64)
        people = np.repeat(self.participants, self.votes_each)
        return people, self.statements[self.cells.indices], choices

    def rows(self, chosen: Ints) -> "VoteMatrix":
        """The same statements, with only some participants, in the order asked for."""
        return VoteMatrix(self.participants[chosen], self.statements, self.cells[chosen], self.is_left_out)

    def tallies(self, groups: Ints, group_count: int) -> Ints:
        """Votes by group, choice (disagree, pass, agree) and statement.

        `groups` gives each row's group, 0 to `group_count` - 1; any other row is to be given `group_count`,
        which is the last of the `group_count` + 1 groups of the answer.
        """
        columns = len(self.statements)
        found = np.zeros((group_count + 1) * 3 * columns, dtype=np.int64)
        for first, last in self._slices():
            start, stop = self.cells.indptr[first], self.cells.indptr[last]
            of_row = np.repeat(groups[first:last] * 3, np.diff(self.cells.indptr[first : last + 1]))
            cell = (of_row + self.cells.data[start:stop] + 1) * columns + self.cells.indices[start:stop]
            found += np.bincount(cell, minlength=len(found))
        return found.reshape(group_count + 1, 3, columns)

    def _slices(self) -> Iterator[tuple[int, int]]:
        count = len(self.participants)
        for first in range(0, count, ROWS_AT_ONCE):
            yield first, min(first + ROWS_AT_ONCE, count)


def vote_matrix(participants: Ids, statements: Ids, choices: Ids, left_out: Ids | None = None) -> VoteMatrix:
    """The matrix of some votes: three arrays of one length, in any order, and the ids of left-out statements.

    Raises:
        ValueError: two votes of one participant on one statement, or a choice other than 1, 0, -1.
    """
    if len(choices) and (choices.min() < -1 or choices.max() > 1):
        raise ValueError("a choice is 1, 0 or -1")
    people, rows = _numbered(participants)
    columns, places = _numbered(statements)
    cells = csr_array(
        (choices.astype(np.int8, copy=False), (rows, places)), shape=(len(people), len(columns))
    )
    if cells.nnz != len(choices):
        raise ValueError("two votes of one participant on one statement")
    none = np.empty(0, dtype=np.int64)
    return VoteMatrix(people, columns, cells, np.isin(columns, none if left_out is None else left_out))


def _numbered(ids: Ids) -> tuple[Ids, npt.NDArray[np.int32]]:
    """The different ids in ascending order, and the place of each given one among them."""
    if not len(ids):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
    lowest, highest = int(ids.min()), int(ids.max())
    if highest - lowest > 4 * len(ids) + 1_000:
        different, places = np.unique(ids, return_inverse=True)
        return different, places.astype(np.int32)
    # Ids that lie close together need no sorting: a table of the whole range is smaller.
    is_there = np.zeros(highest - lowest + 1, dtype=np.bool_)
    shifted = ids - lowest
    is_there[shifted] = True
    place_of = np.cumsum(is_there, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(is_there) + lowest, place_of[shifted]
