"""Every migration goes up and down with rows in the tables, and leads to what the models say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.domain.votes import Choice
from consult.models.base import Base, db
from consult.models.schema import MIGRATIONS, downgrade, is_current, upgrade
from consult.queries.readiness import why_not_ready
from consult.services import accounts, moderation, votes
from consult.services.agendas import import_agenda
from tests.support import application
from tests.support.cast import (
    PASSWORD,
    comment,
    make_cast,
    open_consultation,
    vote,
)
from tests.support.databases import Database

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]
AGENDA = b"Workshop\n\n09:30 - 10:30 Trees along the main street\n11:00 - 12:00 Winter maintenance of lanes\n"


@pytest.fixture
def bare_app(empty_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    app = application.make_application(empty_database.url, tmp_path)
    yield app
    application.let_go(app)


def fill(app: Flask) -> None:
    """Rows in every table, by the deeds themselves."""
    people = make_cast(app)
    with app.app_context():
        accounts.sign_in(people.aigerim.email, PASSWORD)
        import_agenda(OPERATOR, "streets", AGENDA, "agenda.txt", Language.EN)
        built = open_consultation(app)
        key = comment(app, people.aigerim, built)
        comment(app, people.dauren, built, reply_to=key)
        vote(app, people.dauren, built, key)
        votes.vote_on_proposition(people.dauren.actor, built.id, built.questions[1], Choice.PASS, Language.KK)
        moderation.withhold_comment(people.moderator.actor, key, "insult", "Rude.")
    application.let_go(app)


def rows(app: Flask) -> dict[str, int]:
    """Rows of every table that is there now."""
    with app.app_context(), db.engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        query = "SELECT count(*) FROM {}"
        return {
            name: connection.execute(sa.text(query.format(name))).scalar_one()
            for name in names
            if name not in {"alembic_version", "sqlite_sequence"}
        }


def test_revisions_are_one_line_of_numbers() -> None:
    assert [f"{number:04d}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    for revision in REVISIONS:
        assert len(list((MIGRATIONS / "versions").glob(f"{revision}_*.py"))) == 1


def test_the_filling_reaches_every_table(bare_app: Flask) -> None:
    upgrade(bare_app)
    fill(bare_app)
    counts = rows(bare_app)
    on_sqlite = bare_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    empty = {name for name, number in counts.items() if not number}
    assert empty == (set() if on_sqlite else {"id_sequence"})
    assert set(counts) == set(Base.metadata.tables)


def test_models_and_migrated_tables_are_the_same(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_goes_down_and_up_again_with_rows_in_the_tables(bare_app: Flask) -> None:
    upgrade(bare_app)
    fill(bare_app)
    full = rows(bare_app)
    for revision in [*reversed(REVISIONS[:-1]), "base"]:
        downgrade(bare_app, revision)
        application.let_go(bare_app)
        left = rows(bare_app)
        assert left == {name: full[name] for name in left}, f"rows were lost on the way down to {revision}"
    assert rows(bare_app) == {}
    for revision in REVISIONS:
        upgrade(bare_app, revision)
        application.let_go(bare_app)
    assert set(rows(bare_app)) == set(full)
    fill(bare_app)
    assert rows(bare_app) == full


def test_older_rows_live_through_each_migration_upwards(bare_app: Flask) -> None:
    """Rows of the first revision are still there, untouched, at the last."""
    upgrade(bare_app, REVISIONS[0])
    people = make_cast(bare_app)
    before = rows(bare_app)
    for revision in REVISIONS[1:]:
        upgrade(bare_app, revision)
        application.let_go(bare_app)
    after = rows(bare_app)
    assert {name: after[name] for name in before} == before
    with bare_app.app_context():
        assert accounts.sign_in(people.aigerim.email, PASSWORD).actor == people.aigerim.actor


def test_a_second_upgrade_changes_nothing(bare_app: Flask) -> None:
    upgrade(bare_app)
    fill(bare_app)
    before = rows(bare_app)
    upgrade(bare_app)
    assert rows(bare_app) == before


def test_a_database_that_is_behind_is_noticed(bare_app: Flask) -> None:
    with bare_app.app_context():
        assert why_not_ready() == "database_behind"
    upgrade(bare_app, REVISIONS[-2])
    with bare_app.app_context():
        assert why_not_ready() == "database_behind"
    application.let_go(bare_app)
    upgrade(bare_app)
    with bare_app.app_context():
        assert is_current()
        assert why_not_ready() is None
