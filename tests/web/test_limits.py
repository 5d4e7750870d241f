"""Limits: what they stop, what they must not stop, and what happens when Redis is away."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from consult.domain.languages import Language
from consult.web.limits import LIMITS
from tests.support import application, cast
from tests.support.cast import PASSWORD, Cast
from tests.support.installations import Installation, Installations
from tests.support.letters import letters_to
from tests.support.pages import Page, PageClient
from tests.support.scenes import token_of, visitor

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def client_from(app: Flask, address: str, *, language: str = "en") -> PageClient:
    client = PageClient(app, language=language)
    client.flask.environ_base["REMOTE_ADDR"] = address
    return client


def try_to_sign_in(client: PageClient, email: str, password: str = "wrong horse battery") -> Page:  # noqa: S107
    page = client.get(f"/{client.language}/sign-in")
    return client.submit(page, "/sign-in", follow=False, email=email, password=password)


def test_every_limit_is_about_a_view_that_there_is(app: Flask) -> None:
    named = {endpoint for limit in LIMITS for endpoint in limit.endpoints}
    assert named <= set(app.view_functions)
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)


@pytest.mark.parametrize("email", ["aigerim@example.kz", "nobody@example.kz"])
def test_an_account_is_guessed_at_ten_times_from_wherever(app: Flask, people: Cast, email: str) -> None:
    assert people.aigerim.email == "aigerim@example.kz"
    for number in range(10):
        assert try_to_sign_in(client_from(app, f"10.0.{number}.7"), email).status == 422
    refused = try_to_sign_in(client_from(app, "10.9.9.9", language="ru"), email.upper())
    assert refused.status == 429
    assert 0 < int(refused.response.headers["Retry-After"]) <= 15 * 60 + 1
    assert try_to_sign_in(client_from(app, "10.0.1.7"), people.dauren.email, PASSWORD).status == 303


def test_right_passwords_are_not_counted(app: Flask, people: Cast) -> None:
    for _ in range(12):
        assert try_to_sign_in(client_from(app, "10.0.0.7"), people.dauren.email, PASSWORD).status == 303


@pytest.mark.parametrize(
    ("addresses", "elsewhere"),
    [
        (("203.0.113.4", "203.0.113.200", "::ffff:203.0.113.9"), "203.0.114.4"),
        (("2001:db8:1:2::1", "2001:db8:1:ffff::9"), "2001:db8:2::1"),
    ],
)
def test_a_network_that_tries_many_accounts_is_stopped(
    app: Flask, people: Cast, addresses: tuple[str, ...], elsewhere: str
) -> None:
    clients = [client_from(app, address) for address in addresses]
    for number in range(150):
        client = clients[number % len(clients)]
        assert try_to_sign_in(client, f"somebody-{number}@example.kz").status == 422
    assert try_to_sign_in(clients[0], "one-more@example.kz").status == 429
    assert try_to_sign_in(client_from(app, elsewhere), "one-more@example.kz").status == 422
    assert people.aigerim.email


def test_a_mailbox_is_not_filled_by_strangers(app: Flask, people: Cast) -> None:
    for number in range(5):
        client = client_from(app, f"10.0.{number}.7")
        page = client.get("/en/password/forgotten")
        client.submit(page, "/password/forgotten", email=people.aigerim.email)
    client = client_from(app, "10.0.9.7")
    page = client.get("/en/register")
    email = people.aigerim.email
    sent = client.submit(page, "/register", follow=False, email=email, name="Somebody", password=PASSWORD)
    assert sent.status == 429
    assert len(letters_to(app, people.aigerim.email)) == 5


def test_a_school_behind_one_address_registers_and_votes(app: Flask) -> None:
    built = cast.open_consultation(app)
    on = cast.published_comment(app, cast.person(app, "author@example.kz", "Author"), built)
    for number in range(60):
        member = cast.person(app, f"pupil-{number}@example.kz", "Pupil")
        client = client_from(app, "203.0.113.4")
        client.sign_in(member.email, PASSWORD)
        page = client.get(f"/en/c/{built.slug}/comments/{on}")
        for choice in ("agree", "disagree", "pass"):
            client.post(
                f"/en/c/{built.slug}/comments/{on}/vote", {"csrf_token": token_of(page), "choice": choice}
            )


def test_a_flood_of_comments_ends_and_the_text_comes_back(app: Flask, people: Cast) -> None:
    built = cast.open_consultation(app)
    client = visitor(app, people.dauren)
    url = f"/en/c/{built.slug}/q/1/comments"
    token = token_of(client.get(f"/en/c/{built.slug}/q/1"))
    for number in range(20):
        client.post(
            url, {"csrf_token": token, "body": f"Words, number {number}", "idempotency_key": str(number)}
        )
    body = "What I really wanted to say"
    refused = client.post(url, {"csrf_token": token, "body": body, "idempotency_key": "21"}, status=429)
    assert refused.select("#kept")[0].text_content().strip() == body
    other = visitor(app, people.aigerim)
    token = token_of(other.get(f"/en/c/{built.slug}/q/1"))
    other.post(url, {"csrf_token": token, "body": "Others may go on", "idempotency_key": "1"})


def test_the_refusal_speaks_the_persons_language(app: Flask, people: Cast) -> None:
    said = set()
    for language in Language:
        client = client_from(app, "10.0.0.7", language=language.value)
        for _ in range(11):
            refused = try_to_sign_in(client, people.aigerim.email)
        assert refused.document.get("lang") == language.value
        said.add(refused.h1)
    assert len(said) == len(Language)


@pytest.mark.parametrize(("proxies", "is_stopped"), [(0, False), (1, True)])
def test_behind_a_proxy_the_visitor_counts_and_what_he_invents_does_not(
    installations: Installations, installation: Installation, proxies: int, *, is_stopped: bool
) -> None:
    app = installations.another_app(installation, trusted_proxies=proxies)
    for number in range(151):
        client = client_from(app, "127.0.0.1")
        client.flask.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{number}, 203.0.113.4"
        status = try_to_sign_in(client, f"somebody-{number}@example.kz").status
    assert (status == 429) is is_stopped
    application.let_go(app)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A real Redis on a free port, in memory."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("NO REDIS on this machine: install Debian's package redis-server")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0", process
    process.terminate()
    process.wait(timeout=20)


def statuses(app: Flask, email: str, tries: int) -> list[int]:
    return [try_to_sign_in(client_from(app, "10.0.0.7"), email).status for _ in range(tries)]


def test_two_nodes_count_together_in_redis_and_each_for_itself_when_it_is_gone(
    installations: Installations, installation: Installation, redis: tuple[str, subprocess.Popen[Any]]
) -> None:
    url, process = redis
    nodes = [installations.another_app(installation, redis_url=url) for _ in range(2)]
    email = cast.person(installation.app, "dauren@example.kz", "Dauren").email
    assert statuses(nodes[0], email, 6) + statuses(nodes[1], email, 5) == [422] * 10 + [429]
    process.terminate()
    process.wait(timeout=20)
    for node in nodes:
        assert statuses(node, email, 11) == [422] * 10 + [429]
        application.let_go(node)


def test_a_redis_that_was_never_there_breaks_nothing(
    installations: Installations, installation: Installation
) -> None:
    app = installations.another_app(installation, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    assert statuses(app, "nobody@example.kz", 11) == [422] * 10 + [429]
    application.let_go(app)


def test_a_class_of_guests_writes_at_once_and_a_flood_of_them_ends(app: Flask, people: Cast) -> None:
    opened = cast.open_consultation(app)
    client = client_from(app, "203.0.113.4")
    page = client.get(f"/en/c/{opened.slug}/q/1/write")
    for number in range(200):
        form = {"csrf_token": token_of(page), "body": f"Tree number {number}", "idempotency_key": f"{number}"}
        assert client.flask.post(f"/en/c/{opened.slug}/q/1/comments", data=form).status_code == 303
    form["idempotency_key"] = "one more"
    assert client.flask.post(f"/en/c/{opened.slug}/q/1/comments", data=form).status_code == 429
    assert people.aigerim.email
