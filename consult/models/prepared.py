"""Statements that are built once and go to the driver as text, each a transaction by itself.

Building one costs several times what running it costs; where it is asked in every request, that shows. What
is read comes as the driver gives it: numbers and texts, no enums and no times.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool, PoolProxiedConnection

from consult.models.base import db
from consult.models.together import Together

CONNECTION_LOST = ("08", "57P")
"""What SQLSTATE begins with when the server has closed a connection; so it does where there is none."""


@dataclass(frozen=True)
class _Text:
    """A statement as the driver takes it; `fixed` are the values that are the same in every run.

    `order` is that of the values where the driver counts them, None where it names them.
    """

    words: str
    fixed: Mapping[str, Any]
    order: tuple[str, ...] | None


class Prepared:
    """A statement of a kind of database, whose values are bound by name; `build` makes it when needed.

    Those that write say so: on SQLite they go `Together`.
    """

    def __init__(self, build: Callable[[Dialect], sa.Executable], *, writes: bool = False) -> None:
        self._build = build
        self._writes = writes
        self._on_engines: WeakKeyDictionary[Engine, tuple[_Text, _Connections]] = WeakKeyDictionary()

    def run(self, **given: Any) -> list[tuple[Any, ...]]:
        """All rows, once what was written is durable.

        Only for what may be repeated: where the server has closed the connection it is sent once more.

        Raises:
            OperationalError: the database is away or too busy.
        """
        engine = db.engine
        text, connections = self._on_engines.get(engine) or self._on(engine)
        named = {**text.fixed, **given}
        values = named if text.order is None else [named[name] for name in text.order]
        try:
            if self._writes and connections.together is not None:
                return connections.together.run(text.words, values)
            return connections.run(text.words, values)
        except psycopg.OperationalError as error:
            if error.sqlstate is not None and not error.sqlstate.startswith(CONNECTION_LOST):
                raise OperationalError(text.words, None, error) from error
            connections.close()  # the others were lost with it
        except sqlite3.OperationalError as error:
            raise OperationalError(text.words, None, error) from error
        try:
            return connections.run(text.words, values)
        except psycopg.OperationalError as error:
            raise OperationalError(text.words, None, error) from error

    def _on(self, engine: Engine) -> "tuple[_Text, _Connections]":
        text = _compiled(self._build(engine.dialect), engine.dialect)
        found = self._on_engines[engine] = text, _connections_of(engine)
        return found


def _compiled(statement: Any, dialect: Dialect) -> _Text:
    compiled = statement.compile(dialect=dialect)
    fixed = {}
    for name, bind in compiled.binds.items():
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if not bind.required:
            fixed[name] = process(bind.value) if process else bind.value
    return _Text(str(compiled), fixed, tuple(compiled.positiontup) if compiled.positional else None)


class _Connections:
    """Connections that commit by themselves and are not asked whether they live, the one used last first.

    Asking, beginning and ending would triple the journeys to a server; a connection that was lost is noticed
    when it is used. There are never more than threads that ask.
    """

    def __init__(self, engine: Engine) -> None:
        self._opening = sa.create_engine(
            engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
        )
        self._free: list[PoolProxiedConnection] = []
        self.together = Together(self._open_sqlite) if engine.dialect.name == "sqlite" else None

    def _open_sqlite(self) -> sqlite3.Connection:
        opened = self._opening.raw_connection()
        connection: Any = opened.driver_connection
        opened.detach()
        return cast("sqlite3.Connection", connection)

    def run(self, words: str, values: Any) -> list[tuple[Any, ...]]:
        """The rows of one statement; a connection on which it failed is not used again."""
        free = self._free
        try:
            opened = free.pop()
        except IndexError:
            opened = self._opening.raw_connection()
        connection: Any = opened.driver_connection
        try:
            if isinstance(connection, sqlite3.Connection):
                rows: list[tuple[Any, ...]] = connection.execute(words, values).fetchall()
            else:
                rows = connection.execute(words, values, prepare=True).fetchall()
        except BaseException:
            opened.close()
            raise
        free.append(opened)
        return rows

    def close(self) -> None:
        """Those in use go when they are given back: nothing takes from the list that they go to."""
        if self.together is not None:
            self.together.close()
        free, self._free = self._free, []
        while free:
            with suppress(IndexError):
                free.pop().close()


_of_engines: WeakKeyDictionary[Engine, _Connections] = WeakKeyDictionary()


def _connections_of(engine: Engine) -> _Connections:
    """They go when their engine goes."""
    found = _of_engines.get(engine)
    if found is None:
        found = _of_engines.setdefault(engine, _Connections(engine))

        @event.listens_for(engine, "engine_disposed")
        def _close(disposed: Engine) -> None:
            _of_engines[disposed].close()

    return found
