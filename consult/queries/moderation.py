"""Reading for moderators: the queue, and how much waits in it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, require
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.consultations import Consultation, ConsultationText
from consult.models.people import Person
from consult.models.questions import Question, QuestionText

PAGE = 25

Histories = dict[tuple[int, int | None, CommentState], int]
"""Comments by consultation, author and state."""


@dataclass(frozen=True)
class QueuedComment:
    """A comment as a moderator reads it: whole text, where it stands, and what its author wrote before.

    `parent_body` is what a reply answers, None for a comment on the question. `author_published` and
    `author_withheld` count the author's other comments in this consultation.
    """

    id: int
    version: int
    slug: str
    consultation: Shown
    question_number: int
    question: Shown
    parent_body: str | None
    author: str | None
    author_published: int
    author_withheld: int
    body: str
    redacted_body: str | None
    language: Language | None
    state: CommentState
    rule: str | None
    reason: str
    submitted_at: datetime


@dataclass(frozen=True)
class Queue:
    """A page of the queue, oldest first; `next_after` asks for the next, None on the last."""

    comments: tuple[QueuedComment, ...]
    next_after: int | None


def queue(
    reader: Actor,
    language: Language,
    *,
    state: CommentState = CommentState.PENDING,
    consultation_id: int | None = None,
    after: int | None = None,
) -> Queue:
    """Comments in one state, oldest first; five queries, however many there are.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(reader, may_moderate)
    query = _waiting(state, consultation_id, after)
    rows = db.session.execute(query).all()
    page = [row[0] for row in rows[:PAGE]]
    around = _Around(
        language,
        _question_texts({row.question_id for row in page}),
        _titles({row.consultation_id for row in page}),
        _histories({row.author_id for row in page if row.author_id is not None}),
    )
    return Queue(
        tuple(_queued(row, around) for row in rows[:PAGE]), page[-1].id if len(rows) > PAGE else None
    )


def _waiting(
    state: CommentState, consultation_id: int | None, after: int | None
) -> sa.Select[*tuple[Any, ...]]:
    """A page and one more, with what each comment stands under."""
    parent = sa.orm.aliased(Comment)
    query = (
        sa.select(Comment, Consultation.slug, Question.number, Person.name, parent.body)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .join(Question, Question.id == Comment.question_id)
        .outerjoin(Person, Person.id == Comment.author_id)
        .outerjoin(
            parent, sa.and_(parent.consultation_id == Comment.consultation_id, parent.id == Comment.parent_id)
        )
        .where(Comment.state == state)
        .order_by(Comment.id)
        .limit(PAGE + 1)
    )
    if consultation_id is not None:
        query = query.where(Comment.consultation_id == consultation_id)
    if after is not None:
        query = query.where(Comment.id > after)
    return query


@dataclass(frozen=True)
class _Around:
    """What a page of comments is shown with, by key."""

    language: Language
    questions: dict[int, dict[Language, str]]
    titles: dict[int, dict[Language, str]]
    histories: Histories


def _queued(found: sa.Row[*tuple[Any, ...]], around: _Around) -> QueuedComment:
    row, slug, number, name, parent_body = found
    return QueuedComment(
        id=row.id,
        version=row.version,
        slug=slug,
        consultation=shown(around.titles[row.consultation_id], around.language),
        question_number=number,
        question=shown(around.questions[row.question_id], around.language),
        parent_body=parent_body,
        author=name,
        author_published=_others(around.histories, row, CommentState.PUBLISHED),
        author_withheld=_others(around.histories, row, CommentState.WITHHELD),
        body=row.body,
        redacted_body=row.redacted_body,
        language=row.language,
        state=row.state,
        rule=row.publication_rule,
        reason=row.publication_reason,
        submitted_at=row.submitted_at,
    )


def counts_by_state(reader: Actor, *, consultation_id: int | None = None) -> dict[CommentState, int]:
    """Comments in each state, zero included.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(reader, may_moderate)
    query = db.select(Comment.state, sa.func.count()).group_by(Comment.state)
    if consultation_id is not None:
        query = query.where(Comment.consultation_id == consultation_id)
    counts = dict(db.session.execute(query).all())
    return {state: counts.get(state, 0) for state in CommentState}


def oldest_waiting(reader: Actor) -> datetime | None:
    """When the comment that has waited longest was sent; None when nothing waits."""
    require(reader, may_moderate)
    return db.session.execute(
        db.select(sa.func.min(Comment.submitted_at)).where(Comment.state == CommentState.PENDING)
    ).scalar_one_or_none()


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


def _others(histories: Histories, row: Comment, state: CommentState) -> int:
    """The author's comments in a state, in the same consultation, without this one."""
    return histories.get((row.consultation_id, row.author_id, state), 0) - (
        row.state is state and row.author_id is not None
    )
