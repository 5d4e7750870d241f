"""Public texts for search, feeds and whoever else asks from outside; all as a guest reads them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.domain.comments import Channel
from consult.domain.languages import Language
from consult.domain.people import GUEST
from consult.domain.visibility import READABLE_STAGES, READABLE_STATES, Sight, comment_sight
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.consultations import Consultation, ConsultationText
from consult.models.people import Person
from consult.models.questions import Question, QuestionText, TopicText
from consult.queries.authors import author_name

KNOWN_TEXTS = 200
"""Texts of each kind whose words can be proposed for a misspelt one."""


@dataclass(frozen=True)
class FoundConsultation:
    """The words of a consultation in one language."""

    slug: str
    title: str
    text: str


@dataclass(frozen=True)
class FoundQuestion:
    slug: str
    consultation_id: int
    number: int
    text: str
    topic: str


@dataclass(frozen=True)
class FoundComment:
    """A comment as everybody reads it; `author` is None where there is none any more.

    `changed_at` is when it came, was decided on or was corrected, whichever was last.
    """

    id: int
    parent_id: int | None
    slug: str
    consultation_id: int
    question_number: int
    author: str | None
    submitted_at: datetime
    changed_at: datetime
    language: Language | None
    text: str
    channel: Channel = Channel.WEB


def is_public() -> sa.ColumnElement[bool]:
    """Condition: everybody may read the consultation of the statement."""
    return sa.and_(Consultation.published_at.is_not(None), Consultation.stage.in_(READABLE_STAGES))


def found_consultations(
    found: Collection[tuple[int, Language | None]],
) -> dict[tuple[int, Language | None], FoundConsultation]:
    """The words of some public consultations, each in a language; in one query."""
    rows = db.session.execute(
        db.select(Consultation.slug, ConsultationText)
        .join(Consultation, Consultation.id == ConsultationText.consultation_id)
        .where(Consultation.id.in_([key for key, _ in found]), is_public())
    )
    texts = {
        (row.consultation_id, row.language): FoundConsultation(
            slug, row.title, "\n".join(filter(None, (row.summary, row.purpose, row.authority)))
        )
        for slug, row in rows
    }
    return {key: texts[key] for key in found if key in texts}


def found_questions(
    found: Collection[tuple[int, Language | None]],
) -> dict[tuple[int, Language | None], FoundQuestion]:
    """The words of some public questions, each in a language; in one query."""
    rows = db.session.execute(
        db.select(
            Question.id,
            Question.consultation_id,
            Question.number,
            Consultation.slug,
            QuestionText.language,
            QuestionText.text,
            sa.func.coalesce(TopicText.title, "").label("topic"),
        )
        .join(Consultation, Consultation.id == Question.consultation_id)
        .join(
            QuestionText,
            sa.and_(QuestionText.question_id == Question.id, QuestionText.version == Question.version),
        )
        .outerjoin(
            TopicText,
            sa.and_(TopicText.topic_id == Question.topic_id, TopicText.language == QuestionText.language),
        )
        .where(Question.id.in_([key for key, _ in found]), is_public())
    )
    texts = {
        (row.id, row.language): FoundQuestion(row.slug, row.consultation_id, row.number, row.text, row.topic)
        for row in rows
    }
    return {key: texts[key] for key in found if key in texts}


def found_comments(comment_ids: Collection[int]) -> dict[int, FoundComment]:
    """Some comments as everybody reads them; those that nobody may read any more are left out. One query."""
    rows = db.session.execute(_comments().where(Comment.id.in_(comment_ids)))
    return {row.id: _found(row) for row in rows if comment_sight(GUEST, row.state, None) is Sight.FULL}


def newest_comments(limit: int, *, consultation_id: int | None = None) -> tuple[FoundComment, ...]:
    """The newest comments that everybody may read, of one public consultation or of all."""
    query = _comments().where(Comment.state.in_(READABLE_STATES))
    if consultation_id is not None:
        query = query.where(Comment.consultation_id == consultation_id)
    rows = db.session.execute(query.order_by(Comment.id.desc()).limit(limit))
    return tuple(_found(row) for row in rows)


def _comments() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Comment.id,
            Comment.parent_id,
            Comment.state,
            Comment.consultation_id,
            Consultation.slug,
            Question.number,
            Comment.channel,
            author_name(),
            Comment.submitted_at,
            Comment.corrected_at,
            _decided_at(),
            Comment.language,
            sa.func.coalesce(Comment.redacted_body, Comment.body).label("words"),
        )
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .join(
            Question,
            sa.and_(Question.consultation_id == Comment.consultation_id, Question.id == Comment.question_id),
        )
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(is_public())
    )


def _decided_at() -> sa.Label[datetime]:
    """When a moderator decided last on the comment of the statement; NULL where none did."""
    decided = sa.select(sa.func.max(ModerationAct.acted_at)).where(
        ModerationAct.consultation_id == Comment.consultation_id, ModerationAct.comment_id == Comment.id
    )
    return decided.correlate(Comment).label("decided_at")


def _found(row: sa.Row[*tuple[Any, ...]]) -> FoundComment:
    return FoundComment(
        id=row.id,
        parent_id=row.parent_id,
        slug=row.slug,
        consultation_id=row.consultation_id,
        question_number=row.number,
        author=row.author,
        channel=row.channel,
        submitted_at=row.submitted_at,
        changed_at=max(filter(None, (row.submitted_at, row.corrected_at, row.decided_at))),
        language=row.language,
        text=row.words,
    )


def known_texts() -> Sequence[str]:
    """Public texts from which a misspelt word can be put right: titles and questions first, then comments."""
    titles = db.session.scalars(
        db.select(ConsultationText.title)
        .join(Consultation, Consultation.id == ConsultationText.consultation_id)
        .where(is_public())
        .order_by(Consultation.id.desc())
        .limit(KNOWN_TEXTS)
    ).all()
    asked = db.session.scalars(
        db.select(QuestionText.text)
        .join(
            Question,
            sa.and_(Question.id == QuestionText.question_id, Question.version == QuestionText.version),
        )
        .join(Consultation, Consultation.id == Question.consultation_id)
        .where(is_public())
        .order_by(Question.id.desc())
        .limit(KNOWN_TEXTS)
    ).all()
    return [*titles, *asked, *(comment.text for comment in newest_comments(KNOWN_TEXTS))]
