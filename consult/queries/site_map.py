"""Reading what a site map lists: public consultations and their questions."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.models.base import db
from consult.models.consultations import Consultation
from consult.models.questions import Question
from consult.queries.public_texts import is_public

PAGE = 2_000
"""Things in one site map; each has an address in each language, and 50 000 addresses are the most allowed."""


@dataclass(frozen=True)
class Place:
    """A consultation, or with `number` one of its questions."""

    slug: str
    number: int | None


def pages() -> int:
    """How many site maps list everything: one where there is nothing yet."""
    total = sum(
        db.session.scalar(query) or 0
        for query in (
            db.select(sa.func.count()).select_from(Consultation).where(is_public()),
            db.select(sa.func.count())
            .select_from(Question)
            .join(Consultation, Consultation.id == Question.consultation_id)
            .where(is_public()),
        )
    )
    return max(1, -(-total // PAGE))


def places(page: int) -> tuple[Place, ...]:
    """The things of one site map, counted from 1; empty behind the last."""
    own = db.select(Consultation.id, sa.literal(0).label("number"), Consultation.slug).where(is_public())
    asked = (
        db.select(Consultation.id, Question.number, Consultation.slug)
        .join(Question, Question.consultation_id == Consultation.id)
        .where(is_public())
    )
    listed = sa.union_all(own, asked).subquery()
    rows = db.session.execute(
        db.select(listed.c.slug, listed.c.number)
        .order_by(listed.c.id, listed.c.number)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return tuple(Place(slug, number or None) for slug, number in rows)
