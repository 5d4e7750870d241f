"""Reading one's own ways to sign in: the app, passkeys, recovery codes, identities."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from consult.domain.people import Actor, Verification
from consult.models.base import database_now, db
from consult.models.people import Identity, Passkey, Person, RecoveryCode, SignInSession, TotpDevice

FRESH = timedelta(minutes=15)
"""Ways to sign in are changed only within this time after signing in, so that a stolen session cannot."""


@dataclass(frozen=True)
class PasskeyView:
    """A passkey, by the name that its person gave it; `last_used_at` is None before the first sign-in."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class WaysToSignIn:
    """What an account has; `codes_left` are recovery codes not yet used, 0 to 10."""

    has_app: bool
    passkeys: tuple[PasskeyView, ...]
    codes_left: int
    issuers: tuple[str, ...]
    has_password: bool
    verification: Verification

    @property
    def has_factor(self) -> bool:
        return self.has_app or bool(self.passkeys)


def ways_to_sign_in(actor: Actor) -> WaysToSignIn:
    """Everything by which the actor can sign in."""
    mine = actor.person_id
    person = db.session.execute(
        db.select(Person.password_hash, Person.verification).where(Person.id == mine)
    ).one()
    device = db.session.scalar(db.select(TotpDevice.confirmed_at).where(TotpDevice.person_id == mine))
    keys = db.session.scalars(db.select(Passkey).filter_by(person_id=mine).order_by(Passkey.id))
    left = db.session.scalar(
        db.select(sa.func.count()).where(RecoveryCode.person_id == mine, RecoveryCode.used_at.is_(None))
    )
    issuers = db.session.scalars(db.select(Identity.issuer).filter_by(person_id=mine).order_by("issuer"))
    return WaysToSignIn(
        has_app=device is not None,
        passkeys=tuple(PasskeyView(key.id, key.name, key.created_at, key.last_used_at) for key in keys),
        codes_left=left or 0,
        issuers=tuple(issuers),
        has_password=bool(person.password_hash),
        verification=person.verification,
    )


def is_fresh(token_hash: bytes) -> bool:
    """Whether a session began less than fifteen minutes ago."""
    began = db.session.execute(
        db.select(SignInSession.created_at, database_now()).where(SignInSession.token_hash == token_hash)
    ).first()
    return began is not None and began[1] - began[0] < FRESH
