"""What administrators do with other people's accounts; every deed leaves its line in the audit log."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.mail import Kind
from consult.domain.moderation import reason_text
from consult.domain.people import Actor, LinkPurpose, Role, display_name, email_address
from consult.domain.permissions import may_manage_accounts, require
from consult.models.base import database_now, db, now_in_database, transaction
from consult.models.people import (
    AccountLink,
    Passkey,
    Person,
    RecoveryCode,
    SignInSession,
    SignInStep,
    TotpDevice,
)
from consult.services import audit, outbox, sessions
from consult.services.sessions import token_hash

RESET_LASTS = timedelta(hours=1)
INVITATION_LASTS = timedelta(hours=72)
"""How long the links in the letters work; an invitation may lie over a weekend."""


def change_role(actor: Actor, person_id: int, role: Role) -> None:
    """Give an account another role. Its sessions end, so that every one has what its role asks for.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, PERSON_UNKNOWN; LAST_ADMINISTRATOR where nobody could make
            administrators any more.
    """
    require(actor, may_manage_accounts)
    with transaction():
        person = _locked(person_id)
        if person.role is role:
            return
        if role is not Role.ADMINISTRATOR:
            _check_stays_administered(person)
        before, person.role = person.role, role
        sessions.end_all(person.id)
        _end_links(person.id)
        _record(actor, Act.ROLE_CHANGED, person.id, {"before": before.value, "after": role.value})


def block_account(actor: Actor, person_id: int, reason: str) -> None:
    """Let nobody sign in with an account; its sessions and links end. Its votes and words stay and count.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, PERSON_UNKNOWN, OWN_ACCOUNT, LAST_ADMINISTRATOR, and as
            `reason_text`.
    """
    require(actor, may_manage_accounts)
    kept = reason_text(reason)
    with transaction():
        person = _another(actor, person_id)
        if not person.is_active:
            return
        _check_stays_administered(person)
        person.is_active, person.blocked_reason = False, kept
        ended = sessions.end_all(person.id)
        db.session.execute(sa.delete(SignInStep).where(SignInStep.person_id == person.id))
        _end_links(person.id)
        _record(actor, Act.ACCOUNT_BLOCKED, person.id, {"sessions": ended})


def unblock_account(actor: Actor, person_id: int) -> None:
    """Let an account be used again; one that is not blocked stays as it is.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, PERSON_UNKNOWN.
    """
    require(actor, may_manage_accounts)
    with transaction():
        person = _locked(person_id)
        if not person.is_active:
            person.is_active, person.blocked_reason = True, ""
            _record(actor, Act.ACCOUNT_UNBLOCKED, person.id, {})


def end_sessions(actor: Actor, person_id: int, ended_hash: bytes | None = None) -> int:
    """Sign somebody out everywhere, or where one session is; answers how many sessions ended.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, PERSON_UNKNOWN.
    """
    require(actor, may_manage_accounts)
    with transaction():
        person = _locked(person_id)
        which = () if ended_hash is None else (SignInSession.token_hash == ended_hash,)
        ended = sessions.end_all(person.id, *which)
        if ended:
            _record(actor, Act.SESSIONS_ENDED, person.id, {"sessions": ended})
    return ended


def reset_second_factors(actor: Actor, person_id: int) -> None:
    """Take app, passkeys and recovery codes off an account whose person has lost them; its sessions end.

    The person is told by mail. Officials then have to set up a new one, where they need one.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, PERSON_UNKNOWN, OWN_ACCOUNT; FACTOR_UNKNOWN without any.
    """
    require(actor, may_manage_accounts)
    with transaction():
        person = _another(actor, person_id)
        db.session.execute(sa.delete(SignInStep).where(SignInStep.person_id == person.id))
        taken = sum([_delete_all(table, person.id) for table in (TotpDevice, Passkey, RecoveryCode)])
        if not taken:
            raise Refused(Reason.FACTOR_UNKNOWN)
        sessions.end_all(person.id)
        outbox.enqueue(Kind.SECOND_FACTOR_CHANGED.value, person.id, {"kind": "all", "change": "removed"})
        _record(actor, Act.SECOND_FACTORS_RESET, person.id, {})


def send_reset_link(actor: Actor, person_id: int) -> None:
    """Send somebody a letter with a link for a new password; the present one goes on working until then.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, PERSON_UNKNOWN; ACCOUNT_BLOCKED; EMAIL_INVALID for an account
            without an address.
    """
    require(actor, may_manage_accounts)
    with transaction():
        person = _locked(person_id)
        if not person.is_active:
            raise Refused(Reason.ACCOUNT_BLOCKED)
        email_address(person.email)
        token = _add_link(person.id, RESET_LASTS)
        outbox.enqueue(Kind.RESET_PASSWORD.value, person.id, {"token": token})
        _record(actor, Act.PASSWORD_RESET_ASKED, person.id, {})


def invite(actor: Actor, email: str, name: str, role: Role, language: Language) -> int:
    """Make an account without a password, and send a letter with the link that sets one; answers its id.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, EMAIL_INVALID, EMAIL_TAKEN, and as `display_name`.
    """
    require(actor, may_manage_accounts)
    address, public_name = email_address(email), display_name(name)
    try:
        with transaction():
            person = Person(
                email=address,
                name=public_name,
                role=role,
                language=language,
                password_hash="",
                created_at=now_in_database(),
            )
            db.session.add(person)
            db.session.flush()
            token = _add_link(person.id, INVITATION_LASTS)
            outbox.enqueue(Kind.INVITED.value, person.id, {"token": token, "role": role.value})
            _record(actor, Act.OFFICIAL_INVITED, person.id, {"role": role.value})
    except IntegrityError:
        raise Refused(Reason.EMAIL_TAKEN) from None
    return person.id


def _locked(person_id: int) -> Person:
    """The person's row, with those of the administrators, locked in the order of their ids.

    So of two administrators who turn on each other at once, one stays. Raises Refused(PERSON_UNKNOWN), also
    for an account that was deleted.
    """
    is_administrator = sa.and_(Person.role == Role.ADMINISTRATOR, Person.is_active)
    rows = db.session.scalars(
        sa.select(Person)
        .where(sa.or_(Person.id == person_id, is_administrator), Person.erased_at.is_(None))
        .order_by(Person.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    person = next((row for row in rows.all() if row.id == person_id), None)
    if person is None:
        raise Refused(Reason.PERSON_UNKNOWN)
    return person


def _another(actor: Actor, person_id: int) -> Person:
    """As `_locked`; Raises Refused(OWN_ACCOUNT) where it is the actor's."""
    if person_id == actor.person_id:
        raise Refused(Reason.OWN_ACCOUNT)
    return _locked(person_id)


def _delete_all(table: type[TotpDevice | Passkey | RecoveryCode], person_id: int) -> int:
    """Delete a person's rows; answers how many."""
    gone = db.session.execute(sa.delete(table).where(table.person_id == person_id).returning(table.person_id))
    return len(gone.all())


def _check_stays_administered(person: Person) -> None:
    """Raises Refused(LAST_ADMINISTRATOR) where this is the last one who can sign in."""
    others = sa.select(Person.id).where(
        Person.role == Role.ADMINISTRATOR,
        Person.is_active,
        Person.erased_at.is_(None),
        Person.id != person.id,
    )
    if person.role is Role.ADMINISTRATOR and db.session.scalars(others.limit(1)).first() is None:
        raise Refused(Reason.LAST_ADMINISTRATOR)


def _add_link(person_id: int, lasts: timedelta) -> str:
    token, now = sessions.new_token(), now_in_database()
    db.session.add(
        AccountLink(
            token_hash=token_hash(token),
            person_id=person_id,
            purpose=LinkPurpose.RESET_PASSWORD,
            created_at=now,
            expires_at=now + lasts,
        )
    )
    return token


def _end_links(person_id: int) -> None:
    db.session.execute(
        sa.update(AccountLink)
        .where(AccountLink.person_id == person_id, AccountLink.used_at.is_(None))
        .values(used_at=database_now())
    )


def _record(actor: Actor, act: Act, person_id: int, detail: dict[str, object]) -> None:
    audit.record(actor, Entry(act, Thing.PERSON, person_id, detail=detail))
