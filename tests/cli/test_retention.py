"""`consult retention apply`: what it prints, and what is gone afterwards."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consult.models.base import db, transaction
from consult.models.outbox import OutboxMessage
from tests.cli.test_commands import Consult
from tests.support import application, cast


@pytest.fixture
def consult(tmp_path: Path) -> Consult:
    """The program on a database of its own, with a message that was sent long ago."""
    instance = tmp_path / "instance"
    app = application.make_application(f"sqlite:///{instance / 'consult.sqlite'}", instance)
    application.migrate(app)
    member = cast.person(app, "a@example.kz", "A")
    old = datetime.now(UTC) - timedelta(days=400)
    with app.app_context(), transaction():
        db.session.add(
            OutboxMessage(
                kind="welcome", person_id=member.id, content={}, created_at=old, due_at=old, sent_at=old
            )
        )
    application.let_go(app)
    environment = {
        "CONSULT_INSTANCE": str(instance),
        "CONSULT_DATABASE_URL": "",
        "CONSULT_SECRET_KEY": application.SECRET_KEY,
    }
    return Consult(tmp_path, environment)


def test_it_says_what_it_deleted(consult: Consult) -> None:
    ended = consult("retention", "apply")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode().splitlines() == ["outbox_message, rows deleted: 1", "letters deleted: 0"]


def test_a_second_run_finds_nothing(consult: Consult) -> None:
    assert json.loads(consult("retention", "apply", "--json").stdout) == {
        "rows": {"outbox_message": 1},
        "letters": 0,
    }
    assert json.loads(consult("retention", "apply", "--json").stdout) == {"rows": {}, "letters": 0}
