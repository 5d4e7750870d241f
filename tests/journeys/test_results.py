"""The map of opinions in a real browser: on a telephone, on paper, and by its letters."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from consult.domain.people import OPERATOR
from consult.services.opinion import compute_opinion
from tests.support.browser import Browsing, assert_accessible, sign_in
from tests.support.cast import Cast, close_by_clock, open_consultation, vote, within
from tests.support.crowds import crowd

pytestmark = [pytest.mark.journey, pytest.mark.parametrize("kind", ["sqlite"], indirect=True)]

SMALLEST = """() => Math.min(...[...document.querySelectorAll('a.letter circle')]
  .map(e => e.getBoundingClientRect()).map(box => Math.min(box.width, box.height)))"""
WIDER = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


def test_the_map_fits_a_telephone_prints_its_table_and_leads_to_groups(
    app: Flask, people: Cast, browsing: Browsing
) -> None:
    built = open_consultation(app)
    for key in crowd(app, built, people.aigerim, people=200, minds=3):
        vote(app, people.dauren, built, key)
    close_by_clock(app, built)
    with within(app):
        compute_opinion(OPERATOR, built.slug)
    page = browsing.open("/en/", size=(320, 800))
    sign_in(page, people.dauren.email, people.dauren.password)
    page.goto(f"/en/c/{built.slug}/results/map")
    assert page.evaluate(WIDER) == 0
    assert page.evaluate(SMALLEST) >= 24
    assert_accessible(page)
    legend = page.get_by_text("From the middle to the left: disagree.").first
    expect(legend).to_be_visible()
    expect(page.locator(".opinion-map .you")).to_be_visible()
    page.locator("a.letter").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#group-A$"))
    table = page.get_by_role("table", name="Groups and what stands for them")
    expect(table).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(legend).to_be_hidden()
    expect(page.locator("table.divided thead").first).to_be_visible()
    page.emulate_media(media="print")
    expect(table).to_be_visible()
    expect(legend).to_be_visible()
