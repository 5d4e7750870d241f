"""Files of holidays, and what the table may say of a day."""

from datetime import date

import pytest

from consult.domain.errors import Reason, Refused
from consult.domain.holidays import (
    MOST_IMPORTED,
    Holiday,
    checked_holiday,
    fixed_holidays,
    read_holidays,
)
from consult.domain.languages import Language


def test_a_year_has_fourteen_fixed_public_holidays_in_order() -> None:
    days = fixed_holidays(2027)
    assert len(days) == 14
    assert list(days) == sorted(days)
    assert (days[0], days[-1]) == (date(2027, 1, 1), date(2027, 12, 16))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_file_of_holidays_is_read(mark: str, delimiter: str) -> None:
    lines = (
        "day,is_working,name_kk,name_ru,name_en",
        "2027-05-16,no,Құрбан айт,Курбан-айт,",
        "2027-03-27,yes,,Перенос,",
    )
    text = mark + "\r\n".join(lines).replace(",", delimiter)
    first, second = read_holidays(text)
    assert (first.day, first.is_working) == (date(2027, 5, 16), False)
    assert first.names[Language.KK] == "Құрбан айт"
    assert (second.day, second.is_working) == (date(2027, 3, 27), True)


def test_days_alone_are_enough() -> None:
    assert read_holidays("day\n2027-05-16\n") == (
        Holiday(date(2027, 5, 16), names=dict.fromkeys(Language, "")),
    )
    assert read_holidays("day\n") == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("name_kk\nx", 1),
        ("day,secret\n2027-05-16,x", 1),
        ("day\n16.05.2027", 2),
        ("day\n2027-05-16\n2027-05-16", 3),
        ("day,is_working\n2027-05-16,maybe", 2),
        ("day\n2027-05-16,more,cells", 2),
        ("day\n2027-02-30", 2),
        ("day\n\0", 2),
    ],
)
def test_a_line_that_cannot_be_used_is_named(text: str, line: int) -> None:
    with pytest.raises(Refused) as refused:
        read_holidays(text)
    assert refused.value.reason is Reason.HOLIDAYS_UNREADABLE
    assert refused.value.details["line"] == line


def test_too_many_days_are_refused() -> None:
    days = "\n".join(date.fromordinal(date(2027, 1, 1).toordinal() + n).isoformat() for n in range(401))
    with pytest.raises(Refused) as refused:
        read_holidays(f"day\n{days}")
    assert refused.value.details == {"limit": MOST_IMPORTED}


@pytest.mark.parametrize(
    ("holiday", "reason"),
    [
        (Holiday(date(1999, 12, 31)), Reason.DATE_OUT_OF_RANGE),
        (Holiday(date(2100, 1, 1)), Reason.DATE_OUT_OF_RANGE),
        (Holiday(date(2027, 1, 1), names={Language.EN: "x" * 201}), Reason.TEXT_TOO_LONG),
    ],
)
def test_a_far_day_and_a_long_name_are_refused(holiday: Holiday, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        checked_holiday(holiday)
    assert refused.value.reason is reason
