"""Every page for everybody: axe-core in four states, narrow screens, the keyboard, sizes of targets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Literal

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consult.models.base import db
from consult.models.votes import PropositionVote
from consult.web.errors import error_page
from tests.support.browser import Browsing, assert_accessible, sign_in
from tests.support.cast import Member
from tests.support.scenes import Scene, administrator_paths, citizen_paths, official_paths, public_paths

pytestmark = [pytest.mark.journey, pytest.mark.parametrize("kind", ["sqlite"], indirect=True)]

State = tuple[int, Literal["light", "dark"]]
REACHABLE = """a[href], button, textarea, select, summary, input:not([type=hidden]), [tabindex="0"]"""
# One stop a group of radio buttons; what a closed <details> holds cannot be reached until it is opened.
STOPS = """selector => [...document.querySelectorAll(selector)].filter(e => {
    if (!e.checkVisibility() || e.disabled) return false;
    if (e.type !== 'radio') return true;
    const group = [...document.getElementsByName(e.name)].filter(r => r.form === e.form);
    return e === (group.find(r => r.checked) || group[0]);
  }).map((e, place) => { e.dataset.place = place; return e.outerHTML.slice(0, 90); })"""
# Where the focus is, and what is wrong with how it shows: no outline, or something lies over it.
FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getClientRects()[0];
  const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    && !/, 0\\)$|transparent/.test(style.outlineColor);
  const x = Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, 40) / 2, 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const clear = top && (e.contains(top) || top.contains(e) || top.closest('label')?.control === e);
  const inside = box.bottom > 0 && box.top < innerHeight;
  const faults = [shown ? '' : 'no outline', clear && inside ? '' : 'hidden'];
  return [e.dataset.place ?? null, faults.join(' ').trim(),
          e.outerHTML.slice(0, 90)];
}"""
MOVING = """() => [...document.querySelectorAll('*')].filter(e => {
    const s = getComputedStyle(e);
    return s.scrollBehavior === 'smooth' || [s.transitionDuration, s.animationDuration].join()
      .split(',').some(t => parseFloat(t) > 0);
  }).map(e => e.tagName)"""
BARE = """() => [...document.querySelectorAll('button, .button, input:not([type=hidden]), select, textarea')]
  .filter(e => e.checkVisibility() && !e.closest('.menu') && !['radio', 'checkbox', 'file'].includes(e.type))
  .filter(e => parseFloat(getComputedStyle(e).borderTopWidth) < 1)
  .map(e => e.outerHTML.slice(0, 90))"""
# WCAG 2.2, 2.5.8: a target is large enough, or a circle of 24 px on its middle touches no other target.
# Links within a sentence and what is hidden from sight are excepted.
CROWDED = """least => {
  const longer = e => e.parentElement.textContent.trim().length > e.textContent.trim().length + 1;
  const inline = e => e.matches('a') && longer(e)
    && getComputedStyle(e).display === 'inline' && e.closest('p, li, dd, td, th');
  const kinds = 'a[href], button, summary, select, textarea, input:not([type=hidden])';
  const all = [...document.querySelectorAll(kinds)]
    .filter(e => e.checkVisibility() && !e.closest('.visually-hidden, .skip'))
    .map(e => [e, (e.closest('label') || e).getBoundingClientRect()]).filter(([e, b]) => b.width && b.height);
  const near = (b, o) => {
    const x = b.left + b.width / 2, y = b.top + b.height / 2;
    return Math.hypot(Math.max(o.left - x, 0, x - o.right), Math.max(o.top - y, 0, y - o.bottom)) < least / 2;
  };
  return all.filter(([e, b]) => (b.width < least || b.height < least) && !inline(e)
      && all.some(([o, c]) => o !== e && !o.contains(e) && !e.contains(o) && near(b, c)))
    .map(([e, b]) => `${e.outerHTML.slice(0, 90)} is ${b.width} x ${b.height} and crowded`);
}"""

STATES: tuple[State, ...] = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))
NARROW = (320, 390)
SMALLEST_TARGET_PIXELS = 24
STOPS_OF_A_DATE = 6
"""Chromium stops at day, month, year, hour, minute and the calendar of a date field."""

# A link within a sentence is excepted (WCAG 2.2, 2.5.8), and a radio button is as large as its label.
SMALL_TARGETS = """least => [...document.querySelectorAll(
    'button, summary, select, textarea, input:not([type=hidden]), nav a, .button, label.option')]
  .filter(e => e.checkVisibility() && !e.closest('.visually-hidden'))
  .map(e => [e, (e.closest('label.option') || e).getBoundingClientRect()])
  .filter(([e, box]) => box.width < least || box.height < least)
  .map(([e, box]) => `${e.outerHTML.slice(0, 90)} is ${box.width} x ${box.height}`)"""
OVERFLOW = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return null;
  const wide = [...document.querySelectorAll('main *, header *, footer *')]
    .filter(e => e.getBoundingClientRect().right > page.clientWidth + 1 && !e.closest('.scroll'));
  return `${page.scrollWidth} > ${page.clientWidth}: ${wide.slice(0, 3).map(e => e.outerHTML.slice(0, 90))}`;
}"""

GROUPS: dict[str, tuple[Callable[[Scene], list[str]], Callable[[Scene], Member | None]]] = {
    "public": (public_paths, lambda _scene: None),
    "citizen": (citizen_paths, lambda scene: scene.people.aigerim),
    "official": (official_paths, lambda scene: scene.people.moderator),
    "administrator": (administrator_paths, lambda scene: scene.people.administrator),
}
# Pages that no scene is needed for.
OWN_PAGES: dict[str, tuple[str, ...]] = {
    "public": ("/appearance",),
    "citizen": (),
    "official": (),
    "administrator": (),
}
# Where a form is sent empty: the page, the button that sends it, and what must be opened to reach it.
REFUSED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "public": (("/sign-in", "main form button", ""), ("/register", "main form button", "")),
    "citizen": (
        ("/c/green-street/q/1", "form[action$='/q/1/comments'] button:not([formaction])", ""),
        ("/c/green-street/comments/1", "form[action$='/replies'] button:not([formaction])", ""),
    ),
    "official": (
        ("/o/consultations/new", "form[action$='/new'] button", ""),
        ("/o/consultations/import", "form[action$='/import'] button", ""),
        ("/o/consultations/1/edit", "form[action$='/extend'] button", ""),
        ("/o/consultations/1/edit", "form[action$='/withdraw'] button", "details:has([action$='/withdraw'])"),
        ("/o/consultations/3/topics/new", "main form button", ""),
        ("/o/moderation", "form[action$='/withhold'] button", "details:has([action$='/withhold'])"),
    ),
    "administrator": (),
}


@contextmanager
def collected(faults: list[str]) -> Iterator[None]:
    """Go on to the next page after one that is at fault, so that one run tells all."""
    try:
        yield
    except AssertionError as fault:
        faults.append(str(fault))


def look_in_every_state(page: Page, faults: list[str], states: tuple[State, ...]) -> None:
    for width, scheme in states:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        with collected(faults):
            assert_accessible(page)


def look_on_narrow_screens(page: Page, faults: list[str]) -> None:
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 800})
        if wide := page.evaluate(OVERFLOW):
            faults.append(f"{page.url} scrolls sideways at {width} px: {wide}")
        small = page.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PIXELS)
        small += page.evaluate(CROWDED, SMALLEST_TARGET_PIXELS)
        faults.extend(f"{page.url} at {width} px: {target}" for target in small)


def visit(browsing: Browsing, language: str, member: Member | None) -> Page:
    page = browsing.open(f"/{language}/", language=language)
    if member is not None:
        sign_in(page, member.email, member.password, language=language)
    return page


def pages_of(page: Page, language: str, group: str, scene: Scene) -> Iterator[None]:
    """Bring the page to each page of a group in turn, and last to those that a refused form shows."""
    for path in dict.fromkeys([*GROUPS[group][0](scene), *OWN_PAGES[group]]):
        page.goto(f"/{language}{path}")
        yield
    for path, button, closed in REFUSED[group]:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"/{language}{path}")
        if closed:
            page.locator(closed).first.locator("summary").click()
        page.locator(button).first.click()
        expect(page.locator(".errors")).to_be_visible()
        yield


@pytest.mark.parametrize("group", GROUPS)
def test_axe_finds_nothing_on_any_page_in_four_states(browsing: Browsing, scene: Scene, group: str) -> None:
    page = visit(browsing, "kk", GROUPS[group][1](scene))
    faults: list[str] = []
    for _page in pages_of(page, "kk", group, scene):
        look_in_every_state(page, faults, STATES)
    assert faults == []


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("group", GROUPS)
def test_no_page_scrolls_sideways_and_no_target_is_small(
    browsing: Browsing, scene: Scene, group: str, language: str
) -> None:
    page = visit(browsing, language, GROUPS[group][1](scene))
    faults: list[str] = []
    for _page in pages_of(page, language, group, scene):
        look_on_narrow_screens(page, faults)
    assert faults == []


def test_every_control_of_a_question_is_reached_by_the_tabulator_and_seen(
    browsing: Browsing, scene: Scene
) -> None:
    page = visit(browsing, "kk", scene.people.dauren)
    page.goto(f"/kk/c/{scene.open.slug}/q/1")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll(
            'a[href], button, textarea, summary, input:not([type=hidden])')]
            .filter(e => e.checkVisibility()).map((e, i) => { e.dataset.place = i; return String(i); })"""
    )
    assert len(wanted) > 15
    reached: list[str] = []
    unseen: list[str] = []
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        place, is_seen, source = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
              return [e.dataset.place || '', s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
                      e.outerHTML.slice(0, 80)]; }"""
        )
        if place:
            reached.append(place)
            unseen += [] if is_seen else [source]
    assert set(wanted) - set(reached) == set()
    assert reached[: len(wanted)] == wanted, "the order is that of the page"
    assert unseen == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with-scripts", "without"])
def test_a_vote_is_cast_by_enter_and_by_space(
    app: Flask, browsing: Browsing, scene: Scene, *, javascript: bool
) -> None:
    page = browsing.open("/kk/", language="kk", javascript=javascript)
    sign_in(page, scene.people.dauren.email, scene.people.dauren.password, language="kk")
    page.goto(f"/kk/c/{scene.open.slug}/q/2")
    for choice, key, number in (("agree", "Enter", 1), ("disagree", "Space", -1), ("pass", "Enter", 0)):
        page.focus(f"#question-{choice}")
        page.keyboard.press(key)
        expect(page.locator(f"#question-{choice}")).to_have_attribute("aria-pressed", "true")
        if javascript:
            expect(page.locator(f"#question-{choice}")).to_be_focused()
        with app.app_context():
            assert [vote.choice for vote in db.session.scalars(db.select(PropositionVote))] == [number]


def test_the_first_stop_of_the_tabulator_leads_to_the_content(browsing: Browsing, scene: Scene) -> None:
    page = browsing.open(f"/kk/c/{scene.open.slug}/q/1", language="kk")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_refused_form_brings_the_focus_to_the_summary_and_the_summary_to_the_field(
    browsing: Browsing, scene: Scene
) -> None:
    page = visit(browsing, "kk", scene.people.dauren)
    page.goto(f"/kk/c/{scene.open.slug}/q/1")
    page.locator("form[action$='/q/1/comments'] button:not([formaction])").first.click()
    expect(page.locator(".errors")).to_be_focused()
    page.locator(".errors a").click()
    expect(page.locator("textarea[name=body]")).to_be_focused()


def test_a_vote_that_comes_too_late_is_explained_where_it_was_pressed(
    app: Flask, browsing: Browsing, scene: Scene
) -> None:
    from tests.support.cast import close_by_clock  # noqa: PLC0415

    page = visit(browsing, "kk", scene.people.dauren)
    page.goto(f"/kk/c/{scene.open.slug}/q/2")
    close_by_clock(app, scene.open)
    page.locator("#question-agree").click()
    expect(page.locator("main [role=alert] .notice--error")).to_be_visible()
    expect(page.locator("main")).to_have_count(1)
    expect(page.locator("h1")).to_have_count(1)
    assert_accessible(page)


def test_colours_of_high_contrast_leave_every_button_a_border(browsing: Browsing, scene: Scene) -> None:
    page = visit(browsing, "kk", scene.people.dauren)
    page.emulate_media(forced_colors="active")
    page.goto(f"/kk/c/{scene.open.slug}/q/2")
    bare: list[Any] = page.evaluate(
        """() => [...document.querySelectorAll('main button, main .button')].filter(e => e.checkVisibility())
            .filter(e => parseFloat(getComputedStyle(e).borderTopWidth) < 1)
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert bare == []


def walk_by_tabulator(page: Page) -> list[str]:
    """Press Tab through the whole page; what is not reached, out of the page's order, or not seen."""
    wanted: list[str] = page.evaluate(STOPS, REACHABLE)
    places: list[int] = []
    faults: list[str] = []
    inside_dates = STOPS_OF_A_DATE * page.locator("input[type^=date]").count()
    for _ in range(len(wanted) + inside_dates + 2):
        page.keyboard.press("Tab")
        place, unseen, source = page.evaluate(FOCUS)
        if place is None or int(place) in places:
            continue
        places.append(int(place))
        faults += [f"{page.url}: {unseen}: {source}"] if unseen else []
    missed = [source for place, source in enumerate(wanted) if place not in places]
    faults += [f"{page.url}: never reached: {source}" for source in missed]
    if places != sorted(places):
        faults.append(f"{page.url}: the order is not that of the page: {places}")
    return faults


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_walked_by_keyboard_and_the_focus_is_always_seen(
    browsing: Browsing, scene: Scene, group: str, width: int
) -> None:
    page = visit(browsing, "kk", GROUPS[group][1](scene))
    faults: list[str] = []
    for path in dict.fromkeys([*GROUPS[group][0](scene), *OWN_PAGES[group]]):
        page.set_viewport_size({"width": width, "height": 640})
        page.goto(f"/kk{path}")
        faults += walk_by_tabulator(page)
    assert faults == []


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_moves_for_those_who_asked_for_rest_and_high_contrast_keeps_the_borders(
    browsing: Browsing, scene: Scene, group: str
) -> None:
    page = visit(browsing, "ru", GROUPS[group][1](scene))
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    faults: list[str] = []
    for _page in pages_of(page, "ru", group, scene):
        faults += [f"{page.url} moves: {tag}" for tag in page.evaluate(MOVING)]
        faults += [f"{page.url} without a border: {source}" for source in page.evaluate(BARE)]
    assert faults == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("width", [320, 390])
def test_the_way_in_is_in_sight_on_a_telephone(
    browsing: Browsing, scene: Scene, language: str, width: int
) -> None:
    page = browsing.open(f"/{language}/", language=language, size=(width, 800))
    link = page.locator("nav.menu a[href$='/sign-in']")
    expect(link).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    assert page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.menu'))")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-scripts", "without"])
def test_a_theme_is_chosen_and_the_page_turns_dark(
    browsing: Browsing, scene: Scene, *, javascript: bool
) -> None:
    page = browsing.open("/kk/appearance", language="kk", javascript=javascript)
    page.check("input[name=theme][value=dark]")
    page.locator("main form button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"/kk/c/{scene.open.slug}/q/1")
    expect(page.locator("body")).to_have_css("background-color", "rgb(14, 25, 29)")
    if javascript:
        assert_accessible(page)


ERRORS = [HTTPStatus(code) for code in (400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503)]


@pytest.mark.parametrize("status", ERRORS)
def test_axe_finds_nothing_on_the_page_of_any_error(
    app: Flask, browsing: Browsing, scene: Scene, status: HTTPStatus
) -> None:
    """Also of those that nothing provokes on demand: the page is the application's, only handed in by us."""
    with app.test_request_context("/kk/error", method="POST", data={"body": "Менің сөзім"}):
        text, _code = error_page(status, "Түсіндірме.", number="0123abcd")
    page = browsing.open("/kk/", language="kk")
    page.route("**/kk/error", lambda route: route.fulfill(status=200, content_type="text/html", body=text))
    page.goto("/kk/error")
    expect(page.locator("h1")).to_be_visible()
    faults: list[str] = []
    look_in_every_state(page, faults, STATES)
    look_on_narrow_screens(page, faults)
    assert faults == []
