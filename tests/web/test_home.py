"""The front page: what is open, and what came of it last."""

import pytest
from flask import Flask

from consult.domain.people import OPERATOR
from consult.services import outcomes
from tests.support.cast import Cast, close_by_clock, open_consultation, within
from tests.support.outcomes import NOTES, PARTS, answered_consultation, write_outcome
from tests.support.pages import PageClient

TITLES = {"kk": "Соңғы қорытынды", "ru": "Последний итог", "en": "Latest outcome"}


@pytest.mark.parametrize("language", TITLES)
def test_the_latest_outcome_is_on_the_front_page(
    app: Flask, people: Cast, client: PageClient, language: str
) -> None:
    answered_consultation(app, people, slug="first-answered")
    latest = answered_consultation(app, people, slug="then-answered")
    page = client.get(f"/{language}/")
    assert TITLES[language] in page.texts("h2")
    (link,) = page.select("section[aria-labelledby=outcome] h3 a")
    assert link.get("href") == f"/{language}/c/{latest.slug}/outcome"
    client.get(f"/{language}/c/{latest.slug}/outcome")


def test_a_correction_does_not_make_an_old_outcome_the_latest(
    app: Flask, people: Cast, client: PageClient
) -> None:
    earlier = answered_consultation(app, people, slug="first-answered")
    latest = answered_consultation(app, people, slug="then-answered")
    with within(app):
        outcomes.save_outcome(OPERATOR, earlier.id, 1, PARTS, notes=NOTES)
    (link,) = client.get("/en/").select("section[aria-labelledby=outcome] h3 a")
    assert link.get("href") == f"/en/c/{latest.slug}/outcome"


@pytest.mark.usefixtures("people")
def test_an_outcome_that_is_only_written_is_not_on_the_front_page(app: Flask, client: PageClient) -> None:
    with within(app):
        built = open_consultation(app)
        write_outcome(built.id)
        close_by_clock(app, built)
    assert "Latest outcome" not in client.get("/en/").text
