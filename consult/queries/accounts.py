"""Reading accounts: what waits for its confirmation, whose a link is, where somebody is signed in."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.domain.languages import Language
from consult.domain.people import Actor, LinkPurpose, is_idle
from consult.models.base import database_now, db
from consult.models.people import AccountLink, Person, Registration, SignInSession


@dataclass(frozen=True)
class WaitingRegistration:
    """An account before its confirmation; `next_path` is where its owner wanted to go, or empty."""

    email: str
    name: str
    language: Language
    next_path: str


@dataclass(frozen=True)
class LinkOwner:
    """Whose account a link of a letter changes; `new_email` is empty unless it changes the address."""

    email: str
    name: str
    new_email: str


@dataclass(frozen=True)
class OwnAccount:
    """`email` is empty for an account that an identity provider made without one."""

    email: str
    has_password: bool


@dataclass(frozen=True)
class OwnSession:
    """A live sign-in of a person; `device` is what the browser said of itself."""

    token_hash: bytes
    device: str
    began_at: datetime
    last_seen_at: datetime


def waiting_registration(token_hash: bytes) -> WaitingRegistration | None:
    """What waits under the hash of a link's token; None when the link was used or has expired."""
    row = db.session.execute(
        db.select(Registration.email, Registration.name, Registration.language, Registration.next_path).where(
            Registration.token_hash == token_hash, Registration.expires_at > database_now()
        )
    ).first()
    return WaitingRegistration(row.email, row.name, row.language, row.next_path) if row else None


def link_owner(token_hash: bytes, purpose: LinkPurpose) -> LinkOwner | None:
    """The person of a live link; None when it was used or has expired, or its person is blocked."""
    row = db.session.execute(
        db.select(Person.email, Person.name, AccountLink.email.label("new_email"))
        .join(AccountLink, AccountLink.person_id == Person.id)
        .where(
            AccountLink.token_hash == token_hash,
            AccountLink.purpose == purpose,
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > database_now(),
            Person.is_active,
        )
    ).first()
    return LinkOwner(row.email, row.name, row.new_email) if row else None


def own_account(actor: Actor) -> OwnAccount:
    """The signed-in person's account."""
    row = db.session.execute(
        db.select(Person.email, Person.password_hash).where(Person.id == actor.person_id)
    ).one()
    return OwnAccount(row.email if "@" in row.email else "", bool(row.password_hash))


def own_sessions(actor: Actor) -> list[OwnSession]:
    """Where the actor is signed in, the device used last at the top."""
    last_seen = sa.func.coalesce(SignInSession.last_seen_at, SignInSession.created_at)
    rows = db.session.execute(
        db.select(
            SignInSession.token_hash,
            SignInSession.device,
            SignInSession.created_at,
            last_seen.label("last_seen"),
            database_now().label("now"),
        )
        .where(
            SignInSession.person_id == actor.person_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > database_now(),
        )
        .order_by(last_seen.desc())
    )
    return [
        OwnSession(row.token_hash, row.device, row.created_at, row.last_seen)
        for row in rows
        if not is_idle(actor.role, row.last_seen, row.now, has_duties=bool(actor.duties))
    ]
