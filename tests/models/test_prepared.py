"""Statements that go to the driver as text: committed by themselves, sent again after a lost connection."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.models.base import SequenceValue, db
from consult.models.prepared import Prepared

BACKEND = Prepared(lambda _dialect: sa.select(sa.func.pg_backend_pid()))
KEPT = Prepared(
    lambda _dialect: (
        sa.insert(SequenceValue)
        .values(name=sa.bindparam("named"), last_value=7)
        .returning(SequenceValue.last_value)
    )
)


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_closed_is_noticed_and_the_statement_sent_again(app: Flask) -> None:
    with app.app_context():
        ((pid,),) = BACKEND.run()
        assert BACKEND.run() == [(pid,)], "the connection is used again"
        assert db.session.scalar(sa.select(sa.func.pg_terminate_backend(pid, 5_000)))
        ((after,),) = BACKEND.run()
        assert after != pid


def test_what_was_written_is_kept_whatever_becomes_of_the_session(app: Flask) -> None:
    with app.app_context():
        db.session.execute(sa.select(SequenceValue))
        db.session.rollback()
        assert KEPT.run(named="tried") == [(7,)]
        db.session.rollback()
        assert db.session.scalar(sa.select(SequenceValue.last_value).filter_by(name="tried")) == 7


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_is_opened_with_the_promises_of_the_engine_and_let_go_of_with_it(app: Flask) -> None:
    asked = (("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000), ("secure_delete", 1))
    with app.app_context():
        for name, wanted in asked:
            assert _pragma(name).run() == [(wanted,)], name
        file = str(Path(db.engine.url.database or "").resolve())
        db.session.remove()
        KEPT.run(named="tried")
        assert file in _open_files()
        db.engine.dispose()
        assert file not in _open_files()


def test_a_connection_on_which_a_statement_failed_is_not_used_again(app: Flask) -> None:
    with app.app_context():
        KEPT.run(named="twice")
        with pytest.raises(Exception, match=r"(?i)unique"):
            KEPT.run(named="twice")
        assert KEPT.run(named="once") == [(7,)]


def test_threads_that_ask_at_once_have_connections_of_their_own(app: Flask) -> None:
    def draw(number: int) -> list[tuple[int, ...]]:
        with app.app_context():
            return KEPT.run(named=f"thread-{number}")

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(draw, range(100))) == [[(7,)]] * 100
    with app.app_context():
        named = sa.select(sa.func.count()).where(SequenceValue.name.startswith("thread-"))
        assert db.session.scalar(named) == 100


def _pragma(name: str) -> Prepared:
    return Prepared(lambda _dialect: sa.text(f"PRAGMA {name}"))


def _open_files() -> set[str]:
    return {str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()}


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_its_connections_go_with_those_of_the_engine(app: Flask) -> None:
    with app.app_context():
        ((pid,),) = BACKEND.run()
        db.session.remove()
        db.engine.dispose()
        is_there = sa.text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid AND state = 'idle'")
        for _ in range(100):
            if not db.session.scalar(is_there, {"pid": pid}):
                break
            db.session.execute(sa.text("SELECT pg_sleep(0.05)"))
        assert db.session.scalar(is_there, {"pid": pid}) == 0
