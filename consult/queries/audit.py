"""Reading the audit log, for administrators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from consult.domain.audit import Act, Thing
from consult.domain.consultations import ZONE
from consult.domain.people import Actor
from consult.domain.permissions import may_read_audit, require
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.people import Person

PAGE = 50
EARLIEST, LATEST = date(1900, 1, 1), date(9999, 1, 1)
"""Days that are no midnights in UTC lie beyond; so does nothing that was done."""
AT_ONCE = 1_000
"""Lines that a file reads in one go."""


@dataclass(frozen=True)
class Wanted:
    """Which lines are asked for; None asks for any. `actor_id` is the number of an account.

    `since` and `until` are days in Kazakhstan, both included.
    """

    act: Act | None = None
    actor_id: int | None = None
    thing: Thing | None = None
    thing_id: int | None = None
    consultation_id: int | None = None
    since: date | None = None
    until: date | None = None


ALL = Wanted()


@dataclass(frozen=True)
class LogLine:
    """One recorded deed; `actor` is the present name of the account, None for guests and the operator."""

    id: int
    at: datetime
    actor_id: int | None
    actor: str | None
    actor_role: str
    act: Act
    thing: Thing
    thing_id: int | None
    consultation_id: int | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class Log:
    """A page of the log, newest first; `next_before` asks for the next, None on the last."""

    lines: tuple[LogLine, ...]
    next_before: int | None


def log(reader: Actor, wanted: Wanted = ALL, *, before: int | None = None, act: Act | None = None) -> Log:
    """Lines of the log; `act` is short for a `Wanted` of it alone.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(reader, may_read_audit)
    lines = _lines(Wanted(act=act) if act is not None else wanted, before, PAGE + 1)
    return Log(lines[:PAGE], lines[PAGE - 1].id if len(lines) > PAGE else None)


def whole_log(reader: Actor, wanted: Wanted = ALL) -> Iterator[LogLine]:
    """Every line that is asked for, newest first, some at a time. Raises as `log`."""
    require(reader, may_read_audit)
    before: int | None = None
    while lines := _lines(wanted, before, AT_ONCE):
        yield from lines
        before = lines[-1].id


def _lines(wanted: Wanted, before: int | None, most: int) -> tuple[LogLine, ...]:
    query = (
        sa.select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .where(*_conditions(wanted))
        .order_by(AuditEntry.id.desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return tuple(_line(entry, name) for entry, name in db.session.execute(query))


def _conditions(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    equal = {
        AuditEntry.act: wanted.act,
        AuditEntry.actor_id: wanted.actor_id,
        AuditEntry.thing: wanted.thing,
        AuditEntry.thing_id: wanted.thing_id,
    }
    yield from (column == value for column, value in equal.items() if value is not None)
    if wanted.consultation_id is not None:
        is_itself = sa.and_(
            AuditEntry.thing == Thing.CONSULTATION, AuditEntry.thing_id == wanted.consultation_id
        )
        yield sa.or_(AuditEntry.consultation_id == wanted.consultation_id, is_itself)
    if wanted.since is not None and wanted.since > EARLIEST:
        yield AuditEntry.at >= _midnight(wanted.since)
    if wanted.until is not None and EARLIEST < wanted.until < LATEST:
        yield AuditEntry.at < _midnight(wanted.until + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE)


def _line(entry: AuditEntry, name: str | None) -> LogLine:
    return LogLine(
        entry.id,
        entry.at,
        entry.actor_id,
        name,
        entry.actor_role,
        entry.act,
        entry.thing,
        entry.thing_id,
        entry.consultation_id,
        entry.detail,
    )
