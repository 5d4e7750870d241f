"""Officials are reminded of the answer they promised, once a reminder, while there is none."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.consultations import local_day
from consult.domain.languages import Language
from consult.domain.mail import Frequency, Kind
from consult.domain.people import OPERATOR, Duty
from consult.models.base import db, now_in_database, transaction
from consult.models.consultations import Consultation
from consult.models.outbox import OutboxMessage
from consult.services import consultations, duties, notices
from consult.services.delivery import Message
from consult.web.letters import write
from tests.support.cast import Built, Cast, close_by_clock, open_consultation
from tests.support.outcomes import answered_consultation
from tests.support.scenes import visitor

pytestmark = pytest.mark.usefixtures("installation")


def due_in(built: Built, days: int) -> None:
    """As if the answer had been promised for that many days from now; no deed may change a promise so."""
    with transaction():
        day = local_day(now_in_database()) + timedelta(days=days)
        db.session.execute(sa.update(Consultation).filter_by(id=built.id).values(answer_due_on=day))
        db.session.expire_all()


def told() -> list[int | None]:
    """Whom the worker tells now, and whom it told before."""
    for _ in range(2):
        notices.remind_of_answers()
        while notices.tell_some():
            pass
    kept = db.session.scalars(
        sa.select(OutboxMessage.person_id).filter_by(kind=Kind.ANSWER_DUE).order_by(OutboxMessage.id)
    )
    return list(kept)


def test_who_made_the_consultation_is_told_once_a_reminder(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app, by=people.moderator.actor)
        close_by_clock(app, built)
        due_in(built, 8)
        assert told() == []
        due_in(built, 7)
        assert told() == [people.moderator.id]
        # Each of these promises has its newest reminder on another day.
        due_in(built, -1)
        assert told() == [people.moderator.id] * 2
        due_in(built, -9)
        assert told() == [people.moderator.id] * 3


def test_who_has_the_duty_is_told_and_all_officials_where_nobody_has(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        close_by_clock(app, built)
        due_in(built, 7)
        staff = {people.moderator.id, people.other_official.id, people.administrator.id}
        assert set(told()) == staff
        duties.appoint(people.moderator.actor, built.id, people.dauren.email, Duty.ANALYST)
        due_in(built, -1)
        assert told()[3:] == [people.dauren.id]


def test_an_answered_or_withdrawn_consultation_reminds_nobody(app: Flask, people: Cast) -> None:
    with app.app_context():
        answered, gone = answered_consultation(app, people), open_consultation(app, slug="gone")
        consultations.withdraw_consultation(OPERATOR, gone.id, "A mistake.")
        due_in(answered, -1)
        due_in(gone, -1)
        assert told() == []


def test_the_letter_is_written_even_for_those_who_want_no_news_and_not_once_it_is_done(
    app: Flask, people: Cast
) -> None:
    with app.app_context():
        built = open_consultation(app, by=people.moderator.actor)
        close_by_clock(app, built)
        due_in(built, -1)
        notices.choose_mail(people.moderator.actor, Frequency.NONE, Language.EN)
        content = {"consultation_id": built.id}
        message = Message(
            id=7,
            kind=Kind.ANSWER_DUE.value,
            person_id=people.moderator.id,
            address="",
            language=None,
            content=content,
            created_at=now_in_database(),
            in_digest=False,
            attempts=1,
        )
        letter = write([message])
        assert letter is not None
        assert letter.subject == "Answer overdue: A green street"
        assert f"/en/o/consultations/{built.slug}/analysis" in letter.text
        assert letter.stop_url == ""
        due_in(built, 3)
        assert "An answer is due" in getattr(write([message]), "subject", "")
        consultations.withdraw_consultation(OPERATOR, built.id, "A mistake.")
        assert write([message]) is None


def test_list_page_and_desk_say_that_an_answer_is_overdue(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        close_by_clock(app, built)
        due_in(built, 0)
    citizen, official = visitor(app), visitor(app, people.moderator)
    public = ("/en/consultations", f"/en/c/{built.slug}", f"/en/c/{built.slug}/report")
    places = [*((citizen, path) for path in public), (official, "/en/o")]
    for client, path in places:
        assert "Answer overdue" not in client.get(path).text
    with app.app_context():
        due_in(built, -1)
    for client, path in places:
        assert "Answer overdue" in client.get(path).text
