"""Following a consultation.

Only who asks for it follows: a vote is no consent to mail, and stays the one statement that it is. Whoever
takes part is offered it on the page.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.permissions import may_take_part, require
from consult.domain.visibility import READABLE_STAGES
from consult.models.base import database_now, db, transaction
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.taking_part import Follow


def follow_consultation(actor: Actor, consultation_id: int) -> None:
    """Ask for news of a consultation; asking twice changes nothing.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_FOUND for a draft or a withdrawn one, ACCOUNT_BLOCKED.
    """
    require(actor, may_take_part)
    row = (
        sa.select(Consultation.id, Person.id, database_now())
        .join(Person, Person.id == actor.person_id)
        .where(
            Consultation.id == consultation_id,
            Consultation.stage.in_(READABLE_STAGES),
            Person.is_active,
        )
    )
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(Follow).from_select(["consultation_id", "person_id", "followed_at"], row)
    key = ["consultation_id", "person_id"]
    with transaction(is_private=True):
        unchanged = statement.on_conflict_do_update(index_elements=key, set_={"person_id": Follow.person_id})
        if db.session.execute(unchanged.returning(sa.literal(1))).first() is None:
            raise Refused(_why_not(actor))


def unfollow_consultation(actor: Actor, consultation_id: int) -> None:
    """Ask for no more news; also where none were asked for.

    Raises:
        Refused: SIGN_IN_NEEDED.
    """
    require(actor, may_take_part)
    with transaction(is_private=True):
        db.session.execute(
            sa.delete(Follow).filter_by(consultation_id=consultation_id, person_id=actor.person_id)
        )


def _why_not(actor: Actor) -> Reason:
    is_active = db.session.scalar(db.select(Person.is_active).filter_by(id=actor.person_id))
    return Reason.NOT_FOUND if is_active else Reason.ACCOUNT_BLOCKED
