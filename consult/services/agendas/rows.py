"""Rows of a draft made from an agenda; ground of this room, within the running transaction of its deeds."""

from dataclasses import dataclass
from datetime import date

from consult.domain.agenda.items import Passage as Cited
from consult.domain.agenda.review import Proposal
from consult.domain.audit import Act, Entry, Thing
from consult.domain.consultations import Stage
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.questions import QUESTION_LONGEST, TITLE_LONGEST, QuestionKind
from consult.models.base import db, now_in_database
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
DOCUMENT_TITLE_LONGEST = 500


@dataclass(frozen=True)
class Imported:
    """What an import made: topics, and the questions that the agenda itself asks.

    `left_out` counts entries that were read and are no topics; `cited_anew` topics that were there and now
    cite a newer version.
    """

    consultation_id: int
    topics: int
    questions: int
    left_out: int = 0
    cited_anew: int = 0


def draft_at(actor: Actor, slug: str, title: str, language: Language) -> Consultation:
    """The draft at this address, locked, with its version counted up; made where there is none.

    Raises Refused(STATE_FORBIDS) where the consultation is no draft any more.
    """
    row: Consultation | None = db.session.scalar(
        db.select(Consultation).filter_by(slug=slug).with_for_update()
    )
    if row is None:
        row = insert_consultation(actor, slug, Basics(texts={language: TextIn(title=title[:TITLE_LONGEST])}))
        audit.record(
            actor, Entry(Act.CONSULTATION_CREATED, Thing.CONSULTATION, row.id, row.id, {"slug": slug})
        )
    elif row.stage is not Stage.DRAFT:
        raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)
    row.version += 1
    return row


def keep_document(actor: Actor, document: SourceDocument) -> SourceDocument:
    """Keep the bytes that were read. Raises IntegrityError where this consultation has the very same."""
    document.imported_by = actor.person_id
    document.imported_at = now_in_database()
    db.session.add(document)
    db.session.flush()
    return document


def insert_passage(document: SourceDocument, cited: Cited, place_name: str) -> Passage:
    """A quotation with its place, counted as the document counts: lines, a paragraph or a page."""
    has_lines = place_name == "lines"
    passage = Passage(
        consultation_id=document.consultation_id,
        document_id=document.id,
        quote=cited.quote,
        first_line=cited.place.first if has_lines else None,
        last_line=cited.place.last if has_lines else None,
        page=cited.place.first if place_name == "page" else None,
        paragraph=cited.place.first if place_name == "paragraph" else None,
    )
    db.session.add(passage)
    db.session.flush()
    return passage


def topic_in(topic: Proposal, passage: Passage, language: Language) -> TopicIn:
    return TopicIn(
        titles={language: topic.title[:TITLE_LONGEST]},
        passage_id=passage.id,
        agenda_day=date.fromisoformat(topic.day) if topic.is_date and topic.day else None,
        agenda_day_words="" if topic.is_date else topic.day or "",
        starts=topic.starts,
        ends=topic.ends,
    )


def add_topic(topic: Proposal, passage: Passage, language: Language) -> int:
    """One topic with its citation, and the questions that the agenda asks about it; answers how many."""
    row = insert_topic(passage.consultation_id, topic_in(topic, passage, language))
    for words in topic.questions:
        texts = {language: words[:QUESTION_LONGEST]}
        insert_question(passage.consultation_id, row.id, texts, QuestionKind.OPEN)
    return len(topic.questions)
