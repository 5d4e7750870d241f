"""An appeal in a real browser: in Kazakh and without scripts; and what axe finds on the pages around it."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from consult.domain.appeals import Verdict
from consult.domain.comments import CommentState
from consult.models.appeals import Appeal
from consult.models.comments import Comment
from consult.services import moderation
from consult.services.reports import report_comment
from tests.journeys.test_main_journey import Journey
from tests.support import cast
from tests.support.browser import Browsing

pytestmark = pytest.mark.journey


@pytest.fixture
def journey(app: Flask, browsing: Browsing, language: str, *, javascript: bool) -> Journey:
    people = cast.make_cast(app)
    return Journey(app, browsing, language, javascript, people, cast.open_consultation(app))


def _withheld(journey: Journey) -> int:
    with journey.app.app_context():
        key = cast.comment(journey.app, journey.people.aigerim, journey.built, "Көшеге ағаш керек пе?")
        moderation.withhold_comment(journey.people.moderator.actor, key, "off-topic", "Басқа сұраққа.")
    return key


@pytest.mark.parametrize(("kind", "language", "javascript"), [("sqlite", "kk", False)], indirect=["kind"])
def test_an_author_appeals_and_somebody_else_gives_the_comment_back(journey: Journey) -> None:
    key = _withheld(journey)
    page = journey.visitor("/kk/me/answers", journey.people.aigerim)
    page.locator(f"a[href$='/{key}/appeal']").click()
    journey.see(page)
    page.fill("textarea[name=words]", "Сұрақтың өзі туралы.")
    page.locator("form[action$='/appeal'] button").click()
    expect(page.locator(".messages .notice")).to_be_visible()
    (appeal,) = journey.kept(Appeal, comment_id=key)
    expect(page.locator("#appeal")).to_contain_text(str(appeal.id))
    desk = journey.visitor("/kk/o/appeals", journey.people.other_official)
    desk.locator(f"main a[href$='/o/appeals/{appeal.id}']").click()
    journey.see(desk)
    desk.locator("details summary").click()
    desk.locator("a[href$='reply=overturned-kk']").click()
    expect(desk.locator("input[value=overturned]")).to_be_checked()
    desk.locator("form[action$='/o/appeals/" + str(appeal.id) + "'] button").click()
    expect(desk).to_have_url(re.compile("/kk/o/appeals$"))
    assert [row.verdict for row in journey.kept(Appeal)] == [Verdict.OVERTURNED]
    assert [row.state for row in journey.kept(Comment, id=key)] == [CommentState.PUBLISHED]
    guest = journey.visitor(f"{journey.consultation}/comments/{key}")
    expect(guest.locator(f"#comment-{key}")).to_contain_text("Көшеге ағаш керек пе?")


@pytest.mark.parametrize(("kind", "language", "javascript"), [("sqlite", "en", True)], indirect=["kind"])
def test_axe_finds_nothing_where_reports_and_figures_are(journey: Journey) -> None:
    _withheld(journey)
    with journey.app.app_context():
        key = cast.comment(journey.app, journey.people.aigerim, journey.built, "Reported words.")
        report_comment(journey.people.dauren.actor, journey.built.id, key, "insult", "Look at it.")
    page = journey.visitor("/en/o/reports", journey.people.moderator)
    page.locator("article details summary").click()
    journey.see(page)
    page.goto(f"/en/c/{journey.built.slug}/moderation/figures")
    journey.see(page)
    reader = journey.visitor("/en/me/reports", journey.people.dauren)
    journey.see(reader)
