"""Outcomes: how many comments are answered, the published text, and the rows of the report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.languages import Language, Shown, shown
from consult.domain.outcomes import Decision, OutcomePart
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.outcomes import Outcome, OutcomeText
from consult.models.people import Person
from consult.models.questions import Question
from consult.queries.answered import asks_for_an_answer, is_answered
from consult.queries.exports import question_texts, stream
from consult.queries.positions import Given, Words, positions_of


@dataclass(frozen=True)
class Coverage:
    """Published comments that wait for an answer of the authority, and those that have one."""

    answered: int
    unanswered: int

    @property
    def comments(self) -> int:
        return self.answered + self.unanswered

    @property
    def is_whole(self) -> bool:
        return not self.unanswered


@dataclass(frozen=True)
class ReportRow:
    """A published comment with what answers it, in the words that everybody may read.

    `positions` is empty where nothing answers it yet, and holds several where several themes do.
    """

    comment_id: int
    parent_id: int | None
    question_number: int
    question: Shown
    comment: str
    language: Language | None
    positions: tuple[Given, ...]

    @property
    def first(self) -> Given | None:
        """The one position where only one can be told; None where there is none."""
        return self.positions[0] if self.positions else None

    @property
    def decision(self) -> Decision | None:
        return self.first.position.decision if self.first else None


@dataclass(frozen=True)
class OutcomeVersion:
    """One version of an outcome; a part that is not written is missing. `notes` say what it corrected."""

    number: int
    edits: int
    written_at: datetime
    published_at: datetime | None
    parts: dict[OutcomePart, Words]
    notes: Words

    def part(self, part: OutcomePart, language: Language) -> Shown:
        return shown(self.parts[part], language)

    def note(self, language: Language) -> Shown:
        return shown(self.notes, language)


def coverage_of(consultation_id: int) -> Coverage:
    """How many published comments and replies are answered; two queries."""
    asking = (
        sa.select(sa.func.count())
        .select_from(Comment)
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(Comment.consultation_id == consultation_id, asks_for_an_answer())
    )
    answered = db.session.scalar(asking.where(is_answered())) or 0
    unanswered = db.session.scalar(asking.where(~is_answered())) or 0
    return Coverage(answered, unanswered)


def report_rows(consultation_id: int, language: Language) -> Iterator[ReportRow]:
    """Every published comment and reply, by question and then by number, whatever the state of the outcome.

    Positions are not for everybody before the outcome is published: ask `visibility.are_positions_shown`.
    A handful of queries; the comments themselves are read a part at a time.
    """
    positions = positions_of(consultation_id)
    texts = question_texts(consultation_id)
    words = sa.func.coalesce(Comment.redacted_body, Comment.body).label("words")
    statement = (
        sa.select(
            Comment.id, Comment.parent_id, Comment.question_id, Comment.language, Question.number, words
        )
        .join(
            Question,
            sa.and_(Question.consultation_id == Comment.consultation_id, Question.id == Comment.question_id),
        )
        .where(Comment.consultation_id == consultation_id, Comment.state == CommentState.PUBLISHED)
        .order_by(Question.number, Comment.id)
    )
    for row in stream(statement):
        yield ReportRow(
            comment_id=row.id,
            parent_id=row.parent_id,
            question_number=row.number,
            question=shown(texts.get(row.question_id, {}), language),
            comment=row.words,
            language=row.language,
            positions=positions.of(row.id),
        )


def outcome_versions(consultation_id: int) -> tuple[OutcomeVersion, ...]:
    """All versions of the outcome, the newest first; empty where none is written."""
    rows = db.session.scalars(
        sa.select(Outcome).filter_by(consultation_id=consultation_id).order_by(Outcome.number.desc())
    )
    texts: dict[int, list[OutcomeText]] = {}
    for text in db.session.scalars(sa.select(OutcomeText).filter_by(consultation_id=consultation_id)):
        texts.setdefault(text.number, []).append(text)
    return tuple(_version(row, texts.get(row.number, [])) for row in rows)


def _version(row: Outcome, texts: list[OutcomeText]) -> OutcomeVersion:
    return OutcomeVersion(
        number=row.number,
        edits=row.edits,
        written_at=row.written_at,
        published_at=row.published_at,
        parts={
            part: {text.language: words for text in texts if (words := getattr(text, part.value))}
            for part in OutcomePart
        },
        notes={text.language: text.note for text in texts if text.note},
    )
