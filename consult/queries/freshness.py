"""Whether what was read for everybody may be shown again: until anything public changes, two seconds at most.

Each commit of an engine that others may see moves its mark. The mark lies in a file that all processes of a
node map into memory, so looking at it costs nothing and a change is seen by the next request. Other nodes
wait for the two seconds. See docs/adr/0012.
"""

import mmap
import os
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session, SessionTransaction

from consult.models.base import PRIVATE, db

P = ParamSpec("P")
R = TypeVar("R")

KEPT_SECONDS = 2.0
"""How long another node may go on showing what was changed here."""
FILE = "freshness"
MARK_OCTETS = 16
MOST_READINGS = 2_000
"""Beyond them the oldest is forgotten: what is asked for now comes back at once."""
GLANCE = "consult_glance"


@dataclass(frozen=True)
class Glance:
    """A look at mark and clock, taken before reading: what is read later is kept as read then."""

    mark: bytes
    at: float


class Freshness:
    """The mark of one database, and what was read under it."""

    def __init__(self) -> None:
        self._mark: mmap.mmap | bytearray = bytearray(MARK_OCTETS)
        self._readings: OrderedDict[Hashable, tuple[bytes, float, Any]] = OrderedDict()
        self._lock = Lock()

    def share(self, folder: Path) -> None:
        """Use the mark that all processes of this node see; an own one where the folder takes no file."""
        try:
            descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return
        try:
            os.ftruncate(descriptor, MARK_OCTETS)
            self._mark = mmap.mmap(descriptor, MARK_OCTETS)
        finally:
            os.close(descriptor)

    @property
    def mark(self) -> bytes:
        """To be looked at before reading: what is read later is kept under it."""
        return bytes(self._mark[:])

    def change(self) -> None:
        """Something that everybody may see is different from now on."""
        self._mark[:] = secrets.token_bytes(MARK_OCTETS)
        with self._lock:
            self._readings.clear()

    def glance(self) -> Glance:
        """To be taken before reading what `keep` will keep."""
        return Glance(self.mark, monotonic())

    def found(self, key: Hashable) -> Any:
        """What is kept under this key and is fresh; None where nothing is."""
        found = self._readings.get(key)
        if found is not None and found[0] == self.mark and monotonic() < found[1]:
            return found[2]
        return None

    def keep(self, key: Hashable, value: object, glance: Glance) -> None:
        """Keep what was read since a glance, as long as it is fresh; what is not goes, with its memory."""
        with self._lock:
            self._readings.pop(key, None)
            self._readings[key] = (glance.mark, glance.at + KEPT_SECONDS, value)
            now = monotonic()
            while len(self._readings) > MOST_READINGS or next(iter(self._readings.values()), _NEVER)[1] < now:
                self._readings.popitem(last=False)

    def read(self, key: Hashable, ask: Callable[[], R], since: Glance | None = None) -> R:
        """What was read under this key and is fresh, else what `ask` reads now.

        `since`: the glance from before anything was read that `ask` makes something of; None takes one now.
        """
        since = since or self.glance()
        found = self._readings.get(key)
        if found is not None and found[0] == self.mark and monotonic() < found[1]:
            return cast("R", found[2])
        value = ask()
        self.keep(key, value, since)
        return value


_NEVER = (b"", float("inf"), None)
_of_engines: WeakKeyDictionary[Engine, Freshness] = WeakKeyDictionary()


def freshness() -> Freshness:
    """The freshness of the running application's database."""
    return _of(db.engine)


def _of(engine: Engine) -> Freshness:
    found = _of_engines.get(engine)
    return _of_engines.setdefault(engine, Freshness()) if found is None else found


def read_once(key: Hashable, ask: Callable[[], R]) -> R:
    """What was read under this key and is fresh, else what `ask` reads or makes now.

    It is kept as of the session's first look at anything: what was read since then may be as old as that.
    """
    fresh = freshness()
    since: Glance = db.session.info.setdefault(GLANCE, fresh.glance())
    return fresh.read(key, ask, since)


def end_reading() -> None:
    """End this context's session where one was begun; a transaction left open keeps SQLite's log growing."""
    if db.session.registry.has():
        db.session.remove()


def kept(ask: Callable[P, R]) -> Callable[P, R]:
    """A question whose answer is alike for every reader, and which therefore is not asked anew each time."""

    @wraps(ask)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        return read_once(_key(ask, args, kwargs), lambda: ask(*args, **kwargs))

    return answer


def _key(ask: object, args: Hashable, kwargs: Mapping[str, object]) -> Hashable:
    return (ask, args, tuple(sorted(kwargs.items())))


def glimpse(question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
    """What is kept as the answer to a `kept` question and is fresh; None where nothing is.

    No session begins for it, so that it costs little. Only for those who make nothing of it that is kept: it
    does not count as the session's first look.
    """
    ask: Any = question.__wrapped__  # type: ignore[attr-defined]
    return cast("R | None", freshness().found(_key(ask, args, kwargs)))


@event.listens_for(Session, "after_begin")
def _look_first(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """A transaction on SQLite reads to its end what was there at its first look, whatever changes."""
    session.info.setdefault(GLANCE, _of(connection.engine).glance())


@event.listens_for(Session, "after_transaction_end")
def _look_anew(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(GLANCE, None)


@event.listens_for(Session, "after_commit")
def _changed_by_deed(session: Session) -> None:
    """A deed is done: what guests read from now on is read anew."""
    if not session.info.pop(PRIVATE, False):
        _of(cast("Engine", session.get_bind())).change()


@event.listens_for(Engine, "commit")
def _changed_beside_the_deeds(connection: Connection) -> None:
    """Also what is committed without a session, such as a migration; deeds come a second time, once done."""
    if not connection.get_execution_options().get(PRIVATE, False):
        _of(connection.engine).change()
