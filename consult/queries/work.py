"""Reading what there is to do today for somebody on the officials' side."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from consult.domain.consultations import Stage
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import (
    consultations_where,
    may_answer,
    may_edit_consultations,
    may_moderate,
    may_somewhere,
)
from consult.models.base import database_now, db, now_in_database
from consult.models.consultations import Consultation
from consult.models.documents import AgendaReview
from consult.queries.appeals import waiting_count
from consult.queries.consultations import ConsultationView, consultations_of
from consult.queries.mail import mail_health
from consult.queries.moderation import DeskFigures, desk_figures

SOON = timedelta(days=7)
MOST = 10
"""Consultations named in each list; the whole is in the list of consultations."""


@dataclass(frozen=True)
class Work:
    """What waits, of what the reader may do; None where a part is not the reader's.

    `to_answer` are closed consultations without a published outcome, the nearest promise first.
    """

    moderation: DeskFigures | None
    appeals: int | None
    reviews: int | None
    given_up_letters: int | None
    closing: tuple[ConsultationView, ...]
    opening: tuple[ConsultationView, ...]
    to_answer: tuple[ConsultationView, ...]
    drafts: tuple[ConsultationView, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all asks for the reader today."""
        queues = (self.moderation.waiting, self.moderation.reported) if self.moderation else ()
        lists = (self.closing, self.opening, self.to_answer, self.drafts)
        return not any((*queues, self.appeals, self.reviews, self.given_up_letters, *lists))


def work_of(reader: Actor, language: Language) -> Work:
    """Some twenty statements, whatever waits."""
    moderates = may_somewhere(reader, may_moderate)
    is_editor = may_edit_consultations(reader)
    edited = consultations_where(reader, may_edit_consultations)
    now = now_in_database()
    is_published = Consultation.stage == Stage.PUBLISHED

    def found(
        only: Collection[int] | None, by: sa.SQLColumnExpression[Any], *conditions: sa.ColumnElement[bool]
    ) -> tuple[ConsultationView, ...]:
        return _listed(reader, language, only, by, *conditions)

    return Work(
        moderation=desk_figures(reader) if moderates else None,
        appeals=waiting_count(reader) if moderates else None,
        reviews=db.session.scalar(db.select(sa.func.count()).select_from(AgendaReview))
        if is_editor
        else None,
        given_up_letters=mail_health().given_up if is_editor else None,
        closing=found(
            edited,
            Consultation.closes_at,
            is_published,
            Consultation.opens_at <= database_now(),
            Consultation.closes_at.between(now, now + SOON),
        ),
        opening=found(
            edited, Consultation.opens_at, is_published, Consultation.opens_at.between(now, now + SOON)
        ),
        to_answer=found(
            consultations_where(reader, may_answer),
            Consultation.answer_due_on,
            is_published,
            Consultation.closes_at <= database_now(),
        ),
        drafts=found(edited, Consultation.id.desc(), Consultation.stage == Stage.DRAFT),
    )


def _listed(
    reader: Actor,
    language: Language,
    only: Collection[int] | None,
    by: sa.SQLColumnExpression[Any],
    *conditions: sa.ColumnElement[bool],
) -> tuple[ConsultationView, ...]:
    """The first ten in that order; `only` as for `consultations_where`."""
    query = db.select(Consultation.id).where(*conditions).order_by(by).limit(MOST)
    if only is not None:
        query = query.where(Consultation.id.in_(only))
    keys = list(db.session.scalars(query))
    views = {view.id: view for view in consultations_of(reader, keys, language)}
    return tuple(views[key] for key in keys if key in views)
