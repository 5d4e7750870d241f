"""One's own data in a real browser: telling, downloading, and leaving, with and without scripts."""

import zipfile
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from consult.domain.consents import Purpose
from consult.models.base import db
from consult.models.own_data import Consent, PersonProfile
from consult.models.people import Person
from tests.support import cast
from tests.support.browser import Browsing, assert_accessible, sign_in
from tests.support.cast import PASSWORD

pytestmark = pytest.mark.journey

RUNS = [
    pytest.param("sqlite", "kk", True, "remove", id="kk"),
    pytest.param("postgresql", "ru", False, "keep", id="ru-without-javascript-on-postgresql"),
    pytest.param("postgresql", "en", True, "keep", id="en-on-postgresql"),
    pytest.param("sqlite", "en", False, "remove", id="en-without-javascript"),
]
WORDS = "Көшеге жарық керек. The street needs light."


@pytest.mark.parametrize(("kind", "language", "javascript", "farewell"), RUNS, indirect=["kind"])
def test_from_the_offer_to_the_farewell(
    app: Flask, browsing: Browsing, tmp_path: Path, language: str, *, javascript: bool, farewell: str
) -> None:
    people = cast.make_cast(app)
    built = cast.open_consultation(app)
    aigerim = people.aigerim
    number = cast.published_comment(app, aigerim, built, WORDS)
    page = browsing.open(f"/{language}/", javascript=javascript, language=language, accept_downloads=True)
    sign_in(page, aigerim.email, aigerim.password, language=language)

    def see() -> None:
        expect(page.locator("html")).to_have_attribute("lang", language)
        if javascript:
            assert_accessible(page)

    page.goto(f"/{language}/me")
    see()
    page.locator("section[aria-labelledby=statistics-offer] a").click()
    see()
    page.select_option("#region", "KZ-71")
    page.check("#agrees")
    page.locator("form[action$='/statistics'] button").click()
    expect(page.locator("#region")).to_have_value("KZ-71")
    with app.app_context():
        assert db.session.get_one(PersonProfile, aigerim.id).region == "KZ-71"
        assert db.session.scalars(db.select(Consent.purpose)).all() == [Purpose.STATISTICS]
    see()

    with page.expect_download() as download:
        page.locator("form[action$='/download'] button").click()
    archive = tmp_path / "mine.zip"
    download.value.save_as(archive)
    with zipfile.ZipFile(archive) as files:
        assert WORDS in files.read("consult-my-data/comments.csv").decode("utf-8-sig")
        assert "KZ-71" in files.read("consult-my-data/profile.json").decode()

    page.locator("a[href$='/me/privacy/delete']").click()
    see()
    page.locator("main form button").click()
    expect(page.locator("#errors li")).to_have_count(3)
    see()
    page.check(f"input[name=farewell][value={farewell}]")
    page.fill("#confirmation", aigerim.email)
    page.fill("#password", PASSWORD)
    page.locator("main form button").click()
    expect(page.locator(".messages .notice")).to_be_visible()
    expect(page.locator("form[action$='/sign-out']")).to_have_count(0)
    see()

    page.goto(f"/{language}/c/{built.slug}/comments/{number}")
    expect(page.get_by_text(WORDS)).to_have_count(1 if farewell == "keep" else 0)
    assert aigerim.actor.name not in page.content()
    with app.app_context():
        shell = db.session.get_one(Person, aigerim.id)
        assert (shell.email, shell.name) == (f"erased:{aigerim.id}", "")
        assert db.session.get(PersonProfile, aigerim.id) is None
