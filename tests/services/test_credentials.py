"""A forgotten password, another password, another address."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, LinkPurpose
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.outbox import OutboxMessage
from consult.models.people import AccountLink, Person, SignInStep, TotpDevice
from consult.queries.accounts import link_owner
from consult.queries.people import actor_of_session
from consult.services import accounts, credentials, registration
from consult.services.sessions import token_hash
from tests.support.cast import PASSWORD, Cast, Member, count, refusal
from tests.support.letters import letters_to, token_to

pytestmark = pytest.mark.usefixtures("inside")
OTHER = "other words for the door"
NEW = "aigerim.new@example.kz"


def asked(app: Flask, member: Member) -> str:
    credentials.ask_reset(member.email, Language.EN)
    return token_to(app, member.email, "reset_password")


def let_links_expire() -> None:
    with transaction():
        db.session.execute(
            sa.update(AccountLink).values(expires_at=now_in_database() - timedelta(milliseconds=1))
        )


def add_app(member: Member) -> None:
    with transaction():
        now = now_in_database()
        device = TotpDevice(person_id=member.id, secret=b"-", created_at=now, confirmed_at=now)
        db.session.add(device)


def test_a_new_password_ends_every_session_and_every_other_link(app: Flask, people: Cast) -> None:
    tokens = [accounts.sign_in(people.aigerim.email, PASSWORD).token for _ in range(2)]
    kept = accounts.sign_in(people.dauren.email, PASSWORD).token
    first, second = asked(app, people.aigerim), asked(app, people.aigerim)
    credentials.ask_email_change(people.aigerim.actor, NEW, PASSWORD)
    credentials.reset_password(second, OTHER)
    assert [actor_of_session(token_hash(token)) for token in tokens] == [None, None]
    assert actor_of_session(token_hash(kept)) == people.dauren.actor
    assert refusal(lambda: accounts.sign_in(people.aigerim.email, PASSWORD)) is Reason.SIGN_IN_FAILED
    assert accounts.sign_in(people.aigerim.email, OTHER).actor == people.aigerim.actor
    for token in (first, second):
        assert refusal(partial(credentials.reset_password, token, OTHER)) is Reason.LINK_EXPIRED
    change = token_to(app, NEW, "change_email")
    assert refusal(lambda: credentials.confirm_email_change(change)) is Reason.LINK_EXPIRED
    assert letters_to(app, people.aigerim.email)[-1] == "password_changed"


def test_a_second_factor_stays_needed_and_a_sign_in_half_done_is_over(app: Flask, people: Cast) -> None:
    add_app(people.aigerim)
    assert accounts.sign_in(people.aigerim.email, PASSWORD).awaits_code
    credentials.reset_password(asked(app, people.aigerim), OTHER)
    assert count(SignInStep) == 0
    assert accounts.sign_in(people.aigerim.email, OTHER).awaits_code


def test_a_refused_password_leaves_the_link_as_it_was(app: Flask, people: Cast) -> None:
    token = asked(app, people.aigerim)
    for password, reason in (
        ("short", Reason.PASSWORD_TOO_SHORT),
        ("qwerty123456789", Reason.PASSWORD_COMMON),
        (people.aigerim.email, Reason.PASSWORD_COMMON),
    ):
        assert refusal(partial(credentials.reset_password, token, password)) is reason
    credentials.reset_password(token, OTHER)


def test_a_link_for_a_new_password_works_for_an_hour_and_for_nothing_else(app: Flask, people: Cast) -> None:
    token = asked(app, people.aigerim)
    row = db.session.scalars(db.select(AccountLink)).one()
    assert row.expires_at - row.created_at == timedelta(hours=1)
    assert token.encode() not in row.token_hash
    assert refusal(lambda: credentials.confirm_email_change(token)) is Reason.LINK_EXPIRED
    assert link_owner(token_hash(token), LinkPurpose.CHANGE_EMAIL) is None
    let_links_expire()
    assert link_owner(token_hash(token), LinkPurpose.RESET_PASSWORD) is None
    assert refusal(lambda: credentials.reset_password(token, OTHER)) is Reason.LINK_EXPIRED


def test_an_unknown_address_and_a_blocked_account_get_no_link_but_a_letter(app: Flask, people: Cast) -> None:
    for email in ("nobody@example.kz", people.blocked.email):
        credentials.ask_reset(email, Language.RU)
        assert letters_to(app, email) == ["no_account"]
    assert count(AccountLink) == 0
    assert refusal(lambda: credentials.ask_reset("nobody", Language.RU)) is Reason.EMAIL_INVALID


def test_an_account_blocked_meanwhile_gets_no_new_password(app: Flask, people: Cast) -> None:
    token = asked(app, people.aigerim)
    with transaction():
        db.session.execute(sa.update(Person).values(is_active=False))
    assert refusal(lambda: credentials.reset_password(token, OTHER)) is Reason.LINK_EXPIRED


def test_changing_the_password_asks_for_the_present_one_and_ends_other_sessions(
    app: Flask, people: Cast
) -> None:
    here, there = (accounts.sign_in(people.aigerim.email, PASSWORD).token for _ in range(2))
    actor = people.aigerim.actor
    wrong = lambda: credentials.change_password(actor, here, "wrong horse battery", OTHER)  # noqa: E731
    assert refusal(wrong) is Reason.PASSWORD_WRONG
    credentials.change_password(actor, here, PASSWORD, OTHER)
    assert actor_of_session(token_hash(here)) == actor
    assert actor_of_session(token_hash(there)) is None
    assert accounts.sign_in(people.aigerim.email, OTHER).actor == actor
    assert letters_to(app, people.aigerim.email) == ["password_changed"]
    assert Act.PASSWORD_CHANGED in set(db.session.scalars(db.select(AuditEntry.act)))


def test_the_address_changes_by_the_letter_to_the_new_one_and_the_old_one_hears_of_it(
    app: Flask, people: Cast
) -> None:
    member = people.aigerim
    reset = asked(app, member)
    assert credentials.ask_email_change(member.actor, f" {NEW.upper()} ", PASSWORD) == NEW
    assert accounts.sign_in(member.email, PASSWORD).actor == member.actor
    registration.register(NEW, "Чужой", "the password of a thief", Language.RU)
    credentials.confirm_email_change(token_to(app, NEW, "change_email"))
    assert accounts.sign_in(NEW, PASSWORD).actor == member.actor
    assert refusal(lambda: accounts.sign_in(member.email, PASSWORD)) is Reason.SIGN_IN_FAILED
    assert letters_to(app, member.email) == ["email_change_asked", "email_changed"]
    assert refusal(lambda: credentials.reset_password(reset, OTHER)) is Reason.LINK_EXPIRED
    thiefs = token_to(app, NEW, "confirm_registration")
    assert refusal(lambda: registration.confirm_here(thiefs)) is Reason.LINK_EXPIRED


def test_a_taken_address_gives_the_same_answer_and_a_letter_to_its_owner(app: Flask, people: Cast) -> None:
    taken = people.dauren.email
    assert credentials.ask_email_change(people.aigerim.actor, taken, PASSWORD) == taken
    assert letters_to(app, taken) == ["already_registered"]
    assert letters_to(app, people.aigerim.email) == ["email_change_asked"]


def test_an_address_taken_meanwhile_is_not_taken_away(app: Flask, people: Cast) -> None:
    credentials.ask_email_change(people.aigerim.actor, NEW, PASSWORD)
    token = token_to(app, NEW, "change_email")
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == people.dauren.id).values(email=NEW))
    assert refusal(lambda: credentials.confirm_email_change(token)) is Reason.LINK_EXPIRED
    assert db.session.scalars(db.select(Person.id).filter_by(email=NEW)).one() == people.dauren.id


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("no address", PASSWORD, Reason.EMAIL_INVALID),
        (NEW, "wrong horse battery", Reason.PASSWORD_WRONG),
        ("Aigerim@example.kz", PASSWORD, Reason.EMAIL_UNCHANGED),
    ],
)
def test_a_refused_change_of_address_leaves_nothing(
    people: Cast, email: str, password: str, reason: Reason
) -> None:
    actor = people.aigerim.actor
    assert refusal(lambda: credentials.ask_email_change(actor, email, password)) is reason
    assert (count(AccountLink), count(OutboxMessage)) == (0, 0)


def test_a_guest_changes_nothing() -> None:
    change = lambda: credentials.change_password(GUEST, "", PASSWORD, OTHER)  # noqa: E731
    assert refusal(change) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: credentials.ask_email_change(GUEST, NEW, PASSWORD)) is Reason.SIGN_IN_NEEDED
