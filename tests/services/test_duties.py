"""Giving and taking duties: who may, what it opens, and what staff with a duty must do to sign in."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.errors import Reason
from consult.domain.holdings import Farewell
from consult.domain.people import OPERATOR, STAFF_IDLE, Actor, Duty
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.duties import ConsultationDuty
from consult.models.people import SignInSession
from consult.queries.duties import appointed_in
from consult.queries.people import actor_of_session, live_session
from consult.services import accounts, consultations, duties, erasure, exports, questions
from consult.services.drafting import TopicIn
from consult.services.sessions import token_hash
from tests.support.cast import OPEN_QUESTION, PASSWORD, TEXTS, Cast, Member, count, draft, refusal


def session_of(member: Member) -> bytes:
    return token_hash(accounts.sign_in(member.email, PASSWORD).token)


def actor_now(member: Member, *, needs_second_factor: bool = False) -> Actor:
    actor = actor_of_session(session_of(member), staff_needs_second_factor=needs_second_factor)
    assert actor is not None
    return actor


def test_duties_come_with_the_session_and_go_with_the_dismissal(inside: Flask, people: Cast) -> None:
    one, other = draft(inside), draft(inside, slug="other")
    for duty in (Duty.EDITOR, Duty.MODERATOR):
        duties.appoint(people.moderator.actor, one.id, people.dauren.email, duty)
    duties.appoint(people.administrator.actor, other.id, people.dauren.email, Duty.ANALYST)
    token = session_of(people.dauren)
    actor = actor_of_session(token)
    assert actor is not None
    assert actor.duties == {
        (one.id, Duty.EDITOR),
        (one.id, Duty.MODERATOR),
        (other.id, Duty.ANALYST),
    }
    assert actor.is_staff
    assert actor_now(people.aigerim).duties == frozenset()
    duties.dismiss(OPERATOR, one.id, people.dauren.id, Duty.EDITOR)
    actor = actor_of_session(token)
    assert actor is not None
    assert actor.duties == {(one.id, Duty.MODERATOR), (other.id, Duty.ANALYST)}


def test_who_appoints_and_dismisses_is_in_the_log(inside: Flask, people: Cast) -> None:
    built = draft(inside)
    for _ in range(2):  # the second time nothing changes
        duties.appoint(people.moderator.actor, built.id, people.dauren.email, Duty.EDITOR)
    for _ in range(2):
        duties.dismiss(people.other_official.actor, built.id, people.dauren.id, Duty.EDITOR)
    entries = db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.act.in_([Act.DUTY_GIVEN, Act.DUTY_TAKEN]))
        .order_by(AuditEntry.id)
    ).all()
    assert [(each.act, each.actor_id, each.thing_id, each.consultation_id) for each in entries] == [
        (Act.DUTY_GIVEN, people.moderator.id, people.dauren.id, built.id),
        (Act.DUTY_TAKEN, people.other_official.id, people.dauren.id, built.id),
    ]
    assert entries[0].detail == {"duty": "editor"}
    assert people.dauren.email not in str([each.detail for each in entries])


def test_strangers_and_holders_of_a_duty_appoint_nobody(inside: Flask, people: Cast) -> None:
    built = draft(inside)
    for duty in Duty:
        duties.appoint(OPERATOR, built.id, people.dauren.email, duty)
    for actor in (people.aigerim.actor, actor_now(people.dauren)):
        for deed in (
            partial(duties.appoint, actor, built.id, people.aigerim.email, Duty.EDITOR),
            partial(duties.dismiss, actor, built.id, people.dauren.id, Duty.EDITOR),
            partial(appointed_in, actor, built.id),
        ):
            assert refusal(deed) is Reason.NOT_PERMITTED
    assert count(ConsultationDuty) == 3


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("moderator@example.kz", Reason.DUTY_OWN),
        ("official@example.kz", Reason.DUTY_BY_ROLE),
        ("blocked@example.kz", Reason.PERSON_UNKNOWN),
        ("nobody@example.kz", Reason.PERSON_UNKNOWN),
        ("no address", Reason.EMAIL_INVALID),
    ],
)
def test_who_cannot_be_appointed(inside: Flask, people: Cast, email: str, reason: Reason) -> None:
    built = draft(inside)
    assert refusal(lambda: duties.appoint(people.moderator.actor, built.id, email, Duty.EDITOR)) is reason
    assert count(ConsultationDuty) == 0


def test_nobody_is_appointed_where_there_is_no_consultation(inside: Flask, people: Cast) -> None:
    deed = partial(duties.appoint, OPERATOR, 99, people.dauren.email, Duty.EDITOR)
    assert refusal(deed) is Reason.NOT_FOUND


def test_an_editor_by_duty_edits_one_consultation_and_no_other(inside: Flask, people: Cast) -> None:
    mine, other = draft(inside), draft(inside, slug="other")
    duties.appoint(OPERATOR, mine.id, people.dauren.email, Duty.EDITOR)
    editor = actor_now(people.dauren)
    topic = TopicIn(dict.fromkeys(TEXTS, "Topic"))
    topic_id = questions.add_topic(editor, mine.id, topic)
    questions.add_question(editor, mine.id, topic_id, OPEN_QUESTION.texts)
    for deed in (
        lambda: questions.add_topic(editor, other.id, topic),
        lambda: questions.edit_question(editor, other.id, 1, OPEN_QUESTION.texts),
        lambda: questions.remove_question(editor, other.id, 1),
        lambda: consultations.open_consultation(editor, other.id),
        lambda: consultations.withdraw_consultation(editor, other.id, "A reason."),
        lambda: exports.export_archive(
            editor,
            mine.slug,
            package="restricted",
            output=Path("never.zip"),
            smallest_group=10,
        ),
    ):
        assert refusal(deed) is Reason.NOT_PERMITTED
    consultations.open_consultation(editor, mine.id)


def test_a_duty_asks_for_a_second_factor_and_ends_idle_sessions(inside: Flask, people: Cast) -> None:
    built = draft(inside)
    token = session_of(people.dauren)
    duties.appoint(OPERATOR, built.id, people.dauren.email, Duty.EDITOR)
    waiting = actor_of_session(token, staff_needs_second_factor=True)
    assert waiting is not None
    assert waiting.awaits_second_factor
    assert refusal(lambda: consultations.open_consultation(waiting, built.id)) is Reason.SECOND_FACTOR_NEEDED
    with transaction():
        away = now_in_database() - STAFF_IDLE - timedelta(minutes=1)
        db.session.execute(sa.update(SignInSession).values(last_seen_at=away))
    assert live_session(token) is None
    duties.dismiss(OPERATOR, built.id, people.dauren.id, Duty.EDITOR)
    assert live_session(token) is not None


def test_an_erased_account_has_no_duty_left(inside: Flask, people: Cast) -> None:
    built = draft(inside)
    duties.appoint(OPERATOR, built.id, people.dauren.email, Duty.EDITOR)
    erasure.erase_account(
        people.dauren.actor,
        password=PASSWORD,
        token="",
        confirmation=people.dauren.email,
        farewell=Farewell.REMOVE,
        instance=Path(inside.instance_path),
    )
    assert count(ConsultationDuty) == 0
