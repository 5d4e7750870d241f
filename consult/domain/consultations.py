"""States of a consultation, and its timetable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from consult.domain.errors import Reason, Refused

ZONE = ZoneInfo("Asia/Almaty")
"""One time for all of Kazakhstan since 1 March 2024: UTC+05:00."""
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Times outside are slips of the hand, and far ones would make every count of days slow."""


class Stage(StrEnum):
    """What somebody decided; kept in the table. Time adds the rest, see `state_at`."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ANSWERED = "answered"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """What a reader is told: the stage, and for a published consultation what the clock makes of it."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    ANSWERED = "answered"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


NEXT_STAGES: Mapping[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.PUBLISHED, Stage.WITHDRAWN}),
    Stage.PUBLISHED: frozenset({Stage.ANSWERED, Stage.WITHDRAWN}),
    Stage.ANSWERED: frozenset({Stage.ARCHIVED, Stage.WITHDRAWN}),
    Stage.ARCHIVED: frozenset({Stage.WITHDRAWN}),
    Stage.WITHDRAWN: frozenset(),
}


class ModerationMode(StrEnum):
    """PRE: a comment waits for a moderator. POST: it appears at once and may be withheld later."""

    PRE = "pre"
    POST = "post"


class ResultsPolicy(StrEnum):
    """When results are shown to citizens: to each voter after voting, or to all only after closing."""

    AFTER_VOTING = "after_voting"
    AFTER_CLOSING = "after_closing"


@dataclass(frozen=True)
class Timetable:
    """When a consultation takes input: from `opens_at` (included) to `closes_at` (excluded), both UTC."""

    opens_at: datetime
    closes_at: datetime

    def holds(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


def timetable(opens_at: datetime, closes_at: datetime) -> Timetable:
    """Raises Refused: TIMETABLE_UPSIDE_DOWN unless it opens before it closes, DATE_OUT_OF_RANGE."""
    check_instant(opens_at)
    check_instant(closes_at)
    if not opens_at < closes_at:
        raise Refused(Reason.TIMETABLE_UPSIDE_DOWN)
    return Timetable(opens_at, closes_at)


def check_instant(moment: datetime) -> None:
    """Raises Refused(DATE_OUT_OF_RANGE) for what lies before the year 2000 or after 2099."""
    if not EARLIEST <= moment < LATEST:
        raise Refused(Reason.DATE_OUT_OF_RANGE)


def state_at(stage: Stage, times: Timetable | None, now: datetime) -> State:
    """The state that a reader is told at an instant."""
    if stage is not Stage.PUBLISHED or times is None:
        return State(stage.value) if stage is not Stage.PUBLISHED else State.DRAFT
    if now < times.opens_at:
        return State.SCHEDULED
    return State.OPEN if times.holds(now) else State.CLOSED


def check_stage_move(current: Stage, wanted: Stage) -> None:
    """Raises Refused(STATE_FORBIDS) where no move leads from the current stage to the wanted one."""
    if wanted not in NEXT_STAGES[current]:
        raise Refused(Reason.STATE_FORBIDS, state=current.value)


def check_extension(times: Timetable, new_closing: datetime, now: datetime) -> None:
    """A closing date moves only forward, and only while the consultation is not over.

    Raises:
        Refused: CONSULTATION_CLOSED, CLOSING_ONLY_EXTENDED, DATE_OUT_OF_RANGE.
    """
    check_instant(new_closing)
    if now >= times.closes_at:
        raise Refused(Reason.CONSULTATION_CLOSED)
    if new_closing <= times.closes_at:
        raise Refused(Reason.CLOSING_ONLY_EXTENDED)


def is_answer_overdue(state: State, answer_due_on: date | None, today: date) -> bool:
    """Whether the promised day has passed without an answer."""
    return state is State.CLOSED and answer_due_on is not None and today > answer_due_on


def local_day(moment: datetime) -> date:
    """The day on Kazakhstan's calendars, by which periods and promises are counted."""
    return moment.astimezone(ZONE).date()


RESERVED_SLUGS = frozenset({"new", "import"})
"""Words that stand in the same place of an address on the officials' pages."""
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


def is_slug(slug: str) -> bool:
    return _SLUG.fullmatch(slug) is not None


def check_slug(slug: str) -> str:
    """The address part of a consultation: 1 to 60 of a-z, 0-9 and inner hyphens, and no reserved word.

    Raises:
        Refused: SLUG_INVALID.
    """
    if not is_slug(slug) or slug in RESERVED_SLUGS:
        raise Refused(Reason.SLUG_INVALID)
    return slug
