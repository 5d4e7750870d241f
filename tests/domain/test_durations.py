"""How long a consultation must be open, and which days are counted."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import pytest

from consult.domain.consultations import Timetable
from consult.domain.durations import (
    DURATION_RULES,
    DayKind,
    calendar_days,
    counted_days,
    duration_rule,
    is_long_enough,
    working_days,
)
from consult.domain.errors import Reason, Refused
from consult.domain.holidays import Holiday, WorkCalendar

OPENING = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday."""
TIMES = Timetable(OPENING, OPENING + timedelta(days=28))
BLINK = timedelta(microseconds=1)
MOVED = frozenset({date(2026, 3, 24)})


def calendar(off: Collection[date]) -> WorkCalendar:
    return WorkCalendar({day: Holiday(day) for day in off})


def test_calendar_days_are_whole_days_rounded_down() -> None:
    assert calendar_days(TIMES) == 28
    assert calendar_days(Timetable(OPENING, TIMES.closes_at - BLINK)) == 27


@pytest.mark.parametrize(
    ("opens", "days", "off", "expected"),
    [
        (date(2026, 3, 2), 7, frozenset(), 5),
        (date(2026, 3, 2), 14, frozenset(), 10),
        (date(2026, 3, 6), 3, frozenset(), 1),  # Friday to Monday
        (date(2026, 3, 7), 2, frozenset(), 0),  # a weekend
        (date(2026, 3, 16), 14, MOVED, 8),  # a holiday on Saturday takes nothing away
        (date(2026, 12, 28), 7, frozenset(), 4),  # over the new year
        (date(2028, 2, 28), 2, frozenset(), 2),  # over a leap day
    ],
)
def test_working_days_leave_out_weekends_and_holidays(
    opens: date, days: int, off: frozenset[date], expected: int
) -> None:
    opening = datetime(opens.year, opens.month, opens.day, 9, tzinfo=UTC)
    assert working_days(Timetable(opening, opening + timedelta(days=days)), calendar(off)) == expected


@pytest.mark.parametrize(
    ("code", "enough", "too_short"), [("default-28d", 28, 27), ("EU-84d", 84, 83), ("KZ-10wd", 14, 11)]
)
def test_each_named_rule_has_its_minimum(code: str, enough: int, too_short: int) -> None:
    rule = DURATION_RULES[code]
    assert is_long_enough(rule, Timetable(OPENING, OPENING + timedelta(days=enough)))
    assert not is_long_enough(rule, Timetable(OPENING, OPENING + timedelta(days=too_short)))


def test_holidays_lengthen_the_minimum_of_working_days() -> None:
    times = Timetable(OPENING + timedelta(days=28), OPENING + timedelta(days=42))
    assert is_long_enough(DURATION_RULES["KZ-10wd"], times)
    assert not is_long_enough(DURATION_RULES["KZ-10wd"], times, calendar({date(2026, 4, 1)}))


def test_a_fixed_holiday_takes_a_working_day_and_a_moved_day_of_work_gives_one() -> None:
    times = Timetable(OPENING + timedelta(days=14), OPENING + timedelta(days=28))
    assert working_days(times) == 9  # Nauryz: 21 and 22 March are a weekend, 23 March is a Monday
    saturday = date(2026, 3, 28)
    worked = WorkCalendar({saturday: Holiday(saturday, is_working=True)})
    assert working_days(times, worked) == 10


def test_the_table_can_say_that_a_fixed_holiday_is_worked() -> None:
    monday = date(2026, 3, 23)
    assert not WorkCalendar().is_working(monday)
    assert WorkCalendar({monday: Holiday(monday, is_working=True)}).is_working(monday)


def test_the_days_of_a_period_are_listed_with_why_they_count_or_not() -> None:
    times = Timetable(OPENING + timedelta(days=18), OPENING + timedelta(days=23))  # Friday to Wednesday
    saturday = date(2026, 3, 21)
    worked = WorkCalendar({saturday: Holiday(saturday, is_working=True)})
    listed = counted_days(DURATION_RULES["KZ-10wd"], times, worked)
    assert [(day.day.day, day.kind, day.count) for day in listed] == [
        (20, DayKind.COUNTED, 1),
        (21, DayKind.MOVED_WORK, 2),
        (22, DayKind.WEEKEND, 2),
        (23, DayKind.HOLIDAY, 2),
        (24, DayKind.COUNTED, 3),
    ]
    assert listed[-1].count == working_days(times, worked)
    plain = counted_days(DURATION_RULES["default-28d"], times, worked)
    assert [day.count for day in plain] == [1, 2, 3, 4, 5]


def test_a_period_of_decades_is_listed_only_as_far_as_it_helps() -> None:
    times = Timetable(OPENING, OPENING + timedelta(days=20_000))
    assert len(counted_days(DURATION_RULES["KZ-10wd"], times, WorkCalendar())) == 400


def test_an_unknown_duration_rule_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        duration_rule("KZ-1d")
    assert refused.value.reason is Reason.RULE_UNKNOWN


def test_midnight_in_almaty_begins_the_first_day() -> None:
    monday_morning = datetime(2026, 4, 5, 19, tzinfo=UTC)
    assert working_days(Timetable(monday_morning, monday_morning + timedelta(days=12))) == 10
