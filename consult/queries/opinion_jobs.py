"""Where the computing of opinion groups stands."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.domain.consultations import Stage, State, state_at
from consult.domain.opinion import Job
from consult.models.base import db, now_in_database
from consult.models.consultations import Consultation
from consult.models.opinion import OpinionJob
from consult.models.votes import CommentVote
from consult.queries.timetables import times_of


@dataclass(frozen=True)
class Standing:
    """A consultation that may have to be computed: it takes votes now, or took them until it closed."""

    consultation_id: int
    slug: str
    state: State


def standings() -> tuple[Standing, ...]:
    """Consultations that are open, those that closed without a whole last computation, those asked for."""
    now = now_in_database()
    is_wanted = sa.or_(
        OpinionJob.is_final.is_(None),
        OpinionJob.is_final.is_(False),
        OpinionJob.asked_at > OpinionJob.started_at,
        OpinionJob.ended_at < OpinionJob.started_at,
        OpinionJob.ended_at.is_(None),
    )
    rows = db.session.scalars(
        sa.select(Consultation)
        .outerjoin(OpinionJob, OpinionJob.consultation_id == Consultation.id)
        .where(
            Consultation.stage.in_((Stage.PUBLISHED, Stage.ANSWERED, Stage.ARCHIVED)),
            Consultation.opens_at <= now,
            is_wanted,
        )
        .order_by(Consultation.id)
    ).all()
    return tuple(Standing(row.id, row.slug, state_at(row.stage, times_of(row), now)) for row in rows)


def job_of(consultation_id: int) -> Job:
    """Where the computing of a consultation stands; a blank one before the first."""
    row = db.session.get(OpinionJob, consultation_id, populate_existing=True)
    if row is None:
        return Job()
    return Job(row.asked_at, row.started_at, row.ended_at, row.votes, row.is_final)


def last_refusal(consultation_id: int) -> str | None:
    """The code of why the last attempt gave nothing; None where it did, or there was none."""
    return db.session.scalar(
        sa.select(OpinionJob.refusal).where(OpinionJob.consultation_id == consultation_id)
    )


def votes_on_comments(consultation_id: int) -> int:
    """Current votes on comments and replies, on unpublished ones too."""
    counted = sa.select(sa.func.count()).where(CommentVote.consultation_id == consultation_id)
    return db.session.scalar(counted) or 0
