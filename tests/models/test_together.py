"""Writes that share a transaction: each fares as if it were alone, and what is acknowledged is kept."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from consult.models.together import Rows, Together

INSERT = "INSERT INTO drawn (number, words) VALUES (?, ?) RETURNING number"
PATIENCE_SECONDS = 30.0


class Database:
    """A file with one table; `said` is what its connections were told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: list[str] = []
        self.pragma = "busy_timeout=10000"
        with closing(self.connect()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE drawn (number INTEGER PRIMARY KEY, words TEXT NOT NULL)")
        self.said.clear()

    def connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA {self.pragma}")
        connection.set_trace_callback(self.said.append)
        return connection

    def kept(self) -> list[int]:
        with closing(sqlite3.connect(self.path)) as reader:
            return [number for (number,) in reader.execute("SELECT number FROM drawn ORDER BY number")]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "drawn.sqlite")


@pytest.fixture
def together(database: Database) -> Iterator[Together]:
    writes = Together(database.connect)
    yield writes
    writes.close()


def sent_at_once(database: Database, together: Together, rows: list[tuple[int, str]]) -> list[Future[Rows]]:
    """Send all while another process writes, so that all but the first wait for the same turn."""
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        threads = ThreadPoolExecutor(len(rows))
        answers = [threads.submit(together.run, INSERT, rows[0])]
        wait_until(lambda: not together._waiting and together._turn.locked())
        answers += [threads.submit(together.run, INSERT, row) for row in rows[1:]]
        wait_until(lambda: len(together._waiting) == len(rows) - 1)
        other.execute("COMMIT")
    threads.shutdown()
    return answers


def wait_until(holds: object) -> None:
    assert callable(holds)
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_who_waits_for_the_same_turn_shares_one_transaction(database: Database, together: Together) -> None:
    answers = sent_at_once(database, together, [(number, "words") for number in range(9)])
    assert [answer.result() for answer in answers] == [[(number,)] for number in range(9)]
    assert database.kept() == list(range(9))
    assert [words for words in database.said if words in {"BEGIN IMMEDIATE", "COMMIT"}] == [
        "BEGIN IMMEDIATE", "COMMIT",
    ]  # fmt: skip


def test_who_comes_alone_needs_no_transaction_of_several(database: Database, together: Together) -> None:
    assert together.run(INSERT, (1, "words")) == [(1,)]
    assert not {"BEGIN IMMEDIATE", "COMMIT"} & set(database.said)


def test_a_statement_that_fails_takes_no_other_along(database: Database, together: Together) -> None:
    rows = [(1, "first"), (2, "second"), (1, "taken already"), (3, "third")]
    first, second, failed, third = sent_at_once(database, together, rows)
    assert [answer.result() for answer in (first, second, third)] == [[(1,)], [(2,)], [(3,)]]
    with pytest.raises(sqlite3.IntegrityError, match=r"drawn\.number"):
        failed.result()
    assert database.kept() == [1, 2, 3]


def test_a_value_that_the_driver_does_not_take_is_its_senders_error_alone(
    database: Database, together: Together
) -> None:
    rows = [(1, "first"), (2, "second"), (2**64, "too large"), (3, "\ud800"), (4, "fourth")]
    first, second, large, half, fourth = sent_at_once(database, together, rows)
    assert [answer.result() for answer in (first, second, fourth)] == [[(1,)], [(2,)], [(4,)]]
    assert isinstance(large.exception(), OverflowError)
    assert isinstance(half.exception(), UnicodeError)
    assert database.kept() == [1, 2, 4]


def test_when_the_disk_is_full_nobody_is_told_that_something_was_kept(
    database: Database, together: Together
) -> None:
    database.pragma = "max_page_count=8"
    answers = sent_at_once(database, together, [(number, "w" * 9_000) for number in range(6)])
    acknowledged = [number for number, answer in enumerate(answers) if answer.exception() is None]
    assert len(acknowledged) < len(answers)
    assert all(
        isinstance(answer.exception(), sqlite3.OperationalError)
        for number, answer in enumerate(answers)
        if number not in acknowledged
    )
    assert database.kept() == acknowledged
    database.pragma = "busy_timeout=10000"
    together.close()
    assert together.run(INSERT, (99, "room again")) == [(99,)]


def test_a_database_that_stays_busy_refuses_everybody_who_waits(
    database: Database, together: Together
) -> None:
    database.pragma = "busy_timeout=200"
    with (
        closing(sqlite3.connect(database.path, isolation_level=None)) as other,
        ThreadPoolExecutor(5) as all5,
    ):
        other.execute("BEGIN IMMEDIATE")
        answers = [all5.submit(together.run, INSERT, (number, "words")) for number in range(5)]
        errors = [answer.exception(PATIENCE_SECONDS) for answer in answers]
    assert all(isinstance(error, sqlite3.OperationalError) for error in errors)
    assert len(set(map(id, errors))) == len(errors), "each has an error of its own"
    assert database.kept() == []
    assert together.run(INSERT, (7, "later")) == [(7,)]


def test_a_crowd_is_kept_to_the_last(database: Database, together: Together) -> None:
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda number: together.run(INSERT, (number, "words")), range(800)))
    assert answers == [[(number,)] for number in range(800)]
    assert database.kept() == list(range(800))
