"""Registering: nobody is a person before the letter, and nobody learns who is one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.consents import CURRENT, Purpose
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import Role, Verification
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.outbox import OutboxMessage
from consult.models.own_data import Consent
from consult.models.people import Person, Registration, SignInSession
from consult.queries.accounts import waiting_registration
from consult.queries.people import actor_of_session
from consult.services import accounts, registration
from consult.services.sessions import token_hash
from tests.support.cast import PASSWORD, Cast, count, refusal
from tests.support.letters import letters_to, token_to

pytestmark = pytest.mark.usefixtures("inside")
DANA = "dana@example.kz"


def register(email: str = DANA, name: str = "Дана", password: str = PASSWORD) -> bytes:
    return registration.register(email, name, password, Language.RU, next_path="/ru/c/roads/q/1")


def let_expire() -> None:
    with transaction():
        db.session.execute(
            sa.update(Registration).values(expires_at=now_in_database() - timedelta(milliseconds=1))
        )


def test_registering_makes_nobody_and_sends_a_letter(app: Flask) -> None:
    mark = register(" Dana@Example.kz ", " Дана  Ахметова ")
    assert (count(Person), count(AuditEntry)) == (0, 0)
    row = db.session.scalars(db.select(Registration)).one()
    assert (row.email, row.name, row.next_path) == (DANA, "Дана Ахметова", "/ru/c/roads/q/1")
    assert row.expires_at - row.created_at == timedelta(hours=24)
    letter = db.session.scalars(db.select(OutboxMessage)).one()
    assert (letter.kind, letter.address, letter.language) == ("confirm_registration", DANA, Language.RU)
    assert mark == row.token_hash == token_hash(token_to(app, DANA, "confirm_registration"))


def test_the_link_makes_a_citizen_who_agreed_and_is_signed_in(app: Flask) -> None:
    register()
    confirmed = registration.confirm_here(token_to(app, DANA, "confirm_registration"))
    person = db.session.scalars(db.select(Person)).one()
    assert (person.email, person.role, person.verification) == (DANA, Role.CITIZEN, Verification.EMAIL)
    assert person.is_active
    assert confirmed.next_path == "/ru/c/roads/q/1"
    assert actor_of_session(token_hash(confirmed.signed_in.token)) == confirmed.signed_in.actor
    consent = db.session.scalars(db.select(Consent)).one()
    assert (consent.person_id, consent.purpose, consent.language) == (person.id, Purpose.TERMS, Language.RU)
    assert consent.version == CURRENT[Purpose.TERMS].version
    acts = list(db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id)))
    assert acts == [Act.ACCOUNT_CREATED, Act.SIGNED_IN]
    assert count(Registration) == 0
    assert accounts.sign_in(DANA, PASSWORD).actor == confirmed.signed_in.actor


def test_a_link_works_once(app: Flask) -> None:
    register()
    token = token_to(app, DANA, "confirm_registration")
    registration.confirm_here(token)
    assert refusal(lambda: registration.confirm_here(token)) is Reason.LINK_EXPIRED
    assert refusal(lambda: registration.confirm_with_password(token, PASSWORD)) is Reason.LINK_EXPIRED


def test_a_link_works_for_a_day(app: Flask) -> None:
    mark = register()
    let_expire()
    token = token_to(app, DANA, "confirm_registration")
    assert waiting_registration(mark) is None
    assert refusal(lambda: registration.confirm_here(token)) is Reason.LINK_EXPIRED
    assert refusal(lambda: registration.confirm_with_password(token, PASSWORD)) is Reason.LINK_EXPIRED
    assert refusal(lambda: registration.send_again(mark)) is Reason.LINK_EXPIRED
    assert count(Person) == 0


def test_another_browser_needs_the_password_and_may_mistype_it(app: Flask) -> None:
    register()
    token = token_to(app, DANA, "confirm_registration")
    wrong = lambda: registration.confirm_with_password(token, "wrong horse battery")  # noqa: E731
    assert refusal(wrong) is Reason.PASSWORD_WRONG
    assert count(Person) == 0
    assert registration.confirm_with_password(token, PASSWORD).signed_in.actor.name == "Дана"


def test_the_owner_of_a_mailbox_is_not_shut_out_by_whoever_registers_it_first(app: Flask) -> None:
    """Each has a letter of their own; the first to open one gets the address, with their own password."""
    register(name="Чужой", password="the password of a thief")
    theirs = token_to(app, DANA, "confirm_registration")
    register()
    mine = token_to(app, DANA, "confirm_registration")
    registration.confirm_here(mine)
    assert refusal(lambda: registration.confirm_here(theirs)) is Reason.LINK_EXPIRED
    assert count(Registration) == 0
    assert refusal(lambda: accounts.sign_in(DANA, "the password of a thief")) is Reason.SIGN_IN_FAILED


def test_another_letter_leaves_the_first_link_working(app: Flask) -> None:
    mark = register()
    first = token_to(app, DANA, "confirm_registration")
    again = registration.send_again(mark)
    assert again == token_hash(token_to(app, DANA, "confirm_registration")) != mark
    assert letters_to(app, DANA) == ["confirm_registration"] * 2
    assert registration.confirm_here(first).next_path == "/ru/c/roads/q/1"
    assert refusal(lambda: registration.send_again(again)) is Reason.LINK_EXPIRED


def test_for_a_known_address_nothing_is_made_and_its_owner_hears_of_it(app: Flask, people: Cast) -> None:
    before = count(Person)
    for email in (people.aigerim.email, people.blocked.email):
        mark = register(email)
        assert waiting_registration(mark) is not None
        registration.send_again(mark)
        assert letters_to(app, email) == ["already_registered"] * 2
    assert not [each for each in db.session.scalars(db.select(OutboxMessage.content)) if each]
    assert (count(Person), count(SignInSession)) == (before, 0)


def test_an_account_made_meanwhile_is_not_overwritten(app: Flask, people: Cast) -> None:
    register()
    with transaction():
        db.session.execute(
            sa.update(Person).where(Person.id == people.aigerim.id).values(email=DANA, name="Первая")
        )
    token = token_to(app, DANA, "confirm_registration")
    assert refusal(lambda: registration.confirm_here(token)) is Reason.LINK_EXPIRED
    assert list(db.session.scalars(db.select(Person.name).filter_by(email=DANA))) == ["Первая"]


@pytest.mark.parametrize(
    ("email", "name", "password", "reason"),
    [
        ("dana", "Дана", PASSWORD, Reason.EMAIL_INVALID),
        ("d\0@example.kz", "Дана", PASSWORD, Reason.EMAIL_INVALID),
        (DANA, " ", PASSWORD, Reason.NAME_MISSING),
        (DANA, "\u0430dmin", PASSWORD, Reason.NAME_MISLEADING),
        (DANA, "Дана", "short", Reason.PASSWORD_TOO_SHORT),
        (DANA, "Дана", "x" * 201, Reason.PASSWORD_TOO_LONG),
        (DANA, "Дана", DANA, Reason.PASSWORD_COMMON),
        (DANA, "Дана", "password12345", Reason.PASSWORD_COMMON),
    ],
)
def test_a_refused_registration_leaves_nothing(email: str, name: str, password: str, reason: Reason) -> None:
    assert refusal(lambda: register(email, name, password)) is reason
    assert (count(Person), count(Registration), count(OutboxMessage)) == (0, 0, 0)
