"""When a message is due, and when it is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.domain.mail import (
    APPEAL_NEWS,
    COMMENT_NEWS,
    CONSULTATION_NEWS,
    NEWS,
    TRIES,
    Kind,
    is_news,
    next_digest,
    pause_after,
)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T02:59:59", "2026-11-23T03:00:00"),
        ("2026-11-23T03:00:00", "2026-11-24T03:00:00"),
        ("2026-11-23T18:30:00", "2026-11-24T03:00:00"),
        ("2026-12-31T20:00:00", "2027-01-01T03:00:00"),
    ],
)
def test_the_daily_letter_goes_out_at_eight_in_kazakhstan(now: str, due: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_digest(moment) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_pauses_double_from_a_minute_to_six_hours() -> None:
    pauses = [pause_after(attempts, 0.0) for attempts in range(1, TRIES)]
    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == pause_after(10_000, 0.0) == timedelta(hours=6)
    assert timedelta(hours=15) < sum(pauses, timedelta()) < timedelta(hours=24)


def test_chance_makes_a_pause_up_to_half_longer() -> None:
    assert pause_after(3, 0.0) == timedelta(minutes=4)
    assert pause_after(3, 0.5) == timedelta(minutes=5)
    assert pause_after(3, 1.0) == timedelta(minutes=6)


def test_every_kind_is_about_the_account_or_news() -> None:
    assert COMMENT_NEWS | CONSULTATION_NEWS | APPEAL_NEWS == NEWS
    assert len(NEWS) == len(COMMENT_NEWS) + len(CONSULTATION_NEWS) + len(APPEAL_NEWS)
    about_accounts = {kind for kind in Kind if not is_news(kind)}
    assert Kind.RESET_PASSWORD in about_accounts
    assert about_accounts | NEWS == set(Kind)
    assert not is_news("something of an older release")
