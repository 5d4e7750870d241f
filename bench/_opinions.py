"""Made-up votes with groups in them, and a database full of them."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from bench import _content as content
from consult.domain.languages import Language
from consult.domain.mail import Frequency
from consult.domain.people import Role, Verification
from consult.models.base import db, transaction
from consult.models.consultations import Consultation
from consult.models.votes import CommentVote

GROUPS = 3
TOGETHER = 1_000
"""People who vote at the same time, each in turn, so that their votes lie among each other in the table."""
SLUG = "large"
FILE = "consult.sqlite"
KIBIBYTES = 262_144
"""Of pages that are held in memory while the database is built."""


def planted(people: int, statements: int, each: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int8]]:
    """Three groups, each agreeing with statements of its own; everybody votes on some, by chance.

    Statements from 0 and choices, a row a person and a column for each vote.
    """
    chance = np.random.default_rng(5)
    group = chance.integers(GROUPS, size=people, dtype=np.int32)
    lean = chance.uniform(-0.8, 0.8, (GROUPS, statements)).astype(np.float32)
    strides = np.array([step for step in range(1, statements) if np.gcd(step, statements) == 1], np.int32)
    start, stride = chance.integers(statements, size=people, dtype=np.int32), chance.choice(strides, people)
    columns, choices = np.empty((people, each), np.int32), np.empty((people, each), np.int8)
    for place in range(each):
        column = (start + place * stride) % statements
        mood = chance.uniform(-1, 1, people).astype(np.float32) - lean[group, column]
        columns[:, place], choices[:, place] = column, np.where(np.abs(mood) < 0.1, 0, -np.sign(mood))
    return columns, choices


def write_database(instance: Path, people: int, statements: int, each: int) -> None:
    """An installation on SQLite with one closed consultation, its published comments, and planted votes.

    The schema is that of the migrations. Two indexes are made again after the rows are in, and nothing is
    flushed meanwhile: whoever reads the file finds it as deeds would have left it, in the order of voting.
    """
    now = datetime.now(UTC)
    with content.installation(instance):
        content.add_authors()
        filled = content.add_consultation(SLUG, statements)
        with transaction():
            db.session.execute(sa.delete(CommentVote))
            times = {"opens_at": now - timedelta(days=60), "closes_at": now - timedelta(days=1)}
            db.session.execute(sa.update(Consultation).values(**times))
        first_person = max(content.author_ids()) + 1
    connection = sqlite3.connect(instance / FILE, isolation_level=None)
    try:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", f"cache_size=-{KIBIBYTES}"):
            connection.execute(f"PRAGMA {pragma}")
        _add_people(connection, first_person, people, now)
        columns, choices = planted(people, statements, each)
        _add_votes(connection, filled, first_person, columns, choices)
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _add_people(connection: sqlite3.Connection, first: int, count: int, now: datetime) -> None:
    """Citizens with consecutive ids, who cannot sign in."""
    kept = {
        "role": Role.CITIZEN.value, "language": Language.KK.value, "password_hash": "!", "is_active": 1,
        "created_at": _instant(now), "verification": Verification.EMAIL.value,
        "email_frequency": Frequency.DIGEST.value,
    }  # fmt: skip
    names, marks = ", ".join(kept), ", ".join("?" * len(kept))
    statement = f"INSERT INTO person (id, email, name, {names}) VALUES (?, ?, ?, {marks})"  # noqa: S608 - own words
    values = tuple(kept.values())
    connection.execute("BEGIN")
    connection.executemany(
        statement,
        ((key, f"{key}@example.kz", f"Дауыс беруші {key}", *values) for key in range(first, first + count)),
    )
    connection.execute("COMMIT")


def _add_votes(
    connection: sqlite3.Connection,
    filled: content.Filled,
    first_person: int,
    columns: npt.NDArray[np.int32],
    choices: npt.NDArray[np.int8],
) -> None:
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master"
        " WHERE type = 'index' AND tbl_name = 'comment_vote' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    connection.execute("BEGIN")
    for rows in _rows(filled, first_person, columns, choices):
        connection.executemany(
            "INSERT INTO comment_vote (consultation_id, comment_id, person_id, choice, cast_at)"
            " VALUES (?, ?, ?, ?, ?)",
            rows,
        )
    connection.execute("COMMIT")
    for _, statement in indexes:
        connection.execute(statement)


def _rows(
    filled: content.Filled,
    first_person: int,
    columns: npt.NDArray[np.int32],
    choices: npt.NDArray[np.int8],
) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Votes in the order in which they are cast, a part for those who vote together."""
    people, each = columns.shape
    begun = datetime.now(UTC) - timedelta(days=50)
    for start in range(0, people, TOGETHER):
        own = slice(start, min(start + TOGETHER, people))
        number = own.stop - own.start
        ids = np.tile(np.arange(own.start, own.stop) + first_person, each)
        targets = columns[own].T.ravel().astype(np.int64) + filled.first_id
        cast = _instant(begun + timedelta(minutes=start * 60 * 24 * 40 // max(1, people)))
        yield zip(
            repeat(filled.id, number * each),
            targets.tolist(),
            ids.tolist(),
            choices[own].T.ravel().tolist(),
            repeat(cast),
            strict=False,
        )


def _instant(moment: datetime) -> str:
    """As `models.base.UtcDateTime` keeps it on SQLite."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
