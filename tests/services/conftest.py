"""Deeds run inside the application's context."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """The application with its context open for the whole test."""
    with app.app_context():
        yield app
