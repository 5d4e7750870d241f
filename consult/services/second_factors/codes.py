"""Recovery codes: ten words for the day when telephone and passkey are gone, each good for one sign-in."""

import hashlib
import secrets

import sqlalchemy as sa

from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.permissions import is_signed_in, require
from consult.models.base import database_now, db, transaction
from consult.models.people import Person, RecoveryCode
from consult.services import audit, outbox, sessions

NUMBER = 10
LENGTH = 12
"""Signs of a code; from 31 letters and digits that is 59 bits, enough without a slow hash."""
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper."""


def new_codes(actor: Actor) -> tuple[str, ...]:
    """Make fresh codes for the actor; the earlier ones are worth nothing from then on.

    Raises:
        Refused: SIGN_IN_NEEDED, FACTOR_UNKNOWN for somebody without a second factor.
    """
    require(actor, is_signed_in)
    with transaction():
        person = db.session.get_one(Person, actor.person_id)
        if not sessions.has_factor(person.id):
            raise Refused(Reason.FACTOR_UNKNOWN)
        audit.record(sessions.actor_of(person), Entry(Act.RECOVERY_CODES_MADE, Thing.PERSON, person.id))
        return make_codes(person.id)


def make_codes(person_id: int, *, number: int = NUMBER) -> tuple[str, ...]:
    """Replace a person's codes within the running transaction; the table keeps hashes only."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    made = tuple("".join(secrets.choice(_SIGNS) for _ in range(LENGTH)) for _ in range(number))
    db.session.add_all(RecoveryCode(person_id=person_id, code_hash=_hashed(code)) for code in made)
    return tuple("-".join((code[:4], code[4:8], code[8:])) for code in made)


def use_code(person: Person, written: str) -> bool:
    """Use a code up within the running transaction; False where it is none of theirs, or was used."""
    used = db.session.execute(
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.code_hash == _hashed(written),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=database_now())
        .returning(RecoveryCode.person_id)
    ).first()
    if used is None:
        return False
    audit.record(sessions.actor_of(person), Entry(Act.RECOVERY_CODE_USED, Thing.PERSON, person.id))
    outbox.enqueue("recovery_code_used", person.id, {})
    return True


def _hashed(written: str) -> bytes:
    signs = "".join(sign for sign in written.lower() if sign.isalnum())
    return hashlib.sha256(signs.encode()).digest()
