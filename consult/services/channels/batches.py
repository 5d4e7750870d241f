"""Batches of other input: beginning, correcting and discarding them while they are open."""

from dataclasses import dataclass
from datetime import datetime

from consult.domain.audit import Act
from consult.domain.channels import BatchState, channel, check_received, control_total, originals
from consult.domain.consultations import Timetable
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require_in
from consult.models.base import db, now_in_database, transaction
from consult.models.channels import InputBatch
from consult.services.channels.ground import count_items, locked_batch, record, require_entry


@dataclass(frozen=True)
class BatchIn:
    """What an official says of a batch before typing.

    `received_at` is the instant at which the last of it arrived; `announced` how many items were counted.
    """

    channel: str
    received_at: datetime
    originals: str
    announced: int


def open_batch(actor: Actor, consultation_id: int, batch: BatchIn) -> int:
    """Begin a batch; answers its number.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, CONSULTATION_NOT_OPEN, STATE_FORBIDS, ENTRY_OVER,
            CHANNEL_UNKNOWN, RECEIVED_OUTSIDE_PERIOD, RECEIVED_IN_FUTURE, ORIGINALS_MISSING, TEXT_TOO_LONG,
            TOTAL_IMPOSSIBLE.
    """
    with transaction():
        times = require_entry(actor, consultation_id)
        now = now_in_database()
        row = InputBatch(
            consultation_id=consultation_id,
            last_number=0,
            state=BatchState.OPEN,
            created_by=actor.person_id,
            created_at=now,
        )
        _fill(row, batch, times, now)
        db.session.add(row)
        db.session.flush()
        record(actor, Act.INPUT_BATCH_OPENED, row, **_told(row))
        return row.id


def correct_batch(actor: Actor, consultation_id: int, batch_id: int, batch: BatchIn) -> None:
    """Correct what was said of an open batch, its control total too; both numbers go into the audit log.

    Raises:
        Refused: as `open_batch`, and BATCH_COMPLETE.
    """
    with transaction():
        times = require_entry(actor, consultation_id)
        row = locked_batch(consultation_id, batch_id)
        before = _told(row)
        _fill(row, batch, times, now_in_database())
        if _told(row) != before:
            record(actor, Act.INPUT_BATCH_EDITED, row, before=before, after=_told(row))


def discard_batch(actor: Actor, consultation_id: int, batch_id: int) -> None:
    """Drop an open batch with its items, as where it was begun twice, or never ended; there is no last day.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, BATCH_COMPLETE.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    with transaction():
        row = locked_batch(consultation_id, batch_id)
        record(actor, Act.INPUT_BATCH_DISCARDED, row, entered=count_items(row), **_told(row))
        db.session.delete(row)


def _fill(row: InputBatch, batch: BatchIn, times: Timetable, now: datetime) -> None:
    check_received(times, batch.received_at, now)
    row.channel = channel(batch.channel)
    row.received_at = batch.received_at
    row.originals = originals(batch.originals)
    row.announced = control_total(batch.announced)


def _told(row: InputBatch) -> dict[str, object]:
    return {
        "channel": row.channel.value,
        "received_at": row.received_at.isoformat(),
        "originals": row.originals,
        "announced": row.announced,
    }
