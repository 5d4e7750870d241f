"""Inserting many rows without an object each, part by part, in the running transaction."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import sqlalchemy as sa

from consult.models.base import Base, db

AT_ONCE = 10_000


def _tell_nobody(_done: int) -> None:
    return


def insert_rows(
    table: type[Base], rows: Iterable[dict[str, Any]], tell: Callable[[int], None] = _tell_nobody
) -> int:
    """Insert rows given by column name, and tell after each part how many are in; answers how many."""
    waiting, done = iter(rows), 0
    while part := list(islice(waiting, AT_ONCE)):
        db.session.connection().execute(sa.insert(table), part)
        done += len(part)
        tell(done)
    return done
