"""Fixtures of the house. A test that takes `app` runs twice: on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.support import postgresql
from tests.support.browser import Browsing, LiveServer, find_chromium, launch_chromium
from tests.support.cast import (  # noqa: F401 - fixtures of the test cast
    administrator,
    aigerim,
    blocked,
    dauren,
    moderator,
    other_official,
    people,
)
from tests.support.databases import KINDS, Database
from tests.support.installations import Installation, Installations
from tests.support.pages import PageClient

RUN = pytest.StashKey[postgresql.Run]()
RUN_FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker is None:
        config.stash[RUN] = postgresql.Run()
        config.stash[RUN_FOLDER] = config.stash[RUN].folder
    else:
        config.stash[RUN_FOLDER] = Path(worker["run_folder"])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each xdist worker which run it belongs to."""
    node.workerinput["run_folder"] = str(node.config.stash[RUN_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    if run := config.stash.get(RUN, None):
        run.end()


@pytest.fixture(scope="session")
def installations(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config, worker_id: str
) -> Iterator[Installations]:
    """This worker's installations, one a kind of database, made when first asked for."""
    made = Installations(tmp_path_factory.mktemp("installations"), pytestconfig.stash[RUN_FOLDER], worker_id)
    yield made
    made.end()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Kind of database; `@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)` narrows it."""
    return str(request.param)


@pytest.fixture
def installation(installations: Installations, kind: str) -> Iterator[Installation]:
    """A migrated installation without a row; emptied again after the test."""
    made = installations.on(kind)
    yield made
    made.renew()


@pytest.fixture
def app(installation: Installation) -> Flask:
    """The application on an empty, migrated database."""
    return installation.app


@pytest.fixture
def empty_database(installations: Installations, kind: str) -> Iterator[Database]:
    """A database of the test's own without any table, for tests of migrations."""
    database = installations.new_database(kind)
    yield database
    database.drop()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A visitor who is not signed in; every page he gets is checked."""
    return PageClient(app)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium a worker; skips loudly where there is none."""
    executable = find_chromium()
    if executable is None:
        pytest.skip("NO CHROMIUM on this machine: install Debian's package chromium, or Chrome")
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright, executable)
        yield browser
        browser.close()


@pytest.fixture
def live_server(installation: Installation) -> LiveServer:
    """The application served on loopback by a process of its own, on the database that `app` uses."""
    return installation.live()


@pytest.fixture
def browsing(chromium: Browser, live_server: LiveServer) -> Iterator[Browsing]:
    """Opens pages in Chromium; fails the test on console errors, policy violations, third-party requests."""
    opened = Browsing(chromium, live_server.url)
    yield opened
    faults = opened.close()
    assert not faults, "the browser saw\n" + "\n".join(faults)
