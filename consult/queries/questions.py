"""Reading questions: the list of a consultation, and one with its citation and its vote."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import Actor
from consult.domain.questions import QuestionKind
from consult.domain.visibility import is_tally_shown
from consult.domain.votes import Choice, Tally
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.documents import Passage, SourceDocument
from consult.models.prepared import Prepared
from consult.models.questions import Question, QuestionText, Topic, TopicText
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.comment_counts import published_counts
from consult.queries.consultations import ConsultationView
from consult.queries.freshness import kept
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
    cards = _cards(consultation_id, language)
    mine = _taken_part(reader, consultation_id)
    return tuple(replace(card, has_taken_part=True) if card.id in mine else card for card in cards)


@kept
def _cards(consultation_id: int, language: Language) -> tuple[QuestionCard, ...]:
    """The questions as somebody sees them who took no part."""
    rows = db.session.execute(
        db.select(Question.id, Question.number, Question.kind, Question.topic_id, Topic.agenda_day)
        .join(Topic, Topic.id == Question.topic_id)
        .where(Question.consultation_id == consultation_id)
        .order_by(Question.number)
    ).all()
    texts, titles = _texts(consultation_id), _titles(consultation_id)
    counts = published_counts(consultation_id)
    return tuple(
        QuestionCard(
            id=row.id,
            number=row.number,
            kind=row.kind,
            topic_id=row.topic_id,
            topic=shown(titles[row.topic_id], language),
            text=shown(texts[row.id], language),
            agenda_day=row.agenda_day,
            comment_count=counts.get(row.id, 0),
            has_taken_part=False,
        )
        for row in rows
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
    version = _version(card.id)
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


@kept
def _version(question_id: int) -> int:
    version: int = db.session.execute(
        db.select(Question.version).where(Question.id == question_id)
    ).scalar_one()
    return version


@kept
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
    found = db.session.scalar(
        _OWN_CHOICE, {"here": consultation_id, "question": card.id, "me": reader.person_id}
    )
    return None if found is None else Choice(found)


_OWN_CHOICE = sa.select(PropositionVote.choice).where(
    PropositionVote.consultation_id == sa.bindparam("here"),
    PropositionVote.question_id == sa.bindparam("question"),
    PropositionVote.person_id == sa.bindparam("me"),
)


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


def _taken_part(reader: Actor, consultation_id: int) -> set[int]:
    """Questions in which the reader voted or wrote; empty for a guest."""
    if reader.person_id is None:
        return set()
    rows = _TAKEN_PART.run(here=consultation_id, me=reader.person_id)
    return {question_id for (question_id,) in rows}


def _questions_of_person() -> sa.CompoundSelect[tuple[int]]:
    here, me = sa.bindparam("here", type_=sa.BigInteger), sa.bindparam("me", type_=sa.BigInteger)
    wrote = sa.select(Comment.question_id).where(Comment.consultation_id == here, Comment.author_id == me)
    voted = (
        sa.select(Comment.question_id)
        .join(
            CommentVote,
            sa.and_(
                CommentVote.consultation_id == Comment.consultation_id, CommentVote.comment_id == Comment.id
            ),
        )
        .where(CommentVote.consultation_id == here, CommentVote.person_id == me)
    )
    answered = sa.select(PropositionVote.question_id).where(
        PropositionVote.consultation_id == here, PropositionVote.person_id == me
    )
    return sa.union(wrote, voted, answered)


_TAKEN_PART = Prepared(lambda _dialect: _questions_of_person())
