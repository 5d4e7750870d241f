"""The timetable as SQL: the one closing rule, judged by the clock of the database inside the write."""

import sqlalchemy as sa

from consult.domain.consultations import Stage, Timetable, state_at
from consult.domain.errors import Reason
from consult.domain.taking_part import why_closed
from consult.models.base import database_now, db, now_in_database
from consult.models.consultations import Consultation


def is_open() -> sa.ColumnElement[bool]:
    """Condition: the consultation of the statement takes input now. The SQL twin of `Timetable.holds`."""
    now = database_now()
    return sa.and_(
        Consultation.stage == Stage.PUBLISHED, Consultation.opens_at <= now, now < Consultation.closes_at
    )


def times_of(consultation: Consultation) -> Timetable | None:
    """The timetable of a row; None while one of its ends is not set."""
    if consultation.opens_at is None or consultation.closes_at is None:
        return None
    return Timetable(consultation.opens_at, consultation.closes_at)


def why_not_open(consultation_id: int) -> Reason | None:
    """NOT_FOUND, CONSULTATION_NOT_OPEN or CONSULTATION_CLOSED where it takes no input; None where it does."""
    row = db.session.get(Consultation, consultation_id, populate_existing=True)
    if row is None:
        return Reason.NOT_FOUND
    return why_closed(state_at(row.stage, times_of(row), now_in_database()))
