"""Reading a consultation for those who write it: its own texts in every language, and what is missing."""

from collections import defaultdict
from dataclasses import dataclass

from consult.domain.consultations import Stage
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.opening import Missing, missing_for_opening
from consult.domain.people import Actor
from consult.domain.permissions import (
    consultations_where,
    may_edit_consultations,
    may_export_restricted,
    require_in,
    require_somewhere,
)
from consult.domain.questions import QuestionKind
from consult.models.base import db, now_in_database
from consult.models.consultations import Consultation, ConsultationText
from consult.models.questions import Question, QuestionText, Topic, TopicText
from consult.queries.agenda_reviews import stale_topics
from consult.queries.consultations import ConsultationView, consultation_at
from consult.queries.documents import DocumentCard, documents_of
from consult.queries.drafts import draft_of
from consult.queries.questions import Citation, citations_of

Texts = dict[Language, str]


@dataclass(frozen=True)
class WrittenQuestion:
    """A question with its newest texts in every language that has one."""

    number: int
    kind: QuestionKind
    version: int
    edition: int
    texts: Texts


@dataclass(frozen=True)
class WrittenTopic:
    """A topic with its titles, its citation (None: editor's own) and its questions."""

    id: int
    position: int
    edition: int
    titles: Texts
    citation: Citation | None
    questions: tuple[WrittenQuestion, ...]


@dataclass(frozen=True)
class Editing:
    """Everything that the editing page shows: the row and its texts as kept, topics, documents.

    `missing` blocks the opening; it is empty when the consultation may open or has opened. `stale` are the
    topics that cite a document which a newer version replaced.
    """

    view: ConsultationView
    row: Consultation
    texts: dict[Language, ConsultationText]
    topics: tuple[WrittenTopic, ...]
    documents: tuple[DocumentCard, ...]
    missing: tuple[Missing, ...]
    stale: frozenset[int]


def editing_of(reader: Actor, consultation_id: int, language: Language) -> Editing:
    """A consultation for its editors.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND.
    """
    require_in(reader, may_edit_consultations, consultation_id)
    row = db.session.get(Consultation, consultation_id, populate_existing=True)
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    texts = db.session.scalars(db.select(ConsultationText).filter_by(consultation_id=row.id))
    is_draft = row.stage is Stage.DRAFT
    return Editing(
        view=consultation_at(reader, row.slug, language),
        row=row,
        texts={text.language: text for text in texts},
        topics=topics_of(row.id),
        documents=documents_of(row.id),
        missing=missing_for_opening(draft_of(row), now_in_database()) if is_draft else (),
        stale=stale_topics(row.id),
    )


def topics_of(consultation_id: int) -> tuple[WrittenTopic, ...]:
    """Topics with their questions, in order."""
    titles: dict[int, Texts] = defaultdict(dict)
    for title in db.session.scalars(db.select(TopicText).filter_by(consultation_id=consultation_id)):
        titles[title.topic_id][title.language] = title.title
    questions = _questions_by_topic(consultation_id)
    citations = citations_of(consultation_id)
    rows = db.session.scalars(
        db.select(Topic).filter_by(consultation_id=consultation_id).order_by(Topic.position)
    ).all()
    return tuple(
        WrittenTopic(
            row.id,
            row.position,
            row.edition,
            titles[row.id],
            citations.get(row.id),
            tuple(questions[row.id]),
        )
        for row in rows
    )


def _questions_by_topic(consultation_id: int) -> dict[int, list[WrittenQuestion]]:
    texts: dict[int, Texts] = defaultdict(dict)
    for text in db.session.scalars(
        db.select(QuestionText)
        .join(Question, Question.id == QuestionText.question_id)
        .where(QuestionText.consultation_id == consultation_id, QuestionText.version == Question.version)
    ):
        texts[text.question_id][text.language] = text.text
    found: dict[int, list[WrittenQuestion]] = defaultdict(list)
    for row in db.session.scalars(
        db.select(Question).filter_by(consultation_id=consultation_id).order_by(Question.number)
    ):
        question = WrittenQuestion(row.number, row.kind, row.version, row.edition, texts[row.id])
        found[row.topic_id].append(question)
    return found


def exportable(reader: Actor, language: Language) -> list[tuple[str, Shown]]:
    """Slug and title of every consultation that the reader may export, newest first.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(reader, may_export_restricted)
    listed = (
        db.select(Consultation.slug, ConsultationText.language, ConsultationText.title)
        .outerjoin(ConsultationText, ConsultationText.consultation_id == Consultation.id)
        .order_by(Consultation.id.desc())
    )
    only = consultations_where(reader, may_export_restricted)
    if only is not None:
        listed = listed.where(Consultation.id.in_(only))
    titles: dict[str, Texts] = {}
    for slug, text_language, title in db.session.execute(listed):
        titles.setdefault(slug, {})[text_language] = title
    return [(slug, shown(found, language)) for slug, found in titles.items()]
