"""Reading agendas under review: the source with what it quotes, and a newer version beside the older one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from consult.domain.agenda.review import Proposal, Review, from_json
from consult.domain.agenda.source import SourceText
from consult.domain.agenda.versions import Change, Comparison, KnownTopic, compare
from consult.domain.consultations import Stage
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require_somewhere
from consult.models.base import db
from consult.models.consultations import Consultation
from consult.models.documents import AgendaReview, Passage, SupersededDocument
from consult.models.questions import Topic, TopicText
from consult.queries.access import require_at
from consult.queries.documents import DocumentCard, documents_of

MOST_SHOWN_LINES = 3_000


@dataclass(frozen=True)
class SourceLine:
    """A line of the source in stretches of (words, whether a proposal quotes them).

    `number` is what is printed before it: its line, paragraph or page where that begins, else None.
    """

    at: int
    number: int | None
    stretches: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class ProposalCard:
    """A proposal on the page: its quote, the line where that begins, and what a newer version did."""

    proposal: Proposal
    quote: str
    line_at: int
    change: Change | None


@dataclass(frozen=True)
class OmissionCard:
    """An entry that was left out, and why."""

    quote: str
    line_at: int
    first: int
    last: int
    why: str


@dataclass(frozen=True)
class ReviewView:
    """Everything that the review page shows. `earlier` are documents that this one could replace."""

    row: AgendaReview
    proposals: tuple[ProposalCard, ...]
    left_out: tuple[OmissionCard, ...]
    cautions: tuple[str, ...]
    removed: tuple[KnownTopic, ...]
    earlier: tuple[DocumentCard, ...]
    lines: tuple[SourceLine, ...]
    is_whole: bool


def source_of(row: AgendaReview) -> SourceText:
    """The text that was read, as the offsets of its proposals count."""
    lines = json.loads(row.lines)
    return SourceText.of([text for text, _ in lines], [place for _, place in lines])


def review_at(reader: Actor, review_id: int) -> ReviewView:
    """A review for those who edit.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND.
    """
    require_somewhere(reader, may_edit_consultations)
    row = db.session.get(AgendaReview, review_id, populate_existing=True)
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    require_at(reader, may_edit_consultations, row.slug)
    source, review = source_of(row), from_json(json.loads(row.proposals))
    comparison = comparison_of(row, review, source)
    changes = comparison.changes if comparison else (None,) * len(review.proposals)
    lines = tuple(_lines(source, review))
    return ReviewView(
        row=row,
        proposals=tuple(
            ProposalCard(each, each.quote(source.text), source.line_at(each.start), change)
            for each, change in zip(review.proposals, changes, strict=True)
        ),
        left_out=tuple(
            OmissionCard(
                source.text[each.start : each.end],
                source.line_at(each.start),
                each.first,
                each.last,
                each.why,
            )
            for each in review.left_out
        ),
        cautions=review.cautions,
        removed=comparison.removed if comparison else (),
        earlier=earlier_documents(row.slug),
        lines=lines,
        is_whole=len(lines) >= len(source.line_starts),
    )


def _lines(source: SourceText, review: Review) -> Iterator[SourceLine]:
    cited = sorted((each.start, each.end) for each in review.proposals)
    ends = [*(start - 1 for start in source.line_starts[1:]), len(source.text)]
    before: int | None = None
    for at, (start, end) in enumerate(zip(source.line_starts, ends, strict=True), start=1):
        if at > MOST_SHOWN_LINES:
            break
        place = source.places[at - 1] if source.places else at
        yield SourceLine(
            at, place if place != before else None, tuple(_stretches(source.text, start, end, cited))
        )
        before = place


def _stretches(text: str, start: int, end: int, cited: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    reached = start
    for first, last in cited:
        low, high = max(first, reached), min(last, end)
        if low < high:
            if low > reached:
                yield text[reached:low], False
            yield text[low:high], True
            reached = high
    if reached < end:
        yield text[reached:end], False


def earlier_documents(slug: str) -> tuple[DocumentCard, ...]:
    """The documents of the draft at this address, oldest first; empty where there is none.

    Raises:
        Refused: STATE_FORBIDS where the consultation is no draft any more.
    """
    row = db.session.execute(
        db.select(Consultation.id, Consultation.stage).where(Consultation.slug == slug)
    ).first()
    if row is None:
        return ()
    if row.stage is not Stage.DRAFT:
        raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)
    return documents_of(row.id)


def comparison_of(row: AgendaReview, review: Review, source: SourceText) -> Comparison | None:
    """The proposals beside the topics that cite the older version; None for a document that replaces none."""
    if row.replaces_id is None:
        return None
    return compare(_known_topics(row.replaces_id), review.proposals, source.text)


def _known_topics(document_id: int) -> list[KnownTopic]:
    titles = {
        text.topic_id: text.title
        for text in db.session.scalars(
            db.select(TopicText)
            .join(Topic, Topic.id == TopicText.topic_id)
            .join(Passage, Passage.id == Topic.passage_id)
            .where(Passage.document_id == document_id, TopicText.title != "")
        )
    }
    rows = db.session.execute(
        db.select(Topic, Passage)
        .join(Passage, Passage.id == Topic.passage_id)
        .where(Passage.document_id == document_id)
        .order_by(Topic.position)
    )
    return [
        KnownTopic(
            topic.id,
            titles.get(topic.id, ""),
            passage.quote,
            passage.first_line or passage.paragraph or passage.page,
            topic.agenda_day.isoformat() if topic.agenda_day else topic.agenda_day_words or None,
            topic.starts,
        )
        for topic, passage in rows
    ]


def stale_topics(consultation_id: int) -> frozenset[int]:
    """Topics whose citation is of a document that a newer version replaced."""
    return frozenset(
        db.session.scalars(
            db.select(Topic.id)
            .join(Passage, Passage.id == Topic.passage_id)
            .join(SupersededDocument, SupersededDocument.document_id == Passage.document_id)
            .where(Topic.consultation_id == consultation_id)
        )
    )
