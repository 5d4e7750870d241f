"""Beginning a sign-in session; ground of this floor: password, link, code and identity all end here."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from consult.domain.audit import Act, Entry, Thing
from consult.domain.people import Actor, Role
from consult.models.base import database_now, db, now_in_database
from consult.models.people import Passkey, Person, SignInSession, SignInStep, TotpDevice
from consult.queries.duties import has_duty
from consult.services import audit

CITIZEN_SESSION = timedelta(days=30)
STAFF_SESSION = timedelta(hours=12)
"""How long a sign-in lasts; shorter for those who can withhold and export."""
STEP_LASTS = timedelta(minutes=10)
"""Time between the password and the second factor."""


@dataclass(frozen=True)
class SignedIn:
    """A fresh sign-in: the person, and the token that only the person's cookie will hold.

    While `awaits_code`, the token is that of a step that a second factor ends; as a session it opens nothing.
    """

    actor: Actor
    token: str
    awaits_code: bool = False


def new_token() -> str:
    """256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the tables keep of a token: SHA-256, enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def actor_of(person: Person) -> Actor:
    """The person as the one who acts."""
    return Actor(person.id, person.role, person.name, person.language)


def is_staff(person: Person) -> bool:
    """Whether the account has powers that a citizen has not: by its role, or by a duty somewhere."""
    return person.role is not Role.CITIZEN or has_duty(person.id)


def begin(person: Person, device: str, *, has_second_factor: bool = False) -> SignedIn:
    """Add a session of this person to the running transaction."""
    token = new_token()
    actor = actor_of(person)
    now = now_in_database()
    db.session.add(
        SignInSession(
            token_hash=token_hash(token),
            person_id=person.id,
            created_at=now,
            expires_at=now + (STAFF_SESSION if is_staff(person) else CITIZEN_SESSION),
            device=device[:200],
            has_second_factor=has_second_factor,
        )
    )
    audit.record(actor, Entry(Act.SIGNED_IN, Thing.PERSON, person.id))
    return SignedIn(actor, token)


def admit(person: Person, device: str) -> SignedIn:
    """Begin a session, or where the person has a second factor, the step that asks for it."""
    if not has_factor(person.id):
        return begin(person, device)
    return SignedIn(actor_of(person), begin_step(person.id), awaits_code=True)


def has_factor(person_id: int) -> bool:
    """Whether the person has a confirmed authenticator app or a passkey."""
    app = sa.exists().where(TotpDevice.person_id == person_id, TotpDevice.confirmed_at.is_not(None))
    passkey = sa.exists().where(Passkey.person_id == person_id)
    return bool(db.session.scalar(sa.select(sa.or_(app, passkey))))


def begin_step(person_id: int | None, challenge: bytes | None = None) -> str:
    """Add a step to the running transaction; answers its token."""
    token = new_token()
    now = now_in_database()
    db.session.add(
        SignInStep(
            token_hash=token_hash(token),
            person_id=person_id,
            challenge=challenge,
            created_at=now,
            expires_at=now + STEP_LASTS,
        )
    )
    return token


def prove(session_token: str) -> None:
    """Mark a session as signed in with a second factor, within the running transaction."""
    db.session.execute(
        sa.update(SignInSession)
        .where(SignInSession.token_hash == token_hash(session_token))
        .values(has_second_factor=True)
    )


def end_all(person_id: int | None, *which: sa.ColumnElement[bool]) -> int:
    """End the person's live sessions, or those `which`, within the running transaction; answers how many."""
    ended = db.session.execute(
        sa.update(SignInSession)
        .where(SignInSession.person_id == person_id, SignInSession.revoked_at.is_(None), *which)
        .values(revoked_at=database_now())
        .returning(SignInSession.token_hash)
    )
    return len(ended.all())
