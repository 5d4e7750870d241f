"""Making another consultation like one that is there: its words and files, never its answers."""

import secrets
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from consult.domain.audit import Act, Entry, Thing
from consult.domain.consultations import Stage, check_slug
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require
from consult.models.attachments import Attachment, AttachmentText
from consult.models.base import Base, db, now_in_database, transaction
from consult.models.consultations import Consultation, ConsultationText
from consult.models.documents import Passage, SourceDocument, SupersededDocument
from consult.models.questions import Question, QuestionText, Topic, TopicText
from consult.services import audit
from consult.services.drafting import locked

Numbers = Mapping[int, int]
"""Numbers of the copies by those of what was copied."""


def duplicate_consultation(actor: Actor, consultation_id: int, slug: str) -> int:
    """Make a draft with the texts, topics with citations, questions, files and rules of another.

    Answers the number of the draft. Its dates are empty. Of a question the newest words are taken; comments,
    votes, duties and the log are not.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, SLUG_INVALID, SLUG_TAKEN.
    """
    require(actor, may_edit_consultations)
    check_slug(slug)
    try:
        with transaction():
            copied = _copy_row(actor, locked(consultation_id), slug)
            _copy(ConsultationText, consultation_id, consultation_id=copied)
            documents = _copy_documents(consultation_id, copied)
            topics = _copy_topics(consultation_id, copied, _copy_passages(consultation_id, copied, documents))
            _copy_questions(consultation_id, copied, topics)
            _copy_attachments(consultation_id, copied)
            detail: dict[str, object] = {"slug": slug, "from": consultation_id}
            entry = Entry(Act.CONSULTATION_DUPLICATED, Thing.CONSULTATION, copied, copied, detail)
            audit.record(actor, entry)
    except IntegrityError:
        raise Refused(Reason.SLUG_TAKEN) from None
    return copied


def _copy_row(actor: Actor, source: Consultation, slug: str) -> int:
    row = Consultation(
        slug=slug,
        stage=Stage.DRAFT,
        moderation_mode=source.moderation_mode,
        results_policy=source.results_policy,
        contact=source.contact,
        min_days_rule=source.min_days_rule,
        secret=secrets.token_bytes(32),
        created_by=actor.person_id,
        created_at=now_in_database(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _copy(table: type[Base], source: int, /, *where: sa.ColumnElement[bool], **changed: Any) -> None:
    """Copy rows within the database, so that no file travels through this process; a number is drawn anew."""
    columns = [each for each in sa.inspect(table).columns if each.name != "id"]
    taken = [
        sa.literal(changed[each.name], each.type).label(each.name) if each.name in changed else each
        for each in columns
    ]
    rows = sa.select(*taken).where(sa.inspect(table).columns["consultation_id"] == source, *where)
    db.session.execute(sa.insert(table).from_select([each.name for each in columns], rows))


def _copy_documents(consultation_id: int, copied: int) -> Numbers:
    _copy(SourceDocument, consultation_id, consultation_id=copied)
    numbers = _by_checksum(SourceDocument, consultation_id, copied)
    superseded = db.session.scalars(
        db.select(SupersededDocument).where(SupersededDocument.document_id.in_(numbers))
    ).all()
    for row in superseded:
        newer = SupersededDocument(document_id=numbers[row.document_id], newer_id=numbers[row.newer_id])
        db.session.add(newer)
    return numbers


def _by_checksum(table: type[SourceDocument | Attachment], consultation_id: int, copied: int) -> Numbers:
    """Each file is once in a consultation, so its SHA-256 tells which copy is whose."""
    old, new = (
        dict(db.session.execute(db.select(table.sha256, table.id).filter_by(consultation_id=key)).all())
        for key in (consultation_id, copied)
    )
    return {key: new[sha256] for sha256, key in old.items()}


def _copy_passages(consultation_id: int, copied: int, documents: Numbers) -> Numbers:
    numbers = {}
    for row in _rows(Passage, consultation_id):
        passage = Passage(
            consultation_id=copied,
            document_id=documents[row.document_id],
            quote=row.quote,
            first_line=row.first_line,
            last_line=row.last_line,
            page=row.page,
            paragraph=row.paragraph,
        )
        numbers[row.id] = _inserted(passage)
    return numbers


def _copy_topics(consultation_id: int, copied: int, passages: Numbers) -> Numbers:
    numbers = {}
    for row in _rows(Topic, consultation_id):
        topic = Topic(
            consultation_id=copied,
            position=row.position,
            passage_id=passages[row.passage_id] if row.passage_id else None,
            agenda_day=row.agenda_day,
            agenda_day_words=row.agenda_day_words,
            starts=row.starts,
            ends=row.ends,
        )
        numbers[row.id] = _inserted(topic)
        of_it = TopicText.topic_id == row.id
        _copy(TopicText, consultation_id, of_it, consultation_id=copied, topic_id=numbers[row.id])
    return numbers


def _copy_questions(consultation_id: int, copied: int, topics: Numbers) -> None:
    now = now_in_database()
    for row in _rows(Question, consultation_id):
        question = Question(
            consultation_id=copied, topic_id=topics[row.topic_id], number=row.number, kind=row.kind
        )
        changed = {"consultation_id": copied, "question_id": _inserted(question), "version": 1}
        newest = (QuestionText.question_id == row.id, QuestionText.version == row.version)
        _copy(QuestionText, consultation_id, *newest, **changed, written_at=now)


def _copy_attachments(consultation_id: int, copied: int) -> None:
    _copy(Attachment, consultation_id, consultation_id=copied)
    for old, new in _by_checksum(Attachment, consultation_id, copied).items():
        of_it = AttachmentText.attachment_id == old
        _copy(AttachmentText, consultation_id, of_it, consultation_id=copied, attachment_id=new)


def _rows(table: type[Any], consultation_id: int) -> list[Any]:
    return list(
        db.session.scalars(db.select(table).filter_by(consultation_id=consultation_id).order_by(table.id))
    )


def _inserted(row: Any) -> int:
    db.session.add(row)
    db.session.flush()
    return int(row.id)
