"""The migrations: where they lie, how they are run, and whether the database has them all."""

from pathlib import Path

import flask_migrate
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate

from consult.models.base import db

_PACKAGE = Path(__file__).parent.parent
MIGRATIONS = _PACKAGE / "migrations" if (_PACKAGE / "migrations").is_dir() else _PACKAGE.parent / "migrations"
"""Inside the package in a wheel, beside it in a checkout."""

migrate = Migrate(directory=str(MIGRATIONS), compare_type=True)


def upgrade(app: Flask, revision: str = "head") -> None:
    """Bring the schema up to a revision, the newest by default."""
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=revision)


def downgrade(app: Flask, revision: str) -> None:
    """Take the schema back to a revision; `base` is an empty database."""
    with app.app_context():
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision=revision)


def is_current() -> bool:
    """Whether the database has every migration of this version of the program."""
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    return MigrationContext.configure(db.session.connection()).get_current_revision() == newest
