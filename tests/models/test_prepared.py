"""Statements that go to the driver as text: committed by themselves, sent again after a lost connection."""

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
