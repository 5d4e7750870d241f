"""Pages of the second factor: what people see, and that staff cannot pass without theirs."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from consult.models.base import db, now_in_database, transaction
from consult.models.people import Passkey, SignInSession, TotpDevice
from tests.support.application import let_go
from tests.support.cast import PASSWORD, Cast, Member, within
from tests.support.installations import Installation, Installations
from tests.support.pages import Page, PageClient
from tests.support.scenes import visitor


def secret_on(page: Page) -> str:
    return page.texts("code.key")[0]


def code(app: Flask, secret: str, *, ahead: int = 0) -> str:
    with within(app):
        return pyotp.TOTP(secret).at(now_in_database() + timedelta(seconds=30 * ahead))


def set_up(app: Flask, client: PageClient) -> tuple[str, Page]:
    page = client.submit(client.get("/en/me/security"), "/security/app")
    secret = secret_on(page)
    return secret, client.submit(page, "/app/confirm", code=code(app, secret, ahead=-1))


def test_setting_up_an_app_and_signing_in_with_it(app: Flask, aigerim: Member) -> None:
    secret, done = set_up(app, visitor(app, aigerim))
    written = done.texts(".codes code")
    assert len(written) == 10
    client = PageClient(app)
    page = client.submit(
        client.get("/en/sign-in?next=/en/me/answers"), "/sign-in", email=aigerim.email, password=PASSWORD
    )
    assert page.h1 == "Confirm that it is you"
    page = client.submit(page, "/verify", code="123", status=422)
    assert page.error_summary == ["This code is wrong or was used before. Wait for the next one and try it."]
    page = client.submit(page, "/verify", code=code(app, secret, ahead=1))
    assert page.h1 == "My contributions"
    assert written[0] not in client.get("/en/me/security").text, "codes are shown once"


def test_a_wrong_code_when_setting_up_is_said_and_the_key_stays(app: Flask, aigerim: Member) -> None:
    client = visitor(app, aigerim)
    page = client.submit(client.get("/en/me/security"), "/security/app")
    again = client.submit(page, "/app/confirm", code="12", status=422)
    assert again.error_summary == ["This code is wrong or was used before. Wait for the next one and try it."]
    assert secret_on(again) == secret_on(page)
    empty = client.submit(again, "/app/confirm", code="", status=422)
    assert empty.error_summary == ["This field is required."]


def test_the_second_step_without_a_first_leads_to_signing_in(app: Flask) -> None:
    page = PageClient(app).get("/en/sign-in/verify?next=/en/me", status=303)
    assert page.location == "/en/sign-in?next=/en/me"


def test_an_old_session_must_sign_in_again_before_a_change(app: Flask, aigerim: Member) -> None:
    client = visitor(app, aigerim)
    page = client.get("/en/me/security")
    with within(app), transaction():
        past = now_in_database() - timedelta(hours=1)
        db.session.execute(sa.update(SignInSession).values(created_at=past))
    asked = client.submit(page, "/security/app")
    assert asked.h1 == "Sign in"
    assert "Sign in again before you change how you sign in." in asked.text
    with within(app):
        assert db.session.scalars(db.select(TotpDevice)).all() == []


def test_nobody_removes_the_passkey_of_another(app: Flask, people: Cast) -> None:
    own = visitor(app, people.dauren)
    with within(app), transaction():
        db.session.add(
            Passkey(
                person_id=people.dauren.id,
                credential_id=b"theirs",
                public_key=b"key",
                sign_count=0,
                name="Telephone",
                created_at=now_in_database(),
            )
        )
        db.session.flush()
        number = db.session.scalars(db.select(Passkey.id)).one()
    client = visitor(app, people.aigerim)
    token = client.get("/en/me/security")
    assert "Telephone" not in token.text
    value = re.search(r'name="csrf_token" value="([^"]+)"', token.response.get_data(as_text=True))
    assert value is not None
    answer = client.flask.post(f"/en/me/security/passkeys/{number}/remove", data={"csrf_token": value[1]})
    assert answer.status_code == 404
    page = own.submit(own.get("/en/me/security"), f"/passkeys/{number}/remove")
    assert "The passkey is removed." in page.text


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"rawId": "dGhlaXJz"}', "x" * 30_000])
def test_a_passkey_answer_that_is_none_leads_back_to_signing_in(app: Flask, answer: str) -> None:
    client = PageClient(app)
    page = client.submit(client.get("/en/sign-in"), "/passkey/ask")
    assert page.h1 == "Sign in with a passkey"
    refused = client.submit(page, "/sign-in/passkey", answer=answer)
    assert refused.h1 == "Sign in"
    assert "This passkey could not be checked." in refused.text


@pytest.fixture
def strict(installations: Installations, installation: Installation) -> Iterator[Flask]:
    """The application where staff need a second factor."""
    site = installations.another_app(installation, staff_needs_second_factor=True)
    yield site
    let_go(site)


def test_staff_without_second_factor_are_led_to_set_one_up_where_it_is_needed(
    strict: Flask, people: Cast
) -> None:
    client = visitor(strict, people.moderator)
    assert client.get("/en/o/moderation", status=303).location == "/en/me/security"
    page = client.get("/en/me/security")
    assert "Until yours is set up and used" in page.text
    _secret, done = set_up(strict, client)
    assert "Your recovery codes" in done.text
    assert client.get("/en/o/moderation").status == 200
    kept = client.submit(client.get("/en/me/security"), "/app/remove", status=409)
    assert "Officials need at least one app or passkey." in kept.text


def test_a_post_of_staff_without_second_factor_is_refused(strict: Flask, people: Cast) -> None:
    client = visitor(strict, people.administrator)
    page = client.get("/en/me/security")
    token = page.select("input[name=csrf_token]")[0].get("value")
    answer = client.flask.post("/en/o/consultations/new", data={"csrf_token": token})
    assert answer.status_code == 403
    assert client.flask.get("/en/a/audit").status_code == 303


def test_without_a_provider_there_is_no_button_and_no_way(app: Flask) -> None:
    client = PageClient(app)
    assert not [link for link in client.get("/en/sign-in").links.values() if "identity" in link]
    client.get("/en/identity/begin", status=404)
    client.get("/identity/callback?code=1&state=2", status=422)
