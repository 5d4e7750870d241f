"""Where the tests touch the application: how it is made, migrated and let go, and what its pages are called.

The imports stand inside, so that tests of the domain run, and run fast, without the application.
"""

import shutil
from pathlib import Path
from typing import Any

from flask import Flask

SERVICE_NAMES = {"kk": "Consult", "ru": "Consult", "en": "Consult"}
"""What every page's title ends with, by the page's language."""

ERROR_SUMMARY = ".errors"
SECRET_KEY = "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz"
BASE_URL = "http://localhost"


def make_application(database_url: str, instance: Path, **settings: Any) -> Flask:
    from consult.app import create_app  # noqa: PLC0415
    from consult.config import Settings  # noqa: PLC0415
    from tests.support.faults import WatchedClient  # noqa: PLC0415

    instance.mkdir(parents=True, exist_ok=True)
    given: dict[str, Any] = {"secret_key": SECRET_KEY, "base_url": BASE_URL, "testing": True, **settings}
    app = create_app(Settings(database_url=database_url, instance=instance, **given))
    app.test_client_class = WatchedClient
    return app


def migrate(app: Flask) -> None:
    from consult.models.schema import upgrade  # noqa: PLC0415

    upgrade(app)


def forget_limits(app: Flask) -> None:
    """Begin to count tries, letters and votes anew; people of the next test have the numbers of the last."""
    from consult.web import limits  # noqa: PLC0415

    limits.reset(app)


def forget_pages(app: Flask) -> None:
    """Forget pages and readings of the last test: its rows went without a deed."""
    from consult.queries.freshness import freshness  # noqa: PLC0415

    with app.app_context():
        freshness().change()
    pages = app.extensions["consult_pages"]
    pages._pages.clear()
    pages._octets = 0


def let_go(app: Flask) -> None:
    """Close the application's database connections; it opens new ones when it needs them."""
    from consult.models.base import db  # noqa: PLC0415

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def forget_files(instance: Path) -> None:
    """Empty the instance folder: mail, uploads and exports of the test that ended.

    The compressed static files belong to the application, which serves them to the next test too.
    """
    for path in instance.iterdir():
        if path.name == "static":
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
