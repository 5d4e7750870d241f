"""Reading how busy a consultation is, for its officials."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from consult.domain.activity import Activity, activity
from consult.domain.comments import CommentState
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_read_drafts
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.days import local_day
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.access import key_at
from consult.queries.consultations import ConsultationView, consultation_at
from consult.queries.questions import QuestionCard, questions_of
from consult.queries.results import TakingPart, breakdowns


@dataclass(frozen=True)
class QuestionActivity:
    """A question with what came to it: comments and replies by state, and votes on it and on its comments."""

    card: QuestionCard
    comments: dict[CommentState, int]
    votes: int

    @property
    def written(self) -> int:
        return sum(self.comments.values())


@dataclass(frozen=True)
class ConsultationActivity:
    """What came to a consultation so far; every current vote counts on the day of its last change."""

    consultation: ConsultationView
    by_time: Activity
    by_question: tuple[QuestionActivity, ...]
    by_category: TakingPart


def activity_of(reader: Actor, slug: str, language: Language, *, smallest_group: int) -> ConsultationActivity:
    """Seven statements, however many comments and votes there are; groups below the smallest are not told.

    Raises:
        Refused: NOT_PERMITTED for those without a part in the consultation, NOT_FOUND.
    """
    key = key_at(reader, may_read_drafts, slug)
    return ConsultationActivity(
        consultation_at(reader, slug, language),
        activity(_written(key), _voted(key)),
        _by_question(reader, key, language),
        breakdowns(key, smallest_group),
    )


def _written(key: int) -> dict[date, int]:
    day = local_day(Comment.submitted_at)
    return _counts(db.select(day, sa.func.count()).filter_by(consultation_id=key).group_by(day))


def _voted(key: int) -> dict[date, int]:
    """Votes on comments and on propositions together."""
    total: Counter[date] = Counter()
    for table in (CommentVote, PropositionVote):
        day = local_day(table.cast_at)
        total.update(_counts(db.select(day, sa.func.count()).filter_by(consultation_id=key).group_by(day)))
    return dict(total)


def _counts(statement: sa.Select[Any]) -> dict[Any, int]:
    return dict(db.session.execute(statement).all())


def _by_question(reader: Actor, key: int, language: Language) -> tuple[QuestionActivity, ...]:
    by_state = db.session.execute(
        db.select(Comment.question_id, Comment.state, sa.func.count())
        .filter_by(consultation_id=key)
        .group_by(Comment.question_id, Comment.state)
    ).all()
    votes = Counter(_votes_on_comments(key)) + Counter(_votes_on_questions(key))
    return tuple(
        QuestionActivity(
            card,
            {state: number for question, state, number in by_state if question == card.id},
            votes[card.id],
        )
        for card in questions_of(reader, key, language)
    )


def _votes_on_comments(key: int) -> dict[int, int]:
    """By question; the votes are counted by comment first, so that the join meets few rows."""
    counted = (
        db.select(CommentVote.comment_id, sa.func.count().label("votes"))
        .filter_by(consultation_id=key)
        .group_by(CommentVote.comment_id)
        .subquery()
    )
    is_theirs = sa.and_(Comment.consultation_id == key, Comment.id == counted.c.comment_id)
    return _counts(
        db.select(Comment.question_id, sa.func.sum(counted.c.votes))
        .join(counted, is_theirs)
        .group_by(Comment.question_id)
    )


def _votes_on_questions(key: int) -> dict[int, int]:
    return _counts(
        db.select(PropositionVote.question_id, sa.func.count())
        .filter_by(consultation_id=key)
        .group_by(PropositionVote.question_id)
    )
