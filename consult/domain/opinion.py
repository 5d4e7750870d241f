"""Opinion groups: how plainly they stand apart, and what keeps their number from flickering."""

from dataclasses import dataclass
from datetime import datetime, timedelta
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


NEW_VOTES = 50
"""Votes that must have come since the last computation before another is made by itself."""
NEW_SHARE = 0.02
"""And how many more they must be, as a share of those that were counted."""
SHORTEST_REST = timedelta(minutes=5)
"""Between two computations of one consultation."""
LEASE = timedelta(minutes=15)
"""After which a computation that has not ended counts as broken off, as by a power cut."""
FEWEST_ON_MAP = 50
"""People who voted, below which no map is drawn: among few, chance makes groups too."""


@dataclass(frozen=True)
class Job:
    """Where the computing of a consultation stands; the instants are None for what has not happened.

    `votes` were there when the last attempt began, and `is_final` says that voting was over then.
    """

    asked_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    votes: int = 0
    is_final: bool = False

    def is_running(self, now: datetime) -> bool:
        """Whether somebody computes now."""
        return not self.has_ended and self.started_at is not None and now - self.started_at <= LEASE

    @property
    def has_ended(self) -> bool:
        """Whether the last attempt came to its end; a power cut may have taken it."""
        return self.started_at is None or (self.ended_at is not None and self.ended_at >= self.started_at)

    @property
    def is_waiting(self) -> bool:
        """Whether an official has asked and nobody has begun since."""
        return self.asked_at is not None and (self.started_at is None or self.started_at < self.asked_at)


def may_rest(job: Job, now: datetime, *, is_open: bool) -> bool:
    """Whether nothing needs to be computed whatever the votes are: told without counting them."""
    if job.is_running(now):
        return True
    if job.is_waiting:
        return False
    if not is_open:
        return job.is_final and job.has_ended
    return job.started_at is not None and now - job.started_at < SHORTEST_REST


def has_enough_new_votes(job: Job, votes: int) -> bool:
    """Whether so many people have voted since the last attempt that the picture may be another."""
    return votes - job.votes >= max(NEW_VOTES, NEW_SHARE * job.votes)
