"""The databases tests run on: SQLite in a file, PostgreSQL on the run's server; emptied after each test."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol, cast

import psycopg
from psycopg import sql

KINDS = ("sqlite", "postgresql")


class Database(Protocol):
    """A migrated database that can be brought back to how the migrations left it."""

    @property
    def kind(self) -> str: ...
    @property
    def url(self) -> str: ...
    def remember(self) -> None: ...
    def clear(self) -> None: ...
    def drop(self) -> None: ...


class SqliteDatabase:
    """A file; `clear` writes the remembered pages back into it, so that connections of any process go on."""

    kind = "sqlite"

    def __init__(self, folder: Path, name: str = "consult") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / f"{name}.sqlite3"
        self._fresh = folder / f"{name}.fresh.sqlite3"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    def remember(self) -> None:
        self._copy(self.file, self._fresh)

    def clear(self) -> None:
        self._copy(self._fresh, self.file)

    def drop(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        with (
            closing(sqlite3.connect(source)) as reader,
            closing(sqlite3.connect(target, timeout=10)) as writer,
        ):
            writer.execute("PRAGMA synchronous = OFF")
            reader.backup(writer)


class PostgresqlDatabase:
    """A database on the run's server; `clear` empties the tables and restarts the sequences."""

    kind = "postgresql"

    def __init__(self, server_url: str, name: str) -> None:
        self._server_url = server_url
        self._name = name
        self._tables: list[str] = []
        self.drop()
        with self._connect("postgres") as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    @property
    def url(self) -> str:
        return self._server_url.replace(
            "postgresql://postgres@/", f"postgresql+psycopg://postgres@/{self._name}"
        )

    def _connect(self, name: str) -> psycopg.Connection[tuple[str]]:
        connection = psycopg.connect(self._server_url, dbname=name, autocommit=True)
        return cast("psycopg.Connection[tuple[str]]", connection)

    def remember(self) -> None:
        """Learn the tables.

        Raises:
            AssertionError: a migration left rows, which `clear` would lose; it must learn to keep them.
        """
        query = (
            "SELECT format('%I', tablename) FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
        )
        with self._connect(self._name) as connection:
            self._tables = [name for (name,) in connection.execute(query)]
            kept = self._tables_with_rows(connection)
        assert not kept, f"migrations left rows in {kept}; teach PostgresqlDatabase.clear to keep them"

    def clear(self) -> None:
        with self._connect(self._name) as connection:
            # A log that refuses to be changed refuses us too; its triggers sleep in a replica's session.
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'"
            )
            # Nor are keys checked there, so that rows may go in any order. TRUNCATE would rewrite every table
            # that refers to one with rows: 200 ms a test instead of 10.
            for table in self._tables_with_rows(connection):
                connection.execute(f"DELETE FROM {table}".encode())  # noqa: S608
            connection.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL"
            )

    def _tables_with_rows(self, connection: psycopg.Connection[tuple[str]]) -> list[str]:
        looks = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in self._tables]  # noqa: S608
        if not looks:
            return []
        return [name for (name,) in connection.execute(" UNION ALL ".join(looks).encode())]

    def drop(self) -> None:
        with self._connect("postgres") as connection:
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._name))
            connection.execute(statement)
