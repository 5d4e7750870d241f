"""The authenticator app, recovery codes, the step after the password, and what staff may do before it.

Codes are made for steps around the database's clock, so that no test waits for the next half minute.
"""

from datetime import datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa

from consult.domain.audit import Act
from consult.domain.errors import Reason, Refused
from consult.domain.permissions import may_moderate, require
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.outbox import OutboxMessage
from consult.models.people import Person, RecoveryCode, SignInSession, SignInStep, TotpDevice
from consult.queries.people import actor_of_session
from consult.queries.second_factors import is_fresh, ways_to_sign_in
from consult.services import accounts, sessions
from consult.services.second_factors import apps, codes, steps
from consult.services.sessions import token_hash
from tests.support.cast import PASSWORD, Member, count, refusal

pytestmark = pytest.mark.usefixtures("inside")
KEY = "an installation's secret key, only for tests"


def signed_in(member: Member) -> str:
    return accounts.sign_in(member.email, PASSWORD).token


def code(secret: str, *, steps_ahead: int = 0) -> str:
    moment: datetime = now_in_database() + timedelta(seconds=30 * steps_ahead)
    return pyotp.TOTP(secret).at(moment)


def with_app(member: Member) -> tuple[str, tuple[str, ...], str]:
    """Set an app up; answers its secret, the recovery codes and the token of the session that did it."""
    token = signed_in(member)
    secret = apps.start_app(token, KEY).secret
    made = apps.confirm_app(token, code(secret, steps_ahead=-1), KEY)
    return secret, made, token


def acts() -> list[Act]:
    return list(db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id)))


def test_an_app_is_in_use_only_after_a_right_code(aigerim: Member) -> None:
    token = signed_in(aigerim)
    enrolment = apps.start_app(token, KEY)
    assert enrolment.address.startswith("otpauth://totp/Consult:aigerim%40example.kz?secret=")
    assert enrolment.picture.startswith("data:image/svg+xml")
    assert not accounts.sign_in(aigerim.email, PASSWORD).awaits_code
    assert refusal(lambda: apps.confirm_app(token, "000 00", KEY)) is Reason.CODE_WRONG
    assert apps.start_app(token, KEY).secret == enrolment.secret, "a second look must not void the first"
    made = apps.confirm_app(token, code(enrolment.secret), KEY)
    assert len(set(made)) == 10
    assert accounts.sign_in(aigerim.email, PASSWORD).awaits_code
    assert ways_to_sign_in(aigerim.actor).has_app
    assert refusal(lambda: apps.start_app(token, KEY)) is Reason.FACTOR_LIMIT
    assert Act.SECOND_FACTOR_ADDED in acts()
    assert db.session.scalars(db.select(OutboxMessage.kind)).all() == ["second_factor_changed"]


def test_neither_secret_nor_recovery_codes_stand_in_the_tables(aigerim: Member) -> None:
    secret, made, _token = with_app(aigerim)
    device = db.session.scalars(db.select(TotpDevice)).one()
    assert secret.encode() not in device.secret
    kept = b"".join(db.session.scalars(db.select(RecoveryCode.code_hash)))
    assert not any(written.replace("-", "").encode() in kept for written in made)


def test_a_step_is_no_session(aigerim: Member) -> None:
    with_app(aigerim)
    step = accounts.sign_in(aigerim.email, PASSWORD)
    assert step.awaits_code
    assert actor_of_session(token_hash(step.token)) is None


def test_the_code_of_the_app_ends_the_step_once(aigerim: Member) -> None:
    secret, _made, _token = with_app(aigerim)
    right = code(secret, steps_ahead=1)
    first, second = (accounts.sign_in(aigerim.email, PASSWORD).token for _ in range(2))
    done = steps.answer_code(first, f" {right[:3]} {right[3:]} ", KEY, "Firefox")
    assert actor_of_session(token_hash(done.token)) == aigerim.actor
    assert refusal(lambda: steps.answer_code(second, right, KEY, "")) is Reason.CODE_WRONG
    assert refusal(lambda: steps.answer_code(first, code(secret), KEY, "")) is Reason.STEP_EXPIRED


@pytest.mark.parametrize("ahead", [-2, 2, 40])
def test_a_code_of_another_time_is_wrong(aigerim: Member, ahead: int) -> None:
    secret, _made, _token = with_app(aigerim)
    with transaction():
        db.session.execute(sa.update(TotpDevice).values(last_step=0))
    step = accounts.sign_in(aigerim.email, PASSWORD).token
    # Half a minute may pass between making the code and checking it: two steps back stay two or more.
    wrong = code(secret, steps_ahead=ahead if ahead < 0 else ahead + 1)
    assert refusal(lambda: steps.answer_code(step, wrong, KEY, "")) is Reason.CODE_WRONG


def test_five_wrong_codes_end_the_step_even_for_the_right_one(aigerim: Member) -> None:
    secret, _made, _token = with_app(aigerim)
    step = accounts.sign_in(aigerim.email, PASSWORD).token
    left = []
    for _ in range(5):
        with pytest.raises(Refused) as refused:
            steps.answer_code(step, "abcdef", KEY, "")
        left.append((refused.value.reason, refused.value.details["left"]))
    assert left == [(Reason.CODE_WRONG, n) for n in (4, 3, 2, 1)] + [(Reason.STEP_EXPIRED, 0)]
    right = code(secret, steps_ahead=1)
    assert refusal(lambda: steps.answer_code(step, right, KEY, "")) is Reason.STEP_EXPIRED
    assert acts().count(Act.SIGN_IN_FAILED) == 5


def test_a_step_ends_after_ten_minutes(aigerim: Member) -> None:
    secret, _made, _token = with_app(aigerim)
    step = accounts.sign_in(aigerim.email, PASSWORD).token
    with transaction():
        db.session.execute(sa.update(SignInStep).values(expires_at=now_in_database() - timedelta(seconds=1)))
    right = code(secret, steps_ahead=1)
    assert refusal(lambda: steps.answer_code(step, right, KEY, "")) is Reason.STEP_EXPIRED


def test_a_recovery_code_works_once_however_it_is_written(aigerim: Member) -> None:
    _secret, made, _token = with_app(aigerim)
    first, second = (accounts.sign_in(aigerim.email, PASSWORD).token for _ in range(2))
    steps.answer_code(first, made[3].replace("-", " ").upper(), KEY, "")
    assert refusal(lambda: steps.answer_code(second, made[3], KEY, "")) is Reason.CODE_WRONG
    assert ways_to_sign_in(aigerim.actor).codes_left == 9
    assert "recovery_code_used" in db.session.scalars(db.select(OutboxMessage.kind)).all()


def test_new_codes_end_the_old_ones(aigerim: Member, dauren: Member) -> None:
    _secret, made, _token = with_app(aigerim)
    fresh = codes.new_codes(aigerim.actor)
    step = accounts.sign_in(aigerim.email, PASSWORD).token
    assert refusal(lambda: steps.answer_code(step, made[0], KEY, "")) is Reason.CODE_WRONG
    assert steps.answer_code(step, fresh[0], KEY, "").actor == aigerim.actor
    assert refusal(lambda: codes.new_codes(dauren.actor)) is Reason.FACTOR_UNKNOWN


def test_another_persons_code_ends_no_step(aigerim: Member, dauren: Member) -> None:
    with_app(aigerim)
    theirs, their_codes, _token = with_app(dauren)
    step = accounts.sign_in(aigerim.email, PASSWORD).token
    wrong = code(theirs, steps_ahead=1)
    assert refusal(lambda: steps.answer_code(step, wrong, KEY, "")) is Reason.CODE_WRONG
    assert refusal(lambda: steps.answer_code(step, their_codes[0], KEY, "")) is Reason.CODE_WRONG


def test_an_app_sealed_with_another_key_makes_no_code_right(aigerim: Member) -> None:
    secret, _made, _token = with_app(aigerim)
    step = accounts.sign_in(aigerim.email, PASSWORD).token
    right = code(secret, steps_ahead=1)
    assert refusal(lambda: steps.answer_code(step, right, "another " + KEY, "")) is Reason.CODE_WRONG


def test_removing_the_app_takes_the_codes_along(aigerim: Member) -> None:
    _secret, _made, token = with_app(aigerim)
    apps.remove_app(token, staff_needs_one=True)
    assert not accounts.sign_in(aigerim.email, PASSWORD).awaits_code
    assert count(TotpDevice) == count(RecoveryCode) == 0
    assert refusal(lambda: apps.remove_app(token, staff_needs_one=True)) is Reason.FACTOR_UNKNOWN


def test_an_official_cannot_remove_the_last_factor_where_one_is_needed(moderator: Member) -> None:
    _secret, _made, token = with_app(moderator)
    refused = refusal(lambda: apps.remove_app(token, staff_needs_one=True))
    assert refused is Reason.FACTOR_NEEDED_BY_ROLE
    assert count(TotpDevice) == 1
    apps.remove_app(token, staff_needs_one=False)
    assert count(TotpDevice) == 0


def test_an_ended_session_changes_no_factor(aigerim: Member) -> None:
    token = signed_in(aigerim)
    accounts.sign_out(aigerim.actor, token)
    assert refusal(lambda: apps.start_app(token, KEY)) is Reason.SIGN_IN_NEEDED


def test_staff_have_no_powers_before_their_second_factor_where_it_is_needed(moderator: Member) -> None:
    secret, _made, proven = with_app(moderator)
    token = token_hash(proven)
    actor = actor_of_session(token, staff_needs_second_factor=True)
    assert actor is not None
    assert actor.is_official
    with transaction():
        unproven = sessions.begin(db.session.get_one(Person, moderator.id), "").token
    waiting = actor_of_session(token_hash(unproven), staff_needs_second_factor=True)
    assert waiting is not None
    assert not waiting.is_official
    assert refusal(lambda: require(waiting, may_moderate)) is Reason.SECOND_FACTOR_NEEDED
    relaxed = actor_of_session(token_hash(unproven), staff_needs_second_factor=False)
    assert relaxed is not None
    assert relaxed.is_official
    step = accounts.sign_in(moderator.email, PASSWORD).token
    done = steps.answer_code(step, code(secret, steps_ahead=1), KEY, "")
    proven_actor = actor_of_session(token_hash(done.token), staff_needs_second_factor=True)
    assert proven_actor is not None
    assert proven_actor.is_official


def test_citizens_need_no_second_factor(aigerim: Member) -> None:
    token = signed_in(aigerim)
    assert actor_of_session(token_hash(token), staff_needs_second_factor=True) == aigerim.actor


def test_a_session_is_fresh_for_a_quarter_of_an_hour(aigerim: Member) -> None:
    token = signed_in(aigerim)
    assert is_fresh(token_hash(token))
    with transaction():
        past = now_in_database() - timedelta(minutes=16)
        db.session.execute(sa.update(SignInSession).values(created_at=past))
    assert not is_fresh(token_hash(token))
    assert not is_fresh(token_hash("no session"))
