"""The page of a review: the source beside what was found, and forms that work without a script."""

from typing import Any

import pytest
from flask import Flask

from consult.models.base import db
from consult.models.consultations import Consultation
from consult.models.documents import AgendaReview, Passage
from tests.support.cast import count
from tests.support.pages import FieldValue, Page, PageClient
from tests.support.scenes import Scene, token_of, visitor
from tests.web.test_hostile_input import upload

AGENDA = """\
Workshop on Clean Streets
1 March

09:00 - 09:30 Registration
09:30 - 10:30 Trees along the main street; <b>benches</b> in the park
Who waters them in summer?
11:00 - 12:00 Winter maintenance of bicycle lanes
"""
NEWER = AGENDA.replace("Winter maintenance of bicycle lanes", "Noise of night buses")
URL = "/en/o/consultations/import"


def reviewed(client: PageClient, content: str = AGENDA, slug: str = "clean-streets") -> Page:
    answer = upload(client, URL, token_of(client.get(URL)), slug, "agenda.txt", content.encode())
    assert answer.status_code == 303
    return client.follow(Page(answer, URL))


def written(page: Page) -> list[str]:
    return [area.text_content().strip() for area in page.select("textarea[name^=title-]")]


def press(client: PageClient, page: Page, act: str, *, status: int = 200, **fields: FieldValue) -> Page:
    """Press a button of the review; `title_0` stands for the field `title-0`."""
    review = page.url.partition("#")[0].rpartition("/")[2]
    given: dict[str, Any] = {name.replace("_", "-"): value for name, value in fields.items()}
    return client.submit(page, f"import/{review}", status=status, act=act, **given)


def test_the_page_shows_the_source_beside_the_proposals(app: Flask, scene: Scene) -> None:
    page = reviewed(visitor(app, scene.people.moderator))

    assert [mark.text_content() for mark in page.select(".source mark")] == [
        "Trees along the main street; <b>benches</b> in the park", "Winter maintenance of bicycle lanes",
    ]  # fmt: skip
    assert page.select("#line-5 .source-number")[0].text_content() == "5"
    assert [link.get("href") for link in page.select("figcaption a")] == ["#line-5", "#line-7"]
    assert "Who waters them in summer?" in page.text
    assert "The agenda prints no year" in page.text
    assert "Registration" in page.select("#taken-0 + span")[0].text_content()
    with app.app_context():
        assert not db.session.scalar(db.select(Consultation.id).filter_by(slug="clean-streets"))


def test_a_person_renames_splits_merges_and_makes_the_draft(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = press(
        client, reviewed(client), "split-0",
        title_0="Trees along the main street\n<b>benches</b> in the park", chosen=["0", "1"],
    )  # fmt: skip
    assert written(page) == [
        "Trees along the main street", "<b>benches</b> in the park", "Winter maintenance of bicycle lanes",
    ]  # fmt: skip
    page = press(client, page, "merge-1")
    assert len(written(page)) == 2
    page = press(client, page, "make", title_0="Trees and benches", chosen=["0"])

    assert "1 topic with its citation is in the draft." in page.text
    assert [heading.text_content().strip() for heading in page.select("article h3")] == [
        "1. Trees and benches"
    ]
    with app.app_context():
        quotes = db.session.scalars(db.select(Passage.quote).order_by(Passage.id.desc()))
        assert (quotes.first() or "nothing") in AGENDA
        assert count(AgendaReview) == 0


def test_a_refused_step_keeps_what_was_typed_and_ticked(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = press(client, reviewed(client), "split-1", status=422, title_1="Lanes in winter", chosen=["1"])

    assert page.error_summary == ["To split a topic, write each new title on a line of its own first."]
    assert written(page)[1] == "Lanes in winter"
    assert [box.get("value") for box in page.select("input[name=chosen][checked]")] == ["1"]


def test_nothing_ticked_is_refused_with_a_sentence(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = press(client, reviewed(client), "make", status=422, chosen=[])

    assert page.error_summary == ["Tick at least one topic."]


def test_a_newer_version_shows_what_changed_and_marks_stale_citations(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    press(client, reviewed(client), "make")
    page = reviewed(client, NEWER)
    tags = [tag.text_content() for tag in page.select(".proposal .tag")]
    assert tags == ["As before", "New in this version"]
    assert (
        "Winter maintenance of bicycle lanes"
        in page.select("section[aria-labelledby=changes]")[0].text_content()
    )
    page = press(client, page, "make")

    stale = page.select("article:has(.tag--warn)")
    marked = [each for each in stale if "Citation out of date" in each.text_content()]
    assert len(marked) == 1
    assert "Winter maintenance of bicycle lanes" in marked[0].text_content()


def test_two_officials_at_one_review_are_told_of_each_other(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = reviewed(client)
    press(client, page, "save")
    refused = press(client, page, "save", status=409)

    assert "Somebody else has changed this meanwhile" in refused.error_summary[0]


def test_an_agenda_is_let_go_by_a_button(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.submit(reviewed(client), "/discard")

    assert "No consultation has changed" in page.text
    with app.app_context():
        assert count(AgendaReview) == 0


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"act": "publish"}, 400),
        ({"act": "merge-99999"}, 400),
        ({"act": "merge-7", "version": "1", "title-0": "a", "title-1": "b"}, 404),
        ({"act": "save", "version": "x"}, 409),
        ({"act": "save", "version": "1"}, 409),
        ({"act": "save", "version": "9" * 40, "chosen": "-1"}, 409),
        ({"act": "save", "version": "1", "title-0": "a", "title-1": "b", "replaces": "999999"}, 404),
        ({"act": "save", "version": "1", "title-0": "a\x00\ud800"[:2], "title-1": "b", "chosen": "٣"}, 303),
        ({"act": "save", "version": "1", "title-0": "a" * 301, "title-1": "b"}, 422),
    ],
)
def test_a_form_that_no_page_sent_is_answered(
    app: Flask, scene: Scene, fields: dict[str, str], status: int
) -> None:
    client = visitor(app, scene.people.moderator)
    page = reviewed(client)
    client.post(page.url.split("#")[0], {"csrf_token": token_of(page), **fields}, status=status)
