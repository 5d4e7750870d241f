"""Jobs that are called by a test run inside the application's context."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.post import MailServer, mail_server


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """The application with its context open for the whole test."""
    with app.app_context():
        yield app


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A real mail server."""
    with mail_server() as running:
        yield running
