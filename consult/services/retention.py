"""Deleting what was kept long enough: the daily job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from consult.adapters.letters import burn_letters_before
from consult.domain.audit import Act, Entry, Thing
from consult.domain.people import OPERATOR
from consult.domain.retention import LASTS, SWEEPS, Period, Sweep
from consult.models.base import Base, db, empty_write_ahead_log, now_in_database, transaction
from consult.services import audit

AT_ONCE = 500
"""Rows a transaction deletes, so that nobody waits long for a lock."""


@dataclass(frozen=True)
class Applied:
    """What a run of the job deleted: rows by table, none of them 0, and letters."""

    rows: Mapping[str, int]
    letters: int


def apply_retention(now: datetime | None = None, *, instance: Path, at_once: int = AT_ONCE) -> Applied:
    """Delete what `domain.retention` says has been kept long enough; a second run finds nothing.

    `now` is the database's clock where it is not given. Each batch is a transaction of its own, with its line
    in the audit log; a run that was cut off is finished by the next.
    """
    moment = now or now_in_database()
    rows = {sweep.table: _sweep(sweep, moment, at_once) for sweep in SWEEPS}
    letters = burn_letters_before(moment - LASTS[Period.LETTER], instance)
    db.session.rollback()
    empty_write_ahead_log()
    return Applied({table: count for table, count in rows.items() if count}, letters)


def _sweep(sweep: Sweep, moment: datetime, at_once: int) -> int:
    deleted = 0
    while count := _delete_batch(sweep, moment, at_once):
        deleted += count
    return deleted


def _delete_batch(sweep: Sweep, moment: datetime, at_once: int) -> int:
    """Delete the oldest rows whose time is over; answers how many."""
    table = Base.metadata.tables[sweep.table]
    first, *others = (table.c[name] for name in sweep.ended)
    ended = sa.func.coalesce(first, *others, type_=first.type) if others else first
    key = [table.c[name] for name in sweep.key]
    oldest = sa.select(*key).where(ended <= moment - LASTS[sweep.period]).order_by(ended).limit(at_once)
    with transaction():
        result = db.session.execute(sa.delete(table).where(sa.tuple_(*key).in_(oldest)).returning(key[0]))
        count = len(result.all())
        if count:
            detail: dict[str, object] = {"table": sweep.table, "rows": count}
            audit.record(OPERATOR, Entry(Act.RETENTION_APPLIED, Thing.INSTALLATION, None, detail=detail))
    return count
