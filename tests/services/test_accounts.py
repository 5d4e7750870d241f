"""Registering, signing in and out."""

from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, STAFF_IDLE, Actor, Role
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.people import Person, SignInSession
from consult.queries.accounts import own_sessions
from consult.queries.people import actor_of_session, live_session
from consult.services import accounts, sessions
from tests.support.cast import PASSWORD, Cast, Member, count, refusal

pytestmark = pytest.mark.usefixtures("inside")


def acts() -> list[Act]:
    return list(db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id)))


def set_expiry(token: str, *, ago: timedelta) -> None:
    with transaction():
        db.session.execute(
            sa.update(SignInSession)
            .where(SignInSession.token_hash == sessions.token_hash(token))
            .values(expires_at=now_in_database() - ago)
        )


def make(email: str, name: str = "Дана", password: str = PASSWORD) -> int:
    return accounts.create_account(OPERATOR, email, name, password, Role.CITIZEN, Language.RU)


def test_the_password_is_kept_as_a_hash_only() -> None:
    make("dana@example.kz")
    person = db.session.scalars(db.select(Person)).one()
    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in person.password_hash
    assert not [entry for entry in db.session.scalars(db.select(AuditEntry)) if PASSWORD in str(entry.detail)]


@pytest.mark.parametrize(
    "again", ["dana@example.kz", "DANA@EXAMPLE.KZ", " Dana@example.kz", "ｄａｎａ@example.kz"]
)
def test_two_addresses_that_differ_in_case_are_one_account(again: str) -> None:
    first = make("dana@example.kz")
    assert refusal(lambda: make(again)) is Reason.EMAIL_TAKEN
    assert count(Person) == 1
    assert accounts.sign_in(again, PASSWORD).actor.person_id == first


def test_an_account_without_a_password_is_opened_by_none() -> None:
    """An identity provider's accounts have an empty hash; no password, however odd, may match it."""
    make("dana@example.kz")
    with transaction():
        db.session.execute(sa.update(Person).values(password_hash=""))
    for password in ("", "a password that nobody has", PASSWORD):
        sign_in = partial(accounts.sign_in, "dana@example.kz", password)
        assert refusal(sign_in) is Reason.SIGN_IN_FAILED


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
    assert actor_of_session(sessions.token_hash(ended)) is None
    assert actor_of_session(sessions.token_hash(kept)) == aigerim.actor
    accounts.sign_out(aigerim.actor, ended)
    accounts.sign_out(aigerim.actor, "a token that never was")
    assert acts().count(Act.SIGNED_OUT) == 1


def test_an_expired_session_is_nobodys(aigerim: Member) -> None:
    token = accounts.sign_in(aigerim.email, PASSWORD).token
    set_expiry(token, ago=timedelta(milliseconds=1))
    assert actor_of_session(sessions.token_hash(token)) is None


def test_blocking_a_person_ends_every_session(aigerim: Member) -> None:
    token = accounts.sign_in(aigerim.email, PASSWORD).token
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == aigerim.id).values(is_active=False))
    assert actor_of_session(sessions.token_hash(token)) is None


def test_a_changed_role_counts_from_the_next_request(aigerim: Member) -> None:
    token = accounts.sign_in(aigerim.email, PASSWORD).token
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == aigerim.id).values(role=Role.OFFICIAL))
    actor = actor_of_session(sessions.token_hash(token))
    assert actor is not None
    assert actor.is_official


def test_staff_stay_signed_in_for_half_a_day_and_citizens_for_a_month(people: Cast) -> None:
    for member, lasts in (
        (people.aigerim, sessions.CITIZEN_SESSION),
        (people.moderator, sessions.STAFF_SESSION),
        (people.administrator, sessions.STAFF_SESSION),
    ):
        token = accounts.sign_in(member.email, PASSWORD).token
        session = db.session.get_one(SignInSession, sessions.token_hash(token))
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
    actor = actor_of_session(sessions.token_hash(token))
    assert actor is not None
    assert actor.language is Language.EN


def test_of_the_sign_ins_of_a_person_one_or_all_others_can_be_ended(people: Cast) -> None:
    here, there, elsewhere = (accounts.sign_in(people.aigerim.email, PASSWORD).token for _ in range(3))
    strangers = accounts.sign_in(people.dauren.email, PASSWORD).token
    accounts.end_session(people.aigerim.actor, sessions.token_hash(there))
    accounts.end_session(people.aigerim.actor, sessions.token_hash(strangers))
    assert actor_of_session(sessions.token_hash(there)) is None
    assert actor_of_session(sessions.token_hash(strangers)) == people.dauren.actor
    assert accounts.end_other_sessions(people.aigerim.actor, here) == 1
    assert accounts.end_other_sessions(people.aigerim.actor, here) == 0
    assert actor_of_session(sessions.token_hash(elsewhere)) is None
    assert actor_of_session(sessions.token_hash(here)) == people.aigerim.actor
    assert acts().count(Act.SESSIONS_ENDED) == 2


def test_a_guest_ends_nobodys_sessions() -> None:
    assert refusal(lambda: accounts.end_session(GUEST, b"")) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: accounts.end_other_sessions(GUEST, "")) is Reason.SIGN_IN_NEEDED


def set_last_use(token: str, *, ago: timedelta) -> None:
    with transaction():
        moment = now_in_database() - ago
        db.session.execute(
            sa.update(SignInSession)
            .where(SignInSession.token_hash == sessions.token_hash(token))
            .values(created_at=moment, last_seen_at=None)
        )


def last_use(token: str) -> datetime | None:
    db.session.rollback()
    return db.session.get_one(SignInSession, sessions.token_hash(token)).last_seen_at


def test_the_last_use_of_a_session_is_kept_once_a_minute(aigerim: Member) -> None:
    token = accounts.sign_in(aigerim.email, PASSWORD).token
    accounts.note_presence(token)
    assert last_use(token) is None
    set_last_use(token, ago=timedelta(minutes=2))
    live = live_session(sessions.token_hash(token))
    assert live is not None
    assert live.is_to_be_noted
    accounts.note_presence(token)
    noted = last_use(token)
    assert noted is not None
    accounts.note_presence(token)
    assert last_use(token) == noted
    live = live_session(sessions.token_hash(token))
    assert live is not None
    assert not live.is_to_be_noted


def test_staff_who_were_away_for_two_hours_sign_in_again_and_citizens_do_not(people: Cast) -> None:
    for member, is_live in ((people.aigerim, True), (people.moderator, False), (people.administrator, False)):
        token = accounts.sign_in(member.email, PASSWORD).token
        set_last_use(token, ago=STAFF_IDLE + timedelta(minutes=1))
        assert (actor_of_session(sessions.token_hash(token)) is not None) is is_live
        assert len(own_sessions(member.actor)) == is_live
        set_last_use(token, ago=STAFF_IDLE - timedelta(minutes=1))
        assert actor_of_session(sessions.token_hash(token)) == member.actor
