"""What administrators do with other people's accounts."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from consult.adapters import passwords
from consult.domain.audit import Act
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Actor, Role
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.people import AccountLink, Passkey, Person, RecoveryCode, SignInSession, TotpDevice
from consult.models.votes import CommentVote
from consult.queries.directory import account, directory
from consult.queries.people import actor_of_session
from consult.services import accounts, administration, credentials
from consult.services.sessions import token_hash
from tests.support.cast import PASSWORD, Cast, open_consultation, published_comment, refusal, vote
from tests.support.letters import letters_to, token_to

pytestmark = pytest.mark.usefixtures("inside")


def acts() -> list[Act]:
    db.session.rollback()
    return list(db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id)))


def role_of(person_id: int) -> Role:
    db.session.rollback()
    role: Role = db.session.scalars(db.select(Person.role).filter_by(id=person_id)).one()
    return role


def test_a_role_is_changed_and_the_person_signs_in_anew(people: Cast) -> None:
    token = accounts.sign_in(people.dauren.email, PASSWORD).token
    administration.change_role(people.administrator.actor, people.dauren.id, Role.OFFICIAL)
    assert role_of(people.dauren.id) is Role.OFFICIAL
    assert actor_of_session(token_hash(token)) is None
    entry = db.session.scalars(db.select(AuditEntry).filter_by(act=Act.ROLE_CHANGED)).one()
    assert (entry.thing_id, entry.detail) == (people.dauren.id, {"before": "citizen", "after": "official"})


def test_the_same_role_again_ends_no_session(people: Cast) -> None:
    token = accounts.sign_in(people.dauren.email, PASSWORD).token
    administration.change_role(people.administrator.actor, people.dauren.id, Role.CITIZEN)
    assert actor_of_session(token_hash(token)) is not None
    assert Act.ROLE_CHANGED not in acts()


def test_the_last_administrator_stays_one_and_of_two_one_may_step_down(people: Cast) -> None:
    mine = people.administrator.actor
    step_down = partial(administration.change_role, mine, people.administrator.id, Role.CITIZEN)
    assert refusal(step_down) is Reason.LAST_ADMINISTRATOR
    assert (
        refusal(lambda: administration.block_account(OPERATOR, people.administrator.id, "Gone."))
        is Reason.LAST_ADMINISTRATOR
    )
    administration.change_role(mine, people.dauren.id, Role.ADMINISTRATOR)
    step_down()
    assert role_of(people.administrator.id) is Role.CITIZEN


def test_a_blocked_administrator_does_not_count_as_one_who_is_left(people: Cast) -> None:
    mine = people.administrator.actor
    administration.change_role(mine, people.dauren.id, Role.ADMINISTRATOR)
    administration.block_account(mine, people.dauren.id, "Left the authority.")
    assert (
        refusal(lambda: administration.change_role(mine, people.administrator.id, Role.OFFICIAL))
        is Reason.LAST_ADMINISTRATOR
    )


def test_a_blocked_account_is_signed_out_everywhere_and_its_vote_stays(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = published_comment(app, people.aigerim, built)
    vote(app, people.dauren, built, key)
    credentials.ask_reset(people.dauren.email, Language.EN)
    token = accounts.sign_in(people.dauren.email, PASSWORD).token
    administration.block_account(people.administrator.actor, people.dauren.id, "  Sent threats. ")
    assert actor_of_session(token_hash(token)) is None
    assert refusal(lambda: accounts.sign_in(people.dauren.email, PASSWORD)) is Reason.SIGN_IN_FAILED
    link = token_to(app, people.dauren.email, "reset_password")
    assert refusal(lambda: credentials.reset_password(link, "another fine sentence")) is Reason.LINK_EXPIRED
    shown = account(people.administrator.actor, people.dauren.id)
    assert (shown.is_active, shown.blocked_reason, shown.sessions) == (False, "Sent threats.", ())
    assert votes_on(key) == 1
    entry = db.session.scalars(db.select(AuditEntry).filter_by(act=Act.ACCOUNT_BLOCKED)).one()
    assert "threats" not in str(entry.detail)


def votes_on(comment_id: int) -> int:
    return (
        db.session.scalar(
            db.select(db.func.count()).select_from(CommentVote).filter_by(comment_id=comment_id)
        )
        or 0
    )


def test_an_unblocked_account_signs_in_again(people: Cast) -> None:
    administration.block_account(people.administrator.actor, people.dauren.id, "By mistake.")
    administration.unblock_account(people.administrator.actor, people.dauren.id)
    assert accounts.sign_in(people.dauren.email, PASSWORD).actor.person_id == people.dauren.id
    assert account(people.administrator.actor, people.dauren.id).blocked_reason == ""
    assert acts().count(Act.ACCOUNT_UNBLOCKED) == 1


def test_blocking_needs_a_reason_and_is_not_for_oneself(people: Cast) -> None:
    mine = people.administrator.actor
    assert refusal(lambda: administration.block_account(mine, people.dauren.id, " ")) is Reason.REASON_MISSING
    own = lambda: administration.block_account(mine, people.administrator.id, "Me.")  # noqa: E731
    assert refusal(own) is Reason.OWN_ACCOUNT


def test_one_session_or_all_are_ended(people: Cast) -> None:
    first = accounts.sign_in(people.dauren.email, PASSWORD).token
    second = accounts.sign_in(people.dauren.email, PASSWORD).token
    accounts.sign_in(people.dauren.email, PASSWORD)
    mine = people.administrator.actor
    assert administration.end_sessions(mine, people.dauren.id, token_hash(first)) == 1
    assert actor_of_session(token_hash(first)) is None
    assert actor_of_session(token_hash(second)) is not None
    assert administration.end_sessions(mine, people.dauren.id) == 2
    assert administration.end_sessions(mine, people.dauren.id) == 0
    assert acts().count(Act.SESSIONS_ENDED) == 2


def test_a_session_of_somebody_else_is_not_ended_through_this_account(people: Cast) -> None:
    token = accounts.sign_in(people.aigerim.email, PASSWORD).token
    assert administration.end_sessions(people.administrator.actor, people.dauren.id, token_hash(token)) == 0
    assert actor_of_session(token_hash(token)) is not None


def test_second_factors_are_taken_off_and_the_person_is_told(app: Flask, people: Cast) -> None:
    give_factors(people.moderator.id)
    token = accounts.sign_in(people.moderator.email, PASSWORD)
    assert token.awaits_code
    administration.reset_second_factors(people.administrator.actor, people.moderator.id)
    shown = account(people.administrator.actor, people.moderator.id)
    assert (shown.has_factor, shown.codes_left) == (False, 0)
    assert letters_to(app, people.moderator.email) == ["second_factor_changed"]
    assert not accounts.sign_in(people.moderator.email, PASSWORD).awaits_code
    again = lambda: administration.reset_second_factors(people.administrator.actor, people.moderator.id)  # noqa: E731
    assert refusal(again) is Reason.FACTOR_UNKNOWN


def give_factors(person_id: int) -> None:
    with transaction():
        now = now_in_database()
        db.session.add_all(
            [
                TotpDevice(person_id=person_id, secret=b"sealed", created_at=now, confirmed_at=now),
                Passkey(
                    person_id=person_id,
                    credential_id=b"id",
                    public_key=b"key",
                    sign_count=0,
                    name="Key",
                    created_at=now,
                ),
                RecoveryCode(person_id=person_id, code_hash=b"hash"),
            ]
        )


def test_nobody_takes_the_own_second_factors_off_here(people: Cast) -> None:
    give_factors(people.administrator.id)
    own = lambda: administration.reset_second_factors(people.administrator.actor, people.administrator.id)  # noqa: E731
    assert refusal(own) is Reason.OWN_ACCOUNT


def test_a_link_for_a_new_password_goes_to_the_person_alone(app: Flask, people: Cast) -> None:
    administration.send_reset_link(people.administrator.actor, people.dauren.id)
    token = token_to(app, people.dauren.email, "reset_password")
    credentials.reset_password(token, "a sentence of one's own")
    assert (
        accounts.sign_in(people.dauren.email, "a sentence of one's own").actor.person_id == people.dauren.id
    )
    assert (
        refusal(lambda: administration.send_reset_link(people.administrator.actor, people.blocked.id))
        is Reason.ACCOUNT_BLOCKED
    )


def test_an_invited_official_chooses_the_password_alone(app: Flask, people: Cast) -> None:
    key = administration.invite(
        people.administrator.actor, "New@Example.kz", "Жанар Ахмет", Role.OFFICIAL, Language.KK
    )
    assert letters_to(app, "new@example.kz") == ["invited"]
    assert refusal(lambda: accounts.sign_in("new@example.kz", "")) is Reason.SIGN_IN_FAILED
    credentials.reset_password(token_to(app, "new@example.kz", "invited"), "бір ұзын сөйлем керек")
    signed_in = accounts.sign_in("new@example.kz", "бір ұзын сөйлем керек")
    assert (signed_in.actor.person_id, signed_in.actor.role) == (key, Role.OFFICIAL)


def test_an_address_with_an_account_is_not_invited(people: Cast) -> None:
    deed = lambda: administration.invite(  # noqa: E731
        people.administrator.actor, people.dauren.email, "Dauren", Role.OFFICIAL, Language.EN
    )
    assert refusal(deed) is Reason.EMAIL_TAKEN


def test_an_account_that_was_deleted_is_nobodys(people: Cast) -> None:
    with transaction():
        db.session.get_one(Person, people.dauren.id).erased_at = now_in_database()
    mine, gone = people.administrator.actor, people.dauren.id
    assert refusal(lambda: administration.unblock_account(mine, gone)) is Reason.PERSON_UNKNOWN
    assert refusal(lambda: account(mine, gone)) is Reason.NOT_FOUND
    assert gone not in {each.id for each in directory(mine).people}


def deeds_of(actor: Actor, whom: int) -> tuple[Callable[[], object], ...]:
    return (
        lambda: administration.change_role(actor, whom, Role.ADMINISTRATOR),
        lambda: administration.block_account(actor, whom, "Because."),
        lambda: administration.unblock_account(actor, whom),
        lambda: administration.end_sessions(actor, whom),
        lambda: administration.reset_second_factors(actor, whom),
        lambda: administration.send_reset_link(actor, whom),
        lambda: administration.invite(actor, "x@example.kz", "X", Role.OFFICIAL, Language.EN),
        lambda: account(actor, whom),
        lambda: directory(actor),
    )


def test_strangers_do_none_of_it(people: Cast) -> None:
    whom = people.aigerim.id
    for actor, reason in (
        (GUEST, Reason.SIGN_IN_NEEDED),
        (people.dauren.actor, Reason.NOT_PERMITTED),
        (people.moderator.actor, Reason.NOT_PERMITTED),
    ):
        for deed in deeds_of(actor, whom):
            assert refusal(deed) is reason
    db.session.rollback()
    assert db.session.scalars(db.select(AccountLink)).all() == []
    assert db.session.scalars(db.select(SignInSession)).all() == []


def test_accounts_are_found_by_name_address_number_role_and_state(people: Cast) -> None:
    mine = people.administrator.actor

    def names(**asked: object) -> list[str]:
        return [each.name for each in directory(mine, **asked).people]  # type: ignore[arg-type]

    assert names(words="айгерім") == [people.aigerim.actor.name]
    assert names(words="o'neill") == [people.dauren.actor.name]
    assert names(words=people.dauren.email.upper()) == [people.dauren.actor.name]
    assert names(words="dauren@") == []
    assert people.blocked.actor.name in names(words=str(people.blocked.id))
    assert names(words="100%") == []
    assert names(role=Role.ADMINISTRATOR) == [people.administrator.actor.name]
    assert names(blocked=True) == [people.blocked.actor.name]
    assert len(names()) == 6


def test_hashes_of_passwords_stay_as_they_are(people: Cast) -> None:
    before = db.session.scalars(db.select(Person.password_hash).filter_by(id=people.dauren.id)).one()
    administration.send_reset_link(people.administrator.actor, people.dauren.id)
    administration.end_sessions(people.administrator.actor, people.dauren.id)
    db.session.rollback()
    assert db.session.scalars(db.select(Person.password_hash).filter_by(id=people.dauren.id)).one() == before
    assert passwords.matches(PASSWORD, before)
