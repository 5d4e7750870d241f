"""Putting messages into the outbox; ground of this floor. No worker hands them over yet."""

from consult.models.base import db, now_in_database
from consult.models.outbox import OutboxMessage


def enqueue(kind: str, person_id: int, content: dict[str, object]) -> None:
    """Add a message to the running transaction; a rolled-back deed sends nothing.

    `kind` names the template; `content` holds plain JSON values, such as ids, for it.
    """
    now = now_in_database()
    db.session.add(OutboxMessage(kind=kind, person_id=person_id, content=content, created_at=now, due_at=now))
