"""Importing an agenda at once: a document becomes topics with citations in a draft; nothing is published."""

from sqlalchemy.exc import IntegrityError

from consult.domain.agenda.review import review_of, topics_of
from consult.domain.agenda.source import SourceText
from consult.domain.audit import Act, Entry, Thing
from consult.domain.consultations import check_slug
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations
from consult.domain.texts import kept_text
from consult.models.base import transaction
from consult.models.documents import SourceDocument
from consult.queries.access import require_at
from consult.services import audit
from consult.services.agendas.reading import Reading, read_topics
from consult.services.agendas.rows import (
    DOCUMENT_TITLE_LONGEST,
    NAME_LONGEST,
    Imported,
    add_topic,
    draft_at,
    insert_passage,
    keep_document,
)


def import_agenda(
    actor: Actor, slug: str, content: bytes, filename: str, language: Language | None = None
) -> Imported:
    """Put the topics of an agenda into the draft at `slug`, made here where there is none.

    Raises:
        Refused: NOT_PERMITTED, SLUG_INVALID, STATE_FORBIDS when the consultation is no draft,
            AGENDA_WITHOUT_TOPICS, AGENDA_TOO_LONG over 200 topics, AGENDA_IMPORTED_ALREADY, and as `read`.
    """
    require_at(actor, may_edit_consultations, slug)
    check_slug(slug)
    filename = kept_name(filename)
    reading = read_topics(content, filename, language)
    try:
        with transaction():
            imported = _import(actor, slug, _document(content, filename, reading), reading)
    except IntegrityError:
        raise Refused(Reason.AGENDA_IMPORTED_ALREADY) from None
    return imported


def kept_name(filename: str) -> str:
    """The name of a file on one line, its end where it is too long."""
    return (" ".join(kept_text(filename).split()) or "agenda")[-NAME_LONGEST:]


def _document(content: bytes, filename: str, reading: Reading) -> SourceDocument:
    return SourceDocument(
        title=(reading.agenda.title or filename)[:DOCUMENT_TITLE_LONGEST],
        filename=filename,
        media_type=reading.document.media_type,
        source_url=reading.agenda.source_url or "",
        sha256=reading.document.sha256,
        content=content,
        language=reading.agenda.language,
    )


def _import(actor: Actor, slug: str, document: SourceDocument, reading: Reading) -> Imported:
    language = reading.agenda.language
    row = draft_at(actor, slug, document.title, language)
    document.consultation_id = row.id
    keep_document(actor, document)
    source = SourceText.of(reading.document.lines, reading.document.places)
    chosen = list(topics_of(review_of(reading.agenda, source), source))
    questions = sum(
        add_topic(topic, insert_passage(document, cited, reading.document.place_name), language)
        for topic, cited in chosen
    )
    detail: dict[str, object] = {"sha256": document.sha256, "topics": len(chosen), "questions": questions}
    audit.record(actor, Entry(Act.AGENDA_IMPORTED, Thing.CONSULTATION, row.id, row.id, detail))
    return Imported(row.id, len(chosen), questions, len(reading.agenda.left_out))
