"""Tables and filters in a real browser, on a telephone and on a desk: nothing is cut, nothing crooked."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import Browsing, assert_accessible, sign_in
from tests.support.scenes import Scene

pytestmark = [pytest.mark.journey, pytest.mark.parametrize("kind", ["sqlite"], indirect=True)]

CUT = "() => [...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth).length"
EDGES = """() => [...document.querySelectorAll('.filters :is(input:not([type=hidden]), select, button)')]
  .map(e => e.getBoundingClientRect()).map(box => [Math.round(box.top), Math.round(box.bottom)].join())"""
BROKEN_HEADS = """() => [...document.querySelectorAll('thead th')]
  .filter(e => !/\\s/.test(e.textContent.trim()) && e.checkVisibility())
  .filter(e => { const range = document.createRange(); range.selectNodeContents(e);
                 return range.getClientRects().length > 1; }).map(e => e.textContent)"""


def test_the_report_fits_a_telephone_and_each_cell_says_what_it_is(browsing: Browsing, scene: Scene) -> None:
    page = browsing.open(f"/kk/c/{scene.answered.slug}/report", size=(390, 800), language="kk")
    assert page.evaluate(CUT) == 0
    answer = page.locator("td", has_text="Ағаштар күзде отырғызылады.")
    box = answer.bounding_box()
    assert box is not None
    assert box["width"] > 300
    label = answer.evaluate("e => getComputedStyle(e, '::before').content")
    assert label.startswith('"Жауап және себебі"')
    assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator("thead").first).to_be_visible()
    number = page.locator("tbody th").first.bounding_box()
    assert number is not None
    assert number["width"] < 120


def test_the_filters_of_the_list_stand_in_a_line(browsing: Browsing, scene: Scene) -> None:
    assert scene.topic
    page = browsing.open("/en/consultations", size=(1280, 900))
    assert len(set(page.evaluate(EDGES))) == 1


def test_no_word_in_the_heads_of_the_figures_is_broken(browsing: Browsing, scene: Scene) -> None:
    page = browsing.open("/ru/", size=(1280, 900), language="ru")
    sign_in(page, scene.people.moderator.email, scene.people.moderator.password, language="ru")
    page.goto(f"/ru/o/consultations/{scene.answered.slug}/figures")
    page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
    assert page.locator("thead th", has_text="Комментарии").count() > 1
    assert page.evaluate(BROKEN_HEADS) == []
