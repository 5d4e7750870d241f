"""Copies of the database: made while people write, put back whole, and never from what is none."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from consult.adapters import backups
from consult.domain.errors import Reason
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.people import Person
from tests.support import application, cast
from tests.support.cast import Built, Cast, count, refusal, within


@pytest.fixture
def url(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"])


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast.make_cast(app)


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return cast.open_consultation(app)


def bodies(app: Flask) -> list[str]:
    with within(app):
        db.session.rollback()
        return list(db.session.scalars(db.select(Comment.body).order_by(Comment.id)))


def test_what_came_after_the_copy_is_gone_after_putting_it_back(
    app: Flask, url: str, people: Cast, built: Built, tmp_path: Path
) -> None:
    cast.comment(app, people.aigerim, built, "Before.")
    size = backups.back_up(url, tmp_path / "copy")
    assert size == (tmp_path / "copy").stat().st_size
    cast.comment(app, people.aigerim, built, "After.")
    application.let_go(app)
    backups.put_back(url, tmp_path / "copy")
    assert bodies(app) == ["Before."]
    cast.comment(app, people.dauren, built, "Later.")
    assert bodies(app) == ["Before.", "Later."]
    with within(app):
        assert count(Person) == 6


def test_a_copy_made_while_people_write_holds_all_that_was_acknowledged_before_it_began(
    app: Flask, url: str, people: Cast, built: Built, tmp_path: Path
) -> None:
    stop = threading.Event()
    acknowledged: list[int] = []

    def write() -> None:
        while not stop.is_set():
            acknowledged.append(cast.comment(app, people.aigerim, built, f"Number {len(acknowledged)}."))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(acknowledged) < 5:
            stop.wait(0.01)
        before = len(acknowledged)
        backups.back_up(url, tmp_path / "copy")
        while len(acknowledged) < before + 5:
            stop.wait(0.01)
    finally:
        stop.set()
        writer.join()
    application.let_go(app)
    backups.put_back(url, tmp_path / "copy")
    kept = bodies(app)
    assert kept == [f"Number {number}." for number in range(len(kept))]
    assert before <= len(kept) < len(acknowledged)


def test_a_copy_replaces_no_file(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("mine")
    assert refusal(lambda: backups.back_up(url, tmp_path / "copy")) is Reason.BACKUP_EXISTS
    assert (tmp_path / "copy").read_text() == "mine"
    assert refusal(lambda: backups.back_up(url, tmp_path / "no" / "copy")) is Reason.FOLDER_NOT_WRITABLE


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"SQLite format 3\0", b"a letter to the mayor"])
def test_what_is_no_copy_changes_nothing(
    app: Flask, url: str, people: Cast, built: Built, tmp_path: Path, content: bytes
) -> None:
    cast.comment(app, people.aigerim, built, "Mine.")
    application.let_go(app)
    (tmp_path / "copy").write_bytes(content)
    reason = refusal(lambda: backups.put_back(url, tmp_path / "copy"))
    assert reason in {Reason.BACKUP_UNREADABLE, Reason.BACKUP_FAILED}
    assert bodies(app) == ["Mine."]
    assert refusal(lambda: backups.put_back(url, tmp_path / "none")) is Reason.DOCUMENT_MISSING


def test_another_programs_database_is_refused(app: Flask, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.commit()
    refused = refusal(lambda: backups.put_back(f"sqlite:///{tmp_path / 'mine.sqlite'}", other))
    assert refused is Reason.BACKUP_UNREADABLE
    assert not (tmp_path / "mine.sqlite").exists()
