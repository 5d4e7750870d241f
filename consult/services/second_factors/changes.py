"""What every change of somebody's second factors brings with it; all within the caller's transaction."""

from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.models.base import db, now_in_database
from consult.models.people import Passkey, Person, SignInSession, TotpDevice
from consult.services import audit, outbox, sessions
from consult.services.second_factors.codes import make_codes
from consult.services.sessions import token_hash


def person_of(session_token: str) -> Person:
    """Whose live session this is, locked until the end of the transaction.

    Raises:
        Refused: SIGN_IN_NEEDED when the session has ended.
    """
    person: Person | None = db.session.scalar(
        db.select(Person)
        .join(SignInSession, SignInSession.person_id == Person.id)
        .where(
            SignInSession.token_hash == token_hash(session_token),
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > now_in_database(),
            Person.is_active,
        )
        .with_for_update(of=Person)
    )
    if person is None:
        raise Refused(Reason.SIGN_IN_NEEDED)
    return person


def added(person: Person, kind: str, session_token: str, *, is_first: bool) -> tuple[str, ...]:
    """Record a new factor, and take the session for signed in with it; recovery codes come with the first."""
    db.session.flush()
    sessions.prove(session_token)
    _record(person, kind, Act.SECOND_FACTOR_ADDED, "added")
    return make_codes(person.id) if is_first else ()


def removed(person: Person, kind: str, *, staff_needs_one: bool) -> None:
    """Record that a factor is gone; with the last one the recovery codes go.

    Raises:
        Refused: FACTOR_NEEDED_BY_ROLE where it was the last one of somebody who needs one.
    """
    db.session.flush()
    if not sessions.has_factor(person.id):
        if staff_needs_one and sessions.is_staff(person):
            raise Refused(Reason.FACTOR_NEEDED_BY_ROLE)
        make_codes(person.id, number=0)
    _record(person, kind, Act.SECOND_FACTOR_REMOVED, "removed")


def _record(person: Person, kind: str, act: Act, change: str) -> None:
    audit.record(sessions.actor_of(person), Entry(act, Thing.PERSON, person.id, detail={"kind": kind}))
    outbox.enqueue("second_factor_changed", person.id, {"kind": kind, "change": change})


def apps_and_keys(person_id: int) -> tuple[TotpDevice | None, list[Passkey]]:
    """The app, confirmed or not, and the passkeys in the order they were added."""
    keys = db.session.scalars(db.select(Passkey).filter_by(person_id=person_id).order_by(Passkey.id))
    return db.session.get(TotpDevice, person_id), list(keys)
