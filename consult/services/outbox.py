"""Putting messages into the outbox; ground of this floor. The worker hands them over: see `consult.jobs`."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from blinker import Signal
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consult.domain.languages import Language
from consult.domain.mail import COMMENT_NEWS, Frequency, Kind, is_news, next_digest
from consult.models.base import db, now_in_database
from consult.models.outbox import Announcement, OutboxMessage
from consult.models.people import Person

new_messages = Signal("A transaction that wrote messages was committed.")
"""Sent once a transaction; who listens may wake a worker. A listener must not raise: the deed is done."""
_MARK = "outbox_has_new_messages"


def enqueue(kind: str, person_id: int, content: dict[str, object], *, hold: timedelta = timedelta(0)) -> None:
    """Add a message to the running transaction; a rolled-back deed sends nothing.

    News for somebody who wants them once a day are due at the next daily mail, everything else at once.
    Neither is due before `hold` is over.
    """
    now = now_in_database()
    in_digest = is_news(kind) and _wants_digest(person_id)
    message = _message(kind, person_id, content, now, in_digest=in_digest)
    message.due_at = next_digest(now + hold) if in_digest else now + hold
    db.session.add(message)
    db.session.info[_MARK] = True


def take_back(people: AbstractSet[int], content: Mapping[str, object], *, since: datetime) -> set[int]:
    """Drop some people's news of a comment, written since an instant; answers whose were dropped.

    What a worker has begun to hand over stays: it may have been read.
    """
    waiting = db.session.execute(
        db.select(OutboxMessage.id, OutboxMessage.content).where(
            OutboxMessage.person_id.in_(people),
            OutboxMessage.kind.in_(COMMENT_NEWS),
            OutboxMessage.created_at >= since,
            _is_untouched(),
        )
    )
    keys = [key for key, told in waiting if content.items() <= told.items()]
    dropped = sa.delete(OutboxMessage).where(OutboxMessage.id.in_(keys), _is_untouched())
    return {person for (person,) in db.session.execute(dropped.returning(OutboxMessage.person_id)) if person}


def _is_untouched() -> sa.ColumnElement[bool]:
    return sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.attempts == 0)


def enqueue_to(address: str, language: Language, kind: str, content: dict[str, object]) -> None:
    """As `enqueue`, to an address rather than to a person: nobody has it yet, or it is somebody's new one."""
    now = now_in_database()
    db.session.add(
        OutboxMessage(
            kind=kind, address=address, language=language, content=content, created_at=now, due_at=now
        )
    )
    db.session.info[_MARK] = True


def enqueue_to_many(
    kind: str, people: Sequence[tuple[int, Frequency]], content: dict[str, object], now: datetime
) -> None:
    """As `enqueue`, for people whose wishes are known."""
    db.session.add_all(
        _message(kind, person_id, content, now, in_digest=is_news(kind) and wish is Frequency.DIGEST)
        for person_id, wish in people
    )
    db.session.info[_MARK] = True


def announce(kind: Kind, consultation_id: int, about: datetime) -> None:
    """Add news for everybody concerned to the running transaction; the worker writes the messages.

    The same news about the same instant is announced once, however often this is called.
    """
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = {"consultation_id": consultation_id, "kind": kind.value, "about": about, "told_up_to": 0}
    statement = insert(Announcement).values(announced_at=now_in_database(), **row).on_conflict_do_nothing()
    is_new = db.session.execute(statement.returning(Announcement.__table__.c.kind)).first()
    if is_new:
        db.session.info[_MARK] = True


def mark_new() -> None:
    """Let the running transaction, once committed, wake a worker as if it had written a message."""
    db.session.info[_MARK] = True


def waiting_messages(now: datetime) -> sa.ColumnElement[bool]:
    """Condition: a message that is due and neither sent nor given up."""
    return sa.and_(
        OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None), OutboxMessage.due_at <= now
    )


def _wants_digest(person_id: int) -> bool:
    wish = db.session.scalar(db.select(Person.email_frequency).filter_by(id=person_id))
    return wish is Frequency.DIGEST


def _message(
    kind: str, person_id: int, content: dict[str, object], now: datetime, *, in_digest: bool
) -> OutboxMessage:
    return OutboxMessage(
        kind=kind,
        person_id=person_id,
        content=content,
        created_at=now,
        due_at=next_digest(now) if in_digest else now,
        in_digest=in_digest,
    )


@event.listens_for(db.session, "after_commit")
def _tell_listeners(session: Session) -> None:
    if session.info.pop(_MARK, False):
        new_messages.send()


@event.listens_for(db.session, "after_rollback")
def _forget_mark(session: Session) -> None:
    session.info.pop(_MARK, None)
