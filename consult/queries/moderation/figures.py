"""How much waits at the desk, what one did today, what one may choose from, and one's own keys."""

from dataclasses import dataclass
from datetime import datetime, time

import sqlalchemy as sa

from consult.domain.comments import CommentState, Move
from consult.domain.consultations import ZONE, Stage
from consult.domain.languages import Language, Shown, shown
from consult.domain.moderation import Selection, View
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, require, require_somewhere
from consult.models.base import db, now_in_database
from consult.models.comments import Comment, ModerationAct
from consult.models.consultations import Consultation, ConsultationText
from consult.models.desk import ModerationNote
from consult.models.people import Person
from consult.models.questions import Question
from consult.queries.moderation.selecting import is_moderated_by, is_selected


@dataclass(frozen=True)
class DeskFigures:
    """`oldest` is when the comment that has waited longest was sent, None when nothing waits.

    `decided_today` counts the reader's decisions since midnight in Kazakhstan that were not undone.
    """

    waiting: int
    oldest: datetime | None
    reported: int
    escalated: int
    taken_by_me: int
    decided_today: int


@dataclass(frozen=True)
class Named:
    """A consultation to choose."""

    id: int
    title: Shown
    slug: str


def desk_figures(reader: Actor) -> DeskFigures:
    """The figures above the queue.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(reader, may_moderate)
    counts = {view: _count(reader, view) for view in (View.PENDING, View.REPORTED, View.ESCALATED, View.MINE)}
    return DeskFigures(
        waiting=counts[View.PENDING],
        oldest=_oldest(reader) if counts[View.PENDING] else None,
        reported=counts[View.REPORTED],
        escalated=counts[View.ESCALATED],
        taken_by_me=counts[View.MINE],
        decided_today=_decided_today(reader),
    )


def _count(reader: Actor, view: View) -> int:
    query = db.select(sa.func.count()).select_from(Comment).where(is_selected(reader, Selection(view)))
    return db.session.scalar(query) or 0


def _oldest(reader: Actor) -> datetime | None:
    """Numbers are given in the order of arrival, so the lowest has waited longest."""
    waiting = db.select(Comment.submitted_at).where(
        Comment.state == CommentState.PENDING, is_moderated_by(reader)
    )
    return db.session.scalars(waiting.order_by(Comment.id).limit(1)).first()


def _decided_today(reader: Actor) -> int:
    today = now_in_database().astimezone(ZONE).date()
    query = (
        db.select(sa.func.count())
        .select_from(ModerationAct)
        .where(
            ModerationAct.actor_id == reader.person_id,
            ModerationAct.acted_at >= datetime.combine(today, time(), ZONE),
            ModerationAct.undone_at.is_(None),
            ModerationAct.move != Move.UNDO,
        )
    )
    return db.session.scalar(query) or 0


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
    return _oldest(reader)


def moderated_consultations(reader: Actor, language: Language) -> tuple[Named, ...]:
    """Consultations in which the reader may moderate and people could have written, newest first.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(reader, may_moderate)
    is_mine = is_moderated_by(reader, _Numbered)
    keys = db.select(Consultation.id, Consultation.slug).where(is_mine, Consultation.stage != Stage.DRAFT)
    rows = db.session.execute(keys.order_by(Consultation.id.desc())).all()
    titles: dict[int, dict[Language, str]] = {row.id: {} for row in rows}
    for text in db.session.scalars(
        db.select(ConsultationText).where(ConsultationText.consultation_id.in_(titles))
    ):
        titles[text.consultation_id][text.language] = text.title
    return tuple(Named(row.id, shown(titles[row.id], language), row.slug) for row in rows)


class _Numbered:
    """A consultation seen as what comments are in."""

    consultation_id = Consultation.id


def questions_to_choose(consultation_id: int) -> tuple[int, ...]:
    """Numbers of the questions of a consultation."""
    query = db.select(Question.number).filter_by(consultation_id=consultation_id)
    return tuple(db.session.scalars(query.order_by(Question.number)))


def has_desk_keys(reader: Actor) -> bool:
    """Whether single letters work as keys for the reader."""
    return bool(db.session.scalar(db.select(Person.desk_keys).where(Person.id == reader.person_id)))


def escalated_to(reader: Actor) -> int:
    """Comments that others ask this very reader to decide."""
    query = (
        db.select(sa.func.count())
        .select_from(ModerationNote)
        .where(
            ModerationNote.to_id == reader.person_id,
            ModerationNote.is_escalation,
            ModerationNote.settled_at.is_(None),
        )
    )
    return db.session.scalar(query) or 0
