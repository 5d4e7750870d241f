"""Reading the audit log, for administrators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consult.domain.audit import Act, Thing
from consult.domain.people import Actor
from consult.domain.permissions import may_read_audit, require
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.people import Person

PAGE = 50


@dataclass(frozen=True)
class LogLine:
    """One recorded deed; `actor` is the present name of the account, None for guests and the operator."""

    id: int
    at: datetime
    actor: str | None
    actor_role: str
    act: Act
    thing: Thing
    thing_id: int | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class Log:
    """A page of the log, newest first; `next_before` asks for the next, None on the last."""

    lines: tuple[LogLine, ...]
    next_before: int | None


def log(reader: Actor, *, before: int | None = None, act: Act | None = None) -> Log:
    """Raises Refused: SIGN_IN_NEEDED, NOT_PERMITTED."""
    require(reader, may_read_audit)
    query = (
        db.select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .order_by(AuditEntry.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(AuditEntry.id < before)
    if act is not None:
        query = query.where(AuditEntry.act == act)
    rows = db.session.execute(query).all()
    lines = tuple(
        LogLine(
            entry.id, entry.at, name, entry.actor_role, entry.act, entry.thing, entry.thing_id, entry.detail
        )
        for entry, name in rows[:PAGE]
    )
    return Log(lines, lines[-1].id if len(rows) > PAGE else None)
