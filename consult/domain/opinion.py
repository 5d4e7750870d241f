"""Opinion groups: how plainly they stand apart, and what keeps their number from flickering."""

from dataclasses import dataclass
from enum import StrEnum

PATIENCE = 4
"""Computations running in which another number of groups must be best before it is taken."""
VOTES_TO_BE_GROUPED = 7
"""Votes that somebody needs to be placed in a group; fewer where there are fewer statements."""
FEWEST_PEOPLE = 7
"""People who can be placed in a group, below which nothing is computed."""
FEWEST_STATEMENTS = 3


class Clarity(StrEnum):
    """How far the groups can be trusted.

    CLEAR: found again in samples of the people, and further apart than parts of one cloud would be.
    BLURRED: found again, but they run into each other. NONE: not found again, so everybody is one group.
    """

    CLEAR = "clear"
    BLURRED = "blurred"
    NONE = "none"


@dataclass(frozen=True)
class Settling:
    """The number of groups that is held, the one that waits to replace it, and for how many runs it has."""

    held: int
    waiting: int
    waited: int


def settled(before: Settling | None, best: int) -> Settling:
    """What is held after a run in which `best` was the best number of groups; the first is taken at once."""
    if before is None or best == before.held:
        return Settling(best, best, 0)
    waited = before.waited + 1 if best == before.waiting else 1
    return Settling(best, best, 0) if waited >= PATIENCE else Settling(before.held, best, waited)


def group_letter(number: int) -> str:
    """The name of a group, counted from 0: A, B, ..."""
    return chr(ord("A") + number)
