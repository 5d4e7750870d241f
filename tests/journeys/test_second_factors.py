"""Passkeys with Chromium's virtual authenticator, the authenticator app, and a real identity provider."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, expect

from consult.models.base import db, now_in_database
from consult.models.people import Identity, Passkey, Person, SignInSession
from tests.support import cast
from tests.support.browser import Browsing, LiveServer, assert_accessible, sign_in
from tests.support.cast import PASSWORD, Cast
from tests.support.identity import RunningProvider, planned_provider
from tests.support.installations import Installation
from tests.support.provider import EMAIL, USER

pytestmark = pytest.mark.journey

LANGUAGES = ["kk", "ru", "en"]
RUNS = [
    pytest.param(language, js, id=f"{language}-{'js' if js else 'no-js'}")
    for language in LANGUAGES
    for js in (True, False)
]


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast.make_cast(app)


@pytest.fixture
def named(chromium: Browser, installation: Installation) -> Iterator[Browsing]:
    """The site under a host name: passkeys belong to names, not to addresses."""
    server = LiveServer(installation.database.url, installation.instance, host="localhost")
    opened = Browsing(chromium, server.url)
    yield opened
    server.stop()
    faults = opened.close()
    assert not faults, "the browser saw\n" + "\n".join(faults)


def authenticator(page: Page) -> CDPSession:
    """A virtual device that holds passkeys and confirms by itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_passkey_is_added_and_signs_in_alone_and_after_the_password(
    app: Flask, named: Browsing, people: Cast, language: str
) -> None:
    page = named.open(f"/{language}/", language=language)
    authenticator(page)
    sign_in(page, people.aigerim.email, PASSWORD, language=language)
    page.goto(f"/{language}/me/security")
    assert_accessible(page)
    page.locator("form[action$='/passkeys/ask'] button").click()
    page.locator("#name").fill("Менің телефоным")
    assert_accessible(page)
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".codes code")).to_have_count(10)
    expect(page.locator("main")).to_contain_text("Менің телефоным")
    page.locator("form[action$='/sign-out'] button").click()
    page.goto(f"/{language}/sign-in?next=/{language}/me/answers")
    page.locator("form[action*='/passkey/ask'] button").click()
    page.wait_for_url(f"**/{language}/me/answers")
    page.locator("form[action$='/sign-out'] button").click()
    page.goto(f"/{language}/sign-in?next=/{language}/me/answers")
    page.locator("#email").fill(people.aigerim.email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form:has(#password) button").click()
    page.wait_for_url("**/sign-in/verify**")
    page.locator("form[action*='/passkey/ask'] button").click()
    page.wait_for_url(f"**/{language}/me/answers")
    with app.app_context():
        passkey = db.session.scalars(db.select(Passkey)).one()
        proven = db.session.scalars(db.select(SignInSession.has_second_factor)).all()
    assert passkey.last_used_at is not None
    assert proven
    assert all(proven), "every session left was begun with a second proof"


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_passkey_that_the_person_does_not_confirm_says_so_and_can_be_tried_again(
    named: Browsing, people: Cast
) -> None:
    page = named.open("/en/sign-in", language="en")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    page.locator("form[action*='/passkey/ask'] button").click()
    page.evaluate("() => navigator.credentials.get = () => Promise.reject(new Error('no'))")
    page.locator("form[data-passkey] button").click()
    expect(page.locator("[data-failed]")).to_be_visible()
    assert_accessible(page)


def code(app: Flask, secret: str, *, ahead: int) -> str:
    with app.app_context():
        return pyotp.TOTP(secret).at(now_in_database() + timedelta(seconds=30 * ahead))


@pytest.mark.parametrize(("language", "javascript"), RUNS)
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_app_is_set_up_and_asked_for(
    app: Flask, browsing: Browsing, people: Cast, language: str, *, javascript: bool
) -> None:
    page = browsing.open(f"/{language}/", javascript=javascript, language=language)
    sign_in(page, people.dauren.email, PASSWORD, language=language)
    page.goto(f"/{language}/me/security")
    page.locator("form[action$='/security/app'] button").click()
    secret = page.locator("code.key").inner_text()
    if javascript:
        assert_accessible(page)
    page.locator("#code").fill(code(app, secret, ahead=-1))
    page.locator("form[action$='/app/confirm'] button").click()
    expect(page.locator(".codes code")).to_have_count(10)
    recovery = page.locator(".codes code").first.inner_text()
    page.locator("form[action$='/sign-out'] button").click()
    for proof in (code(app, secret, ahead=1), recovery):
        page.goto(f"/{language}/sign-in?next=/{language}/me/answers")
        page.locator("#email").fill(people.dauren.email)
        page.locator("#password").fill(PASSWORD)
        page.locator("main form:has(#password) button").click()
        if javascript:
            assert_accessible(page)
        page.locator("#code").fill(proof)
        page.locator("form:has(#code) button").click()
        page.wait_for_url(f"**/{language}/me/answers")
        page.locator("form[action$='/sign-out'] button").click()


@pytest.mark.parametrize(("language", "javascript"), RUNS)
@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_person_signs_in_by_the_identity_provider(
    app: Flask, chromium: Browser, installation: Installation, language: str, *, javascript: bool
) -> None:
    planned = planned_provider()
    settings = json.dumps({"identity_provider": asdict(planned)})
    server = LiveServer(installation.database.url, installation.instance, settings=settings)
    try:
        with RunningProvider(planned, f"{server.url}/identity/callback"):
            context = chromium.new_context(java_script_enabled=javascript, base_url=server.url)
            page = context.new_page()
            page.goto(f"/{language}/sign-in?next=/{language}/me/answers")
            page.locator("a[href*='/identity/begin']").click()
            page.locator("[name=username]").fill(USER)
            page.locator("[name=password]").fill(PASSWORD)
            page.locator("button").click()
            page.wait_for_url(f"**/{language}/me/answers")
            context.close()
    finally:
        server.stop()
    with app.app_context():
        linked = db.session.scalars(db.select(Identity)).one()
        person = db.session.get_one(Person, linked.person_id)
    assert (person.email, person.verification.value) == (EMAIL, "identity")
