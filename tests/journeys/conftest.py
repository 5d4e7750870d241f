"""Fixtures of the journeys."""

import pytest
from flask import Flask

from tests.support.scenes import Scene, build_scene


@pytest.fixture
def scene(app: Flask) -> Scene:
    """The whole cast, and consultations and comments in every state."""
    return build_scene(app)
