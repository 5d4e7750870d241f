"""What came day by day, without gaps, in weeks where it lasted long."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from consult.domain.activity import DAYS_MOST, Period, activity

MONDAY = date(2026, 3, 2)
counts = st.dictionaries(
    st.integers(0, 400).map(lambda days: MONDAY + timedelta(days)), st.integers(1, 1_000), max_size=40
)


def test_nothing_came_yet() -> None:
    assert activity({}, {}).periods == ()


def test_a_day_on_which_nothing_came_stands_between_its_neighbours() -> None:
    found = activity({MONDAY: 2}, {MONDAY + timedelta(2): 5})
    assert found.periods == (
        Period(MONDAY, 2, 0),
        Period(MONDAY + timedelta(1), 0, 0),
        Period(MONDAY + timedelta(2), 0, 5),
    )
    assert not found.is_weekly


def test_what_lasts_longer_than_a_quarter_is_told_in_weeks() -> None:
    last = MONDAY + timedelta(DAYS_MOST)
    assert not activity({MONDAY: 1}, {last - timedelta(1): 1}).is_weekly
    found = activity({MONDAY: 1, MONDAY + timedelta(6): 1}, {last: 1})
    assert found.is_weekly
    assert found.periods[0] == Period(MONDAY, 2, 0)
    assert found.periods[1].first == MONDAY + timedelta(7)


@given(counts, counts)
def test_nothing_is_lost_or_counted_twice(comments: dict[date, int], votes: dict[date, int]) -> None:
    periods = activity(comments, votes).periods
    assert sum(period.comments for period in periods) == sum(comments.values())
    assert sum(period.votes for period in periods) == sum(votes.values())
    assert len({period.first for period in periods}) == len(periods)
