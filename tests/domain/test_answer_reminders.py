"""When officials are reminded of the answer that they promised."""

from datetime import date, timedelta

import pytest

from consult.domain.answer_reminders import reminder_day

DUE = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("days", "wanted"),
    [(-8, None), (-7, -7), (-1, -7), (0, 0), (6, 0), (7, 7), (13, 7), (14, 14), (700, 700), (705, 700)],
)
def test_a_week_before_on_the_day_and_weekly_after(days: int, wanted: int | None) -> None:
    found = reminder_day(DUE, DUE + timedelta(days=days))
    assert found == (None if wanted is None else DUE + timedelta(days=wanted))


def test_where_nothing_is_promised_nobody_is_reminded() -> None:
    assert reminder_day(None, DUE) is None
