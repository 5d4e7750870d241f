"""Accounts and sign-in: making accounts, signing in, signing out here and elsewhere."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from consult.adapters import passwords
from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import (
    GUEST,
    PASSWORD_LONGEST,
    SEEN_EVERY,
    Actor,
    Role,
    display_name,
    email_address,
)
from consult.domain.permissions import is_signed_in, may_manage_accounts, require
from consult.models.base import database_now, db, now_in_database, transaction
from consult.models.people import Person, SignInSession
from consult.services import audit, sessions
from consult.services.sessions import SignedIn, token_hash


def create_account(
    actor: Actor, email: str, name: str, password: str, role: Role, language: Language = Language.KK
) -> int:
    """Make an account of any role; answers its id. For administrators and the operator.

    Raises:
        Refused: NOT_PERMITTED, EMAIL_INVALID, EMAIL_TAKEN, or what `display_name` and `passwords.chosen`
            refuse.
    """
    require(actor, may_manage_accounts)
    address, public_name = email_address(email), display_name(name)
    # before the transaction: it takes its time on purpose
    kept_hash = passwords.chosen(password, email=address, name=public_name)
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
            detail: dict[str, object] = {"role": role.value}
            audit.record(actor, Entry(Act.ACCOUNT_CREATED, Thing.PERSON, person.id, detail=detail))
    except IntegrityError:
        raise Refused(Reason.EMAIL_TAKEN) from None
    return person.id


def sign_in(email: str, password: str, *, device: str = "") -> SignedIn:
    """Check a password and begin a session, or the step that asks for the second factor.

    Raises:
        Refused: SIGN_IN_FAILED, the same for an unknown address, a wrong password and a blocked account.
    """
    person_id, kept_hash = _kept_hash(email)
    if not passwords.matches(password[: PASSWORD_LONGEST + 1], kept_hash):
        with transaction(is_private=True):
            audit.record(GUEST, Entry(Act.SIGN_IN_FAILED, Thing.PERSON, person_id))
        raise Refused(Reason.SIGN_IN_FAILED)
    with transaction(is_private=True):
        return sessions.admit(db.session.get_one(Person, person_id), device)


def _kept_hash(email: str) -> tuple[int | None, str | None]:
    """Whose address it is, and the hash to compare with; None for a blocked account, or for nobody."""
    try:
        address = email_address(email)
    except Refused:
        return None, None
    asked = db.select(Person.id, Person.password_hash, Person.is_active).filter_by(email=address)
    row = db.session.execute(asked).first()
    if row is None:
        return None, None
    return row.id, row.password_hash if row.is_active else None


def sign_out(actor: Actor, token: str) -> None:
    """End the session of this token, on every node; an unknown token is nothing to end."""
    with transaction(is_private=True):
        ended = db.session.execute(
            db.update(SignInSession)
            .where(SignInSession.token_hash == token_hash(token), SignInSession.revoked_at.is_(None))
            .values(revoked_at=database_now())
            .returning(SignInSession.person_id)
        ).first()
        if ended:
            audit.record(actor, Entry(Act.SIGNED_OUT, Thing.PERSON, ended.person_id))


def end_session(actor: Actor, ended_hash: bytes) -> None:
    """Sign the actor out on another device; an ended session, or somebody else's, is nothing to end.

    Raises:
        Refused: SIGN_IN_NEEDED.
    """
    require(actor, is_signed_in)
    _end(actor, SignInSession.token_hash == ended_hash)


def end_other_sessions(actor: Actor, kept_token: str) -> int:
    """Sign the actor out everywhere but here; answers how many sessions ended.

    Raises:
        Refused: SIGN_IN_NEEDED.
    """
    require(actor, is_signed_in)
    return _end(actor, SignInSession.token_hash != token_hash(kept_token))


def _end(actor: Actor, which: sa.ColumnElement[bool]) -> int:
    with transaction(is_private=True):
        ended = sessions.end_all(actor.person_id, which)
        if ended:
            detail: dict[str, object] = {"sessions": ended}
            audit.record(actor, Entry(Act.SESSIONS_ENDED, Thing.PERSON, actor.person_id, detail=detail))
    return ended


def note_presence(token: str) -> None:
    """Keep that this session is in use; within a minute of the last time nothing changes."""
    with transaction(is_private=True):
        now = now_in_database()
        last_seen = sa.func.coalesce(SignInSession.last_seen_at, SignInSession.created_at)
        db.session.execute(
            db.update(SignInSession)
            .where(SignInSession.token_hash == token_hash(token), last_seen < now - SEEN_EVERY)
            .values(last_seen_at=now)
        )


def choose_language(actor: Actor, language: Language) -> None:
    """Keep the language in which a person reads, for mail and the next sign-in."""
    with transaction(is_private=True):
        db.session.execute(db.update(Person).where(Person.id == actor.person_id).values(language=language))
