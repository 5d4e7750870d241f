"""What all deeds of other input begin with: consultation and batch, locked and judged by the clock."""

import sqlalchemy as sa

from consult.domain.audit import Act, Entry, Thing
from consult.domain.channels import BatchState, check_entry
from consult.domain.consultations import Timetable
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require_in
from consult.models.base import db, now_in_database
from consult.models.channels import InputBatch, InputItem
from consult.models.consultations import Consultation
from consult.models.questions import Question
from consult.queries.timetables import times_of
from consult.services import audit


def require_entry(actor: Actor, consultation_id: int) -> Timetable:
    """The timetable of a consultation whose input the actor may type in now; the row is locked.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, CONSULTATION_NOT_OPEN, STATE_FORBIDS, ENTRY_OVER.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    row = db.session.get(Consultation, consultation_id, with_for_update={"read": True})
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return check_entry(row.stage, times_of(row), now_in_database())


def locked_batch(consultation_id: int, batch_id: int, state: BatchState = BatchState.OPEN) -> InputBatch:
    """The batch, locked, in the state that the deed needs.

    Raises:
        Refused: NOT_FOUND, BATCH_COMPLETE, BATCH_NOT_COMPLETE.
    """
    row: InputBatch | None = db.session.scalar(
        db.select(InputBatch).filter_by(consultation_id=consultation_id, id=batch_id).with_for_update()
    )
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    if row.state is not state:
        is_complete = row.state is BatchState.COMPLETE
        raise Refused(Reason.BATCH_COMPLETE if is_complete else Reason.BATCH_NOT_COMPLETE)
    return row


def item_at(batch: InputBatch, number: int) -> InputItem:
    """Raises Refused(NOT_FOUND)."""
    row = db.session.get(InputItem, (batch.consultation_id, batch.id, number))
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return row


def items_of(batch: InputBatch) -> list[InputItem]:
    """In the order of their numbers."""
    found = db.select(InputItem).filter_by(consultation_id=batch.consultation_id, batch_id=batch.id)
    return list(db.session.scalars(found.order_by(InputItem.number)))


def count_items(batch: InputBatch) -> int:
    counted = db.select(sa.func.count()).select_from(InputItem)
    return db.session.scalar(
        counted.filter_by(consultation_id=batch.consultation_id, batch_id=batch.id)
    ) or 0  # fmt: skip


def question_keys(consultation_id: int) -> dict[int, int]:
    """Ids of the questions by their numbers."""
    rows = db.session.execute(
        db.select(Question.number, Question.id).filter_by(consultation_id=consultation_id)
    )
    return dict(rows.all())


def record(actor: Actor, act: Act, batch: InputBatch, **detail: object) -> None:
    audit.record(actor, Entry(act, Thing.INPUT_BATCH, batch.id, batch.consultation_id, detail))
