"""A consultation from nothing to scheduled, along its task list, in a real browser."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consult.domain.consultations import Stage
from consult.models.attachments import Attachment
from consult.models.consultations import Consultation
from tests.journeys.test_main_journey import Journey
from tests.support import cast
from tests.support.browser import Browsing, assert_accessible
from tests.support.scenes import PICTURE, local_time

pytestmark = pytest.mark.journey

TASKS = "/ru/o/consultations/bridge"


@pytest.fixture
def journey(app: Flask, browsing: Browsing) -> Journey:
    people = cast.make_cast(app)
    return Journey(app, browsing, "ru", javascript=True, people=people, built=cast.Built(0, "bridge", ()))


def _task(page: Page, number: int) -> None:
    """Open a task of the list, counted from 0."""
    page.goto(TASKS)
    page.locator("main ol.list > li").nth(number).locator("a").first.click()


def _states(page: Page) -> list[str]:
    page.goto(TASKS)
    return [
        (tag.get_attribute("class") or "").partition("--")[2]
        for tag in page.locator("main ol.list > li .tag").all()
    ]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_consultation_is_written_checked_and_published_along_its_tasks(
    journey: Journey, tmp_path: Path
) -> None:
    page = journey.visitor("/ru/o/consultations", journey.people.moderator)
    page.locator("main a[href$='/o/consultations/new']").click()
    page.fill("input[name=slug]", "bridge")
    page.fill("input[name=title_kk]", "Жаңа көпір")
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(r"/ru/o/consultations/bridge$"))
    assert _states(page) == ["warn", "warn", "warn", "error", "", "", "error", "error"]
    assert_accessible(page)
    _write_basics(page)
    _ask(page)
    _lay_a_document(page, tmp_path)
    assert _states(page) == ["ok", "ok", "ok", "ok", "ok", "", "ok", "warn"]
    _task(page, 3)
    expect(page.locator("main td[lang=kk]").first).to_have_text("Жаңа көпір")
    _task(page, 7)
    page.locator("main form[action$='/open'] button").click()
    expect(page.locator(".messages .notice")).to_be_visible()
    assert _states(page)[-1] == "ok"
    (kept,) = journey.kept(Consultation, slug="bridge")
    assert kept.stage is Stage.PUBLISHED
    assert len(journey.kept(Attachment)) == 1
    guest = journey.visitor("/ru/c/bridge/documents")
    with guest.expect_download() as download:
        guest.locator("main a[href*='/files/']").click()
    assert download.value.path().read_bytes() == PICTURE


def _write_basics(page: Page) -> None:
    _task(page, 0)
    fields = {
        "title_ru": "Новый мост", "authority_kk": "Қала әкімдігі", "authority_ru": "Акимат города",
        "purpose_kk": "Жоба өзгере алады.", "purpose_ru": "Проект ещё можно изменить.",
        "contact": "bridge@example.kz", "opens_at": local_time(timedelta(days=2)),
        "closes_at": local_time(timedelta(days=40)),
        "answer_due_on": local_time(timedelta(days=70)).partition("T")[0],
    }  # fmt: skip
    for name, words in fields.items():
        page.fill(f"[name={name}]", words)
    page.locator("section[aria-labelledby=basics] form button").click()
    expect(page.locator(".messages .notice")).to_be_visible()


def _ask(page: Page) -> None:
    _task(page, 1)
    page.locator("main a[href$='/topics/new']").click()
    page.fill("[name=text_kk]", "Көпір")
    page.fill("[name=text_ru]", "Мост")
    page.locator("main form button").click()
    page.locator("main a[href$='/questions/new']").click()
    page.fill("[name=text_kk]", "Көпірде велосипед жолы керек пе?")
    page.fill("[name=text_ru]", "Нужна ли на мосту велодорожка?")
    page.locator("main form button").click()
    expect(page.locator(".messages .notice")).to_be_visible()


def _lay_a_document(page: Page, folder: Path) -> None:
    file = folder / "plan.png"
    file.write_bytes(PICTURE)
    _task(page, 4)
    page.set_input_files("input[name=document]", file)
    page.fill("[name=title_kk]", "Жоспар")
    page.fill("[name=title_ru]", "План")
    page.locator("section[aria-labelledby=upload] form button").click()
    expect(page.locator(".messages .notice")).to_be_visible()
    assert_accessible(page)
