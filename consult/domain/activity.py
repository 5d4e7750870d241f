"""How busy a consultation was, day by day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_MOST = 92
"""A quarter fits as days on a screen; what lasted longer is told in weeks."""
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """A day or a week, by its first day, with the comments and votes that came in it, 0 or more."""

    first: date
    comments: int
    votes: int


@dataclass(frozen=True)
class Activity:
    """Periods without a gap, oldest first; empty where nothing came yet. `is_weekly`: each is a week."""

    periods: tuple[Period, ...]
    is_weekly: bool = False


def activity(comments: Mapping[date, int], votes: Mapping[date, int]) -> Activity:
    """From what came on each day; days on which nothing came may be missing and count 0."""
    busy = sorted({*comments, *votes})
    if not busy:
        return Activity(())
    days = tuple(Period(day, comments.get(day, 0), votes.get(day, 0)) for day in _days(busy[0], busy[-1]))
    return Activity(days) if len(days) <= DAYS_MOST else Activity(tuple(_weeks(days)), is_weekly=True)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _weeks(days: Sequence[Period]) -> Iterator[Period]:
    """Weeks of seven days from the first day on; the last one may be shorter."""
    for start in range(0, len(days), WEEK.days):
        week = days[start : start + WEEK.days]
        yield Period(week[0].first, sum(day.comments for day in week), sum(day.votes for day in week))
