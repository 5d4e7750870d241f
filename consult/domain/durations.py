"""Named rules of how long a consultation must be open at least, and how its days are counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from consult.domain.consultations import Timetable, local_day
from consult.domain.errors import Reason, Refused
from consult.domain.holidays import SATURDAY, WorkCalendar

MOST_LISTED = 400
"""Days of a period that are listed one by one; a longer period fulfils every rule long before its end."""


@dataclass(frozen=True)
class DurationRule:
    """A named minimum: `days` of the kind that `is_working_days` says."""

    code: str
    days: int
    is_working_days: bool


DURATION_RULES: Mapping[str, DurationRule] = {
    rule.code: rule
    for rule in (
        DurationRule("default-28d", 28, is_working_days=False),
        DurationRule("KZ-10wd", 10, is_working_days=True),
        DurationRule("EU-84d", 84, is_working_days=False),
    )
}
DEFAULT_RULE = "default-28d"


def duration_rule(code: str) -> DurationRule:
    """Raises Refused(RULE_UNKNOWN) for a code that is none."""
    try:
        return DURATION_RULES[code]
    except KeyError:
        raise Refused(Reason.RULE_UNKNOWN) from None


def calendar_days(times: Timetable) -> int:
    """Whole days between opening and closing, rounded down."""
    return (times.closes_at - times.opens_at).days


def working_days(times: Timetable, calendar: WorkCalendar | None = None) -> int:
    """Days of the period that the calendar says are worked; without one, weekends and fixed holidays
    are off.
    """
    calendar = calendar or WorkCalendar()
    return sum(1 for day in _days(times, calendar_days(times)) if calendar.is_working(day))


def _days(times: Timetable, number: int) -> list[date]:
    """As many days of the period, the day of the opening first."""
    first = local_day(times.opens_at)
    return [first + timedelta(each) for each in range(number)]


def days_of(rule: DurationRule, times: Timetable, calendar: WorkCalendar | None = None) -> int:
    """Days of the period that count for the rule."""
    return working_days(times, calendar) if rule.is_working_days else calendar_days(times)


def is_long_enough(rule: DurationRule, times: Timetable, calendar: WorkCalendar | None = None) -> bool:
    """Whether the timetable reaches the rule's minimum."""
    return days_of(rule, times, calendar) >= rule.days


class DayKind(StrEnum):
    """Why a day of the period counts, or does not."""

    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MOVED_WORK = "moved_work"


COUNTING = frozenset({DayKind.COUNTED, DayKind.MOVED_WORK})


@dataclass(frozen=True)
class CountedDay:
    """A day of the period, and how many have counted up to it, itself included."""

    day: date
    kind: DayKind
    count: int

    @property
    def counts(self) -> bool:
        return self.kind in COUNTING


def counted_days(rule: DurationRule, times: Timetable, calendar: WorkCalendar) -> tuple[CountedDay, ...]:
    """The days of the period one by one, 400 at most, as the rule counts them."""
    count, found = 0, []
    for day in _days(times, min(calendar_days(times), MOST_LISTED)):
        kind = _kind(day, calendar) if rule.is_working_days else DayKind.COUNTED
        count += kind in COUNTING
        found.append(CountedDay(day, kind, count))
    return tuple(found)


def _kind(day: date, calendar: WorkCalendar) -> DayKind:
    is_weekend = day.weekday() >= SATURDAY
    if calendar.is_working(day):
        return DayKind.MOVED_WORK if is_weekend else DayKind.COUNTED
    return DayKind.WEEKEND if is_weekend else DayKind.HOLIDAY
