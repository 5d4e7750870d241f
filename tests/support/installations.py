"""An installation (application, database, instance folder) a worker and kind of database, made when asked."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support import application, postgresql
from tests.support.browser import LiveServer
from tests.support.databases import KINDS, Database, PostgresqlDatabase, SqliteDatabase


@dataclass
class Installation:
    """An application on a migrated database, brought back to new between tests."""

    app: Flask
    database: Database
    instance: Path
    others: list[Flask] = field(default_factory=list)
    _live: LiveServer | None = None

    @property
    def kind(self) -> str:
        return self.database.kind

    def live(self) -> LiveServer:
        """A server in a process of its own on the same database and instance folder; started on demand."""
        if self._live is None:
            self._live = LiveServer(self.database.url, self.instance)
        return self._live

    def renew(self) -> None:
        while self.others:
            application.let_go(self.others.pop())
        application.let_go(self.app)
        application.forget_limits(self.app)
        if self._live is not None:
            self._live.forget_limits()
        self.database.clear()
        application.forget_pages(self.app)
        application.forget_files(self.instance)

    def end(self) -> None:
        if self._live is not None:
            self._live.stop()
        application.let_go(self.app)


@dataclass
class Installations:
    """This worker's installations, at most one a kind, and databases for tests that want their own."""

    folder: Path
    run_folder: Path
    worker: str
    _made: dict[str, Installation] = field(default_factory=dict)
    _databases: int = 0

    def on(self, kind: str) -> Installation:
        if kind not in self._made:
            self._made[kind] = self._make(kind)
        return self._made[kind]

    def _make(self, kind: str) -> Installation:
        database = self.new_database(kind)
        instance = self.folder / kind / "instance"
        app = application.make_application(database.url, instance)
        application.migrate(app)
        application.let_go(app)
        database.remember()
        return Installation(app, database, instance)

    def new_database(self, kind: str) -> Database:
        """An empty database, not migrated; skips the test loudly where no PostgreSQL can run."""
        assert kind in KINDS
        self._databases += 1
        name = f"consult_{self.worker}_{self._databases}"
        if kind == "sqlite":
            return SqliteDatabase(self.folder / kind, name)
        try:
            return PostgresqlDatabase(postgresql.server_url(self.run_folder), name)
        except postgresql.Unavailable as error:
            pytest.skip(f"NO POSTGRESQL: {error}")

    def another_app(self, installation: Installation, **settings: Any) -> Flask:
        """A second application on the same database with other settings."""
        other = application.make_application(installation.database.url, installation.instance, **settings)
        installation.others.append(other)
        return other

    def end(self) -> None:
        for installation in self._made.values():
            installation.end()
