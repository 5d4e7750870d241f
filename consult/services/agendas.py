"""Importing agendas: a document becomes topics with citations in a draft; nothing is ever published here."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from consult.adapters.documents import Document, read_document
from consult.adapters.languages import detect_language
from consult.domain.agenda.items import Agenda, ProposedTopic
from consult.domain.agenda.reading import read_agenda
from consult.domain.audit import Act, Entry, Thing
from consult.domain.consultations import Stage, check_slug
from consult.domain.errors import Reason, Refused
from consult.domain.languages import DEFAULT, Language
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require
from consult.domain.questions import QUESTION_LONGEST, TITLE_LONGEST, QuestionKind
from consult.domain.texts import kept_text
from consult.models.base import db, now_in_database, transaction
from consult.models.consultations import Consultation
from consult.models.documents import Passage, SourceDocument
from consult.services import audit
from consult.services.drafting import (
    Basics,
    TextIn,
    TopicIn,
    insert_consultation,
    insert_question,
    insert_topic,
)

NAME_LONGEST = 255
MOST_TOPICS = 200
"""More would hold the write lock of SQLite for longer than a voter waits."""


@dataclass(frozen=True)
class Reading:
    """A document and the agenda that was read in it; only a proposal."""

    document: Document
    agenda: Agenda


@dataclass(frozen=True)
class Imported:
    """What an import made: topics, and the questions that the agenda itself asks."""

    consultation_id: int
    topics: int
    questions: int
    reading: Reading


def read(content: bytes, filename: str, language: Language | None = None) -> Reading:
    """What an import would propose; needs no database. Without a language it is told from the text.

    Raises:
        Refused: what `adapters.documents.read_document` refuses.
    """
    document = read_document(content, filename)
    spoken = language or detect_language("\n".join(document.lines)) or DEFAULT
    return Reading(document, read_agenda(document.lines, spoken, document.places))


def import_agenda(
    actor: Actor, slug: str, content: bytes, filename: str, language: Language | None = None
) -> Imported:
    """Put the topics of an agenda into the draft at `slug`, made here where there is none.

    Raises:
        Refused: NOT_PERMITTED, SLUG_INVALID, STATE_FORBIDS when the consultation is no draft,
            AGENDA_WITHOUT_TOPICS, AGENDA_TOO_LONG over 200 topics, AGENDA_IMPORTED_ALREADY, and as `read`.
    """
    require(actor, may_edit_consultations)
    check_slug(slug)
    filename = " ".join(kept_text(filename).split()) or "agenda"
    reading = read(content, filename, language)
    if not reading.agenda.topics:
        raise Refused(Reason.AGENDA_WITHOUT_TOPICS)
    if len(reading.agenda.topics) > MOST_TOPICS:
        raise Refused(Reason.AGENDA_TOO_LONG, limit=MOST_TOPICS)
    try:
        with transaction():
            row = _draft(actor, slug, reading.agenda, filename)
            document = _keep_document(actor, row.id, content, filename, reading)
            questions = sum(_add(row.id, document, topic, reading) for topic in reading.agenda.topics)
            detail: dict[str, object] = {
                "sha256": document.sha256,
                "topics": len(reading.agenda.topics),
                "questions": questions,
            }
            audit.record(actor, Entry(Act.AGENDA_IMPORTED, Thing.CONSULTATION, row.id, row.id, detail))
    except IntegrityError:
        raise Refused(Reason.AGENDA_IMPORTED_ALREADY) from None
    return Imported(row.id, len(reading.agenda.topics), questions, reading)


def _draft(actor: Actor, slug: str, agenda: Agenda, filename: str) -> Consultation:
    row: Consultation | None = db.session.scalar(
        db.select(Consultation).filter_by(slug=slug).with_for_update()
    )
    if row is None:
        title = (agenda.title or filename)[:TITLE_LONGEST]
        row = insert_consultation(actor, slug, Basics(texts={agenda.language: TextIn(title=title)}))
        audit.record(
            actor, Entry(Act.CONSULTATION_CREATED, Thing.CONSULTATION, row.id, row.id, {"slug": slug})
        )
    elif row.stage is not Stage.DRAFT:
        raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)
    row.version += 1
    return row


def _keep_document(
    actor: Actor, consultation_id: int, content: bytes, filename: str, reading: Reading
) -> SourceDocument:
    document = SourceDocument(
        consultation_id=consultation_id,
        title=(reading.agenda.title or filename)[:500],
        filename=filename[-NAME_LONGEST:],
        media_type=reading.document.media_type,
        source_url=reading.agenda.source_url or "",
        sha256=reading.document.sha256,
        content=content,
        language=reading.agenda.language,
        imported_by=actor.person_id,
        imported_at=now_in_database(),
    )
    db.session.add(document)
    db.session.flush()
    return document


def _add(consultation_id: int, document: SourceDocument, topic: ProposedTopic, reading: Reading) -> int:
    """One topic with its citation, and the questions that the agenda asks about it; answers how many."""
    place = topic.passage.place
    has_lines = reading.document.place_name == "lines"
    passage = Passage(
        consultation_id=consultation_id,
        document_id=document.id,
        quote=topic.passage.quote,
        first_line=place.first if has_lines else None,
        last_line=place.last if has_lines else None,
        paragraph=None if has_lines else place.first,
    )
    db.session.add(passage)
    db.session.flush()
    language = reading.agenda.language
    is_date = isinstance(topic.day, date)
    row = insert_topic(
        consultation_id,
        TopicIn(
            titles={language: topic.title[:TITLE_LONGEST]},
            passage_id=passage.id,
            agenda_day=topic.day if isinstance(topic.day, date) else None,
            agenda_day_words="" if is_date or topic.day is None else str(topic.day),
            starts=topic.start.strftime("%H:%M") if topic.start else None,
            ends=topic.end.strftime("%H:%M") if topic.end else None,
        ),
    )
    for words in topic.questions:
        insert_question(consultation_id, row.id, {language: words[:QUESTION_LONGEST]}, QuestionKind.OPEN)
    return len(topic.questions)
