"""Reading words that are not sent yet: those of one spot, and all of a person's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.domain.comment_drafts import Spot, guest_key
from consult.domain.consultations import Stage, State
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import Actor
from consult.domain.visibility import Sight, consultation_sight
from consult.models.base import database_now, db
from consult.models.consultations import Consultation
from consult.models.prepared import Prepared
from consult.models.questions import Question
from consult.models.taking_part import CommentDraft, GuestDraft
from consult.queries.questions import newest_texts
from consult.queries.timetables import is_open

LISTED = 20
"""Drafts on the dashboard, the latest first."""


@dataclass(frozen=True)
class Draft:
    """Words kept for a spot, and when they were."""

    body: str
    saved_at: datetime


@dataclass(frozen=True)
class DraftCard:
    """A draft in a list; `is_open` says whether it can still be sent."""

    slug: str
    question_number: int
    question: Shown
    reply_to: int | None
    body: str
    saved_at: datetime
    is_open: bool


def draft_at(reader: Actor, spot: Spot, *, guest_token: str = "") -> Draft | None:
    """The words kept for a spot, by the person or before signing in, whichever are newer; None without."""
    place = {
        "consultation_id": spot.consultation_id,
        "question_id": spot.question_id,
        "reply_to": spot.reply_to or 0,
    }
    found: list[sa.Row[Any]] = []
    if reader.person_id is not None and _IS_KEPT.run(me=reader.person_id, **place):
        own = db.select(CommentDraft.body, CommentDraft.saved_at)
        found += db.session.execute(own.filter_by(**place, person_id=reader.person_id))
    if guest_token:
        guests = db.select(GuestDraft.body, GuestDraft.saved_at).filter_by(
            **place, token_hash=guest_key(guest_token)
        )
        found += db.session.execute(guests.where(GuestDraft.expires_at > database_now()))
    newest = max(found, key=lambda row: row.saved_at, default=None)
    return Draft(newest.body, newest.saved_at) if newest else None


_IS_KEPT = Prepared(
    lambda _dialect: sa.select(sa.literal_column("1")).where(
        CommentDraft.person_id == sa.bindparam("me"),
        CommentDraft.consultation_id == sa.bindparam("consultation_id"),
        CommentDraft.question_id == sa.bindparam("question_id"),
        CommentDraft.reply_to == sa.bindparam("reply_to"),
    )
)
"""Asked for every page on which one can write; most people have no draft there."""


def drafts_of(reader: Actor, language: Language) -> tuple[DraftCard, ...]:
    """A person's drafts, the latest first, 20 at most; none of a guest. Two queries."""
    if reader.person_id is None:
        return ()
    rows = db.session.execute(
        db.select(CommentDraft, Consultation.slug, Question.number, is_open().label("is_open"))
        .join(Consultation, Consultation.id == CommentDraft.consultation_id)
        .join(Question, Question.id == CommentDraft.question_id)
        .where(CommentDraft.person_id == reader.person_id, _is_readable(reader))
        .order_by(CommentDraft.saved_at.desc(), CommentDraft.question_id, CommentDraft.reply_to)
        .limit(LISTED)
    ).all()
    texts = newest_texts({draft.question_id for draft, *_ in rows})
    return tuple(
        DraftCard(
            slug=slug,
            question_number=number,
            question=shown(texts.get(draft.question_id, {}), language),
            reply_to=draft.reply_to or None,
            body=draft.body,
            saved_at=draft.saved_at,
            is_open=bool(can_send),
        )
        for draft, slug, number, can_send in rows
    )


def _is_readable(reader: Actor) -> sa.ColumnElement[bool]:
    """Words for a consultation that was withdrawn since lead nowhere."""
    if consultation_sight(reader, State.WITHDRAWN) is Sight.FULL:
        return sa.true()
    return Consultation.stage != Stage.WITHDRAWN
