"""Setting days of the calendar, and what a consultation's period makes of them."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

from flask import Flask

from consult.domain.audit import Act
from consult.domain.consultations import Timetable
from consult.domain.durations import working_days
from consult.domain.errors import Reason
from consult.domain.holidays import Holiday
from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.holidays import Holiday as Row
from consult.queries.holidays import work_calendar, year_of_holidays
from consult.services import holidays
from tests.support.cast import Cast, count, refusal

MONDAY = datetime(2027, 6, 7, 4, tzinfo=UTC)
WEEK = Timetable(MONDAY, MONDAY + timedelta(days=7))


def test_a_day_that_is_set_counts_no_more_and_once_removed_counts_again(inside: Flask, people: Cast) -> None:
    admin = people.administrator.actor
    assert working_days(WEEK, work_calendar()) == 5
    holidays.set_holiday(admin, Holiday(date(2027, 6, 9), names={Language.KK: " Көше   күні "}))
    assert working_days(WEEK, work_calendar()) == 4
    assert work_calendar().table[date(2027, 6, 9)].names[Language.KK] == "Көше күні"
    holidays.set_holiday(admin, Holiday(date(2027, 6, 12), is_working=True))
    assert working_days(WEEK, work_calendar()) == 5
    for _ in range(2):
        holidays.remove_holiday(admin, date(2027, 6, 9))
    assert working_days(WEEK, work_calendar()) == 6
    acts = [each.act for each in db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))]
    assert acts == [Act.HOLIDAY_SET, Act.HOLIDAY_SET, Act.HOLIDAY_REMOVED]


def test_a_file_is_taken_over_whole_or_not_at_all(inside: Flask, people: Cast) -> None:
    admin = people.administrator.actor
    assert holidays.import_holidays(admin, "day,is_working\n2027-06-09,no\n2027-06-12,yes\n") == 2
    bad = "day\n2027-06-10\nnever\n"
    assert refusal(lambda: holidays.import_holidays(admin, bad)) is Reason.HOLIDAYS_UNREADABLE
    assert count(Row) == 2
    holidays.import_holidays(admin, "day,is_working\n2027-06-09,yes\n")
    assert work_calendar().is_working(date(2027, 6, 9))
    assert count(Row) == 2


def test_a_year_shows_rules_and_table_together(inside: Flask) -> None:
    holidays.set_holiday(OPERATOR, Holiday(date(2027, 3, 8), is_working=True))
    holidays.set_holiday(OPERATOR, Holiday(date(2027, 5, 16)))
    shown = {each.day: each for each in year_of_holidays(OPERATOR, 2027)}
    assert len(shown) == 15
    womens_day, feast = shown[date(2027, 3, 8)], shown[date(2027, 5, 16)]
    assert (womens_day.is_fixed, womens_day.is_working, womens_day.set_by_table) == (True, True, True)
    assert (feast.is_fixed, feast.is_working) == (False, False)
    assert not any(each.set_by_table for each in year_of_holidays(OPERATOR, 2028))


def test_only_administrators_change_the_calendar(inside: Flask, people: Cast) -> None:
    for actor in (people.dauren.actor, people.moderator.actor):
        for deed in (
            partial(holidays.set_holiday, actor, Holiday(date(2027, 6, 9))),
            partial(holidays.import_holidays, actor, "day\n2027-06-09\n"),
            partial(holidays.remove_holiday, actor, date(2027, 6, 9)),
            partial(year_of_holidays, actor, 2027),
        ):
            assert refusal(deed) is Reason.NOT_PERMITTED
    assert count(Row) == 0
