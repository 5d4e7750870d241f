"""What every answer has in common: headers, health, honest failures, and how much it asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.models.base import db
from tests.support import application, cast
from tests.support.databases import Database
from tests.support.installations import Installations
from tests.support.pages import PageClient
from tests.support.scenes import (
    Scene,
    administrator_paths,
    citizen_paths,
    official_paths,
    public_paths,
    visitor,
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def assert_protected(answer: Any, what: str) -> None:
    assert answer.headers.get("Content-Security-Policy") == POLICY, what
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, (what, name)
    assert "Cache-Control" in answer.headers, what


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_every_answer_carries_the_headers(app: Flask, scene: Scene) -> None:
    people = scene.people
    for member, paths in (
        (None, public_paths(scene)),
        (people.aigerim, citizen_paths(scene)),
        (people.moderator, official_paths(scene)),
        (people.administrator, administrator_paths(scene)),
    ):
        client = visitor(app, member)
        for path in paths:
            assert_protected(
                client.get(f"/kk{path}", status=client.flask.get(f"/kk{path}").status_code).response, path
            )
    stranger = PageClient(app)
    for url in ("/", "/healthz", "/readyz", "/nothing", "/kk/o", "/kk/language?next=/kk/"):
        assert_protected(stranger.flask.get(url), url)
    assert_protected(stranger.flask.post("/kk/sign-in"), "a refused form")
    wrong_method = stranger.flask.get(f"/kk/c/{scene.open.slug}/q/1/vote")
    assert_protected(wrong_method, "a wrong method")
    assert wrong_method.status_code == 405
    assert "POST" in wrong_method.headers["Allow"]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_files_of_the_pages_are_kept_for_ever_and_not_guessed_at(client: PageClient) -> None:
    page = client.get("/kk/")
    addresses = [
        element.get("href") or element.get("src")
        for element in page.select("link[rel~=stylesheet], link[rel~=icon], link[rel~=preload], script[src]")
    ]
    assert len(addresses) > 5
    for address in addresses:
        answer = client.flask.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"], address
        assert answer.headers.get("X-Content-Type-Options") == "nosniff", address
        answer.close()


def test_the_process_lives_and_is_ready(client: PageClient) -> None:
    assert client.get("/healthz").response.text == "ok\n"
    assert client.get("/readyz").response.text == "ready\n"


def test_without_migrations_it_lives_but_is_not_ready(
    installations: Installations, empty_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    app = application.make_application(empty_database.url, tmp_path_factory.mktemp("instance"))
    client = PageClient(app)
    client.get("/healthz")
    answer = client.get("/readyz", status=503)
    assert "consult db upgrade" in answer.response.text
    application.let_go(app)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_fault_of_ours_is_a_page_without_a_trace_and_with_a_number(
    installations: Installations, installation: Any
) -> None:
    app = installations.another_app(installation, testing=False)

    def broken() -> str:
        raise RuntimeError("CANARY-OF-THE-TRACE")

    app.add_url_rule("/kk/broken", "broken", broken)
    page = PageClient(app).get("/kk/broken", status=500)
    assert "CANARY" not in page.response.text
    assert "Traceback" not in page.response.text
    assert page.document.get("lang") == "kk"
    assert page.texts("main code")
    application.let_go(app)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("is_guest", [True, False])
def test_a_page_asks_as_often_for_sixty_comments_as_for_three(app: Flask, *, is_guest: bool) -> None:
    people = cast.make_cast(app)
    built = cast.open_consultation(app)
    client = visitor(app, None if is_guest else people.dauren)
    addresses = [f"/kk/c/{built.slug}", f"/kk/c/{built.slug}/q/1", f"/kk/c/{built.slug}/comments/1"]
    addresses += [] if is_guest else ["/kk/me/answers"]
    counts: list[list[int]] = []
    written = 0
    for wanted in (3, 60):
        while written < wanted:
            comment = cast.comment(app, people.aigerim, built)
            cast.comment(app, people.dauren, built, reply_to=comment)
            cast.vote(app, people.dauren, built, comment)
            written += 1
        counts.append([])
        for address in addresses:
            with statements(app) as asked:
                client.get(address)
            counts[-1].append(len(asked))
    assert counts[0] == counts[1]
    assert max(counts[0]) < 40


def test_the_desk_asks_as_often_for_sixty_comments_as_for_three(app: Flask) -> None:
    people = cast.make_cast(app)
    built = cast.open_consultation(app)
    client = visitor(app, people.moderator)
    counts = []
    written = 0
    for wanted in (3, 60):
        while written < wanted:
            cast.comment(app, people.aigerim if written % 2 else people.dauren, built)
            written += 1
        with statements(app) as asked:
            client.get("/kk/o/moderation?state=published")
        counts.append(len(asked))
    assert counts[0] == counts[1]
