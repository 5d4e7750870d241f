"""Writes to SQLite that come at once share one transaction, and with it one wait for the disk.

SQLite has one writer at a time, and every transaction ends with a wait until the disk holds it; when many
people vote, these waits are most of what a vote costs. Whoever gets the turn therefore takes along all who
wait. For each of them nothing is different: a statement succeeds or fails by itself, and its sender hears of
it when it is durable. PostgreSQL does the same by itself.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

Rows = list[tuple[Any, ...]]


class _Waiting:
    """A statement, and what became of it once `is_done`."""

    __slots__ = ("error", "is_done", "rows", "values", "words")

    def __init__(self, words: str, values: Any) -> None:
        self.words = words
        self.values = values
        self.rows: Rows = []
        self.error: BaseException | None = None
        self.is_done = False

    def run(self, connection: sqlite3.Connection) -> None:
        self.rows = connection.execute(self.words, self.values).fetchall()


class Together:
    """The writes of one process to one SQLite database; `connect` gives a connection that commits by itself.

    The connection must be one that several threads may use in turn.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._waiting: deque[_Waiting] = deque()
        self._turn = Lock()

    def run(self, words: str, values: Any) -> Rows:
        """All rows that the statement gives, once what it wrote is durable.

        Raises:
            sqlite3.Error, OverflowError, UnicodeError: nothing of the statement was kept.
        """
        mine = _Waiting(words, values)
        self._waiting.append(mine)
        with self._turn:
            if not mine.is_done:
                self._write_all()
        if mine.error is not None:
            raise mine.error
        return mine.rows

    def close(self) -> None:
        """Let go of the connection; the next write opens another."""
        with self._turn:
            self._let_go()

    def _write_all(self) -> None:
        """Write for all who wait; whoever comes later gets the next turn."""
        group = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            self._write(group)
        except BaseException as error:
            self._let_go()
            for each in group:
                each.error = each.error or _alike(error)
            if not isinstance(error, Exception):
                raise
        finally:
            for each in group:
                each.is_done = True

    def _write(self, group: Sequence[_Waiting]) -> None:
        if self._connection is None:
            self._connection = self._connect()
        connection = self._connection
        if len(group) == 1:
            group[0].run(connection)
            return
        connection.execute("BEGIN IMMEDIATE")
        for each in group:
            try:
                each.run(connection)
            except Exception as error:  # also values that the driver does not take
                if not connection.in_transaction:  # such as a full disk, which ends the whole transaction
                    raise
                each.error = error
        connection.execute("COMMIT")

    def _let_go(self) -> None:
        """Closing rolls back what is not committed."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def _alike(error: BaseException) -> BaseException:
    """An error of their own for each who waits; one alone would gather the frames of several threads."""
    if not isinstance(error, Exception):
        return sqlite3.OperationalError("whoever wrote for several was interrupted")
    own = type(error)(*error.args)
    own.__cause__ = error
    return own
