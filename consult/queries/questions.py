"""Reading questions: the list of a consultation, and one with its citation and its vote."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import Actor
from consult.domain.questions import QuestionKind
from consult.domain.visibility import is_tally_shown
from consult.domain.votes import Choice, Tally
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.documents import Passage, SourceDocument
from consult.models.questions import Question, QuestionText, Topic, TopicText
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.consultations import ConsultationView
from consult.queries.tallies import tally_of


@dataclass(frozen=True)
class Citation:
    """Where a topic comes from: the agenda's own words, their place, and the file's SHA-256."""

    quote: str
    document_id: int
    document_title: str
    language: Language | None
    first_line: int | None
    last_line: int | None
    page: int | None
    paragraph: int | None
    sha256: str
    source_url: str


@dataclass(frozen=True)
class QuestionCard:
    """A question in a list. `has_taken_part` says whether the reader voted or wrote there."""

    id: int
    number: int
    kind: QuestionKind
    topic_id: int
    topic: Shown
    text: Shown
    agenda_day: date | None
    comment_count: int
    has_taken_part: bool


@dataclass(frozen=True)
class QuestionView:
    """A question with all that its page says before the comments.

    `choice` is the reader's own vote; `tally` is None where the reader may not see it yet, or
    nothing is voted on. `citation` is None for an editor's own topic.
    """

    card: QuestionCard
    version: int
    citation: Citation | None
    choice: Choice | None
    tally: Tally | None


def questions_of(reader: Actor, consultation_id: int, language: Language) -> tuple[QuestionCard, ...]:
    """All questions of a consultation in their order; six queries, however many there are."""
    rows = db.session.execute(
        db.select(Question, Topic)
        .join(Topic, Topic.id == Question.topic_id)
        .where(Question.consultation_id == consultation_id)
        .order_by(Question.number)
    ).all()
    texts, titles = _texts(consultation_id), _titles(consultation_id)
    counts = _published_counts(consultation_id)
    mine = _taken_part(reader, consultation_id)
    return tuple(
        QuestionCard(
            id=question.id,
            number=question.number,
            kind=question.kind,
            topic_id=topic.id,
            topic=shown(titles[topic.id], language),
            text=shown(texts[question.id], language),
            agenda_day=topic.agenda_day,
            comment_count=counts.get(question.id, 0),
            has_taken_part=question.id in mine,
        )
        for question, topic in rows
    )


def question_at(
    reader: Actor, consultation: ConsultationView, number: int, cards: tuple[QuestionCard, ...]
) -> QuestionView:
    """The question with a number, among the cards that `questions_of` gave.

    Raises:
        Refused: NOT_FOUND where the consultation has no question of that number.
    """
    card = next((card for card in cards if card.number == number), None)
    if card is None:
        raise Refused(Reason.NOT_FOUND)
    version = db.session.execute(db.select(Question.version).where(Question.id == card.id)).scalar_one()
    choice = _own_choice(reader, consultation.id, card)
    has_tally = card.kind is QuestionKind.PROPOSITION and is_tally_shown(
        consultation.results_policy, consultation.state, has_voted=choice is not None
    )
    return QuestionView(
        card=card,
        version=version,
        citation=citation_of(card.topic_id),
        choice=choice,
        tally=tally_of(PropositionVote, consultation.id, card.id) if has_tally else None,
    )


def citation_of(topic_id: int) -> Citation | None:
    """The passage of a topic with its document; None for an editor's own topic."""
    return _citations(Topic.id == topic_id).get(topic_id)


def citations_of(consultation_id: int) -> dict[int, Citation]:
    """The citations of all topics that have one, by topic; one query."""
    return _citations(Topic.consultation_id == consultation_id)


def _citations(which: sa.ColumnElement[bool]) -> dict[int, Citation]:
    rows = db.session.execute(
        db.select(
            Topic.id,
            Passage,
            SourceDocument.title,
            SourceDocument.language,
            SourceDocument.sha256,
            SourceDocument.source_url,
        )
        .join(Topic, Topic.passage_id == Passage.id)
        .join(SourceDocument, SourceDocument.id == Passage.document_id)
        .where(which)
    )
    return {
        topic_id: Citation(
            quote=passage.quote,
            document_id=passage.document_id,
            document_title=title,
            language=language,
            first_line=passage.first_line,
            last_line=passage.last_line,
            page=passage.page,
            paragraph=passage.paragraph,
            sha256=sha256,
            source_url=source_url,
        )
        for topic_id, passage, title, language, sha256, source_url in rows
    }


def _own_choice(reader: Actor, consultation_id: int, card: QuestionCard) -> Choice | None:
    if reader.person_id is None or card.kind is not QuestionKind.PROPOSITION:
        return None
    key = (consultation_id, card.id, reader.person_id)
    vote = db.session.get(PropositionVote, key, populate_existing=True)
    return Choice(vote.choice) if vote else None


def newest_texts(question_ids: Collection[int]) -> dict[int, dict[Language, str]]:
    """The newest words of some questions, by question and language; one query, none for no questions."""
    found: dict[int, dict[Language, str]] = defaultdict(dict)
    if question_ids:
        for key, language, words in db.session.execute(
            db.select(QuestionText.question_id, QuestionText.language, QuestionText.text)
            .join(Question, Question.id == QuestionText.question_id)
            .where(Question.id.in_(question_ids), QuestionText.version == Question.version)
        ):
            found[key][language] = words
    return found


def _texts(consultation_id: int) -> dict[int, dict[Language, str]]:
    found: dict[int, dict[Language, str]] = defaultdict(dict)
    for key, language, words in db.session.execute(
        db.select(QuestionText.question_id, QuestionText.language, QuestionText.text)
        .join(Question, Question.id == QuestionText.question_id)
        .where(QuestionText.consultation_id == consultation_id, QuestionText.version == Question.version)
    ):
        found[key][language] = words
    return found


def _titles(consultation_id: int) -> dict[int, dict[Language, str]]:
    found: dict[int, dict[Language, str]] = defaultdict(dict)
    for key, language, title in db.session.execute(
        db.select(TopicText.topic_id, TopicText.language, TopicText.title).where(
            TopicText.consultation_id == consultation_id
        )
    ):
        found[key][language] = title
    return found


def _published_counts(consultation_id: int) -> dict[int, int]:
    rows = db.session.execute(
        db.select(Comment.question_id, sa.func.count())
        .where(Comment.consultation_id == consultation_id, Comment.state == CommentState.PUBLISHED)
        .group_by(Comment.question_id)
    )
    return dict(rows.all())


def _taken_part(reader: Actor, consultation_id: int) -> set[int]:
    """Questions in which the reader voted or wrote; empty for a guest."""
    if reader.person_id is None:
        return set()
    me = reader.person_id
    wrote = db.select(Comment.question_id).where(
        Comment.consultation_id == consultation_id, Comment.author_id == me
    )
    voted = (
        db.select(Comment.question_id)
        .join(CommentVote, CommentVote.comment_id == Comment.id)
        .where(
            Comment.consultation_id == consultation_id,
            CommentVote.consultation_id == consultation_id,
            CommentVote.person_id == me,
        )
    )
    answered = db.select(PropositionVote.question_id).where(
        PropositionVote.consultation_id == consultation_id, PropositionVote.person_id == me
    )
    return set(db.session.scalars(sa.union(wrote, voted, answered)))
