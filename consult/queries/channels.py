"""Reading input from other channels, for the officials who type it in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.domain.channel_files import Encoding, read_items
from consult.domain.channels import (
    ENTRY_AFTER_CLOSING,
    BatchState,
    Item,
    Written,
    check_entry,
    twins,
)
from consult.domain.comments import Channel, CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require_in
from consult.models.base import db, now_in_database
from consult.models.channels import InputBatch, InputFile, InputItem
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.questions import Question
from consult.queries.consultations import ConsultationView, consultation_at
from consult.queries.exports import question_texts
from consult.queries.timetables import times_of


@dataclass(frozen=True)
class BatchCard:
    """A batch with how many items it was announced with and how many it holds."""

    id: int
    channel: Channel
    received_at: datetime
    originals: str
    state: BatchState
    announced: int
    entered: int
    completed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state is BatchState.OPEN

    @property
    def is_even(self) -> bool:
        """Whether it holds as many items as announced."""
        return self.announced == self.entered


@dataclass(frozen=True)
class ItemView:
    """An item with its words, in the batch or in the comment that it became.

    `twin` is an earlier item with the same words; `comment_id` and `state` are set once it is a comment.
    """

    number: int
    question: int
    body: str
    language: Language | None
    written: Written
    twin: int | None
    comment_id: int | None
    state: CommentState | None


@dataclass(frozen=True)
class Place:
    """The consultation, its questions by number, whether input may be typed in now, and until when."""

    consultation: ConsultationView
    questions: tuple[tuple[int, Shown], ...]
    why_not: Refused | None
    until: datetime | None

    @property
    def takes_input(self) -> bool:
        return self.why_not is None


@dataclass(frozen=True)
class WaitingFile:
    """A file that waits for a look: what it holds by line, and which lines repeat an earlier one's words."""

    sha256: str
    encoding: Encoding
    items: tuple[tuple[int, Item], ...]
    twins: dict[int, int]


def place_at(reader: Actor, consultation_id: int, language: Language) -> Place:
    """Raises Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND."""
    require_in(reader, may_edit_consultations, consultation_id)
    row = db.session.get(Consultation, consultation_id, populate_existing=True)
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    texts = question_texts(consultation_id)
    numbers = db.session.execute(
        sa.select(Question.number, Question.id)
        .filter_by(consultation_id=consultation_id)
        .order_by(Question.number)
    )
    return Place(
        consultation=consultation_at(reader, row.slug, language),
        questions=tuple((number, shown(texts.get(key, {}), language)) for number, key in numbers),
        why_not=_why_not(row),
        until=row.closes_at + ENTRY_AFTER_CLOSING if row.closes_at else None,
    )


def _why_not(row: Consultation) -> Refused | None:
    try:
        check_entry(row.stage, times_of(row), now_in_database())
    except Refused as refused:
        return refused
    return None


def batches_of(consultation_id: int) -> tuple[BatchCard, ...]:
    """The batches, those that are open first, then the newest first; ask `place_at` before."""
    is_open = sa.case((InputBatch.state == BatchState.OPEN, 0), else_=1)
    rows = db.session.execute(_cards(consultation_id).order_by(is_open, InputBatch.id.desc()))
    return tuple(_card(row) for row in rows)


def open_batches(consultation_id: int) -> int:
    """How many batches have not become comments yet."""
    counted = sa.select(sa.func.count()).select_from(InputBatch)
    return db.session.scalar(counted.filter_by(consultation_id=consultation_id, state=BatchState.OPEN)) or 0


def batch_at(consultation_id: int, batch_id: int) -> BatchCard:
    """One batch; ask `place_at` before. Raises Refused(NOT_FOUND)."""
    row = db.session.execute(_cards(consultation_id).where(InputBatch.id == batch_id)).first()
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return _card(row)


def _cards(consultation_id: int) -> sa.Select[InputBatch, int]:
    entered = (
        sa.select(sa.func.count())
        .select_from(InputItem)
        .where(InputItem.consultation_id == consultation_id, InputItem.batch_id == InputBatch.id)
        .correlate(InputBatch)
        .scalar_subquery()
    )
    return (
        sa.select(InputBatch, entered)
        .filter_by(consultation_id=consultation_id)
        .execution_options(populate_existing=True)
    )


def _card(row: sa.Row[InputBatch, int]) -> BatchCard:
    batch, entered = row
    return BatchCard(
        id=batch.id,
        channel=batch.channel,
        received_at=batch.received_at,
        originals=batch.originals,
        state=batch.state,
        announced=batch.announced,
        entered=entered,
        completed_at=batch.completed_at,
    )


def items_of(consultation_id: int, batch_id: int) -> tuple[ItemView, ...]:
    """All items of a batch, by number, at most `ITEMS_MOST`; ask `place_at` before."""
    rows = db.session.execute(
        sa.select(InputItem, Question.number, Comment.body, Comment.state)
        .join(
            Question,
            sa.and_(
                Question.consultation_id == InputItem.consultation_id, Question.id == InputItem.question_id
            ),
        )
        .outerjoin(
            Comment,
            sa.and_(Comment.consultation_id == InputItem.consultation_id, Comment.id == InputItem.comment_id),
        )
        .where(InputItem.consultation_id == consultation_id, InputItem.batch_id == batch_id)
        .order_by(InputItem.number)
        .execution_options(populate_existing=True)
    ).all()
    same = twins((row.number, row.body) for row, *_ in rows if row.body)
    return tuple(
        _item(row, number, row.body or body, state, same.get(row.number)) for row, number, body, state in rows
    )


def item_at(consultation_id: int, batch_id: int, number: int) -> ItemView:
    """One item; ask `place_at` before. Raises Refused(NOT_FOUND)."""
    found = (one for one in items_of(consultation_id, batch_id) if one.number == number)
    one = next(found, None)
    if one is None:
        raise Refused(Reason.NOT_FOUND)
    return one


def _item(row: InputItem, question: int, body: str, state: CommentState | None, twin: int | None) -> ItemView:
    return ItemView(
        number=row.number,
        question=question,
        body=body,
        language=row.language,
        written=Written(
            question=str(question),
            text=body,
            language=row.language or "",
            region=row.region or "",
            age_band=row.age_band or "",
            name=row.public_name,
        ),
        twin=twin,
        comment_id=row.comment_id,
        state=state,
    )


def waiting_file(consultation_id: int, batch_id: int, numbers: Iterable[int]) -> WaitingFile | None:
    """The file that waits for a look; None where none does, or the questions changed under it."""
    row = db.session.get(InputFile, (consultation_id, batch_id), populate_existing=True)
    if row is None:
        return None
    read = read_items(row.content, frozenset(numbers))
    if read.faults:
        return None
    same = twins((line, one.body) for line, one in read.items)
    return WaitingFile(row.sha256, read.encoding, read.items, same)
