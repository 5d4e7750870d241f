"""Hints to the worker: one a transaction, none for a vote, and never a reason to fail."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from consult.config import Settings
from consult.domain.mail import Kind
from consult.jobs.queue import FILE, Hints
from consult.jobs.schedule import jobs_of
from consult.models.base import transaction
from consult.models.outbox import OutboxMessage
from consult.services import outbox
from tests.support import application
from tests.support.cast import Cast, comment, count, make_cast, open_consultation, vote
from tests.support.installations import Installation

on_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


@pytest.fixture
def app(installation: Installation, tmp_path: Path) -> Iterator[Flask]:
    """An application with an instance folder, and so a queue, of this test's own."""
    made = application.make_application(installation.database.url, tmp_path)
    with made.app_context():
        yield made
    application.let_go(made)


@pytest.fixture
def people(app: Flask) -> Cast:
    return make_cast(app)


def hints(app: Flask) -> int:
    """How many jobs wait in the queue."""
    settings: Settings = app.extensions["consult_settings"]
    file = settings.instance / FILE
    if not file.exists():
        return 0
    with closing(sqlite3.connect(file)) as queue:
        return int(queue.execute("SELECT count(*) FROM task").fetchone()[0])


def test_a_transaction_with_messages_gives_one_hint_when_it_is_committed(app: Flask, people: Cast) -> None:
    with transaction():
        for _ in range(3):
            outbox.enqueue(Kind.PASSWORD_CHANGED, people.dauren.id, {})
        assert hints(app) == 0
    assert hints(app) == 1


def test_a_rolled_back_deed_gives_none_nor_does_the_next_without_messages(app: Flask, people: Cast) -> None:
    class Stop(Exception):  # noqa: N818
        pass

    def stopped_deed() -> None:
        with transaction():
            outbox.enqueue(Kind.PASSWORD_CHANGED, people.dauren.id, {})
            raise Stop

    with pytest.raises(Stop):
        stopped_deed()
    with transaction():
        pass
    assert (hints(app), count(OutboxMessage)) == (0, 0)


def test_a_vote_gives_no_hint(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    before = hints(app)
    vote(app, people.dauren, built, key)
    assert hints(app) == before


def test_the_hint_is_a_job_that_the_worker_knows_and_nobody_else_can_write(app: Flask, people: Cast) -> None:
    with transaction():
        outbox.enqueue(Kind.PASSWORD_CHANGED, people.dauren.id, {})
    jobs = jobs_of(app, timeout_seconds=1)
    task = jobs.queue.dequeue()
    assert task.name == "deliver"
    jobs.queue.storage.enqueue(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(ValueError, match="Separator"):
        jobs.queue.dequeue()


@on_sqlite
def test_a_locked_queue_fails_no_deed_and_costs_it_little(app: Flask, people: Cast) -> None:
    with transaction():
        outbox.enqueue(Kind.PASSWORD_CHANGED, people.dauren.id, {})
    settings: Settings = app.extensions["consult_settings"]
    with closing(sqlite3.connect(settings.instance / FILE, isolation_level=None)) as rival:
        rival.execute("BEGIN EXCLUSIVE")
        for _ in range(20):
            with transaction():
                outbox.enqueue(Kind.PASSWORD_CHANGED, people.dauren.id, {})
    assert count(OutboxMessage) == 21
    assert hints(app) == 1


@on_sqlite
def test_redis_that_is_away_fails_no_deed(installation: Installation, tmp_path: Path) -> None:
    made = application.make_application(
        installation.database.url, tmp_path, redis_url="redis://127.0.0.1:1/0"
    )
    people = make_cast(made)
    with made.app_context():
        for _ in range(20):
            with transaction():
                outbox.enqueue(Kind.PASSWORD_CHANGED, people.dauren.id, {})
        assert count(OutboxMessage) == 20
    application.let_go(made)


def test_after_a_hint_that_failed_there_is_silence_for_a_while() -> None:
    tried = []

    def away() -> object:
        tried.append(time.monotonic())
        raise ConnectionError

    given = Hints(lambda: away)
    for _ in range(100):
        given.give()
    assert len(tried) == 1


def test_an_application_without_jobs_still_keeps_its_messages(app: Flask, people: Cast) -> None:
    del app.extensions["consult_hints"]
    with transaction():
        outbox.enqueue(Kind.PASSWORD_CHANGED, people.dauren.id, {})
    assert count(OutboxMessage) == 1
