"""A consultation as a list of tasks: what is done, what is missing, and where that is dealt with."""

from datetime import date, datetime, timedelta, timezone

import pytest
from flask import Flask

from consult.domain.holidays import Holiday
from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.services import consultations, holidays
from consult.services.drafting import Basics, TextIn
from tests.support.cast import TEXTS, draft
from tests.support.pages import Page
from tests.support.scenes import Scene, visitor

ALMATY = timezone(timedelta(hours=5))


def states(page: Page) -> dict[str, str]:
    """State of each task by its name."""
    return {
        item.cssselect("a")[0].text_content(): item.cssselect(".tag")[0].text_content()
        for item in page.select("main ol.list > li")
    }


def bare_draft(app: Flask, **changes: object) -> str:
    with app.app_context():
        basics = Basics(**{"texts": {Language.KK: TextIn("Бос")}, **changes})  # type: ignore[arg-type]
        consultations.create_consultation(OPERATOR, "bare", basics)
    return "bare"


def test_a_bare_draft_has_everything_before_it(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get(f"/en/o/consultations/{bare_draft(app)}")
    assert states(page) == {
        "Texts and settings": "Not yet",
        "Topics and questions": "Not yet",
        "Dates": "Not yet",
        "Translations side by side": "Waits for other tasks",
        "Documents": "If you like",
        "People": "If you like",
        "Preview": "Waits for other tasks",
        "Check before publishing": "Waits for other tasks",
    }
    for link in page.select("main ol.list > li a"):
        client.get(str(link.get("href")))


def test_a_whole_draft_waits_only_for_its_opening(app: Flask, scene: Scene) -> None:
    with app.app_context():
        draft(app, slug="whole")
    client = visitor(app, scene.people.moderator)
    page = client.get("/en/o/consultations/whole")
    assert states(page)["Check before publishing"] == "Not yet"
    check = client.get("/en/o/consultations/whole/check")
    assert set(check.texts("main ul.list .tag")) == {"Done"}
    client.submit(check, "/open")
    page = client.get("/en/o/consultations/whole")
    assert states(page)["Check before publishing"] == "Done"
    assert "has been published" in client.get("/en/o/consultations/whole/check").text


def test_the_check_leads_to_each_thing_that_is_missing(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get(f"/en/o/consultations/{bare_draft(app)}/check")
    unmet = {
        item.cssselect("div")[0].text_content().strip(): item.cssselect("a")
        for item in page.select("main ul.list > li")
        if item.cssselect(".tag--error")
    }
    assert "Title in Kazakh and Russian" in unmet
    assert "At least one question" in unmet
    assert not page.select("form[action$='/open']")
    for links in unmet.values():
        target = client.get(str(links[0].get("href")).partition("#")[0])
        anchor = str(links[0].get("href")).partition("#")[2]
        assert target.select(f"#{anchor}") or not anchor


def test_texts_stand_side_by_side_and_what_is_missing_says_so(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get(f"/en/o/consultations/{scene.waiting.slug}/translations")
    title = page.select("main tbody tr")[0]
    assert [cell.text_content() for cell in title.cssselect("td")] == [
        TEXTS[language].title for language in Language
    ]
    assert [cell.get("lang") for cell in title.cssselect("td")] == ["kk", "ru", "en"]
    last = page.select("main tbody tr")[-1]
    assert [cell.text_content() for cell in last.cssselect("td")][2] == "Missing"


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_days_of_a_period_are_shown_one_by_one(app: Flask, scene: Scene) -> None:
    opens = datetime(2090, 6, 5, 9, tzinfo=ALMATY)  # a Monday
    slug = bare_draft(
        app, texts=TEXTS, opens_at=opens, closes_at=opens + timedelta(days=14), min_days_rule="KZ-10wd"
    )
    client = visitor(app, scene.people.moderator)
    page = client.get(f"/en/o/consultations/{slug}/days")
    assert "10 days of 10" in page.text
    assert "Long enough" in page.text
    with app.app_context():
        holidays.set_holiday(OPERATOR, Holiday(date(2090, 6, 7)))
    page = client.get(f"/en/o/consultations/{slug}/days")
    assert "9 days of 10" in page.text
    assert "Shorter than the rule" in page.text
    rows = [[cell.text_content() for cell in row.cssselect("td")] for row in page.select("main tbody tr")]
    work, off, weekend = "Working day", "Holiday", "Weekend"
    assert [row[0] for row in rows[:7]] == [work, work, off, work, work, weekend, weekend]
    assert rows[-1] == [weekend, "9"]
    check = client.get(f"/en/o/consultations/{slug}/check")
    assert "Reason for a shorter period than the rule" in [
        item.cssselect("div")[0].text_content().strip()
        for item in check.select("main li")
        if item.cssselect(".tag--error")
    ]


def test_an_address_with_nothing_behind_it_is_not_found(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    for path in ("", "/check", "/days", "/translations", "/documents", "/people", "/duplicate"):
        client.get(f"/en/o/consultations/never-was{path}", status=404)


def test_a_copy_leads_to_its_own_tasks(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get(f"/en/o/consultations/{scene.open.slug}")
    form = client.get(str(page.select("a[href$='/duplicate']")[0].get("href")))
    refused = client.submit(form, "/duplicate", status=422, slug=scene.closed.slug)
    assert [link.get("href") for link in refused.select(".errors a")] == ["#slug"]
    copy = client.submit(form, "/duplicate", slug="next-year")
    assert copy.url.endswith("/o/consultations/next-year")
    assert states(copy)["Dates"] == "Not yet"
    assert states(copy)["Documents"] == "Done"
