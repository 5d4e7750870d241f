"""Reading the accounts, for administrators."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor, Role, Verification, is_idle
from consult.domain.permissions import may_manage_accounts, require
from consult.models.base import database_now, db
from consult.models.duties import ConsultationDuty
from consult.models.people import Identity, Passkey, Person, RecoveryCode, SignInSession, TotpDevice

PAGE = 50
NUMBER_LONGEST = 18
"""Digits of a number that every database can hold."""
WORDS_LONGEST = 254
"""Characters of a search that are read: as many as an e-mail address has at most."""


@dataclass(frozen=True)
class Listed:
    """An account in the list; its address stands on its own page only."""

    id: int
    name: str
    role: Role
    is_active: bool
    has_no_way_in: bool
    created_at: datetime


@dataclass(frozen=True)
class Directory:
    """A page of the accounts, the newest first; `next_before` asks for the next, None on the last."""

    people: tuple[Listed, ...]
    next_before: int | None


@dataclass(frozen=True)
class LiveSession:
    """Where somebody is signed in; `key` names the session and opens nothing."""

    key: str
    device: str
    began_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class Account:
    """One account as an administrator needs it. `email` is empty where a provider made it without one.

    `has_no_way_in`: nobody blocked it, yet nobody can sign in, as with people whom an import brought.
    """

    id: int
    name: str
    email: str
    role: Role
    language: Language
    is_active: bool
    has_no_way_in: bool
    blocked_reason: str
    created_at: datetime
    verification: Verification
    has_password: bool
    has_app: bool
    passkeys: int
    codes_left: int
    duties: int
    sessions: tuple[LiveSession, ...]

    @property
    def has_factor(self) -> bool:
        return self.has_app or self.passkeys > 0


def directory(
    reader: Actor,
    *,
    words: str = "",
    role: Role | None = None,
    blocked: bool = False,
    before: int | None = None,
) -> Directory:
    """Accounts whose name holds the words, or whose address or number they are; deleted ones are nobody's.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(reader, may_manage_accounts)
    no_way_in = _has_no_way_in().label("has_no_way_in")
    columns = (Person.id, Person.name, Person.role, Person.is_active, no_way_in, Person.created_at)
    query = sa.select(*columns).where(Person.erased_at.is_(None)).order_by(Person.id.desc()).limit(PAGE + 1)
    if wanted := " ".join(words[:WORDS_LONGEST].split()):
        query = query.where(_matches(wanted))
    if role is not None:
        query = query.where(Person.role == role)
    if blocked:
        query = query.where(~Person.is_active, ~_has_no_way_in())
    if before is not None:
        query = query.where(Person.id < before)
    rows = db.session.execute(query).all()
    people = tuple(Listed(*row) for row in rows[:PAGE])
    return Directory(people, people[-1].id if len(rows) > PAGE else None)


def _has_no_way_in() -> sa.ColumnElement[bool]:
    """Condition: inactive without a reason of an administrator's, and without anything to sign in with."""
    return sa.and_(
        ~Person.is_active,
        Person.blocked_reason == "",
        Person.password_hash == "",
        ~sa.exists().where(Passkey.person_id == Person.id),
        ~sa.exists().where(Identity.person_id == Person.id),
    )


def _matches(words: str) -> sa.ColumnElement[bool]:
    """SQLite knows capital letters of English alone, so the usual ways to write a name are tried."""
    spellings = {words, words.lower(), words.upper(), words.title(), words.capitalize()}
    named = [Person.name.contains(each, autoescape=True) for each in sorted(spellings)]
    is_number = words.isascii() and words.isdigit() and len(words) <= NUMBER_LONGEST
    number = [Person.id == int(words)] if is_number else []
    return sa.or_(*named, Person.email == words.lower(), *number)


def account(reader: Actor, person_id: int) -> Account:
    """Raises Refused: SIGN_IN_NEEDED, NOT_PERMITTED; NOT_FOUND, also for an account that was deleted."""
    require(reader, may_manage_accounts)
    person = db.session.scalar(db.select(Person).filter_by(id=person_id, erased_at=None))
    if person is None:
        raise Refused(Reason.NOT_FOUND)
    app = db.session.scalar(db.select(TotpDevice.confirmed_at).filter_by(person_id=person_id))
    duties = _count(ConsultationDuty.person_id == person_id)
    return Account(
        id=person.id,
        name=person.name,
        email=person.email if "@" in person.email else "",
        role=person.role,
        language=person.language,
        is_active=person.is_active,
        has_no_way_in=_count(Person.id == person_id, _has_no_way_in()) > 0,
        blocked_reason=person.blocked_reason,
        created_at=person.created_at,
        verification=person.verification,
        has_password=bool(person.password_hash),
        has_app=app is not None,
        passkeys=_count(Passkey.person_id == person_id),
        codes_left=_count(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)),
        duties=duties,
        sessions=_sessions(person, has_duties=duties > 0),
    )


def _count(*which: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(*which)) or 0


def _sessions(person: Person, *, has_duties: bool) -> tuple[LiveSession, ...]:
    last_seen = sa.func.coalesce(SignInSession.last_seen_at, SignInSession.created_at)
    rows = db.session.execute(
        sa.select(
            SignInSession.token_hash,
            SignInSession.device,
            SignInSession.created_at,
            last_seen.label("last_seen"),
            database_now().label("now"),
        )
        .where(
            SignInSession.person_id == person.id,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > database_now(),
        )
        .order_by(last_seen.desc())
    )
    return tuple(
        LiveSession(row.token_hash.hex(), row.device, row.created_at, row.last_seen)
        for row in rows
        if not is_idle(person.role, row.last_seen, row.now, has_duties=has_duties)
    )
