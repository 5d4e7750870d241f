"""Registering: nobody is a person before the link in the letter is opened, and nobody learns who is one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from consult.adapters import passwords
from consult.domain.audit import Act, Entry, Thing
from consult.domain.consents import CURRENT, Purpose
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.mail import Kind
from consult.domain.people import PASSWORD_LONGEST, Role, display_name, email_address
from consult.models.base import database_now, db, now_in_database, transaction
from consult.models.own_data import Consent
from consult.models.people import Person, Registration
from consult.services import audit, outbox, sessions
from consult.services.sessions import SignedIn, token_hash

REGISTRATION_LASTS = timedelta(hours=24)
"""How long the link in the letter works."""


@dataclass(frozen=True)
class Confirmed:
    """A person who has just become one; `next_path` is where they wanted to go, or empty."""

    signed_in: SignedIn
    next_path: str


def register(email: str, name: str, password: str, language: Language, *, next_path: str = "") -> bytes:
    """Take down an account that waits for its confirmation, and send the letter with the link.

    For an address that has an account it is the same work: a row is written that no link confirms, and the
    letter goes to the account's owner. Answers the hash of the link's token: it proves nothing, and whoever
    shows it later is the browser that registered.

    Raises:
        Refused: EMAIL_INVALID, or what `display_name` and `passwords.chosen` refuse.
    """
    address, public_name = email_address(email), display_name(name)
    # before the transaction: it takes its time on purpose
    kept_hash = passwords.chosen(password, email=address, name=public_name)
    with transaction(is_private=True):
        return _take_down(
            Registration(
                email=address,
                name=public_name,
                language=language,
                password_hash=kept_hash,
                next_path=next_path[:1000],
                created_at=now_in_database(),
            )
        )


def send_again(mark: bytes) -> bytes:
    """Send another letter to an address that waits; answers the hash of its token. Both links work.

    Raises:
        Refused: LINK_EXPIRED when nothing waits under this mark.
    """
    with transaction(is_private=True):
        waiting = db.session.scalar(
            db.select(Registration).where(
                Registration.token_hash == mark, Registration.expires_at > database_now()
            )
        )
        if waiting is None:
            raise Refused(Reason.LINK_EXPIRED)
        return _take_down(
            Registration(
                email=waiting.email,
                name=waiting.name,
                language=waiting.language,
                password_hash=waiting.password_hash,
                next_path=waiting.next_path,
                created_at=now_in_database(),
            )
        )


def _take_down(row: Registration) -> bytes:
    """The row and the letter. Each branch writes as much as the other, so that time tells nothing."""
    token = sessions.new_token()
    row.token_hash = token_hash(token)
    row.expires_at = row.created_at + REGISTRATION_LASTS
    db.session.add(row)
    owner_id = db.session.scalar(db.select(Person.id).filter_by(email=row.email))
    if owner_id is None:
        outbox.enqueue_to(row.email, row.language, Kind.CONFIRM_REGISTRATION.value, {"token": token})
    else:
        outbox.enqueue(Kind.ALREADY_REGISTERED.value, owner_id, {})
    return row.token_hash


def confirm_here(token: str, *, device: str = "") -> Confirmed:
    """Make the person and sign in, for the browser that registered.

    Raises:
        Refused: LINK_EXPIRED for a link that was used, is older than a day, or never was.
    """
    try:
        with transaction():
            waiting = _taken(token)
            person = _new_person(waiting)
            return Confirmed(sessions.admit(person, device), waiting.next_path)
    except IntegrityError:
        # Somebody else's confirmation of the same address was faster, or an operator made the account.
        raise Refused(Reason.LINK_EXPIRED) from None


def confirm_with_password(token: str, password: str, *, device: str = "") -> Confirmed:
    """As `confirm_here`, for any other browser: whoever registered knows the password.

    So nobody is talked into confirming, with one click, an account that somebody else has the password of.

    Raises:
        Refused: LINK_EXPIRED; PASSWORD_WRONG, and the link can be tried again.
    """
    kept_hash = db.session.scalar(
        db.select(Registration.password_hash).where(
            Registration.token_hash == token_hash(token), Registration.expires_at > database_now()
        )
    )
    if kept_hash is None:
        raise Refused(Reason.LINK_EXPIRED)
    if not passwords.matches(password[: PASSWORD_LONGEST + 1], kept_hash):
        raise Refused(Reason.PASSWORD_WRONG)
    return confirm_here(token, device=device)


def _taken(token: str) -> Registration:
    """The row of a link; with it everything else that waits for the same address is taken out of the table.

    All rows of the address are locked in one order, so that two confirmations cannot hold each other up.
    """
    address = sa.select(Registration.email).where(
        Registration.token_hash == token_hash(token), Registration.expires_at > database_now()
    )
    rows = db.session.scalars(
        sa.select(Registration)
        .where(Registration.email == address.scalar_subquery())
        .order_by(Registration.token_hash)
        .with_for_update()
    )
    waiting = next((row for row in rows if row.token_hash == token_hash(token)), None)
    if waiting is None:
        raise Refused(Reason.LINK_EXPIRED)
    db.session.execute(
        sa.delete(Registration).where(Registration.email == waiting.email),
        execution_options={"synchronize_session": False},
    )
    return waiting


def _new_person(waiting: Registration) -> Person:
    person = Person(
        email=waiting.email,
        name=waiting.name,
        role=Role.CITIZEN,
        language=waiting.language,
        password_hash=waiting.password_hash,
        created_at=now_in_database(),
    )
    db.session.add(person)
    db.session.flush()
    actor = sessions.actor_of(person)
    detail: dict[str, object] = {"role": Role.CITIZEN.value}
    audit.record(actor, Entry(Act.ACCOUNT_CREATED, Thing.PERSON, person.id, detail=detail))
    _agree(person, waiting.created_at)
    return person


def _agree(person: Person, registered_at: datetime) -> None:
    """The yes to the terms, which the form asked for when it was sent."""
    db.session.add(
        Consent(
            person_id=person.id,
            purpose=Purpose.TERMS,
            version=CURRENT[Purpose.TERMS].version,
            language=person.language,
            given_at=registered_at,
        )
    )
