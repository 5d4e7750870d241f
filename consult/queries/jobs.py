"""Reading how the work behind the pages stands: letters, opinion groups, exports, and the worker itself."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from consult.domain.audit import Act
from consult.domain.consultations import ZONE
from consult.domain.languages import Language, Shown
from consult.domain.people import Actor
from consult.domain.permissions import is_official, require
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database
from consult.models.jobs import JobRun
from consult.models.opinion import OpinionJob
from consult.models.outbox import OutboxMessage
from consult.queries.consultations import consultations_of

EVERY_MINUTE = "look_at_the_clock"
"""The job by which one sees that a worker is there."""
ALIVE = timedelta(minutes=3)
MOST = 20
"""Lines of each list."""
_MAILBOX = re.compile(r"\S+@\S+")


@dataclass(frozen=True)
class Letters:
    """The outbox in numbers; a day begins at midnight in Kazakhstan. `oldest`: what is due for longest."""

    waiting: int
    late: int
    sent_today: int
    given_up: int
    oldest: datetime | None


@dataclass(frozen=True)
class GivenUp:
    """A letter that nobody tries any more; `why` is the mail server's answer without addresses."""

    id: int
    kind: str
    at: datetime
    attempts: int
    why: str
    may_be_tried: bool


@dataclass(frozen=True)
class Run:
    """The last run of a job; `ended_at` is None while it runs, `outcome` is `done` or the name of a fault."""

    name: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str


@dataclass(frozen=True)
class Opinion:
    """Where the computing of a consultation's opinion groups stands; `refusal` is a Reason's code."""

    slug: str
    title: Shown
    asked_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    refusal: str | None


@dataclass(frozen=True)
class ExportLine:
    """An export that was made, as the audit log has it."""

    at: datetime
    package: str
    format: str
    slug: str | None


@dataclass(frozen=True)
class Jobs:
    """Everything on the page of the work behind the pages."""

    letters: Letters
    given_up: tuple[GivenUp, ...]
    runs: tuple[Run, ...]
    opinions: tuple[Opinion, ...]
    exports: tuple[ExportLine, ...]
    worker_seen_at: datetime | None
    is_worker_alive: bool


def jobs(reader: Actor, language: Language) -> Jobs:
    """How it all stands now, without an address or a token.

    Raises:
        Refused: SIGN_IN_NEEDED, SECOND_FACTOR_NEEDED, NOT_PERMITTED.
    """
    require(reader, is_official)
    now = now_in_database()
    runs = _runs()
    seen = next((run.started_at for run in runs if run.name == EVERY_MINUTE), None)
    return Jobs(
        letters=_letters(now),
        given_up=_given_up(),
        runs=runs,
        opinions=_opinions(reader, language),
        exports=_exports(reader, language),
        worker_seen_at=seen,
        is_worker_alive=seen is not None and now - seen < ALIVE,
    )


def _letters(now: datetime) -> Letters:
    waits = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return Letters(
        waiting=_count(waits),
        late=_count(sa.and_(waits, OutboxMessage.due_at < now - ALIVE)),
        sent_today=_count(OutboxMessage.sent_at >= midnight),
        given_up=_count(OutboxMessage.given_up_at.is_not(None)),
        oldest=db.session.scalar(sa.select(sa.func.min(OutboxMessage.due_at)).where(waits)),
    )


def _count(which: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage).where(which)) or 0


def _given_up() -> tuple[GivenUp, ...]:
    rows = db.session.scalars(
        sa.select(OutboxMessage)
        .where(OutboxMessage.given_up_at.is_not(None))
        .order_by(OutboxMessage.id.desc())
        .limit(MOST)
    )
    return tuple(
        GivenUp(
            row.id,
            row.kind,
            row.given_up_at or row.created_at,
            row.attempts,
            without_mailboxes(row.last_error),
            bool(row.content),
        )
        for row in rows
    )


def without_mailboxes(said: str) -> str:
    """What a mail server said, with every address taken out."""
    return _MAILBOX.sub("…", said)


def _runs() -> tuple[Run, ...]:
    rows = db.session.scalars(sa.select(JobRun).order_by(JobRun.name))
    return tuple(Run(row.name, row.started_at, row.ended_at, row.outcome) for row in rows)


def _opinions(reader: Actor, language: Language) -> tuple[Opinion, ...]:
    rows = db.session.scalars(
        sa.select(OpinionJob)
        .order_by(OpinionJob.ended_at.desc(), OpinionJob.consultation_id.desc())
        .limit(MOST)
    ).all()
    views = {
        view.id: view for view in consultations_of(reader, [row.consultation_id for row in rows], language)
    }
    return tuple(
        Opinion(view.slug, view.title, row.asked_at, row.started_at, row.ended_at, row.refusal)
        for row in rows
        if (view := views.get(row.consultation_id)) is not None
    )


def _exports(reader: Actor, language: Language) -> tuple[ExportLine, ...]:
    rows = db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.act == Act.EXPORT_MADE)
        .order_by(AuditEntry.id.desc())
        .limit(MOST)
    ).all()
    keys = {key for row in rows if (key := _consultation_of(row)) is not None}
    slugs = {view.id: view.slug for view in consultations_of(reader, keys, language)}
    return tuple(_export(row, slugs.get(_consultation_of(row) or 0)) for row in rows)


def _consultation_of(row: AuditEntry) -> int | None:
    return row.consultation_id or row.thing_id


def _export(row: AuditEntry, slug: str | None) -> ExportLine:
    detail: dict[str, Any] = row.detail
    return ExportLine(row.at, str(detail.get("package", "")), str(detail.get("format", "")), slug)
