"""From the outbox to a real mail server: once, in the right language, again after trouble, to nobody else."""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.adapters.mail import Server, server_at
from consult.config import Settings
from consult.domain.audit import Act
from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.mail import LEASE, TRIES, Frequency, Kind, Letter
from consult.domain.people import OPERATOR
from consult.jobs.delivery import deliver_due
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.outbox import OutboxMessage
from consult.models.people import Person
from consult.queries.mail import mail_health
from consult.services import consultations, delivery, moderation, notices, outbox
from consult.services.delivery import Message
from consult.web.letters import write
from tests.support.cast import Built, Cast, Member, comment, open_consultation, published_comment
from tests.support.post import MailServer, deliver, html_of, let_time_pass, letters_in, link_in, text_of

pytestmark = pytest.mark.usefixtures("inside")
CANARY = "Canary words that nobody else may read"


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return open_consultation(app, moderation_mode=ModerationMode.POST)


def wants(member: Member, frequency: Frequency, language: Language | None = None) -> None:
    notices.choose_mail(member.actor, frequency, language or member.actor.language)


def queued(kind: Kind, member: Member, **content: object) -> None:
    with transaction():
        outbox.enqueue(kind, member.id, content)


def send(server: MailServer, *, chance: float = 0.0) -> int:
    with closing(Server(server_at(server.url), "consult@localhost", timeout_seconds=5)) as post:
        return deliver_due(write, post, chance=lambda: chance, clock=lambda: datetime.now(UTC))


def rows() -> list[OutboxMessage]:
    db.session.rollback()
    query = db.select(OutboxMessage).order_by(OutboxMessage.id)
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def due_in() -> timedelta:
    """How long the only message has to wait."""
    (row,) = rows()
    return row.due_at - now_in_database()


def test_a_letter_is_in_the_language_of_who_gets_it(people: Cast, server: MailServer) -> None:
    for member in (people.aigerim, people.dauren, people.moderator):
        queued(Kind.RESET_PASSWORD, member, token="the-token")
    assert send(server) == 3
    links = [link_in(letter, "/password/reset/") for letter in server.letters]
    assert links == [f"http://localhost/{code}/password/reset/the-token" for code in ("kk", "en", "ru")]
    for letter, code in zip(server.letters, ("kk", "en", "ru"), strict=True):
        assert letter["Content-Language"] == code
        assert f'<html lang="{code}">' in html_of(letter)
        assert links[("kk", "en", "ru").index(code)] in html_of(letter)


def test_what_was_sent_is_forgotten(people: Cast, server: MailServer) -> None:
    queued(Kind.RESET_PASSWORD, people.dauren, token="the-token")
    send(server)
    (row,) = rows()
    assert row.sent_at is not None
    assert (row.content, row.attempts, row.last_error) == ({}, 1, "")
    assert send(server) == 0


def test_a_message_to_an_address_needs_no_account(server: MailServer) -> None:
    with transaction():
        outbox.enqueue_to("new@example.kz", Language.RU, Kind.CONFIRM_REGISTRATION, {"token": "abc"})
    assert send(server) == 1
    assert server.recipients == ["new@example.kz"]
    assert link_in(server.letters[0], "/register/confirm/").endswith("/ru/register/confirm/abc")


def test_a_temporary_refusal_is_tried_again_later_and_holds_nobody_up(
    people: Cast, server: MailServer
) -> None:
    server.on_letter = lambda address: "451 4.3.0 later" if address == people.aigerim.email else None
    queued(Kind.PASSWORD_CHANGED, people.aigerim)
    queued(Kind.PASSWORD_CHANGED, people.dauren)
    assert send(server, chance=1.0) == 1
    assert server.recipients == [people.dauren.email]
    waiting = rows()[0]
    assert (waiting.sent_at, waiting.attempts) == (None, 1)
    assert waiting.last_error == "451 4.3.0 later"
    pause = waiting.due_at - now_in_database()
    assert timedelta(seconds=60) < pause <= timedelta(seconds=90)
    assert send(server) == 0
    let_time_pass_for(waiting.id)
    server.on_letter = lambda _address: None
    assert send(server) == 1
    assert rows()[0].last_error == ""


def let_time_pass_for(message_id: int) -> None:
    with transaction():
        past = now_in_database() - timedelta(seconds=1)
        db.session.execute(sa.update(OutboxMessage).filter_by(id=message_id).values(due_at=past))


def test_pauses_grow_until_the_last_try_and_then_an_operator_can_see_it(
    app: Flask, people: Cast, server: MailServer
) -> None:
    server.on_letter = lambda _address: "451 4.3.0 never mind"
    queued(Kind.RESET_PASSWORD, people.dauren, token="secret-token")
    pauses = []
    for _ in range(TRIES - 1):
        send(server)
        pauses.append(due_in())
        let_time_pass(app)
    minutes = [round(pause.total_seconds() / 60) for pause in pauses]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    send(server)
    (row,) = rows()
    assert row.given_up_at is not None
    assert (row.sent_at, row.attempts, row.content) == (None, TRIES, {})
    assert row.last_error == "451 4.3.0 never mind"
    assert send(server) == 0
    health = mail_health()
    assert (health.late, health.given_up, health.last_error) == (0, 1, "451 4.3.0 never mind")
    entry = db.session.scalars(db.select(AuditEntry).filter_by(act=Act.MAIL_GIVEN_UP)).one()
    assert (entry.thing_id, entry.detail) == (row.id, {"kind": "reset_password", "attempts": TRIES})


def test_an_unknown_mailbox_is_given_up_at_once(people: Cast, server: MailServer) -> None:
    server.on_recipient = lambda address: (
        f"550 5.1.1 <{address}> unknown" if address == people.aigerim.email else None
    )
    queued(Kind.PASSWORD_CHANGED, people.aigerim)
    queued(Kind.PASSWORD_CHANGED, people.dauren)
    assert send(server) == 1
    assert server.recipients == [people.dauren.email]
    row = rows()[0]
    assert (row.given_up_at is None, row.attempts) == (False, 1)
    assert row.last_error == "550 5.1.1 <…> unknown"


def test_while_the_server_is_away_one_message_tries_and_the_rest_waits(
    app: Flask, people: Cast, server: MailServer
) -> None:
    for member in (people.aigerim, people.dauren, people.moderator):
        queued(Kind.PASSWORD_CHANGED, member)
    nowhere = replace(server_at(server.url), port=1)
    with closing(Server(nowhere, "consult@localhost", timeout_seconds=1)) as post:
        assert deliver_due(write, post, chance=lambda: 0.0, clock=lambda: datetime.now(UTC)) == 0
    assert [row.attempts for row in rows()] == [1, 0, 0]
    let_time_pass(app)
    assert send(server) == 3


def test_a_message_that_cannot_be_written_holds_nobody_up(people: Cast, server: MailServer) -> None:
    queued(Kind.RESET_PASSWORD, people.aigerim)  # the token is missing
    with transaction():
        outbox.enqueue("a_kind_of_tomorrow", people.aigerim.id, {})
    queued(Kind.PASSWORD_CHANGED, people.dauren)
    assert send(server) == 1
    assert server.recipients == [people.dauren.email]
    assert [row.last_error for row in rows()] == ["KeyError", "ValueError", ""]


def test_who_dies_with_a_letter_in_hand_leaves_it_to_the_next_after_a_while(
    app: Flask, people: Cast, server: MailServer
) -> None:
    queued(Kind.PASSWORD_CHANGED, people.dauren)
    (taken,) = delivery.take()
    assert taken.attempts == 1
    assert delivery.take() == ()
    assert timedelta() < due_in() <= LEASE
    let_time_pass(app)
    assert send(server) == 1


def test_a_letter_sent_twice_because_of_a_crash_has_one_message_id(
    app: Flask, people: Cast, server: MailServer
) -> None:
    class PowerFailure(BaseException):
        """Nothing that a program could answer."""

    queued(Kind.PASSWORD_CHANGED, people.dauren)
    with pytest.MonkeyPatch.context() as patch:
        # The crash between the server's yes and our own record of it.
        patch.setattr(delivery, "settle", lambda _messages: (_ for _ in ()).throw(PowerFailure))
        with pytest.raises(PowerFailure):
            send(server)
    let_time_pass(app)
    assert send(server) == 1
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert send(server) == 0


def test_workers_at_once_send_nothing_twice_and_share_no_daily_letter(
    app: Flask, people: Cast, server: MailServer
) -> None:
    wanted = [f"person{number}@example.kz" for number in range(30)]
    members = (people.aigerim, people.dauren, people.moderator, people.other_official)
    with transaction():
        for address in wanted:
            outbox.enqueue_to(address, Language.EN, Kind.ALREADY_REGISTERED, {})
        for member in members * 5:
            outbox.enqueue(Kind.COMMENT_PUBLISHED, member.id, {"consultation_id": 0, "comment_id": 0})
    let_time_pass(app)
    digests: list[tuple[int | None, int]] = []

    def noting(messages: Sequence[Message]) -> Letter | None:
        if messages[0].in_digest:
            digests.append((messages[0].person_id, len(messages)))
        return write(messages)

    def work() -> None:
        with app.app_context(), closing(Server(server_at(server.url), "consult@localhost")) as post:
            deliver_due(noting, post, chance=lambda: 0.0, clock=lambda: datetime.now(UTC))

    at_once([work] * 3)
    work()
    assert sorted(server.recipients) == sorted(wanted)
    assert set(digests) == {(member.id, 5) for member in members}
    assert len(digests) == len(members)
    assert all(row.sent_at and row.attempts == 1 for row in rows())


def at_once(works: Sequence[Callable[[], None]]) -> None:
    """Do all in threads that begin together."""
    start = threading.Barrier(len(works))

    def begin(work: Callable[[], None]) -> None:
        start.wait()
        work()

    threads = [threading.Thread(target=begin, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_news_wait_for_the_daily_letter_and_come_in_one_by_consultation(
    app: Flask, people: Cast, built: Built, server: MailServer
) -> None:
    other = open_consultation(app, slug="quiet-park")
    mine = comment(app, people.dauren, built)
    elsewhere = comment(app, people.dauren, other, "Benches in the park.")
    published_comment(app, people.aigerim, built, "Reply number one.", reply_to=mine)
    moderation.withhold_comment(OPERATOR, elsewhere, "insult", "It insults a gardener.")
    published_comment(app, people.moderator, built, "Reply number two.", reply_to=mine)
    assert send(server) == 0
    assert all(row.in_digest for row in rows() if row.person_id == people.dauren.id)
    let_time_pass(app)
    assert send(server) == 1
    (letter,) = server.letters
    assert letter["To"] == people.dauren.email
    assert letter["Subject"] == "Your news of the day"
    text = text_of(letter)
    assert text.count("A green street") == 2
    first, second = text.index("Reply number one."), text.index("Reply number two.")
    assert first < second < text.index("It insults a gardener.")
    assert html_of(letter).count("<h2") == 2
    assert send(server) == 0


def test_a_day_without_news_has_no_letter(app: Flask, people: Cast, server: MailServer) -> None:
    notices.announce_by_the_clock()
    assert deliver(app) == 0
    assert rows() == []


def test_news_at_once_are_a_letter_each_and_no_news_are_none(
    app: Flask, people: Cast, built: Built, server: MailServer
) -> None:
    wants(people.dauren, Frequency.IMMEDIATE)
    wants(people.aigerim, Frequency.NONE)
    for member in (people.dauren, people.aigerim):
        mine = comment(app, member, built)
        for number in range(2):
            published_comment(app, people.moderator, built, f"Reply {number}", reply_to=mine)
    queued(Kind.PASSWORD_CHANGED, people.aigerim)
    assert send(server) == 3
    assert server.recipients == [people.dauren.email, people.dauren.email, people.aigerim.email]
    assert server.letters[2]["Subject"] != server.letters[0]["Subject"]
    assert all(row.sent_at is not None and row.content == {} for row in rows())


def test_who_chose_no_news_before_the_daily_letter_gets_none(
    app: Flask, people: Cast, built: Built, server: MailServer
) -> None:
    mine = comment(app, people.dauren, built)
    published_comment(app, people.aigerim, built, "A reply.", reply_to=mine)
    wants(people.dauren, Frequency.NONE)
    let_time_pass(app)
    assert send(server) == 0
    assert all(row.sent_at is not None and row.content == {} for row in rows())


def texts(letters: Sequence[EmailMessage]) -> str:
    return "\n".join(str(letter) + text_of(letter) + html_of(letter) for letter in letters)


def test_words_withheld_before_the_letter_leaves_are_in_no_letter_to_others(
    app: Flask, people: Cast, built: Built, server: MailServer
) -> None:
    wants(people.dauren, Frequency.IMMEDIATE)
    wants(people.aigerim, Frequency.IMMEDIATE)
    mine = comment(app, people.dauren, built)
    reply = published_comment(app, people.aigerim, built, CANARY, reply_to=mine)
    moderation.withhold_comment(OPERATOR, reply, "insult", "It insults.")
    let_time_pass(app)
    assert send(server) == 1
    (letter,) = server.letters
    assert letter["To"] == people.aigerim.email
    assert CANARY in text_of(letter)
    moderation.restore_comment(OPERATOR, reply)
    moderation.redact_comment(OPERATOR, reply, "[…]", "insult", "A name.")
    let_time_pass(app)
    send(server)
    others = [letter for letter in server.letters if letter["To"] != people.aigerim.email]
    assert CANARY not in texts(others)


def test_words_taken_out_are_taken_out_of_letters_too(
    app: Flask, people: Cast, built: Built, server: MailServer
) -> None:
    mine = comment(app, people.dauren, built)
    reply = published_comment(app, people.aigerim, built, f"Good. {CANARY}.", reply_to=mine)
    moderation.redact_comment(OPERATOR, reply, "Good. […]", "personal-data", "A telephone number.")
    let_time_pass(app)
    assert send(server) == 2
    to_dauren = next(letter for letter in server.letters if letter["To"] == people.dauren.email)
    assert "Good. […]" in text_of(to_dauren)
    assert CANARY not in texts([to_dauren])


def test_news_of_a_withdrawn_consultation_are_none(
    app: Flask, people: Cast, built: Built, server: MailServer
) -> None:
    wants(people.moderator, Frequency.IMMEDIATE)
    mine = comment(app, people.moderator, built)
    published_comment(app, people.aigerim, built, CANARY, reply_to=mine)
    consultations.withdraw_consultation(OPERATOR, built.id, "No money.")
    assert send(server) == 0
    assert server.letters == []


def test_only_the_last_word_on_a_comment_is_told(
    app: Flask, people: Cast, built: Built, server: MailServer
) -> None:
    mine = comment(app, people.dauren, built)
    moderation.withhold_comment(OPERATOR, mine, "insult", "It insults.")
    moderation.restore_comment(OPERATOR, mine)
    moderation.withhold_comment(OPERATOR, mine, "off-topic", "Another matter.")
    let_time_pass(app)
    assert send(server) == 1
    text = text_of(server.letters[0])
    assert text.count("Another matter.") == 1
    assert "It insults." not in text


@pytest.mark.parametrize("change", [{"is_active": False}, {"erased_at": datetime(2026, 1, 1, tzinfo=UTC)}])
def test_a_blocked_or_erased_account_gets_nothing(
    people: Cast, server: MailServer, change: dict[str, Any]
) -> None:
    queued(Kind.PASSWORD_CHANGED, people.dauren)
    with transaction():
        db.session.execute(sa.update(Person).filter_by(id=people.dauren.id).values(**change))
    assert send(server) == 0
    assert rows()[0].sent_at is not None


def test_hostile_names_and_titles_add_no_header_and_no_markup(
    app: Flask, people: Cast, built: Built, server: MailServer
) -> None:
    evil = "Dana\r\nBcc: thief@example.com\r\n\r\n<script>alert(1)</script>"
    wants(people.dauren, Frequency.IMMEDIATE)
    with transaction():
        db.session.execute(sa.update(Person).filter_by(id=people.aigerim.id).values(name=evil))
        db.session.execute(
            sa.text("UPDATE consultation_text SET title = :evil WHERE consultation_id = :id"),
            {"evil": evil, "id": built.id},
        )
    mine = comment(app, people.dauren, built)
    published_comment(app, people.aigerim, built, f"{evil} {{{{ 7*7 }}}}", reply_to=mine)
    with transaction():
        outbox.announce(Kind.CONSULTATION_EXTENDED, built.id, now_in_database())
    while notices.tell_some():
        pass
    assert send(server) == 2
    for letter in server.letters:
        assert letter.get_all("Bcc") is None
        assert letter["To"] == people.dauren.email
        assert "<script>" not in html_of(letter)
    assert "Bcc: thief@example.com" in server.letters[1]["Subject"]
    assert set(server.recipients) == {people.dauren.email}
    assert "{{ 7*7 }}" in text_of(server.letters[0])


def test_the_settings_choose_between_server_and_folder(app: Flask, people: Cast, server: MailServer) -> None:
    settings: Settings = app.extensions["consult_settings"]
    queued(Kind.PASSWORD_CHANGED, people.dauren)
    assert deliver(app) == 1
    (kept,) = letters_in(settings.instance)
    assert kept["To"] == people.dauren.email
    app.extensions["consult_settings"] = replace(settings, smtp_url=server.url)
    try:
        queued(Kind.PASSWORD_CHANGED, people.aigerim)
        assert deliver(app) == 1
    finally:
        app.extensions["consult_settings"] = settings
    assert server.recipients == [people.aigerim.email]


def test_late_messages_are_counted_for_the_operator(people: Cast) -> None:
    queued(Kind.PASSWORD_CHANGED, people.dauren)
    assert mail_health().late == 0
    with transaction():
        an_hour_ago = now_in_database() - timedelta(hours=1)
        db.session.execute(sa.update(OutboxMessage).values(due_at=an_hour_ago))
    assert mail_health().late == 1
