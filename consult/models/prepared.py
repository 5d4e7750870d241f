"""Statements that are built once and go to the driver as text, each a transaction by itself.

Building one costs several times what running it costs; where it is asked in every request, that shows. What
is read comes as the driver gives it: numbers and texts, no enums and no times.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import OperationalError

from consult.models.base import db

CONNECTION_LOST = ("08", "57P")
"""What SQLSTATE begins with when the server has closed a connection; so it does where there is none."""
_lean: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
"""To each engine of a server, one whose connections commit by themselves and are not asked whether they live.

Asking, beginning and ending would triple the journeys to the server; a connection that was lost is noticed
when it is used.
"""


@dataclass(frozen=True)
class _Text:
    """A statement as the driver takes it; `fixed` are the values that are the same in every run.

    `order` is that of the values where the driver counts them, None where it names them.
    """

    words: str
    fixed: Mapping[str, Any]
    order: tuple[str, ...] | None


class Prepared:
    """A statement of a kind of database, whose values are bound by name; `build` makes it when needed."""

    def __init__(self, build: Callable[[Dialect], sa.Executable]) -> None:
        self._build = build
        self._texts: WeakKeyDictionary[Dialect, _Text] = WeakKeyDictionary()

    def run(self, **given: Any) -> list[tuple[Any, ...]]:
        """All rows, once what was written is durable.

        Only for what may be repeated: where the server has closed the connection it is sent once more.

        Raises:
            OperationalError: the database is away or too busy.
        """
        text = self._text(db.engine.dialect)
        named = {**text.fixed, **given}
        values = named if text.order is None else [named[name] for name in text.order]
        try:
            return _run(text.words, values)
        except psycopg.OperationalError as error:
            if error.sqlstate is not None and not error.sqlstate.startswith(CONNECTION_LOST):
                raise OperationalError(text.words, None, error) from error
            _lean_engine(db.engine).dispose()  # the others were lost with it
        except sqlite3.OperationalError as error:
            raise OperationalError(text.words, None, error) from error
        try:
            return _run(text.words, values)
        except psycopg.OperationalError as error:
            raise OperationalError(text.words, None, error) from error

    def _text(self, dialect: Dialect) -> _Text:
        found = self._texts.get(dialect)
        if found is None:
            found = self._texts[dialect] = _compiled(self._build(dialect), dialect)
        return found


def _compiled(statement: Any, dialect: Dialect) -> _Text:
    compiled = statement.compile(dialect=dialect)
    fixed = {}
    for name, bind in compiled.binds.items():
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if not bind.required:
            fixed[name] = process(bind.value) if process else bind.value
    return _Text(str(compiled), fixed, tuple(compiled.positiontup) if compiled.positional else None)


def _run(words: str, values: Any) -> list[tuple[Any, ...]]:
    pooled = (db.engine if db.engine.dialect.name == "sqlite" else _lean_engine(db.engine)).raw_connection()
    connection: Any = pooled.driver_connection
    try:
        if isinstance(connection, sqlite3.Connection):
            return connection.execute(words, values).fetchall()
        rows: list[tuple[Any, ...]] = connection.execute(words, values, prepare=True).fetchall()
    except BaseException:
        pooled.invalidate()
        raise
    finally:
        pooled.close()
    return rows


def _lean_engine(engine: Engine) -> Engine:
    found = _lean.get(engine)
    if found is None:
        found = _lean.setdefault(engine, _lean_beside(engine))
    return found


def _lean_beside(engine: Engine) -> Engine:
    """Goes when its engine goes."""
    lean = sa.create_engine(
        engine.url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, hide_parameters=True
    )

    @event.listens_for(engine, "engine_disposed")
    def _dispose(_engine: Engine) -> None:
        lean.dispose()

    return lean
