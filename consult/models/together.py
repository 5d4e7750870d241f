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
    """A statement, and what became of it once its bell rings without the turn.

    Each has a bell of its own: a lock that all wait for is fought for by all each time it is let go.
    """

    __slots__ = ("bell", "error", "has_turn", "rows", "values", "words")

    def __init__(self, words: str, values: Any) -> None:
        self.words = words
        self.values = values
        self.rows: Rows = []
        self.error: BaseException | None = None
        self.has_turn = False
        self.bell = Lock()
        self.bell.acquire()

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
        if self._turn.acquire(blocking=False):
            self._write_all()
        else:
            self._wait(mine)
        if mine.error is not None:
            raise mine.error
        return mine.rows

    def close(self) -> None:
        """Let go of the connection; the next write opens another."""
        with self._turn:
            self._let_go()
        self._wake_the_next()

    def _wait(self, mine: _Waiting) -> None:
        try:
            mine.bell.acquire()
        except BaseException:  # an interrupt, which only the main thread ever hears: the others need its turn
            mine.bell.acquire()
            if mine.has_turn:
                self._write_all()
            raise
        if mine.has_turn:
            self._write_all()

    def _write_all(self) -> None:
        """Write for all who wait, with the turn; whoever comes later gets the next one."""
        group = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            if group:  # else whoever had the turn before has written ours too
                self._write(group)
        except BaseException as error:
            self._let_go()
            for each in group:
                each.error = each.error or _alike(error)
            if not isinstance(error, Exception):
                raise
        finally:
            self._hand_over()
            for each in group:
                each.bell.release()

    def _hand_over(self) -> None:
        """Give the turn to the first who waits; let it go where nobody does."""
        if self._waiting:
            heir = self._waiting[0]
            heir.has_turn = True
            heir.bell.release()
        else:
            self._turn.release()
            self._wake_the_next()

    def _wake_the_next(self) -> None:
        """Somebody may have begun to wait in the moment before the turn was let go."""
        if self._waiting and self._turn.acquire(blocking=False):
            self._hand_over()

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
