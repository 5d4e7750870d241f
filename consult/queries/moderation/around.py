"""What a page of comments is shown with: titles, questions, histories, copies, who reads what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.models.base import database_now, db
from consult.models.comments import Comment
from consult.models.consultations import ConsultationText
from consult.models.desk import ModerationLock, ModerationNote
from consult.models.people import Person
from consult.models.questions import Question, QuestionText
from consult.queries.settings import profanity_words

Histories = dict[tuple[int, int | None, CommentState], int]
"""Comments by consultation, author and state."""
CommentPlace = tuple[int, int]
"""Consultation and number of a comment."""


@dataclass(frozen=True)
class Taken:
    """Who reads a comment now."""

    name: str
    is_mine: bool


@dataclass(frozen=True)
class Escalated:
    """What a moderator asks somebody else to decide; `to` is None for any administrator."""

    words: str
    by: str
    to: str | None
    is_to_me: bool
    at: datetime


@dataclass(frozen=True)
class Around:
    """By key."""

    language: Language
    questions: dict[int, dict[Language, str]]
    titles: dict[int, dict[Language, str]]
    histories: Histories
    alike: dict[tuple[int, int], dict[CommentState, int]]
    taken: dict[CommentPlace, Taken]
    escalated: dict[CommentPlace, Escalated]
    profanity: frozenset[str]

    def others(self, row: Comment, state: CommentState) -> int:
        """The author's comments in a state, in the same consultation, without this one."""
        count = self.histories.get((row.consultation_id, row.author_id, state), 0)
        return count - (row.state is state and row.author_id is not None)

    def alike_by_state(self, row: Comment) -> dict[CommentState, int]:
        """Other comments with nearly the same words, by state."""
        if row.alike_id is None:
            return {}
        counts = self.alike.get((row.consultation_id, row.alike_id), {})
        return {state: count - (state is row.state) for state, count in counts.items()}

    def waiting_alike(self, row: Comment) -> int:
        """Others that wait with nearly the same words."""
        return self.alike_by_state(row).get(CommentState.PENDING, 0)


def around(reader: Actor, rows: Sequence[Comment], language: Language) -> Around:
    """All of it for some comments, in as many queries however many they are."""
    places = [(row.consultation_id, row.id) for row in rows]
    return Around(
        language,
        _question_texts({row.question_id for row in rows}),
        _titles({row.consultation_id for row in rows}),
        _histories({row.author_id for row in rows if row.author_id is not None}),
        _alike({(row.consultation_id, row.alike_id) for row in rows if row.alike_id is not None}),
        _taken(reader, places),
        _escalated(reader, places),
        profanity_words(),
    )


def _question_texts(keys: set[int]) -> dict[int, dict[Language, str]]:
    found: dict[int, dict[Language, str]] = defaultdict(dict)
    for key, language, words in db.session.execute(
        db.select(QuestionText.question_id, QuestionText.language, QuestionText.text)
        .join(Question, Question.id == QuestionText.question_id)
        .where(Question.id.in_(keys), QuestionText.version == Question.version)
    ):
        found[key][language] = words
    return found


def _titles(keys: set[int]) -> dict[int, dict[Language, str]]:
    found: dict[int, dict[Language, str]] = defaultdict(dict)
    for text in db.session.scalars(
        db.select(ConsultationText).where(ConsultationText.consultation_id.in_(keys))
    ):
        found[text.consultation_id][text.language] = text.title
    return found


def _histories(authors: set[int]) -> Histories:
    rows = db.session.execute(
        db.select(Comment.consultation_id, Comment.author_id, Comment.state, sa.func.count())
        .where(Comment.author_id.in_(authors))
        .group_by(Comment.consultation_id, Comment.author_id, Comment.state)
    )
    return {(consultation, author, state): number for consultation, author, state, number in rows}


def _alike(groups: set[tuple[int, int]]) -> dict[tuple[int, int], dict[CommentState, int]]:
    found: dict[tuple[int, int], dict[CommentState, int]] = defaultdict(dict)
    rows = db.session.execute(
        db.select(Comment.consultation_id, Comment.alike_id, Comment.state, sa.func.count())
        .where(
            Comment.consultation_id.in_({consultation_id for consultation_id, _ in groups}),
            Comment.alike_id.in_({alike_id for _, alike_id in groups}),
        )
        .group_by(Comment.consultation_id, Comment.alike_id, Comment.state)
    )
    for consultation_id, alike_id, state, count in rows:
        found[consultation_id, alike_id][state] = count
    return found


def _among(
    table: type[ModerationLock | ModerationNote], places: Iterable[CommentPlace]
) -> list[sa.ColumnElement[bool]]:
    """Conditions: rows about one of these comments, whose numbers are unique by themselves."""
    listed = list(places)
    return [
        table.consultation_id.in_({consultation_id for consultation_id, _ in listed}),
        table.comment_id.in_({comment_id for _, comment_id in listed}),
    ]


def _taken(reader: Actor, places: Iterable[CommentPlace]) -> dict[CommentPlace, Taken]:
    rows = db.session.execute(
        db.select(ModerationLock.consultation_id, ModerationLock.comment_id, Person.id, Person.name)
        .join(Person, Person.id == ModerationLock.person_id)
        .where(ModerationLock.until > database_now(), *_among(ModerationLock, places))
    )
    return {
        (consultation_id, comment_id): Taken(name, is_mine=key == reader.person_id)
        for consultation_id, comment_id, key, name in rows
    }


def _escalated(reader: Actor, places: Iterable[CommentPlace]) -> dict[CommentPlace, Escalated]:
    """What is asked and not decided yet; of several the last."""
    author, asked = sa.orm.aliased(Person), sa.orm.aliased(Person)
    rows = db.session.execute(
        db.select(ModerationNote, author.name, asked.name)
        .outerjoin(author, author.id == ModerationNote.author_id)
        .outerjoin(asked, asked.id == ModerationNote.to_id)
        .where(
            ModerationNote.is_escalation,
            ModerationNote.settled_at.is_(None),
            *_among(ModerationNote, places),
        )
        .order_by(ModerationNote.id)
    )
    return {
        (note.consultation_id, note.comment_id): Escalated(
            note.words,
            by or "",
            to,
            note.to_id is not None and note.to_id == reader.person_id,
            note.written_at,
        )
        for note, by, to in rows
    }
