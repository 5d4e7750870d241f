"""News for many people: each concerned is told once, whoever asks how often; and how somebody wants mail."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.mail import Frequency, Kind
from consult.domain.people import GUEST, OPERATOR
from consult.domain.votes import Choice
from consult.models.base import db, now_in_database, transaction
from consult.models.consultations import Consultation
from consult.models.outbox import Announcement, OutboxMessage
from consult.models.people import Person
from consult.models.taking_part import Follow
from consult.queries.mail import mail_choices
from consult.services import consultations, notices, outbox, votes
from tests.support.cast import (
    Built,
    Cast,
    Member,
    close_by_clock,
    comment,
    count,
    open_consultation,
    refusal,
    vote,
)

pytestmark = pytest.mark.usefixtures("inside")


def follow(member: Member, built: Built) -> None:
    with transaction():
        db.session.add(Follow(consultation_id=built.id, person_id=member.id, followed_at=now_in_database()))


def set_times(built: Built, *, opened_ago: timedelta, closes_in: timedelta) -> None:
    """As if it had been opened with these times; no deed may do so afterwards."""
    with transaction():
        now = now_in_database()
        db.session.execute(
            sa.update(Consultation)
            .filter_by(id=built.id)
            .values(opens_at=now - opened_ago, closes_at=now + closes_in)
        )
        db.session.expire_all()


def look() -> None:
    """What the worker does each minute."""
    notices.announce_by_the_clock()
    while notices.tell_some():
        pass


def told(kind: Kind) -> list[int | None]:
    """Whom messages of a kind are for, each as often as there are messages."""
    db.session.rollback()
    query = db.select(OutboxMessage.person_id).filter_by(kind=kind.value)
    return sorted(db.session.scalars(query), key=int)


def test_followers_hear_once_that_a_consultation_has_opened(app: Flask, people: Cast) -> None:
    built = open_consultation(app, opens_in=timedelta(days=3))
    follow(people.aigerim, built)
    follow(people.dauren, built)
    look()
    assert told(Kind.CONSULTATION_OPENED) == []
    set_times(built, opened_ago=timedelta(minutes=1), closes_in=timedelta(days=30))
    for _ in range(3):
        look()
    assert told(Kind.CONSULTATION_OPENED) == [people.aigerim.id, people.dauren.id]
    follow(people.moderator, built)
    look()
    assert told(Kind.CONSULTATION_OPENED) == [people.aigerim.id, people.dauren.id]


def test_an_opening_of_last_week_is_no_news(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    follow(people.aigerim, built)
    set_times(built, opened_ago=timedelta(days=7), closes_in=timedelta(days=30))
    look()
    assert count(Announcement) == 0


def test_three_days_before_the_closing_those_with_something_left_are_reminded(
    app: Flask, people: Cast
) -> None:
    built = open_consultation(app)
    follow(people.administrator, built)
    key = comment(app, people.aigerim, built)
    votes.vote_on_proposition(people.aigerim.actor, built.id, built.questions[1], Choice.AGREE, Language.KK)
    vote(app, people.dauren, built, key)
    comment(app, people.moderator, built, question=2)
    comment(app, people.moderator, built, question=1)
    set_times(built, opened_ago=timedelta(days=20), closes_in=timedelta(days=3, hours=1))
    look()
    assert told(Kind.CONSULTATION_CLOSING_SOON) == []
    set_times(built, opened_ago=timedelta(days=20), closes_in=timedelta(days=2, hours=23))
    for _ in range(2):
        look()
    assert told(Kind.CONSULTATION_CLOSING_SOON) == [people.dauren.id, people.administrator.id]


def test_nobody_is_reminded_after_the_closing_nor_of_days_that_are_all_there_is(
    app: Flask, people: Cast
) -> None:
    over, short = open_consultation(app), open_consultation(app, slug="short-one")
    follow(people.dauren, over)
    follow(people.dauren, short)
    close_by_clock(app, over)
    set_times(short, opened_ago=timedelta(minutes=1), closes_in=timedelta(days=2))
    look()
    assert told(Kind.CONSULTATION_CLOSING_SOON) == []
    assert told(Kind.CONSULTATION_OPENED) == [people.dauren.id]


def test_a_later_closing_is_news_and_its_last_days_are_again(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    vote(app, people.dauren, built, key)
    follow(people.dauren, built)
    set_times(built, opened_ago=timedelta(days=20), closes_in=timedelta(days=1))
    look()
    later = now_in_database() + timedelta(days=2)
    consultations.extend_consultation(OPERATOR, built.id, later, later.date() + timedelta(days=60))
    for _ in range(2):
        look()
    assert told(Kind.CONSULTATION_EXTENDED) == [people.aigerim.id, people.dauren.id]
    assert told(Kind.CONSULTATION_CLOSING_SOON) == sorted([people.aigerim.id, people.dauren.id] * 2)


def test_a_refused_extension_is_no_news(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    follow(people.dauren, built)
    sooner = now_in_database() + timedelta(days=1)
    deed = lambda: consultations.extend_consultation(OPERATOR, built.id, sooner)  # noqa: E731
    assert refusal(deed) is Reason.CLOSING_ONLY_EXTENDED
    look()
    assert told(Kind.CONSULTATION_EXTENDED) == []


def test_blocked_erased_and_unwilling_people_are_not_told(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    for member in (people.blocked, people.aigerim, people.dauren, people.moderator):
        follow(member, built)
    notices.choose_mail(people.aigerim.actor, Frequency.NONE, Language.KK)
    with transaction():
        db.session.execute(
            sa.update(Person).filter_by(id=people.dauren.id).values(erased_at=now_in_database())
        )
    look()
    assert told(Kind.CONSULTATION_OPENED) == [people.moderator.id]


def test_many_people_are_told_in_batches_and_a_break_between_them_repeats_nobody(
    app: Flask, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = open_consultation(app)
    members = (people.aigerim, people.dauren, people.moderator, people.other_official, people.administrator)
    for member in members:
        follow(member, built)
    monkeypatch.setattr(notices, "PEOPLE_AT_ONCE", 2)
    notices.announce_by_the_clock()
    assert notices.tell_some()
    assert len(told(Kind.CONSULTATION_OPENED)) == 2
    db.session.remove()
    look()
    assert told(Kind.CONSULTATION_OPENED) == sorted(member.id for member in members)
    assert not notices.tell_some()


def test_the_same_news_are_announced_once(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    about = now_in_database()
    for instant in (about, about, about + timedelta(days=1)):
        with transaction():
            outbox.announce(Kind.OUTCOME_PUBLISHED, built.id, instant)
    assert count(Announcement) == 2


def test_mail_is_chosen_by_its_owner_alone(people: Cast) -> None:
    before = mail_choices(people.aigerim.id)
    assert before == (Frequency.DIGEST, Language.KK)
    notices.choose_mail(people.dauren.actor, Frequency.IMMEDIATE, Language.RU)
    assert mail_choices(people.dauren.id) == (Frequency.IMMEDIATE, Language.RU)
    assert mail_choices(people.aigerim.id) == before
    deed = lambda: notices.choose_mail(GUEST, Frequency.NONE, Language.RU)  # noqa: E731
    assert refusal(deed) is Reason.SIGN_IN_NEEDED


def test_news_are_stopped_for_one_account_and_not_for_one_that_is_gone(people: Cast) -> None:
    assert notices.stop_news(people.aigerim.id)
    assert mail_choices(people.aigerim.id) == (Frequency.NONE, Language.KK)
    assert mail_choices(people.dauren.id) == (Frequency.DIGEST, Language.EN)
    assert not notices.stop_news(404)
