"""Ground of the tables: the database, the base class, times, ids and transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    FunctionElement,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    event,
    literal_column,
    text,
)
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table's class; constraints get predictable names, so that migrations can drop them."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

BigId = BigInteger().with_variant(Integer, "sqlite")
"""64 bits; SQLite's own row number, so that AUTOINCREMENT never hands a number out twice."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant with microseconds: `timestamptz` on PostgreSQL, UTC text of fixed width on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone is not an instant")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words_of(kind: type[Enum]) -> EnumColumn:
    """A text column that holds the values of an enum, checked by the application and readable in SQL."""
    return EnumColumn(
        kind,
        native_enum=False,
        create_constraint=False,
        length=30,
        values_callable=lambda members: [member.value for member in members],
    )


class database_now(FunctionElement[datetime]):  # noqa: N801 - reads as the SQL function it is
    """The database's clock at the moment of the statement: the one clock that decides opening and closing."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(database_now, "postgresql")
def _now_on_postgresql(_element: database_now, _compiler: SQLCompiler, **_kw: Any) -> str:
    return "clock_timestamp()"


@compiles(database_now, "sqlite")
def _now_on_sqlite(_element: database_now, _compiler: SQLCompiler, **_kw: Any) -> str:
    # Milliseconds are SQLite's finest; padded to the six digits of kept instants, so that text compares.
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


class database_past(FunctionElement[datetime]):  # noqa: N801 - reads as the SQL function it is
    """The database's clock some time ago, whole seconds."""

    type = UtcDateTime()
    inherit_cache = True

    def __init__(self, ago: timedelta) -> None:
        super().__init__(literal_column(str(int(ago.total_seconds()))))


@compiles(database_past, "postgresql")
def _past_on_postgresql(element: database_past, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(clock_timestamp() - make_interval(secs => {compiler.process(element.clauses, **kw)}))"


@compiles(database_past, "sqlite")
def _past_on_sqlite(element: database_past, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '-' || {seconds} || ' seconds')"


class IdSequence:
    """Column default that draws the next number of a named sequence, on both databases, never max + 1.

    PostgreSQL has sequences. SQLite has one writer at a time, so a counter row is one: drawn inside the
    transaction that uses it, and never handed out twice among committed rows.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, context: DefaultExecutionContext) -> int:
        return self.draw(context.root_connection)

    def draw(self, connection: Connection) -> int:
        """The next number, 1 or more, for statements that insert without the ORM."""
        statement = (
            text("SELECT nextval(:name)")
            if connection.dialect.name == "postgresql"
            else text(
                "INSERT INTO id_sequence (name, last_value) VALUES (:name, 1) "
                "ON CONFLICT (name) DO UPDATE SET last_value = last_value + 1 RETURNING last_value"
            )
        )
        return cast("int", connection.execute(statement, {"name": self.name}).scalar_one())

    def draw_many(self, connection: Connection, count: int) -> list[int]:
        """As many numbers as asked for, rising, for rows that are inserted together."""
        if connection.dialect.name == "postgresql":
            statement = text("SELECT nextval(:name) FROM generate_series(1, :count)")
            return sorted(connection.execute(statement, {"name": self.name, "count": count}).scalars())
        statement = text(
            "INSERT INTO id_sequence (name, last_value) VALUES (:name, :count) "
            "ON CONFLICT (name) DO UPDATE SET last_value = last_value + :count RETURNING last_value"
        )
        last = connection.execute(statement, {"name": self.name, "count": count}).scalar_one()
        return list(range(last - count + 1, last + 1))


class SequenceValue(Base):
    """Last number drawn from each sequence on SQLite; empty on PostgreSQL, which has sequences of its own."""

    __tablename__ = "id_sequence"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_value: Mapped[int] = mapped_column(BigInteger)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: object, _record: object) -> None:
    """WAL and FULL: readers never wait, and an acknowledged write survives a power cut.

    What is deleted is overwritten with zeros, so that erased words are not left in the file.
    """
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver's own habit of opening transactions late would let two writers read before one writes.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_on_sqlite(connection: Any) -> None:
    if connection.dialect.name != "sqlite":
        return
    is_writing = connection.get_execution_options().get("consult_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


PRIVATE = "consult_private"


@contextmanager
def transaction(*, is_private: bool = False) -> Iterator[None]:
    """One deed, one transaction: commits at the end, rolls back on any error.

    On SQLite the write lock is taken at the beginning, so that what the deed read still holds when it writes.
    What the session read before is let go of first. `is_private` says that nobody else sees what is written,
    so that pages for everybody stay as they are: see `freshness`.
    """
    db.session.rollback()
    db.session.connection(execution_options={"consult_writes": True, PRIVATE: is_private})
    try:
        yield
        db.session.info[PRIVATE] = is_private
        db.session.commit()
    except BaseException:
        db.session.rollback()
        db.session.info.pop(PRIVATE, None)
        raise


def now_in_database() -> datetime:
    """The database's clock, read once."""
    moment: datetime = db.session.execute(db.select(database_now())).scalar_one()
    return moment


def empty_write_ahead_log() -> bool:
    """Bring SQLite's log into the file and empty it, so that overwritten words stand in neither.

    False where a reader was in the way for more than a second: the next call does it. PostgreSQL looks after
    its log and its pages by itself; there it is True.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=1000")
        is_busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute("PRAGMA busy_timeout=10000")
    finally:
        connection.close()
    return not is_busy
