"""How the work behind the pages is shown, and letters that are tried again."""

import pytest
from flask import Flask

from consult.domain.audit import Act
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.mail import Kind
from consult.domain.people import GUEST
from consult.models.audit import AuditEntry
from consult.models.base import db, transaction
from consult.models.jobs import JobRun
from consult.models.outbox import OutboxMessage
from consult.queries.jobs import jobs, without_mailboxes
from consult.services import delivery, outbox, retrying
from consult.services.job_runs import noted
from tests.support.cast import Cast, refusal, within
from tests.support.scenes import visitor

pytestmark = pytest.mark.usefixtures("installation")


def given_up(app: Flask, people: Cast, kind: Kind = Kind.COMMENT_PUBLISHED) -> int:
    """A letter that the mail server never takes; answers its id."""
    with within(app):
        with transaction():
            person = people.moderator.id
            outbox.enqueue(kind.value, person, {"consultation_id": 1, "comment_id": 1, "token": "SECRET"})
        with transaction():
            row = db.session.scalars(db.select(OutboxMessage)).one()
            row.due_at, row.in_digest = row.created_at, False
            key: int = row.id
        why = "550 5.1.1 <moderator@example.kz> unknown"
        delivery.put_off(delivery.take(), why, is_permanent=True, chance=0.5)
        return key


def test_a_letter_that_was_given_up_is_tried_again(app: Flask, people: Cast) -> None:
    key = given_up(app, people)
    client = visitor(app, people.moderator)
    page = client.get("/en/o/jobs")
    assert "550 5.1.1 … unknown" in page.text
    assert "moderator@example.kz" not in page.text
    after = client.submit(page, f"/letters/{key}/retry")
    assert "The letter is tried again." in after.text
    with within(app):
        row = db.session.get_one(OutboxMessage, key)
        assert (row.given_up_at, row.attempts, row.last_error) == (None, 0, "")
        assert [message.id for message in delivery.take()] == [key]
        assert db.session.scalars(
            db.select(AuditEntry.thing_id).filter_by(act=Act.MAIL_TRIED_AGAIN)
        ).all() == [key]


def test_a_letter_with_a_link_is_forgotten_and_cannot_be_tried(app: Flask, people: Cast) -> None:
    key = given_up(app, people, Kind.RESET_PASSWORD)
    page = visitor(app, people.moderator).get("/en/o/jobs")
    assert "/retry" not in page.response.get_data(as_text=True)
    with within(app):
        assert db.session.get_one(OutboxMessage, key).content == {}
        tried = lambda: retrying.try_letter_again(people.moderator.actor, key)  # noqa: E731
        assert refusal(tried) is Reason.LETTER_FORGOTTEN


def test_strangers_see_and_try_nothing(app: Flask, people: Cast) -> None:
    key = given_up(app, people)
    with within(app):
        for actor, reason in ((GUEST, Reason.SIGN_IN_NEEDED), (people.dauren.actor, Reason.NOT_PERMITTED)):
            assert refusal(lambda a=actor: retrying.try_letter_again(a, key)) is reason  # type: ignore[misc]
            assert refusal(lambda a=actor: jobs(a, Language.EN)) is reason  # type: ignore[misc]
        unknown = lambda: retrying.try_letter_again(people.moderator.actor, 99)  # noqa: E731
        assert refusal(unknown) is Reason.NOT_FOUND
    visitor(app, people.dauren).get("/en/o/jobs", status=403)


def test_a_worker_is_seen_by_the_job_of_every_minute(app: Flask, people: Cast) -> None:
    client = visitor(app, people.moderator)
    assert "No worker has been seen yet." in client.get("/en/o/jobs").text
    with within(app), noted("look_at_the_clock"):
        assert "Still running" in visitor(app, people.moderator).get("/en/o/jobs").text
    assert "The worker is at work" in client.get("/en/o/jobs").text


def test_a_job_that_fails_leaves_the_name_of_its_fault_and_goes_on_failing(app: Flask) -> None:
    with within(app):
        with pytest.raises(ZeroDivisionError), noted("forget"):
            raise ZeroDivisionError("with a secret in its words")
        row = db.session.get_one(JobRun, "forget")
        assert (row.outcome, row.ended_at is not None) == ("ZeroDivisionError", True)


def test_addresses_are_taken_out_of_what_a_mail_server_said() -> None:
    assert without_mailboxes("550 <a@b.kz>: no such user b@c.kz here") == "550 … no such user … here"
