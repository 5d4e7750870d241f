"""The daily job: what was kept long enough goes, the rest stays, and a second run finds nothing."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from consult.domain.audit import Act
from consult.domain.languages import Language
from consult.domain.people import LinkPurpose
from consult.domain.retention import LASTS, SWEEPS, Period
from consult.models.audit import AuditEntry
from consult.models.base import Base, db, transaction
from consult.models.outbox import OutboxMessage
from consult.models.people import AccountLink, Registration, SignInSession, SignInStep
from consult.models.taking_part import CommentDraft, GuestDraft
from consult.services.retention import Applied, apply_retention
from tests.support import cast
from tests.support.cast import Cast, count

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def within(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def apply(app: Flask, *, now: datetime = NOW, at_once: int = 500) -> Applied:
    return apply_retention(now, instance=Path(app.instance_path), at_once=at_once)


def ended(period: Period, ago: timedelta) -> datetime:
    """An end that lies so long before the last moment of keeping; negative: it has yet to come."""
    return NOW - LASTS[period] - ago


def session(people: Cast, token: bytes, *, expires_at: datetime, revoked_at: datetime | None = None) -> Base:
    return SignInSession(
        token_hash=token,
        person_id=people.aigerim.id,
        created_at=NOW - timedelta(days=400),
        expires_at=expires_at,
        revoked_at=revoked_at,
    )


def rows_of_each_table(app: Flask, people: Cast, ago: timedelta) -> list[Base]:
    """One row a sweep, whose end lies `ago` before the last moment of keeping."""
    me, then = people.aigerim.id, NOW - timedelta(days=400)
    built = cast.open_consultation(app, slug=f"street-{int(ago.total_seconds()) % 100}")
    place = {"consultation_id": built.id, "question_id": built.questions[0], "reply_to": 0, "body": "Words"}
    token = str(ago).encode()[:32]
    return [
        session(people, token, expires_at=ended(Period.SESSION, ago)),
        Registration(
            token_hash=token, email="a@example.kz", name="A", language=Language.KK, password_hash="x",
            created_at=then, expires_at=ended(Period.REGISTRATION, ago),
        ),
        AccountLink(
            token_hash=token, person_id=me, purpose=LinkPurpose.RESET_PASSWORD, created_at=then,
            expires_at=ended(Period.LINK, ago),
        ),
        SignInStep(token_hash=token, person_id=me, created_at=then, expires_at=ended(Period.STEP, ago)),
        CommentDraft(person_id=me, saved_at=ended(Period.DRAFT, ago), **place),
        GuestDraft(token_hash=token, saved_at=then, expires_at=ended(Period.GUEST_DRAFT, ago), **place),
        OutboxMessage(
            kind="welcome", person_id=me, content={}, created_at=then, due_at=then,
            sent_at=ended(Period.MESSAGE, ago),
        ),
    ]  # fmt: skip


def add(*rows: Base) -> None:
    with transaction():
        db.session.add_all(rows)


def test_what_ended_long_enough_ago_goes_and_what_ended_a_second_later_stays(
    app: Flask, people: Cast
) -> None:
    add(*rows_of_each_table(app, people, SECOND), *rows_of_each_table(app, people, -SECOND))
    tables = {sweep.table for sweep in SWEEPS}
    assert apply(app) == Applied(dict.fromkeys((sweep.table for sweep in SWEEPS), 1), letters=0)
    assert len(tables) == len(SWEEPS)
    for table in (
        SignInSession,
        Registration,
        AccountLink,
        SignInStep,
        CommentDraft,
        GuestDraft,
        OutboxMessage,
    ):
        assert count(table) == 1, table


def test_a_second_run_finds_nothing_and_logs_nothing(app: Flask, people: Cast) -> None:
    add(*rows_of_each_table(app, people, SECOND))
    apply(app)
    lines = count(AuditEntry)
    assert apply(app) == Applied({}, letters=0)
    assert count(AuditEntry) == lines


def test_many_rows_go_in_batches_each_with_its_line_in_the_log(app: Flask, people: Cast) -> None:
    add(*(session(people, bytes([number]), expires_at=ended(Period.SESSION, SECOND)) for number in range(7)))
    assert apply(app, at_once=3).rows == {"sign_in_session": 7}
    lines = db.session.scalars(db.select(AuditEntry).filter_by(act=Act.RETENTION_APPLIED)).all()
    assert [line.detail for line in lines] == [{"table": "sign_in_session", "rows": n} for n in (3, 3, 1)]
    assert {(line.actor_id, line.actor_role) for line in lines} == {(None, "operator")}


def test_a_session_that_was_ended_early_is_kept_from_then_on(app: Flask, people: Cast) -> None:
    future = NOW + timedelta(days=20)
    add(session(people, b"ended", expires_at=future, revoked_at=ended(Period.SESSION, SECOND)))
    add(session(people, b"lasting", expires_at=future))
    assert apply(app).rows == {"sign_in_session": 1}


def test_a_message_that_was_not_sent_waits(app: Flask, people: Cast) -> None:
    old = NOW - timedelta(days=400)
    add(OutboxMessage(kind="welcome", person_id=people.aigerim.id, content={}, created_at=old, due_at=old))
    assert apply(app) == Applied({}, letters=0)


def test_a_row_that_ended_at_the_very_moment_goes(app: Flask, people: Cast) -> None:
    add(session(people, b"now", expires_at=ended(Period.SESSION, timedelta(0))))
    assert apply(app).rows == {"sign_in_session": 1}


def test_old_letters_are_burnt(app: Flask) -> None:
    folder = Path(app.instance_path) / "mail"
    folder.mkdir()
    for name, moment in (
        ("old", ended(Period.LETTER, SECOND)),
        ("new", ended(Period.LETTER, -SECOND)),
    ):
        (folder / f"{name}.eml").write_text("To: a@example.kz\n\nWords")
        os.utime(folder / f"{name}.eml", (moment.timestamp(), moment.timestamp()))
    assert apply(app) == Applied({}, letters=1)
    assert [path.name for path in folder.iterdir()] == ["new.eml"]


def test_the_databases_clock_decides_where_no_time_is_given(app: Flask, people: Cast) -> None:
    now = datetime.now(UTC)
    add(
        session(people, b"old", expires_at=now - LASTS[Period.SESSION] - timedelta(minutes=1)),
        session(people, b"new", expires_at=now),
    )
    assert apply_retention(instance=Path(app.instance_path)).rows == {"sign_in_session": 1}


def test_the_log_stays_whatever_its_age(app: Flask, people: Cast) -> None:
    cast.open_consultation(app)
    lines = count(AuditEntry)
    apply(app, now=NOW + timedelta(days=36_500))
    assert count(AuditEntry) == lines
