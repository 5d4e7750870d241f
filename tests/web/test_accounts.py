"""Registering, confirming, forgetting and changing: what people see, and what nobody learns from it."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import argon2
import pytest
import sqlalchemy as sa
from flask import Flask

from consult.models.base import db, now_in_database, transaction
from consult.models.people import Person, Registration, SignInSession
from tests.support import cast
from tests.support.browser import LiveServer
from tests.support.cast import PASSWORD, Cast
from tests.support.installations import Installation
from tests.support.letters import confirmed, letters_to, token_to
from tests.support.pages import Page, PageClient
from tests.support.scenes import token_of, visitor

DANA = "dana@example.kz"
OTHER = "other words for the door"


def register(client: PageClient, email: str = DANA, *, target: str = "") -> Page:
    page = client.get(f"/en/register{target}")
    return client.submit(page, "/register", email=email, name="Dana", password=PASSWORD)


def kept(app: Flask, table: type[db.Model]) -> int:  # type: ignore[name-defined]
    with app.app_context():
        return cast.count(table)


def test_the_browser_that_registered_needs_nothing_but_the_link_and_returns_to_its_place(app: Flask) -> None:
    client = PageClient(app)
    sent = register(client, target="?next=/en/rules")
    assert "We sent a letter to dana@example.kz: open the link in it." in sent.text
    assert kept(app, Person) == 0
    client.is_signed_in = True
    welcome = client.follow(client.get(f"/en{confirmed(app, DANA)}", status=303))
    assert welcome.url == "/en/rules"
    assert "Welcome, Dana. You can vote and comment now." in welcome.text
    client.get("/en/me/account")


def test_another_browser_is_asked_for_the_password(app: Flask) -> None:
    register(PageClient(app), target="?next=/en/rules")
    link = f"/en{confirmed(app, DANA)}"
    elsewhere = PageClient(app)
    page = elsewhere.get(link)
    page = elsewhere.get(link)
    assert DANA in page.text
    assert kept(app, Person) == 0
    refused = elsewhere.submit(page, link, status=422, password="wrong horse battery")
    assert len(refused.error_summary) == 1
    elsewhere.is_signed_in = True
    assert elsewhere.submit(refused, link, password=PASSWORD).url == "/en/rules"
    assert kept(app, Person) == 1
    used = PageClient(app).get(link, status=410)
    assert "/en/register" in used.links.values()


def test_a_letter_can_be_asked_for_again_and_a_wrong_address_started_anew(app: Flask) -> None:
    client = PageClient(app)
    sent = register(client)
    again = client.submit(sent, "/register/resend")
    assert letters_to(app, DANA) == ["confirm_registration"] * 2
    assert "/en/register" in again.links.values()
    client.is_signed_in = True
    client.get(f"/en{confirmed(app, DANA)}", status=303)


def test_links_of_letters_are_told_to_nobody(
    app: Flask, people: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = PageClient(app)
    register(client)
    page = client.get("/en/password/forgotten")
    client.submit(page, "/password/forgotten", email=people.aigerim.email)
    tokens = [
        token_to(app, DANA, "confirm_registration"),
        token_to(app, people.aigerim.email, "reset_password"),
    ]
    for path in (f"/register/confirm/{tokens[0]}", f"/password/reset/{tokens[1]}"):
        for again in range(2):
            answer = PageClient(app).flask.get(f"/kk{path}")
            assert answer.headers["Referrer-Policy"] == "no-referrer", again
            assert answer.headers["Cache-Control"] == "private, no-store"
        answer = PageClient(app).flask.post(f"/kk{path}", data={"new_password": PASSWORD})
        assert (answer.status_code, answer.headers["Referrer-Policy"]) == (400, "no-referrer")
    for token in tokens:
        assert token not in caplog.text
    assert PASSWORD not in caplog.text


def test_the_databases_complaints_are_logged_without_the_tokens_in_the_statement(app: Flask) -> None:
    with app.app_context(), pytest.raises(sa.exc.DBAPIError) as failure:
        db.session.execute(
            sa.text("SELECT nothing_like_this FROM person WHERE email = :token"), {"token": "CANARY"}
        )
    assert "CANARY" not in str(failure.value)


def counting(done: list[str], name: str, real: Callable[..., object]) -> Callable[..., object]:
    """The real thing, and a line in the list each time."""

    def counted(*args: object) -> object:
        done.append(f"argon2 {name}")
        return real(*args)

    return counted


@contextmanager
def work_of(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was done, in order: each statement without its values, and each argon2 hash."""
    done: list[str] = []
    for name in ("hash", "verify"):
        real = getattr(argon2.PasswordHasher, name)

        def counted(
            *args: object, _name: str = name, _real: Callable[..., object] = real, **more: object
        ) -> object:
            done.append(f"argon2 {_name}")
            return _real(*args, **more)

        monkeypatch.setattr(argon2.PasswordHasher, name, counted)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        done.append(re.sub(r"\s+", " ", statement))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield done
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
        monkeypatch.undo()


FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "register": ("/register", {"name": "Somebody", "password": PASSWORD}),
    "forgotten": ("/password/forgotten", {}),
    "sign in": ("/sign-in", {"password": "wrong horse battery"}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_known_and_an_unknown_address_get_the_same_answer_for_the_same_work(
    app: Flask, people: Cast, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fields = FORMS[form]
    answers, works = [], []
    PageClient(app).get("/en/sign-in")
    for email in ("nobody@example.kz", people.aigerim.email, people.blocked.email):
        client = PageClient(app)
        page = client.get(f"/en{path}")
        with work_of(app, monkeypatch) as work:
            sent = client.submit(page, path, follow=False, email=email, **fields)
        shown = client.follow(sent)
        text = shown.response.text.replace(email, "ADDRESS")
        answers.append(
            (sent.status, sent.response.headers.get("Location"), shown.status, without_tokens(text))
        )
        works.append([re.sub(r" \(.*", "", done) if "outbox_message" in done else done for done in work])
    assert answers[0] == answers[1] == answers[2]
    assert works[0] == works[1] == works[2]
    assert len([done for done in works[0] if done.startswith("argon2")]) == (form != "forgotten")


def without_tokens(text: str) -> str:
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "csrf", text)


def test_a_forgotten_password_from_the_letter_to_the_new_one(app: Flask, people: Cast) -> None:
    member = people.dauren
    known = visitor(app, member)
    client = PageClient(app)
    page = client.get("/en/sign-in")
    page = client.get(page.links["Forgotten password"])
    sent = client.submit(page, "/password/forgotten", email=member.email)
    assert member.email in sent.text
    link = f"/en{confirmed(app, member.email, 'reset_password')}"
    page = client.get(link)
    refused = client.submit(page, link, status=422, new_password="short")
    assert "short" not in [field.get("value") for field in refused.select("input[type=password]")]
    done = client.submit(refused, link, new_password=OTHER)
    assert done.url == "/en/sign-in"
    client.get(link, status=410)
    known.is_signed_in = False
    known.get("/en/me/account", status=303)
    client.sign_in(member.email, OTHER)


def test_the_password_and_the_address_are_changed_in_the_account(app: Flask, people: Cast) -> None:
    client = visitor(app, people.dauren)
    page = client.get("/en/me/account/password")
    refused = client.submit(page, "/password", status=422, password="wrong horse battery", new_password=OTHER)
    assert refused.select("#password-error")
    page = client.submit(refused, "/password", password=PASSWORD, new_password=OTHER)
    assert page.url == "/en/me/account"
    page = client.get("/en/me/account/email")
    client.submit(page, "/email", email="dauren.new@example.kz", password=OTHER)
    link = f"/en{confirmed(app, 'dauren.new@example.kz', 'change_email')}"
    page = PageClient(app).get(link)
    assert people.dauren.email not in page.text
    assert people.dauren.email in client.get("/en/me/account").text
    client.submit(client.get(link), link)
    assert "dauren.new@example.kz" in client.get("/en/me/account").text
    PageClient(app).sign_in("dauren.new@example.kz", OTHER)


AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox, Linux",
    "Mozilla/5.0 (Linux; Android 10; K) Chrome/130.0 Mobile Safari/537.36": "Chrome, Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1": "Safari, iPhone",
    "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 YaBrowser/24.12 Safari/537.36": "Yandex, Windows",
    "curl/8": "An unknown device",
}


def test_the_list_of_devices_is_in_plain_words_and_each_can_be_signed_out(app: Flask, people: Cast) -> None:
    clients = {}
    for agent, name in AGENTS.items():
        clients[name] = PageClient(app)
        clients[name].flask.environ_base["HTTP_USER_AGENT"] = agent
        clients[name].sign_in(people.dauren.email, PASSWORD)
    here = clients["Firefox, Linux"]
    page = here.get("/en/me/account")
    assert sorted(page.texts("tbody th")) == sorted(AGENTS.values())
    assert page.texts("tbody tr:first-child")[0].startswith("Firefox, Linux")
    assert "This device" in page.texts("tbody tr:first-child")[0]
    row = next(row for row in page.select("tbody tr") if "iPhone" in row.text_content())
    session = row.cssselect("input[name=session]")[0].get("value")
    here.post("/en/me/account/sessions/end", {"csrf_token": token_of(page), "session": session})
    here.post("/en/me/account/sessions/end", {"csrf_token": token_of(page), "session": "no number"})
    clients["Safari, iPhone"].is_signed_in = False
    clients["Safari, iPhone"].get("/en/me/account", status=303)
    clients["Chrome, Android"].get("/en/me/account")
    page = here.submit(here.get("/en/me/account"), "/sessions/end-others")
    assert "You are signed out on 3 other devices." in page.text
    assert page.texts("tbody th") == ["Firefox, Linux"]


def test_a_sign_out_is_known_to_another_process(installation: Installation, people: Cast) -> None:
    """Two servers, each a process of its own, on one database."""
    other = LiveServer(installation.database.url, installation.instance)
    client = visitor(installation.app, people.dauren)
    cookie = client.flask.get_cookie("consult")
    assert cookie is not None

    def status(server: LiveServer) -> int:
        connection = HTTPConnection(urlsplit(server.url).netloc, timeout=20)
        with closing(connection):
            connection.request("GET", "/en/me/account", headers={"Cookie": f"consult={cookie.value}"})
            return connection.getresponse().status

    try:
        assert [status(server) for server in (installation.live(), other)] == [200, 200]
        client.submit(client.get("/en/me/account"), "/sign-out", follow=False)
        assert [status(server) for server in (installation.live(), other)] == [303, 303]
    finally:
        other.stop()


def test_the_last_use_is_kept_when_the_answer_has_been_sent(installation: Installation, people: Cast) -> None:
    client = visitor(installation.app, people.dauren)
    with installation.app.app_context(), transaction():
        long_ago = now_in_database() - timedelta(minutes=5)
        db.session.execute(sa.update(SignInSession).values(created_at=long_ago))
    client.flask.get("/en/me/account").close()
    with installation.app.app_context():
        last_seen = db.session.scalars(db.select(SignInSession.last_seen_at)).one()
    assert last_seen is not None
    assert last_seen > long_ago


def test_a_registration_that_waits_holds_no_readable_password_or_token(app: Flask) -> None:
    register(PageClient(app))
    token = token_to(app, DANA, "confirm_registration")
    with app.app_context():
        row = db.session.scalars(db.select(Registration)).one()
    assert row.password_hash.startswith("$argon2id$")
    assert token.encode() not in row.token_hash
