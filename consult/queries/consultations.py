"""Reading consultations: lists, one by its address, and its figures."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from time import monotonic
from typing import Any

import sqlalchemy as sa

from consult.domain.comments import Channel, CommentState
from consult.domain.consultations import (
    ModerationMode,
    ResultsPolicy,
    Stage,
    State,
    is_answer_overdue,
    is_slug,
    local_day,
    state_at,
)
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import Actor
from consult.domain.permissions import consultations_where, may_read_drafts
from consult.domain.visibility import Sight, consultation_sight
from consult.models.base import database_now, db, now_in_database
from consult.models.comments import Comment
from consult.models.consultations import Consultation, ConsultationText
from consult.models.outcomes import Outcome
from consult.models.questions import Question, Topic
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.freshness import glimpse, kept
from consult.queries.timetables import is_open, times_of

PAGE = 20
"""Consultations on one page of a list."""

Words = dict[Language, str]


class Phase(StrEnum):
    """Filter of the list."""

    OPEN = "open"
    SOON = "soon"
    CLOSED = "closed"


@dataclass(frozen=True)
class ConsultationView:
    """A consultation as the reader may see it; texts carry the language that they are in."""

    id: int
    slug: str
    stage: Stage
    state: State
    sight: Sight
    title: Shown
    summary: Shown
    purpose: Shown
    authority: Shown
    contact: str
    opens_at: datetime | None
    closes_at: datetime | None
    answer_due_on: date | None
    answer_overdue: bool
    moderation_mode: ModerationMode
    results_policy: ResultsPolicy
    withdrawal_reason: str
    question_count: int

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN


@dataclass(frozen=True)
class Listed:
    """A page of a list; `next_before` is the key of the next page, None on the last."""

    consultations: tuple[ConsultationView, ...]
    next_before: int | None


@dataclass(frozen=True)
class Answered:
    """A consultation whose outcome is published, and when it first was."""

    consultation: ConsultationView
    published_at: datetime


@dataclass(frozen=True)
class Figures:
    """Counts of a consultation. `comments` holds every state; `participants` wrote or voted."""

    topics: int
    questions: int
    comments: dict[str, int]
    votes: int
    participants: int


def consultation_at(reader: Actor, slug: str, language: Language) -> ConsultationView:
    """The consultation at an address.

    Raises:
        Refused: NOT_FOUND where there is none, or none that this reader may know of.
    """
    read = _read_at(slug) if is_slug(slug) else None
    if read is None:
        raise Refused(Reason.NOT_FOUND)
    view = _view(reader, read.row, read.texts, read.question_count, language, read.now)
    if view.sight is Sight.NOTHING:
        raise Refused(Reason.NOT_FOUND)
    return view


@dataclass(frozen=True)
class _Read:
    """A consultation as it was read for whoever asks next; `now` goes on with the database's clock."""

    row: Any
    texts: Sequence[Any]
    question_count: int
    database_now: datetime
    read_at: float

    @property
    def now(self) -> datetime:
        return self.database_now + timedelta(seconds=monotonic() - self.read_at)


def state_now(slug: str) -> State | None:
    """The state of the consultation at an address, by the database's clock; None where there is none."""
    read = glimpse(_read_at, slug) or _read_at(slug)
    return None if read is None else state_at(read.row.stage, times_of(read.row), read.now)


@kept
def _read_at(slug: str) -> _Read | None:
    read_at = monotonic()
    questions = (
        sa.select(sa.func.count())
        .where(Question.consultation_id == Consultation.id)
        .correlate(Consultation)
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(
            *Consultation.__table__.columns, questions.label("questions"), database_now().label("now")
        ).where(Consultation.slug == slug)
    ).first()
    if row is None:
        return None
    texts = db.session.execute(
        sa.select(*ConsultationText.__table__.columns).where(ConsultationText.consultation_id == row.id)
    ).all()
    return _Read(row, texts, row.questions, row.now, read_at)


def list_consultations(
    reader: Actor,
    language: Language,
    *,
    phase: Phase | None = None,
    before: int | None = None,
    only: Collection[int] | None = None,
) -> Listed:
    """Newest first; drafts only for those who may read them; `before` is the key from the last page.

    `only` holds the numbers of those that may be listed; None lists all.
    """
    query = db.select(Consultation).order_by(Consultation.id.desc()).limit(PAGE + 1)
    drafts = consultations_where(reader, may_read_drafts)
    if drafts is not None:
        is_public = Consultation.published_at.is_not(None)
        query = query.where(sa.or_(is_public, Consultation.id.in_(drafts)) if drafts else is_public)
    if before is not None:
        query = query.where(Consultation.id < before)
    if only is not None:
        query = query.where(Consultation.id.in_(only))
    rows = list(db.session.scalars(query.where(_in_phase(phase))))
    return Listed(
        tuple(_views(reader, rows[:PAGE], language)), rows[PAGE - 1].id if len(rows) > PAGE else None
    )


def consultations_of(reader: Actor, keys: Collection[int], language: Language) -> list[ConsultationView]:
    """Some consultations by number, those that the reader may know of; four queries, none for no numbers."""
    if not keys:
        return []
    return _views(
        reader, db.session.scalars(db.select(Consultation).where(Consultation.id.in_(keys))), language
    )


def closing_next(
    reader: Actor, language: Language, *, limit: int = 3, only: Collection[int] | None = None
) -> tuple[ConsultationView, ...]:
    """Open consultations, the first to close first; `only` as in `list_consultations`."""
    query = db.select(Consultation).where(_in_phase(Phase.OPEN))
    if only is not None:
        query = query.where(Consultation.id.in_(only))
    rows = db.session.scalars(query.order_by(Consultation.closes_at).limit(limit)).all()
    return tuple(_views(reader, rows, language))


def opening_next(reader: Actor, language: Language, *, limit: int = 3) -> tuple[ConsultationView, ...]:
    """Consultations with a date ahead, the first to open first."""
    rows = db.session.scalars(
        db.select(Consultation).where(_in_phase(Phase.SOON)).order_by(Consultation.opens_at).limit(limit)
    ).all()
    return tuple(_views(reader, rows, language))


def answered_last(reader: Actor, language: Language) -> Answered | None:
    """The consultation whose outcome came last; its corrections do not count. None without any."""
    answered = Consultation.stage.in_([Stage.ANSWERED, Stage.ARCHIVED])
    newest = db.session.execute(
        db.select(Consultation, Outcome.published_at)
        .join(Outcome, Outcome.consultation_id == Consultation.id)
        .where(answered, Outcome.number == 1, Outcome.published_at.is_not(None))
        .order_by(Outcome.published_at.desc(), Consultation.id.desc())
        .limit(1)
    ).first()
    if newest is None:
        return None
    row, published_at = newest
    return next((Answered(view, published_at) for view in _views(reader, [row], language)), None)


def _in_phase(phase: Phase | None) -> sa.ColumnElement[bool]:
    now = now_in_database()
    published = Consultation.stage == Stage.PUBLISHED
    match phase:
        case Phase.OPEN:
            return is_open()
        case Phase.SOON:
            return sa.and_(published, Consultation.opens_at > now)
        case Phase.CLOSED:
            ended = Consultation.stage.in_([Stage.ANSWERED, Stage.ARCHIVED, Stage.WITHDRAWN])
            return sa.or_(sa.and_(published, Consultation.closes_at <= now), ended)
        case None:
            return sa.true()


def _views(reader: Actor, rows: Iterable[Consultation], language: Language) -> list[ConsultationView]:
    rows = list(rows)
    if not rows:
        return []
    keys = [row.id for row in rows]
    now = now_in_database()
    texts: dict[int, list[ConsultationText]] = defaultdict(list)
    for text in db.session.scalars(
        db.select(ConsultationText).where(ConsultationText.consultation_id.in_(keys))
    ):
        texts[text.consultation_id].append(text)
    counts = dict(
        db.session.execute(
            db.select(Question.consultation_id, sa.func.count())
            .where(Question.consultation_id.in_(keys))
            .group_by(Question.consultation_id)
        ).all()
    )
    views = (_view(reader, row, texts[row.id], counts.get(row.id, 0), language, now) for row in rows)
    return [view for view in views if view.sight is not Sight.NOTHING]


def _view(
    reader: Actor,
    row: Any,
    texts: Sequence[Any],
    question_count: int,
    language: Language,
    now: datetime,
) -> ConsultationView:
    state = state_at(row.stage, times_of(row), now)
    return ConsultationView(
        id=row.id,
        slug=row.slug,
        stage=row.stage,
        state=state,
        sight=consultation_sight(reader, state, row.id, was_published=row.published_at is not None),
        title=shown({text.language: text.title for text in texts}, language),
        summary=shown({text.language: text.summary for text in texts}, language),
        purpose=shown({text.language: text.purpose for text in texts}, language),
        authority=shown({text.language: text.authority for text in texts}, language),
        contact=row.contact,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        answer_due_on=row.answer_due_on,
        answer_overdue=is_answer_overdue(state, row.answer_due_on, local_day(now)),
        moderation_mode=row.moderation_mode,
        results_policy=row.results_policy,
        withdrawal_reason=row.withdrawal_reason,
        question_count=question_count,
    )


def figures(consultation_id: int) -> Figures:
    """Every count of one consultation, in six queries."""
    count = sa.func.count
    by_state = db.session.execute(
        db.select(Comment.state, count()).filter_by(consultation_id=consultation_id).group_by(Comment.state)
    ).all()
    counted = {state.value: number for state, number in by_state}
    topics, questions, *votes = (
        db.session.scalar(db.select(count()).select_from(table).filter_by(consultation_id=consultation_id))
        or 0
        for table in (Topic, Question, CommentVote, PropositionVote)
    )
    return Figures(
        topics=topics,
        questions=questions,
        comments={state.value: counted.get(state.value, 0) for state in CommentState},
        votes=sum(votes),
        participants=participants(consultation_id),
    )


def participants(consultation_id: int) -> int:
    """People who wrote or voted, each counted once; every item of another channel counts as one more."""
    who = sa.union(
        db.select(Comment.author_id).where(
            Comment.consultation_id == consultation_id, Comment.author_id.is_not(None)
        ),
        db.select(CommentVote.person_id).where(CommentVote.consultation_id == consultation_id),
        db.select(PropositionVote.person_id).where(PropositionVote.consultation_id == consultation_id),
    ).subquery()
    items = db.select(sa.func.count()).select_from(Comment).filter_by(consultation_id=consultation_id)
    return (db.session.scalar(db.select(sa.func.count()).select_from(who)) or 0) + (
        db.session.scalar(items.where(Comment.channel != Channel.WEB, Comment.author_id.is_(None))) or 0
    )
