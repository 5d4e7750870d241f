"""`consult search reindex`."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from consult.cli import commands
from consult.domain.languages import Language
from consult.models.base import db, transaction
from consult.models.search import SearchEntry
from consult.queries.search import Wanted
from consult.services import searching
from tests.support.application import SECRET_KEY
from tests.support.cast import make_cast, open_consultation, published_comment, withheld_comment
from tests.support.installations import Installation

Run = Callable[..., Result]


@pytest.fixture
def run(installation: Installation) -> Run:
    """The command on the test's installation."""
    environment = {
        "CONSULT_DATABASE_URL": installation.database.url,
        "CONSULT_INSTANCE": str(installation.instance),
        "CONSULT_SECRET_KEY": SECRET_KEY,
    }
    return lambda *arguments: CliRunner().invoke(commands, ["search", *arguments], env=environment)


def test_reindexing_finds_again_what_was_lost_and_can_be_repeated(
    installation: Installation, run: Run
) -> None:
    app = installation.app
    people = make_cast(app)
    built = open_consultation(app)
    published_comment(app, people.aigerim, built, "A fountain, please")
    withheld_comment(app, people.aigerim, built, "A rude fountain")
    with app.app_context(), transaction():
        db.session.execute(sa.delete(SearchEntry))
    for _ in range(2):
        ended = run("reindex", "--json")
        assert ended.exit_code == 0, ended.output
        assert json.loads(ended.stdout) == {"consultations": 1, "comments": 1}
        with app.app_context():
            assert searching.search("fountain", Language.EN, Wanted()).count == 1
    assert run("reindex").stdout == "1 comments of 1 consultations can be found.\n"
    assert run("reindex").stderr == ""


def test_reindexing_an_empty_database_is_nothing_to_do(run: Run) -> None:
    assert json.loads(run("reindex", "--json").stdout) == {"consultations": 0, "comments": 0}
