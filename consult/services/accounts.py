"""Accounts and sign-in: registering, signing in and out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from consult.adapters import passwords
from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import GUEST, Actor, Role, check_password, display_name, email_address
from consult.domain.permissions import may_manage_accounts, require
from consult.models.base import database_now, db, now_in_database, transaction
from consult.models.people import Person, SignInSession
from consult.services import audit

CITIZEN_SESSION = timedelta(days=30)
STAFF_SESSION = timedelta(hours=12)
"""How long a sign-in lasts; shorter for those who can withhold and export."""


@dataclass(frozen=True)
class SignedIn:
    """A fresh sign-in: the person, and the token that only the person's cookie will hold."""

    actor: Actor
    token: str


def token_hash(token: str) -> bytes:
    """What the table keeps of a token: SHA-256, enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def register(email: str, name: str, password: str, language: Language, *, device: str = "") -> SignedIn:
    """Make a citizen's account and sign it in.

    Raises:
        Refused: EMAIL_INVALID, EMAIL_TAKEN, or what `display_name` and `check_password` refuse.
    """
    person_id = _add_person(GUEST, email, name, password, Role.CITIZEN, language)
    return _signed_in(person_id, device)


def create_account(
    actor: Actor, email: str, name: str, password: str, role: Role, language: Language = Language.KK
) -> int:
    """Make an account of any role; answers its id. For administrators and the operator.

    Raises:
        Refused: NOT_PERMITTED, and as `register`.
    """
    require(actor, may_manage_accounts)
    return _add_person(actor, email, name, password, role, language)


def _add_person(actor: Actor, email: str, name: str, password: str, role: Role, language: Language) -> int:
    address, public_name = email_address(email), display_name(name)
    check_password(password, email=address)
    kept_hash = passwords.hashed(password)  # before the transaction: it takes its time on purpose
    try:
        with transaction():
            person = Person(
                email=address,
                name=public_name,
                role=role,
                language=language,
                password_hash=kept_hash,
                created_at=now_in_database(),
            )
            db.session.add(person)
            db.session.flush()
            audit.record(
                actor, Entry(Act.ACCOUNT_CREATED, Thing.PERSON, person.id, detail={"role": role.value})
            )
    except IntegrityError:
        raise Refused(Reason.EMAIL_TAKEN) from None
    return person.id


def sign_in(email: str, password: str, *, device: str = "") -> SignedIn:
    """Check a password and begin a session.

    Raises:
        Refused: SIGN_IN_FAILED, the same for an unknown address, a wrong password and a blocked account.
    """
    person = _person_at(email)
    kept_hash = person.password_hash if person and person.is_active else None
    if not passwords.matches(password[:1000], kept_hash) or person is None:
        with transaction():
            audit.record(GUEST, Entry(Act.SIGN_IN_FAILED, Thing.PERSON, person.id if person else None))
        raise Refused(Reason.SIGN_IN_FAILED)
    return _signed_in(person.id, device)


def _person_at(email: str) -> Person | None:
    try:
        address = email_address(email)
    except Refused:
        return None
    person: Person | None = db.session.scalar(db.select(Person).filter_by(email=address))
    return person


def _signed_in(person_id: int, device: str) -> SignedIn:
    token = secrets.token_urlsafe(32)
    with transaction():
        person = db.session.get_one(Person, person_id)
        actor = Actor(person.id, person.role, person.name, person.language)
        now = now_in_database()
        lasts = STAFF_SESSION if actor.is_official else CITIZEN_SESSION
        db.session.add(
            SignInSession(
                token_hash=token_hash(token),
                person_id=person.id,
                created_at=now,
                expires_at=now + lasts,
                device=device[:200],
            )
        )
        audit.record(actor, Entry(Act.SIGNED_IN, Thing.PERSON, person.id))
    return SignedIn(actor, token)


def sign_out(actor: Actor, token: str) -> None:
    """End the session of this token, on every node; an unknown token is nothing to end."""
    with transaction():
        ended = db.session.execute(
            db.update(SignInSession)
            .where(SignInSession.token_hash == token_hash(token), SignInSession.revoked_at.is_(None))
            .values(revoked_at=database_now())
            .returning(SignInSession.person_id)
        ).first()
        if ended:
            audit.record(actor, Entry(Act.SIGNED_OUT, Thing.PERSON, ended.person_id))


def choose_language(actor: Actor, language: Language) -> None:
    """Keep the language in which a person reads, for mail and the next sign-in."""
    with transaction():
        db.session.execute(db.update(Person).where(Person.id == actor.person_id).values(language=language))
