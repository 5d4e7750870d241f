"""What one signs in with: a new password, by a letter or by the old one, and another address."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from consult.adapters import passwords
from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.mail import Kind
from consult.domain.people import GUEST, PASSWORD_LONGEST, Actor, LinkPurpose, email_address
from consult.domain.permissions import is_signed_in, require
from consult.models.base import UtcDateTime, database_now, db, now_in_database, transaction, words_of
from consult.models.people import AccountLink, Person, Registration, SignInSession, SignInStep
from consult.services import audit, outbox, sessions
from consult.services.sessions import token_hash

RESET_LASTS = timedelta(hours=1)
CHANGE_LASTS = timedelta(hours=24)
"""How long the links in the letters work; a new password is dearer to a thief than an address."""


def ask_reset(email: str, language: Language) -> None:
    """Send a letter to the address: with a link for a new password, or that it has no account here.

    It is the same work either way, so that time tells nothing.

    Raises:
        Refused: EMAIL_INVALID.
    """
    address, token = email_address(email), sessions.new_token()
    with transaction():
        owner_id = _add_reset_link(token, address)
        if owner_id is None:
            outbox.enqueue_to(address, language, Kind.NO_ACCOUNT.value, {})
        else:
            outbox.enqueue(Kind.RESET_PASSWORD.value, owner_id, {"token": token})
        audit.record(GUEST, Entry(Act.PASSWORD_RESET_ASKED, Thing.PERSON, owner_id))


def _add_reset_link(token: str, address: str) -> int | None:
    """One statement, whether the address has an account or not; None where it has none that is open."""
    now = now_in_database()
    row = {
        "token_hash": sa.literal(token_hash(token), sa.LargeBinary),
        "person_id": Person.id,
        "purpose": sa.literal(LinkPurpose.RESET_PASSWORD, words_of(LinkPurpose)),
        "email": sa.literal("", sa.String),
        "created_at": sa.literal(now, UtcDateTime),
        "expires_at": sa.literal(now + RESET_LASTS, UtcDateTime),
    }
    owner = sa.select(*row.values()).where(Person.email == address, Person.is_active)
    added = sa.insert(AccountLink).from_select(list(row), owner).returning(AccountLink.person_id)
    owner_id: int | None = db.session.scalar(added)
    return owner_id


def reset_password(token: str, password: str) -> None:
    """Set a new password by the link of a letter. Every session ends, and every other link of the account.

    A second factor stays needed. A password that is refused leaves the link as it was.

    Raises:
        Refused: LINK_EXPIRED for a link that was used, is older than an hour, or never was; what
            `passwords.chosen` refuses.
    """
    owner = _owner_of(token, LinkPurpose.RESET_PASSWORD)
    kept_hash = passwords.chosen(password, email=owner.email, name=owner.name)
    with transaction():
        link = _used(token, LinkPurpose.RESET_PASSWORD)
        _change_password(db.session.get_one(Person, link.person_id, with_for_update=True), kept_hash)


def change_password(actor: Actor, token: str, present: str, password: str) -> None:
    """Set a new password by the present one. Every session but that of `token` ends, and every link.

    Raises:
        Refused: SIGN_IN_NEEDED, PASSWORD_WRONG, or what `passwords.chosen` refuses.
    """
    person = _proven(actor, present)
    kept_hash = passwords.chosen(password, email=person.email, name=person.name)
    with transaction():
        changed = db.session.get_one(Person, person.id, with_for_update=True)
        _change_password(changed, kept_hash, SignInSession.token_hash != token_hash(token))


def _change_password(person: Person, kept_hash: str, *ended: sa.ColumnElement[bool]) -> None:
    person.password_hash = kept_hash
    sessions.end_all(person.id, *ended)
    db.session.execute(sa.delete(SignInStep).where(SignInStep.person_id == person.id))
    _end_links(person.id)
    audit.record(sessions.actor_of(person), Entry(Act.PASSWORD_CHANGED, Thing.PERSON, person.id))
    outbox.enqueue(Kind.PASSWORD_CHANGED.value, person.id, {})


def ask_email_change(actor: Actor, email: str, password: str) -> str:
    """Send a link to the new address, which is answered, and word of it to the present one.

    For an address that has an account already it is the same work; the letter goes to that account's owner.

    Raises:
        Refused: SIGN_IN_NEEDED, PASSWORD_WRONG, EMAIL_INVALID, EMAIL_UNCHANGED.
    """
    address = email_address(email)
    person = _proven(actor, password)
    if address == person.email:
        raise Refused(Reason.EMAIL_UNCHANGED)
    token = sessions.new_token()
    with transaction():
        _add_change_link(token, person.id, address)
        owner_id = db.session.scalar(db.select(Person.id).filter_by(email=address))
        if owner_id is None:
            outbox.enqueue_to(address, person.language, Kind.CHANGE_EMAIL.value, {"token": token})
        else:
            outbox.enqueue(Kind.ALREADY_REGISTERED.value, owner_id, {})
        # To the address as it is now: the person may have the new one by the time this is sent.
        outbox.enqueue_to(person.email, person.language, Kind.EMAIL_CHANGE_ASKED.value, {"email": address})
        audit.record(actor, Entry(Act.EMAIL_CHANGE_ASKED, Thing.PERSON, person.id))
    return address


def _add_change_link(token: str, person_id: int, address: str) -> None:
    now = now_in_database()
    db.session.add(
        AccountLink(
            token_hash=token_hash(token),
            person_id=person_id,
            purpose=LinkPurpose.CHANGE_EMAIL,
            email=address,
            created_at=now,
            expires_at=now + CHANGE_LASTS,
        )
    )


def confirm_email_change(token: str) -> None:
    """Give the account the address that the letter with this link went to; every other link of it ends.

    Raises:
        Refused: LINK_EXPIRED for a link that was used, is older than a day or never was, and where somebody
            else got the address meanwhile.
    """
    try:
        with transaction():
            link = _used(token, LinkPurpose.CHANGE_EMAIL)
            person = db.session.get_one(Person, link.person_id, with_for_update=True)
            former, person.email = person.email, link.email
            db.session.flush()
            db.session.execute(sa.delete(Registration).where(Registration.email == link.email))
            _end_links(person.id)
            audit.record(sessions.actor_of(person), Entry(Act.EMAIL_CHANGED, Thing.PERSON, person.id))
            if "@" in former:
                outbox.enqueue_to(former, person.language, Kind.EMAIL_CHANGED.value, {"email": link.email})
    except IntegrityError:
        raise Refused(Reason.LINK_EXPIRED) from None


def _proven(actor: Actor, password: str) -> Person:
    """The actor's row, once more proven by the password."""
    require(actor, is_signed_in)
    person = db.session.get_one(Person, actor.person_id)
    if not passwords.matches(password[: PASSWORD_LONGEST + 1], person.password_hash):
        raise Refused(Reason.PASSWORD_WRONG)
    return person


def _is_live(token: str, purpose: LinkPurpose) -> sa.ColumnElement[bool]:
    owner = aliased(Person)
    return sa.and_(
        AccountLink.token_hash == token_hash(token),
        AccountLink.purpose == purpose,
        AccountLink.used_at.is_(None),
        AccountLink.expires_at > database_now(),
        sa.exists().where(owner.id == AccountLink.person_id, owner.is_active),
    )


def _owner_of(token: str, purpose: LinkPurpose) -> Person:
    owner: Person | None = db.session.scalar(
        db.select(Person)
        .join(AccountLink, AccountLink.person_id == Person.id)
        .where(_is_live(token, purpose))
    )
    if owner is None:
        raise Refused(Reason.LINK_EXPIRED)
    return owner


def _used(token: str, purpose: LinkPurpose) -> AccountLink:
    """The link, used up within the running transaction; of two who come with it, one gets it."""
    link: AccountLink | None = db.session.scalar(
        sa.update(AccountLink)
        .where(_is_live(token, purpose))
        .values(used_at=database_now())
        .returning(AccountLink)
    )
    if link is None:
        raise Refused(Reason.LINK_EXPIRED)
    return link


def _end_links(person_id: int) -> None:
    db.session.execute(
        sa.update(AccountLink)
        .where(AccountLink.person_id == person_id, AccountLink.used_at.is_(None))
        .values(used_at=database_now())
    )
