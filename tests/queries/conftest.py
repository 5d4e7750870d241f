"""Reads run inside the application's context; their statements can be counted."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.models.base import db

Statements = Callable[[Callable[[], object]], int]


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """The application with its context open for the whole test."""
    with app.app_context():
        yield app


@pytest.fixture
def statements(inside: Flask) -> Statements:
    """How many SQL statements a read sends, transaction marks not counted."""

    def counted(read: Callable[[], object]) -> int:
        db.session.rollback()
        db.session.expire_all()
        sent: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith("BEGIN"):
                sent.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            read()
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    return counted
