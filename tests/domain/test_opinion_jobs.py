"""When groups are computed by themselves: after enough new votes, once at the closing, and when asked."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.domain.opinion import LEASE, SHORTEST_REST, Job, has_enough_new_votes, may_rest

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DONE = Job(started_at=NOW - timedelta(hours=1), ended_at=NOW - timedelta(minutes=59), votes=10_000)


@pytest.mark.parametrize(
    ("before", "now", "is_enough"),
    [
        (0, 49, False),
        (0, 50, True),
        (1_000, 1_049, False),
        (1_000, 1_050, True),
        (10_000, 10_199, False),
        (10_000, 10_200, True),
    ],
)
def test_fifty_votes_and_two_per_cent_more_are_enough(before: int, now: int, *, is_enough: bool) -> None:
    assert has_enough_new_votes(Job(votes=before), now) is is_enough


def test_a_consultation_rests_five_minutes_between_computations() -> None:
    assert not may_rest(DONE, NOW, is_open=True)
    just = Job(started_at=NOW - SHORTEST_REST / 2, ended_at=NOW - SHORTEST_REST / 3)
    assert may_rest(just, NOW, is_open=True)
    assert not may_rest(just, NOW + SHORTEST_REST, is_open=True)


def test_an_official_who_asks_does_not_wait_for_the_rest_to_end() -> None:
    asked = Job(asked_at=NOW, started_at=NOW - timedelta(seconds=9), ended_at=NOW - timedelta(seconds=8))
    assert asked.is_waiting
    assert not may_rest(asked, NOW, is_open=True)
    begun = Job(asked_at=NOW, started_at=NOW + timedelta(seconds=1))
    assert not begun.is_waiting
    assert may_rest(begun, NOW + timedelta(seconds=2), is_open=True)


def test_after_the_closing_it_is_done_once() -> None:
    assert not may_rest(DONE, NOW, is_open=False)
    last = Job(started_at=NOW, ended_at=NOW, is_final=True)
    assert may_rest(last, NOW + timedelta(days=9), is_open=False)


def test_a_computation_that_broke_off_is_made_again() -> None:
    broken = Job(started_at=NOW, is_final=True)
    assert may_rest(broken, NOW + LEASE, is_open=False)
    assert not may_rest(broken, NOW + LEASE + timedelta(seconds=1), is_open=False)
