"""Taking messages out of the outbox, and keeping what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.domain.audit import Act, Entry, Thing
from consult.domain.languages import Language
from consult.domain.mail import LEASE, TRIES, is_news, pause_after
from consult.domain.people import OPERATOR
from consult.models.base import db, now_in_database, transaction
from consult.models.outbox import OutboxMessage
from consult.models.people import Person
from consult.services import audit
from consult.services.outbox import waiting_messages

ERROR_LONGEST = 500
"""Characters of a mail server's words that are kept."""
PEOPLE_LOOKED_AT = 50
"""Other workers hold the first of them, so that one alone would often be taken."""


@dataclass(frozen=True)
class Message:
    """A message of the outbox in a worker's hands."""

    id: int
    kind: str
    person_id: int | None
    address: str
    language: Language | None
    content: dict[str, Any]
    created_at: datetime
    in_digest: bool
    attempts: int


def take() -> tuple[Message, ...]:
    """The messages of the letter that is due first; empty where none is due.

    That is one message, or all that wait for a person's daily mail; letters of a person's own business come
    before daily ones. They belong to the caller for `LEASE`: nobody else gets them, and if the caller dies
    they are due again then. On PostgreSQL several workers take at once without waiting for each other.
    """
    with transaction(is_private=True):
        now = now_in_database()
        rows = _next_single(now) or _next_digest(now)
        for row in rows:
            row.due_at = now + LEASE
            row.attempts += 1
        return tuple(_message(row) for row in rows)


def _next_single(now: datetime) -> list[OutboxMessage]:
    query = db.select(OutboxMessage).where(waiting_messages(now), ~OutboxMessage.in_digest)
    ordered = query.order_by(OutboxMessage.due_at, OutboxMessage.id).limit(1)
    return list(db.session.scalars(ordered.with_for_update(skip_locked=True)))


def _next_digest(now: datetime) -> list[OutboxMessage]:
    """All that is due for one person. The lock on the person keeps a second worker from taking half of it."""
    is_due = sa.and_(waiting_messages(now), OutboxMessage.in_digest)
    first = db.select(OutboxMessage.person_id).where(is_due).group_by(OutboxMessage.person_id)
    few = first.order_by(sa.func.min(OutboxMessage.due_at)).limit(PEOPLE_LOOKED_AT)
    person = db.select(Person.id).where(Person.id.in_(few)).order_by(Person.id).limit(1)
    person_id = db.session.scalar(person.with_for_update(key_share=True, skip_locked=True))
    if person_id is None:
        return []
    due = db.select(OutboxMessage).where(is_due, OutboxMessage.person_id == person_id)
    return list(db.session.scalars(due.order_by(OutboxMessage.id).with_for_update()))


def _message(row: OutboxMessage) -> Message:
    return Message(
        id=row.id,
        kind=row.kind,
        person_id=row.person_id,
        address=row.address,
        language=row.language,
        content=dict(row.content),
        created_at=row.created_at,
        in_digest=row.in_digest,
        attempts=row.attempts,
    )


def settle(messages: Sequence[Message]) -> None:
    """Keep that messages were handed over, or that nobody wants them; what they said is forgotten."""
    with transaction(is_private=True):
        db.session.execute(_rows_of(messages).values(sent_at=now_in_database(), content={}, last_error=""))


def put_off(messages: Sequence[Message], why: str, *, is_permanent: bool, chance: float) -> None:
    """Keep that messages could not be handed over: they are due again after a pause, or given up.

    They are given up when the server never takes them or after `TRIES`. What they said is then forgotten, but
    for news, which hold numbers alone: an official may have them tried again.
    """
    attempts = max(message.attempts for message in messages)
    with transaction(is_private=True):
        now = now_in_database()
        said = " ".join(why.split())[:ERROR_LONGEST]
        if not is_permanent and attempts < TRIES:
            due_at = now + pause_after(attempts, chance)
            db.session.execute(_rows_of(messages).values(due_at=due_at, last_error=said))
            return
        db.session.execute(_rows_of(messages).values(given_up_at=now, last_error=said))
        db.session.execute(_rows_of([each for each in messages if not is_news(each.kind)]).values(content={}))
        for message in messages:
            detail: dict[str, object] = {"kind": message.kind, "attempts": message.attempts}
            audit.record(OPERATOR, Entry(Act.MAIL_GIVEN_UP, Thing.MESSAGE, message.id, detail=detail))


def _rows_of(messages: Sequence[Message]) -> sa.Update:
    keys = [message.id for message in messages]
    return sa.update(OutboxMessage).where(OutboxMessage.id.in_(keys), OutboxMessage.sent_at.is_(None))
