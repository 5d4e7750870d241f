"""Reading the table of holidays: the calendar by which working days are counted, and one year of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from consult.domain.holidays import Holiday, WorkCalendar, fixed_holidays
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_manage_settings, require
from consult.models.base import db
from consult.models.holidays import Holiday as Row


@dataclass(frozen=True)
class CalendarDay:
    """A day of a year's page. `is_fixed`: a holiday by rule; `set_by_table` where the table decides."""

    day: date
    is_fixed: bool
    is_working: bool
    set_by_table: bool
    names: dict[Language, str]


def work_calendar() -> WorkCalendar:
    """Every day that the table decides about; a few dozen a year."""
    return WorkCalendar({each.day: each for each in _holidays(db.session.scalars(db.select(Row)))})


def _holidays(rows: Iterable[Row]) -> Iterable[Holiday]:
    for row in rows:
        names = {Language.KK: row.name_kk, Language.RU: row.name_ru, Language.EN: row.name_en}
        yield Holiday(row.day, row.is_working, names)


def year_of_holidays(reader: Actor, year: int) -> tuple[CalendarDay, ...]:
    """The holidays of a year by rule and by table, in order.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(reader, may_manage_settings)
    rows = db.session.scalars(db.select(Row).where(Row.day.between(date(year, 1, 1), date(year, 12, 31))))
    table = {each.day: each for each in _holidays(rows)}
    fixed = set(fixed_holidays(year))
    return tuple(_day(day, table.get(day), is_fixed=day in fixed) for day in sorted(fixed | set(table)))


def _day(day: date, named: Holiday | None, *, is_fixed: bool) -> CalendarDay:
    if named is None:
        return CalendarDay(day, is_fixed, is_working=False, set_by_table=False, names={})
    return CalendarDay(day, is_fixed, named.is_working, set_by_table=True, names=dict(named.names))
