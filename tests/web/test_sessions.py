"""Sign-in sessions: ended on every node, cookies with all flags, nothing personal for strangers."""

import pytest
from flask import Flask

from consult.models.base import db, transaction
from consult.models.people import SignInSession
from tests.support import application, cast
from tests.support.installations import Installation, Installations
from tests.support.pages import PageClient
from tests.support.scenes import Scene, public_paths, token_of, visitor


def with_cookies_of(client: PageClient, app: Flask) -> PageClient:
    """The same browser at another node."""
    there = PageClient(app)
    cookie = client.flask.get_cookie("consult")
    assert cookie is not None
    there.flask.set_cookie("consult", cookie.value)
    there.is_signed_in = True
    return there


def test_signing_out_ends_the_session_on_every_node(
    installations: Installations, installation: Installation
) -> None:
    member = cast.person(installation.app, "dauren@example.kz", "Dauren")
    other_app = installations.another_app(installation)
    client = visitor(installation.app, member)
    elsewhere = with_cookies_of(client, other_app)
    elsewhere.get("/en/me/answers")
    client.submit(client.get("/en/me/answers"), "/sign-out", follow=False)
    elsewhere.is_signed_in = False
    assert elsewhere.get("/en/me/answers", status=303).location.startswith("/en/sign-in")
    application.let_go(other_app)


def test_signing_in_again_gives_a_new_token_and_one_sign_out_leaves_the_other_device(
    app: Flask,
) -> None:
    member = cast.person(app, "dauren@example.kz", "Dauren")
    telephone, desk = visitor(app, member), visitor(app, member)
    tokens = [client.flask.get_cookie("consult") for client in (telephone, desk)]
    assert tokens[0] is not None
    assert tokens[1] is not None
    assert tokens[0].value != tokens[1].value
    telephone.submit(telephone.get("/en/me/answers"), "/sign-out", follow=False)
    desk.get("/en/me/answers")


def test_the_token_itself_is_nowhere_in_the_database(app: Flask) -> None:
    member = cast.person(app, "dauren@example.kz", "Dauren")
    client = visitor(app, member)
    with client.flask.session_transaction() as session:
        token = session["_user_id"]
    with app.app_context():
        (row,) = db.session.scalars(db.select(SignInSession))
        assert token.encode() not in row.token_hash
        assert len(row.token_hash) == 32


def test_a_session_that_has_expired_or_whose_person_is_blocked_is_dead(app: Flask) -> None:
    member = cast.person(app, "dauren@example.kz", "Dauren")
    client = visitor(app, member)
    with app.app_context(), transaction():
        row = db.session.scalars(db.select(SignInSession)).one()
        row.expires_at = row.created_at
    client.is_signed_in = False
    client.get("/en/me/answers", status=303)


def test_a_planted_session_is_gone_after_signing_in(app: Flask) -> None:
    member = cast.person(app, "dauren@example.kz", "Dauren")
    client = PageClient(app)
    before = token_of(client.get("/en/sign-in"))
    with client.flask.session_transaction() as session:
        session["planted"] = "by somebody"
    client.sign_in(member.email, member.password)
    with client.flask.session_transaction() as session:
        assert "planted" not in session
    client.post("/en/sign-out", {"csrf_token": before}, status=400)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_secure", [False, True])
def test_the_session_cookie_has_every_flag(
    installations: Installations, installation: Installation, *, is_secure: bool
) -> None:
    member = cast.person(installation.app, "dauren@example.kz", "Dauren")
    base_url = "https://consult.example" if is_secure else "http://localhost"
    app = installations.another_app(installation, base_url=base_url)
    client = app.test_client()
    page = client.get("/en/sign-in", base_url=base_url)
    assert page.status_code == 200
    token = page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    answer = client.post(
        "/en/sign-in",
        base_url=base_url,
        headers={"Referer": f"{base_url}/en/sign-in"},
        data={"csrf_token": token, "email": member.email, "password": member.password},
    )
    assert answer.status_code == 303
    (cookie,) = answer.headers.getlist("Set-Cookie")
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= flags
    assert ("Secure" in flags) is is_secure
    assert cookie.startswith("__Host-consult=" if is_secure else "consult=")
    assert not any(flag.startswith("Domain") for flag in flags)
    assert ("Strict-Transport-Security" in answer.headers) is is_secure
    application.let_go(app)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_strangers_get_no_cookie_and_no_byte_of_anybody_who_did_not_publish(app: Flask, scene: Scene) -> None:
    canaries = [
        member.email for member in (scene.people.aigerim, scene.people.dauren, scene.people.moderator)
    ]
    canaries += [scene.people.moderator.actor.name, scene.people.administrator.actor.name]
    for path in public_paths(scene):
        client = PageClient(app)
        answer = client.flask.get(f"/kk{path}")
        has_form = path in {"/sign-in", "/register", "/password/forgotten"} or path.endswith("/write")
        assert ("Set-Cookie" in answer.headers) is has_form, path
        caching = answer.headers["Cache-Control"]
        assert caching == ("private, no-store" if has_form else "no-cache"), path
        for canary in canaries:
            assert canary not in answer.text, path
        assert "csrf_token" not in answer.text or has_form, path


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_same_address_is_private_for_the_person_who_signed_in(app: Flask, scene: Scene) -> None:
    for member in (scene.people.aigerim, scene.people.moderator):
        client = visitor(app, member)
        for path in public_paths(scene):
            answer = client.flask.get(f"/kk{path}")
            assert answer.headers["Cache-Control"] == "private, no-store", path
            assert "Cookie" in answer.headers.get("Vary", ""), path


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_page_that_says_goodbye_is_not_kept_by_a_cache(app: Flask) -> None:
    """It carries a message for one person and takes a cookie away, though nobody is signed in any more."""
    client = visitor(app, cast.person(app, "dauren@example.kz", "Dauren"))
    answer = client.submit(client.get("/en/me/answers"), "/sign-out", follow=False)
    goodbye = client.flask.get(answer.location)
    assert "You are signed out." in goodbye.text
    assert goodbye.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_password_never_comes_back_with_the_form(app: Flask) -> None:
    client = PageClient(app)
    page = client.get("/en/register")
    refused = client.submit(
        page, "/register", status=422, email="no address", name="Other", password="CANARY-password-9"
    )
    assert len(refused.error_summary) == 1
    assert "CANARY-password-9" not in refused.response.text


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_password_is_never_on_an_error_page(app: Flask) -> None:
    fields = {"email": "a@example.kz", "name": "A", "password": "CANARY " * 25, "csrf_token": "expired"}
    assert "CANARY" not in PageClient(app).post("/en/register", fields, status=400).response.text
