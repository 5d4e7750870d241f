"""Reviewing what was read in an agenda, step by step, until it becomes topics or is dropped.

Nothing of a review is public, and nothing of it is in a consultation before `make_topics`. Reviews that
nobody finished are let go after REVIEW_DAYS.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from consult.domain.agenda.items import Passage as Cited
from consult.domain.agenda.review import (
    Proposal,
    Review,
    from_json,
    merged,
    one_line,
    renamed,
    review_of,
    split,
    to_json,
    topics_of,
)
from consult.domain.agenda.source import SourceText
from consult.domain.agenda.versions import Comparison
from consult.domain.audit import Act, Entry, Thing
from consult.domain.consultations import check_slug
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require_somewhere
from consult.domain.questions import TITLE_LONGEST
from consult.domain.texts import kept_text
from consult.models.base import db, now_in_database, transaction
from consult.models.documents import AgendaReview, SourceDocument, SupersededDocument
from consult.models.questions import Topic
from consult.queries.access import require_at
from consult.queries.agenda_reviews import comparison_of, earlier_documents, source_of
from consult.services import audit
from consult.services.agendas.importing import kept_name
from consult.services.agendas.reading import Reading, read_topics
from consult.services.agendas.rows import (
    DOCUMENT_TITLE_LONGEST,
    Imported,
    add_topic,
    draft_at,
    insert_passage,
    keep_document,
    topic_in,
)
from consult.services.drafting import check_length

REVIEW_DAYS = 14


class Step(StrEnum):
    """What a person does with a review besides saving it."""

    SAVE = "save"
    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True)
class Edits:
    """The review as it stands in the form: a title for each proposal, numbers of the ticked ones, from 0.

    `replaces` is the document that this one is a newer version of, None for another document.
    """

    titles: tuple[str, ...]
    chosen: frozenset[int] = frozenset()
    taken: frozenset[int] = field(default_factory=frozenset)
    replaces: int | None = None


def start_review(
    actor: Actor, slug: str, content: bytes, filename: str, language: Language | None = None
) -> int:
    """Keep what was read in a document for review; answers the number of the review.

    An earlier document of the same draft with the same name or title is taken for an older version.

    Raises:
        Refused: NOT_PERMITTED, SLUG_INVALID, AGENDA_WITHOUT_TOPICS, AGENDA_TOO_LONG, AGENDA_IMPORTED_ALREADY,
            STATE_FORBIDS when the consultation is no draft, and as `read`.
    """
    require_at(actor, may_edit_consultations, slug)
    check_slug(slug)
    row = _row(slug, content, kept_name(filename), read_topics(content, filename, language))
    with transaction():
        now = now_in_database()
        db.session.execute(
            sa.delete(AgendaReview).where(AgendaReview.created_at < now - timedelta(days=REVIEW_DAYS))
        )
        row.replaces_id = _older_version(row)
        row.created_by = actor.person_id
        row.created_at = now
        db.session.add(row)
        db.session.flush()
    return row.id


def _row(slug: str, content: bytes, filename: str, reading: Reading) -> AgendaReview:
    document, agenda = reading.document, reading.agenda
    review = review_of(agenda, SourceText.of(document.lines, document.places))
    return AgendaReview(
        slug=slug,
        title=(agenda.title or filename)[:DOCUMENT_TITLE_LONGEST],
        filename=filename,
        media_type=document.media_type,
        source_url=agenda.source_url or "",
        sha256=document.sha256,
        content=content,
        language=agenda.language,
        place_name=document.place_name,
        lines=json.dumps([(each.text, each.place) for each in document.passages], ensure_ascii=False),
        proposals=_written(review),
        version=1,
    )


def _written(review: Review) -> str:
    return json.dumps(to_json(review), ensure_ascii=False)


def _older_version(row: AgendaReview) -> int | None:
    """The newest document of the draft that this one seems to replace."""
    for document in reversed(earlier_documents(row.slug)):
        if document.sha256 == row.sha256:
            raise Refused(Reason.AGENDA_IMPORTED_ALREADY)
        if row.filename == document.filename or row.title == document.title:
            return document.id
    return None


def edit_review(actor: Actor, review_id: int, version: int, edits: Edits, step: Step, at: int) -> None:
    """Keep the edits, then merge the proposal `at` with the one before it, or split it; from 0.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, VERSION_CONFLICT, TEXT_TOO_LONG, AGENDA_NOTHING_TO_SPLIT,
            AGENDA_TOPICS_APART.
    """
    require_somewhere(actor, may_edit_consultations)
    with transaction():
        row = _locked(actor, review_id, version)
        source = source_of(row)
        review = _edited(row, edits, source)
        if step is Step.MERGE:
            review = merged(review, at)
        elif step is Step.SPLIT:
            review = split(review, at, source)
        row.proposals = _written(one_line(review))
        row.version += 1


def _locked(actor: Actor, review_id: int, version: int) -> AgendaReview:
    row = db.session.get(AgendaReview, review_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    require_at(actor, may_edit_consultations, row.slug)
    if row.version != version:
        raise Refused(Reason.VERSION_CONFLICT)
    return row


def _edited(row: AgendaReview, edits: Edits, source: SourceText) -> Review:
    review = from_json(json.loads(row.proposals))
    if len(edits.titles) != len(review.proposals):
        raise Refused(Reason.VERSION_CONFLICT)
    for title in edits.titles:
        check_length(title, TITLE_LONGEST)
    if edits.replaces not in {None, *(document.id for document in earlier_documents(row.slug))}:
        raise Refused(Reason.NOT_FOUND)
    row.replaces_id = edits.replaces
    titles = [kept_text(title) for title in edits.titles]
    return renamed(review, titles, edits.chosen, edits.taken, source)


def make_topics(actor: Actor, review_id: int, version: int, edits: Edits) -> Imported:
    """Put what was chosen into the draft, made here where there is none, and end the review.

    Of a newer version the topics that were there keep titles and questions and cite the new document; those
    that it no longer has keep the old citation, which is then stale.

    Raises:
        Refused: AGENDA_NOTHING_CHOSEN, AGENDA_TOO_LONG, AGENDA_IMPORTED_ALREADY, STATE_FORBIDS, and as
            `edit_review`.
    """
    require_somewhere(actor, may_edit_consultations)
    try:
        with transaction():
            row = _locked(actor, review_id, version)
            source = source_of(row)
            review = one_line(_edited(row, edits, source))
            if not any(proposal.is_chosen for proposal in review.proposals):
                raise Refused(Reason.AGENDA_NOTHING_CHOSEN)
            imported = _made(actor, row, review, source)
            db.session.delete(row)
    except IntegrityError:
        raise Refused(Reason.AGENDA_IMPORTED_ALREADY) from None
    return imported


def _made(actor: Actor, row: AgendaReview, review: Review, source: SourceText) -> Imported:
    draft = draft_at(actor, row.slug, row.title, row.language)
    document = keep_document(actor, _document(row, draft.id))
    known = comparison_of(row, review, source)
    made = [_put(row, document, each, known) for each in _numbered(review, source)]
    if row.replaces_id:
        db.session.merge(SupersededDocument(document_id=row.replaces_id, newer_id=document.id))
    added = [questions for questions in made if questions is not None]
    detail: dict[str, object] = {
        "sha256": document.sha256,
        "topics": len(added),
        "questions": sum(added),
        "cited_anew": len(made) - len(added),
        "reviewed": True,
    }
    audit.record(actor, Entry(Act.AGENDA_IMPORTED, Thing.CONSULTATION, draft.id, draft.id, detail))
    return Imported(draft.id, len(added), sum(added), len(review.left_out), len(made) - len(added))


def _document(row: AgendaReview, consultation_id: int) -> SourceDocument:
    return SourceDocument(
        consultation_id=consultation_id,
        title=row.title,
        filename=row.filename,
        media_type=row.media_type,
        source_url=row.source_url,
        sha256=row.sha256,
        content=row.content,
        language=row.language,
    )


def _numbered(review: Review, source: SourceText) -> list[tuple[int, Proposal, Cited]]:
    """What was chosen, with its number among all proposals."""
    numbers = [number for number, each in enumerate(review.proposals) if each.is_chosen]
    return [(number, *chosen) for number, chosen in zip(numbers, topics_of(review, source), strict=True)]


def _put(
    row: AgendaReview,
    document: SourceDocument,
    chosen: tuple[int, Proposal, Cited],
    comparison: Comparison | None,
) -> int | None:
    """Add a topic and answer how many questions it has; or cite anew the one that it is, and answer None."""
    number, proposal, cited = chosen
    passage = insert_passage(document, cited, row.place_name)
    known = comparison.known[number] if comparison else None
    if known is None:
        return add_topic(proposal, passage, row.language)
    topic = db.session.get_one(Topic, known.id)
    place = topic_in(proposal, passage, row.language)
    topic.passage_id, topic.agenda_day = place.passage_id, place.agenda_day
    topic.agenda_day_words, topic.starts, topic.ends = place.agenda_day_words[:200], place.starts, place.ends
    return None


def discard_review(actor: Actor, review_id: int) -> None:
    """Let a review go with its document; Raises Refused: NOT_PERMITTED, NOT_FOUND."""
    require_somewhere(actor, may_edit_consultations)
    with transaction():
        row = db.session.get(AgendaReview, review_id)
        if row is None:
            raise Refused(Reason.NOT_FOUND)
        require_at(actor, may_edit_consultations, row.slug)
        db.session.delete(row)
