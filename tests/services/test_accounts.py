"""Registering, signing in and out."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Actor, Role
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.people import Person, SignInSession
from consult.queries.people import actor_of_session
from consult.services import accounts
from tests.support.cast import PASSWORD, Cast, Member, count, refusal

pytestmark = pytest.mark.usefixtures("inside")


def acts() -> list[Act]:
    return list(db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id)))


def set_expiry(token: str, *, ago: timedelta) -> None:
    with transaction():
        db.session.execute(
            sa.update(SignInSession)
            .where(SignInSession.token_hash == accounts.token_hash(token))
            .values(expires_at=now_in_database() - ago)
        )


def test_registering_makes_a_citizen_and_signs_in() -> None:
    signed_in = accounts.register(" Dana@Example.kz ", " Дана  Ахметова ", PASSWORD, Language.RU)
    person = db.session.scalars(db.select(Person)).one()
    assert (person.email, person.name, person.role) == ("dana@example.kz", "Дана Ахметова", Role.CITIZEN)
    assert person.is_active
    assert signed_in.actor == Actor(person.id, Role.CITIZEN, "Дана Ахметова", Language.RU)
    assert actor_of_session(accounts.token_hash(signed_in.token)) == signed_in.actor
    assert acts() == [Act.ACCOUNT_CREATED, Act.SIGNED_IN]


def test_neither_password_nor_token_is_kept() -> None:
    signed_in = accounts.register("dana@example.kz", "Дана", PASSWORD, Language.RU)
    person = db.session.scalars(db.select(Person)).one()
    session = db.session.scalars(db.select(SignInSession)).one()
    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in person.password_hash
    assert signed_in.token.encode() not in session.token_hash
    assert not [entry for entry in db.session.scalars(db.select(AuditEntry)) if PASSWORD in str(entry.detail)]


@pytest.mark.parametrize(
    "again", ["dana@example.kz", "DANA@EXAMPLE.KZ", " Dana@example.kz", "ｄａｎａ@example.kz"]
)
def test_two_addresses_that_differ_in_case_are_one_account(again: str) -> None:
    first = accounts.register("dana@example.kz", "Дана", PASSWORD, Language.RU)
    assert refusal(lambda: accounts.register(again, "Other", PASSWORD, Language.KK)) is Reason.EMAIL_TAKEN
    assert count(Person) == 1
    assert accounts.sign_in(again, PASSWORD).actor == first.actor


@pytest.mark.parametrize(
    ("email", "name", "password", "reason"),
    [
        ("dana", "Дана", PASSWORD, Reason.EMAIL_INVALID),
        ("d\0@example.kz", "Дана", PASSWORD, Reason.EMAIL_INVALID),
        ("dana@example.kz", " ", PASSWORD, Reason.NAME_MISSING),
        ("dana@example.kz", "\u0430dmin", PASSWORD, Reason.NAME_MISLEADING),
        ("dana@example.kz", "Дана", "short", Reason.PASSWORD_TOO_SHORT),
        ("dana@example.kz", "Дана", "dana@example.kz", Reason.PASSWORD_COMMON),
    ],
)
def test_a_refused_registration_leaves_nothing(email: str, name: str, password: str, reason: Reason) -> None:
    assert refusal(lambda: accounts.register(email, name, password, Language.RU)) is reason
    assert (count(Person), count(SignInSession), count(AuditEntry)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody@example.kz", PASSWORD),
        ("aigerim@example.kz", "wrong horse battery"),
        ("aigerim@example.kz", ""),
        ("aigerim@example.kz", PASSWORD + " "),
        ("blocked@example.kz", PASSWORD),
        ("", PASSWORD),
        ("aigerim@example.kz\0", PASSWORD),
        ("x" * 100_000, "y" * 100_000),
    ],
)
def test_unknown_wrong_and_blocked_are_refused_alike(people: Cast, email: str, password: str) -> None:
    assert refusal(lambda: accounts.sign_in(email, password)) is Reason.SIGN_IN_FAILED
    assert count(SignInSession) == 0
    assert acts() == [Act.SIGN_IN_FAILED]


def test_each_sign_in_has_a_token_of_its_own(aigerim: Member) -> None:
    tokens = {accounts.sign_in(aigerim.email, PASSWORD, device="Phone" * 100).token for _ in range(3)}
    assert len(tokens) == 3
    assert count(SignInSession) == 3


def test_signing_out_ends_this_session_and_no_other(aigerim: Member) -> None:
    kept, ended = (accounts.sign_in(aigerim.email, PASSWORD).token for _ in range(2))
    accounts.sign_out(aigerim.actor, ended)
    assert actor_of_session(accounts.token_hash(ended)) is None
    assert actor_of_session(accounts.token_hash(kept)) == aigerim.actor
    accounts.sign_out(aigerim.actor, ended)
    accounts.sign_out(aigerim.actor, "a token that never was")
    assert acts().count(Act.SIGNED_OUT) == 1


def test_an_expired_session_is_nobodys(aigerim: Member) -> None:
    token = accounts.sign_in(aigerim.email, PASSWORD).token
    set_expiry(token, ago=timedelta(milliseconds=1))
    assert actor_of_session(accounts.token_hash(token)) is None


def test_blocking_a_person_ends_every_session(aigerim: Member) -> None:
    token = accounts.sign_in(aigerim.email, PASSWORD).token
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == aigerim.id).values(is_active=False))
    assert actor_of_session(accounts.token_hash(token)) is None


def test_a_changed_role_counts_from_the_next_request(aigerim: Member) -> None:
    token = accounts.sign_in(aigerim.email, PASSWORD).token
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == aigerim.id).values(role=Role.OFFICIAL))
    actor = actor_of_session(accounts.token_hash(token))
    assert actor is not None
    assert actor.is_official


def test_staff_stay_signed_in_for_half_a_day_and_citizens_for_a_month(people: Cast) -> None:
    for member, lasts in (
        (people.aigerim, accounts.CITIZEN_SESSION),
        (people.moderator, accounts.STAFF_SESSION),
        (people.administrator, accounts.STAFF_SESSION),
    ):
        token = accounts.sign_in(member.email, PASSWORD).token
        session = db.session.get_one(SignInSession, accounts.token_hash(token))
        assert session.expires_at - session.created_at == lasts


def test_only_administrators_and_the_operator_make_accounts(people: Cast) -> None:
    def make(actor: Actor, email: str) -> int:
        return accounts.create_account(actor, email, "New Official", PASSWORD, Role.OFFICIAL)

    for actor, reason in (
        (GUEST, Reason.SIGN_IN_NEEDED),
        (people.aigerim.actor, Reason.NOT_PERMITTED),
        (people.moderator.actor, Reason.NOT_PERMITTED),
    ):
        assert refusal(lambda actor=actor: make(actor, "x@example.kz")) is reason  # type: ignore[misc]
    before = count(Person)
    made = [make(people.administrator.actor, "x@example.kz"), make(OPERATOR, "y@example.kz")]
    assert count(Person) == before + 2
    assert {db.session.get_one(Person, key).role for key in made} == {Role.OFFICIAL}


def test_a_chosen_language_is_kept(app: Flask, aigerim: Member) -> None:
    accounts.choose_language(aigerim.actor, Language.EN)
    token = accounts.sign_in(aigerim.email, PASSWORD).token
    actor = actor_of_session(accounts.token_hash(token))
    assert actor is not None
    assert actor.language is Language.EN
