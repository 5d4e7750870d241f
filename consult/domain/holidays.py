"""The calendar of working days: fixed public holidays by rule, and a table of what a year's order changes."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.texts import kept_text

SATURDAY = 5
FIXED_HOLIDAYS = frozenset({
    (1, 1), (1, 2), (1, 7), (3, 8), (3, 21), (3, 22), (3, 23), (5, 1), (5, 7), (5, 9), (7, 6), (8, 30),
    (10, 25), (12, 16),
})  # fmt: skip
"""Month and day of Kazakhstan's public holidays with a date of their own, as of 2024. Days that move, and
days off that are moved, are told each year by a government order: they stand in the table."""
NAME_LONGEST = 200
MOST_IMPORTED = 400
FIRST_YEAR, LAST_YEAR = 2000, 2099
COLUMNS = ("day", "is_working", "name_kk", "name_ru", "name_en")
"""Columns of a file of holidays; `is_working` is yes or no."""
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0", ""})


@dataclass(frozen=True)
class Holiday:
    """A day that the table decides about: off, or worked although it would be off; names may be empty."""

    day: date
    is_working: bool = False
    names: Mapping[Language, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked; what the table says of a day comes before every rule."""

    table: Mapping[date, Holiday] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        named = self.table.get(day)
        if named is not None:
            return named.is_working
        return day.weekday() < SATURDAY and not is_fixed_holiday(day)


def is_fixed_holiday(day: date) -> bool:
    return (day.month, day.day) in FIXED_HOLIDAYS


def fixed_holidays(year: int) -> tuple[date, ...]:
    """The public holidays of a year that have a date of their own, in order."""
    return tuple(date(year, month, day) for month, day in sorted(FIXED_HOLIDAYS))


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(number)


def checked_holiday(holiday: Holiday) -> Holiday:
    """The day as it is kept.

    Raises:
        Refused: DATE_OUT_OF_RANGE before 2000 and after 2099, TEXT_TOO_LONG for a name over 200 characters.
    """
    if not FIRST_YEAR <= holiday.day.year <= LAST_YEAR:
        raise Refused(Reason.DATE_OUT_OF_RANGE)
    names = {language: " ".join(kept_text(name).split()) for language, name in holiday.names.items()}
    if any(len(name) > NAME_LONGEST for name in names.values()):
        raise Refused(Reason.TEXT_TOO_LONG, limit=NAME_LONGEST)
    return Holiday(holiday.day, holiday.is_working, names)


def read_holidays(text: str) -> tuple[Holiday, ...]:
    """The days of a CSV file with a heading of `COLUMNS`, names optional; separated by commas or semicolons.

    Raises:
        Refused: HOLIDAYS_UNREADABLE with `line`, where a line or the heading cannot be used or a day comes
            twice; HOLIDAYS_TOO_MANY over 400 lines; and as `checked_holiday`.
    """
    text = text.removeprefix("\ufeff")
    heading = text.partition("\n")[0]
    rows = csv.DictReader(StringIO(text), delimiter=";" if ";" in heading else ",")
    if "day" not in (rows.fieldnames or ()) or not set(rows.fieldnames or ()) <= set(COLUMNS):
        raise Refused(Reason.HOLIDAYS_UNREADABLE, line=1)
    found: dict[date, Holiday] = {}
    for holiday in _each(rows):
        if holiday.day in found:
            raise Refused(Reason.HOLIDAYS_UNREADABLE, line=rows.line_num)
        if len(found) >= MOST_IMPORTED:
            raise Refused(Reason.HOLIDAYS_TOO_MANY, limit=MOST_IMPORTED)
        found[holiday.day] = holiday
    return tuple(found.values())


def _each(rows: "csv.DictReader[str]") -> Iterator[Holiday]:
    try:
        for row in rows:
            if None in row:
                raise Refused(Reason.HOLIDAYS_UNREADABLE, line=rows.line_num)
            yield _holiday(row, rows.line_num)
    except csv.Error:
        raise Refused(Reason.HOLIDAYS_UNREADABLE, line=rows.line_num) from None


def _holiday(row: Mapping[str, str | None], line: int) -> Holiday:
    work = (row.get("is_working") or "").strip().lower()
    try:
        day = date.fromisoformat((row["day"] or "").strip())
    except ValueError:
        raise Refused(Reason.HOLIDAYS_UNREADABLE, line=line) from None
    if work not in _YES | _NO:
        raise Refused(Reason.HOLIDAYS_UNREADABLE, line=line)
    names = {language: row.get(f"name_{language.value}") or "" for language in Language}
    return checked_holiday(Holiday(day, work in _YES, names))
