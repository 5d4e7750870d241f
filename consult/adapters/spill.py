"""Sorting more rows than memory should hold: sorted runs in temporary files, merged while reading."""

import heapq
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import IO, Any, TypeVar

T = TypeVar("T")
AT_ONCE = 20_000


def in_order(rows: Iterable[T], key: Callable[[T], Any], *, at_once: int = AT_ONCE) -> Iterator[T]:
    """The rows sorted by a key, at most `at_once` of them in memory; few rows never touch the disk."""
    source = iter(rows)
    first = sorted(islice(source, at_once), key=key)
    if len(first) < at_once:
        yield from first
        return
    with ExitStack() as files:
        runs = [_spilled(first, files)]
        del first
        while batch := sorted(islice(source, at_once), key=key):
            runs.append(_spilled(batch, files))
        yield from heapq.merge(*map(_read, runs), key=key)


def _spilled(rows: list[T], files: ExitStack) -> IO[bytes]:
    file = files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    for row in rows:
        pickle.dump(row, file)
    file.seek(0)
    return file


def _read(file: IO[bytes]) -> Iterator[Any]:
    while True:
        try:
            yield pickle.load(file)  # noqa: S301 - our own nameless file, a moment old
        except EOFError:
            return
