"""Reading people: who a session belongs to."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from consult.domain.languages import Language
from consult.domain.people import SEEN_EVERY, STAFF_IDLE, Actor, Duty, Role
from consult.models.base import database_now, database_past
from consult.models.duties import ConsultationDuty
from consult.models.people import Person, SignInSession
from consult.models.prepared import Prepared


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

    Where staff need a second factor, an official whose session has none gets a citizen's powers only; so does
    whoever has a duty in a consultation.
    """
    rows = _SESSION.run(token_hash=token_hash)
    if not rows:
        return None
    key, role, name, language, has_second_factor, duties, is_away, is_to_be_noted = rows[0]
    has_powers = Role(role) is not Role.CITIZEN or bool(duties)
    if has_powers and is_away:
        return None
    actor = Actor(
        key,
        Role(role),
        name,
        Language(language),
        awaits_second_factor=staff_needs_second_factor and has_powers and not has_second_factor,
        duties=_duties(duties),
    )
    return LiveSession(actor, is_to_be_noted=bool(is_to_be_noted))


def _duties(written: str | None) -> frozenset[tuple[int, Duty]]:
    """What `_written_duties` wrote: `7:editor,7:moderator`; None for most."""
    pairs = (each.split(":") for each in written.split(",")) if written else ()
    return frozenset((int(number), Duty(code)) for number, code in pairs)


def _written_duties(dialect: Dialect) -> sa.ScalarSelect[str]:
    """The person's duties as one text, so that they come with the session; most have none."""
    number, duty = (
        sa.cast(column, sa.String) for column in (ConsultationDuty.consultation_id, ConsultationDuty.duty)
    )
    joined = sa.func.string_agg if dialect.name == "postgresql" else sa.func.group_concat
    return (
        sa.select(joined(number + ":" + duty, sa.literal_column("','"), type_=sa.String))
        .where(ConsultationDuty.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )


_LAST_SEEN = sa.func.coalesce(SignInSession.last_seen_at, SignInSession.created_at)

_SESSION = Prepared(
    lambda dialect: (
        sa.select(
            Person.id,
            Person.role,
            Person.name,
            Person.language,
            SignInSession.has_second_factor,
            _written_duties(dialect),
            database_past(STAFF_IDLE) > _LAST_SEEN,
            database_past(SEEN_EVERY) >= _LAST_SEEN,
        )
        .join(SignInSession, SignInSession.person_id == Person.id)
        .where(
            SignInSession.token_hash == sa.bindparam("token_hash"),
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > database_now(),
            Person.is_active,
        )
    )
)
"""Asked in every request of somebody signed in; see `domain.people.is_idle` for the rule about staff."""
