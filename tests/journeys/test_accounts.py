"""Accounts in a real browser: from form to first vote, a forgotten password, signing out elsewhere."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consult.models.base import db
from consult.models.comments import Comment
from consult.models.people import Person
from consult.models.votes import CommentVote
from tests.support import cast
from tests.support.browser import Browsing, assert_accessible, sign_in
from tests.support.cast import PASSWORD
from tests.support.letters import confirmed

pytestmark = pytest.mark.journey

RUNS = [
    pytest.param("sqlite", "kk", True, id="kk"),
    pytest.param("postgresql", "kk", False, id="kk-without-javascript-on-postgresql"),
    pytest.param("postgresql", "ru", True, id="ru-on-postgresql"),
    pytest.param("sqlite", "ru", False, id="ru-without-javascript"),
    pytest.param("sqlite", "en", True, id="en"),
    pytest.param("sqlite", "en", False, id="en-without-javascript"),
]
runs = pytest.mark.parametrize(("kind", "language", "javascript"), RUNS, indirect=["kind"])
NEWCOMER = "newcomer@example.kz"
OTHER = "other words for the door"


def see(page: Page, language: str, *, javascript: bool) -> None:
    """The page is in the language, and axe finds nothing; axe is a script itself."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    if javascript:
        assert_accessible(page)


@runs
def test_register_confirm_comment_and_vote(
    app: Flask, browsing: Browsing, language: str, *, javascript: bool
) -> None:
    built = cast.open_consultation(app)
    theirs = cast.published_comment(app, cast.person(app, "author@example.kz", "Author"), built)
    question = f"/{language}/c/{built.slug}/q/1"
    page = browsing.open(f"/{language}/register?next={question}", javascript=javascript, language=language)
    page.fill("input[name=email]", NEWCOMER)
    page.fill("input[name=name]", "Жаңа Қатысушы")
    page.fill("input[name=password]", "password12345")
    page.press("input[name=password]", "Enter")
    expect(page.locator(".errors a[href='#password']")).to_be_visible()
    see(page, language, javascript=javascript)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator("main")).to_contain_text(NEWCOMER)
    see(page, language, javascript=javascript)
    page.locator("form[action*='/register/resend'] button").click()
    expect(page.locator(".messages .notice")).to_be_visible()
    elsewhere = browsing.open(
        f"/{language}{confirmed(app, NEWCOMER)}", javascript=javascript, language=language
    )
    see(elsewhere, language, javascript=javascript)
    elsewhere.fill("input[name=password]", PASSWORD)
    elsewhere.press("input[name=password]", "Enter")
    expect(elsewhere.locator(".messages")).to_contain_text("Жаңа Қатысушы")
    assert urlsplit(elsewhere.url).path == question
    _take_part(app, elsewhere, question, theirs)


def _take_part(app: Flask, page: Page, question: str, theirs: int) -> None:
    page.locator(f"#c{theirs}-agree").click()
    expect(page.locator(f"#c{theirs}-agree")).to_have_attribute("aria-pressed", "true")
    page.goto(question)
    page.fill("textarea[name=body]", "Менің сөзім. My words.")
    page.locator(f"form[action^='{question}/comments'] button").first.click()
    expect(page.locator(".messages .notice").first).to_be_visible()
    with app.app_context():
        person = db.session.scalars(db.select(Person).filter_by(email=NEWCOMER)).one()
        assert len(db.session.scalars(db.select(CommentVote).filter_by(person_id=person.id)).all()) == 1
        (mine,) = db.session.scalars(db.select(Comment).filter_by(author_id=person.id))
    assert mine.body == "Менің сөзім. My words."


@runs
def test_a_forgotten_password_signs_out_everywhere(
    app: Flask, browsing: Browsing, language: str, *, javascript: bool
) -> None:
    member = cast.person(app, "dauren@example.kz", "Dauren")
    known = browsing.open(f"/{language}/", javascript=javascript, language=language)
    sign_in(known, member.email, PASSWORD, language=language)
    page = browsing.open(f"/{language}/sign-in", javascript=javascript, language=language)
    page.locator("main a[href$='/password/forgotten']").click()
    see(page, language, javascript=javascript)
    page.fill("input[name=email]", member.email)
    page.press("input[name=email]", "Enter")
    expect(page.locator("main")).to_contain_text(member.email)
    see(page, language, javascript=javascript)
    page.goto(f"/{language}{confirmed(app, member.email, 'reset_password')}")
    see(page, language, javascript=javascript)
    page.fill("input[name=new_password]", OTHER)
    page.press("input[name=new_password]", "Enter")
    expect(page.locator(".messages .notice")).to_be_visible()
    known.goto(f"/{language}/me/account")
    assert urlsplit(known.url).path == f"/{language}/sign-in"
    sign_in(known, member.email, OTHER, language=language)
    known.goto(f"/{language}/me/account")
    see(known, language, javascript=javascript)


@pytest.mark.parametrize(
    ("kind", "language", "javascript"),
    [pytest.param("sqlite", "kk", True, id="kk"), pytest.param("sqlite", "ru", False, id="ru-no-js")],
    indirect=["kind"],
)
def test_somebody_signs_out_elsewhere_and_changes_password_and_address(
    app: Flask, browsing: Browsing, language: str, *, javascript: bool
) -> None:
    member = cast.person(app, "dauren@example.kz", "Dauren")
    here, there = (browsing.open(f"/{language}/", javascript=javascript, language=language) for _ in range(2))
    for page in (here, there):
        sign_in(page, member.email, PASSWORD, language=language)
    here.goto(f"/{language}/me/account")
    see(here, language, javascript=javascript)
    here.locator("form[action$='/sessions/end'] button").click()
    expect(here.locator("tbody tr")).to_have_count(1)
    there.goto(f"/{language}/me/account")
    assert urlsplit(there.url).path == f"/{language}/sign-in"
    here.locator("main a[href$='/me/account/email']").click()
    here.fill("input[name=email]", "dauren.new@example.kz")
    here.fill("input[name=password]", "wrong horse battery")
    here.press("input[name=password]", "Enter")
    expect(here.locator(".errors a[href='#password']")).to_be_visible()
    see(here, language, javascript=javascript)
    here.fill("input[name=password]", PASSWORD)
    here.press("input[name=password]", "Enter")
    expect(here.locator(".messages")).to_contain_text("dauren.new@example.kz")
    here.goto(f"/{language}{confirmed(app, 'dauren.new@example.kz', 'change_email')}")
    see(here, language, javascript=javascript)
    here.locator("main form button").click()
    expect(here.locator("main")).to_contain_text("dauren.new@example.kz")
    here.locator("main a[href$='/me/account/password']").click()
    see(here, language, javascript=javascript)
