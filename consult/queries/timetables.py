"""The timetable as SQL: the one closing rule, judged by the clock of the database inside the write."""

from datetime import datetime
from typing import cast

import sqlalchemy as sa

from consult.domain.consultations import Stage, Timetable, state_at
from consult.domain.errors import Reason
from consult.domain.taking_part import why_closed
from consult.models.base import UtcDateTime, database_now, db, now_in_database
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


def seconds_to_next_change() -> float | None:
    """Until the clock opens or closes a consultation, and pages say so; None where no date lies ahead."""
    now, instant = database_now(), sa.literal_column("instant", UtcDateTime())
    ahead = sa.union_all(
        *(
            sa.select(sa.func.min(column).label("instant")).where(column > now)
            for column in (Consultation.opens_at, Consultation.closes_at)
        )
    ).subquery()
    row = db.session.execute(sa.select(sa.func.min(instant), now).select_from(ahead)).one()
    first = cast("datetime | None", row[0])
    return None if first is None else (first - row[1]).total_seconds()
