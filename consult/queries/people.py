"""Reading people: who a session belongs to."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.domain.people import SEEN_EVERY, Actor, Role, is_idle
from consult.models.base import database_now, db
from consult.models.people import Person, SignInSession


@dataclass(frozen=True)
class LiveSession:
    """Who makes a request; `is_to_be_noted` when the last request that is kept was a minute ago or more."""

    actor: Actor
    is_to_be_noted: bool


def actor_of_session(token_hash: bytes, *, staff_needs_second_factor: bool = False) -> Actor | None:
    """The person of a live session; None as for `live_session`."""
    live = live_session(token_hash, staff_needs_second_factor=staff_needs_second_factor)
    return live.actor if live else None


def live_session(token_hash: bytes, *, staff_needs_second_factor: bool = False) -> LiveSession | None:
    """A session and its person; None when it is unknown, revoked, expired or idle, or its person blocked.

    Where staff need a second factor, an official whose session has none gets a citizen's powers only.
    """
    row = db.session.execute(_SESSION, {"token_hash": token_hash}).first()
    if row is None or is_idle(row.role, row.last_seen, row.now):
        return None
    is_waiting = staff_needs_second_factor and row.role is not Role.CITIZEN and not row.has_second_factor
    actor = Actor(row.id, row.role, row.name, row.language, awaits_second_factor=is_waiting)
    return LiveSession(actor, is_to_be_noted=row.now - row.last_seen >= SEEN_EVERY)


_SESSION = (
    sa.select(
        Person.id,
        Person.role,
        Person.name,
        Person.language,
        SignInSession.has_second_factor,
        sa.func.coalesce(SignInSession.last_seen_at, SignInSession.created_at).label("last_seen"),
        database_now().label("now"),
    )
    .join(SignInSession, SignInSession.person_id == Person.id)
    .where(
        SignInSession.token_hash == sa.bindparam("token_hash"),
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > database_now(),
        Person.is_active,
    )
)
"""Asked in every request of somebody signed in, so it is written once."""
