"""The audit log as a file."""

import json
from collections.abc import Iterable

from consult.adapters.tables import Csv, Sink
from consult.domain.audit import Act, Entry, Thing
from consult.domain.exports import Cell, Column, Kind
from consult.domain.people import Actor
from consult.domain.permissions import may_read_audit, require
from consult.models.base import transaction
from consult.queries.audit import LogLine, Wanted, whole_log
from consult.services import audit

COLUMNS = tuple(
    Column(name, kind, "")
    for name, kind in (
        ("id", Kind.INTEGER),
        ("at", Kind.DATETIME),
        ("actor_id", Kind.INTEGER),
        ("actor_role", Kind.STRING),
        ("act", Kind.STRING),
        ("thing", Kind.STRING),
        ("thing_id", Kind.INTEGER),
        ("consultation_id", Kind.INTEGER),
        ("detail", Kind.STRING),
    )
)


def write_log(actor: Actor, wanted: Wanted, sink: Sink) -> int:
    """Write the lines that are asked for as CSV, newest first, without names; answers how many.

    The download is itself a line of the log, and stands in the file where nothing keeps it out.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(actor, may_read_audit)
    with transaction(is_private=True):
        detail: dict[str, object] = {
            name: str(value) for name, value in vars(wanted).items() if value is not None
        }
        audit.record(actor, Entry(Act.LOG_EXPORTED, Thing.INSTALLATION, None, detail=detail))
    rows = (tuple(_cells(line)) for line in whole_log(actor, wanted))
    return Csv().write([(column, column.kind) for column in COLUMNS], rows, sink)


def _cells(line: LogLine) -> Iterable[Cell]:
    yield from (line.id, line.at.isoformat(timespec="seconds"), line.actor_id, line.actor_role)
    yield from (line.act.value, line.thing.value, line.thing_id, line.consultation_id)
    yield json.dumps(line.detail, ensure_ascii=False, sort_keys=True) if line.detail else None
