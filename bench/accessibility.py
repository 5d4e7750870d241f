"""What axe-core finds on the main pages in four states, and the smallest target on them, in Chromium.

The tests look at every page for everybody; this figure can be quoted, with what axe could not decide.
"""

from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench import _content as content
from bench._ground import HOST, Server, consult_server, keep, workspace
from tests.support.browser import VENDOR, WCAG, find_chromium, launch_chromium

WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
LANGUAGES = ("kk", "ru", "en")
COMMENTS = 200
PAGES = (
    "",
    "/consultations",
    "/c/visited",
    "/c/visited/q/1",
    "/sign-in",
    "/register",
    "/rules",
    "/appearance",
    "/404",
)
SMALLEST = """() => Math.min(...[...document.querySelectorAll(
    'button, summary, .button, nav a, textarea, input')]
  .filter(e => e.type !== 'hidden' && e.checkVisibility() && !e.closest('.visually-hidden, .skip'))
  .map(e => (e.closest('label') || e).getBoundingClientRect())
  .map(box => Math.min(box.width, box.height)).filter(Boolean))"""


def _look(page: Page, axe: str, state: tuple[int, str]) -> dict[str, Any]:
    width, scheme = state
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    # A script element would be subject to the page's content security policy; the debugger is not.
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": axe})
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", WCAG)
    return {
        "violations": sum(len(rule["nodes"]) for rule in found["violations"]),
        "violated_rules": sorted(rule["id"] for rule in found["violations"]),
        "passed_rules": len(found["passes"]),
        "undecided": sum(len(rule["nodes"]) for rule in found["incomplete"]),
        "smallest_target_pixels": round(page.evaluate(SMALLEST), 1),
        "scrolls_sideways": page.evaluate("document.scrollingElement.scrollWidth > innerWidth"),
    }


def _looks(server: Server, page: Page) -> dict[str, list[dict[str, Any]]]:
    axe = next(VENDOR.glob("axe-core-*/axe.min.js")).read_text(encoding="utf-8")
    looks: dict[str, list[dict[str, Any]]] = {}
    for language in LANGUAGES:
        for path in PAGES:
            page.goto(f"http://{HOST}:{server.port}/{language}{path}")
            states = [(width, scheme) for width in WIDTHS for scheme in SCHEMES]
            looks[f"/{language}{path}"] = [_look(page, axe, state) for state in states]
    return looks


def _summary(looks: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    every = [look for states in looks.values() for look in states]
    return {
        "pages": len(looks),
        "states": len(WIDTHS) * len(SCHEMES),
        "violations": sum(look["violations"] for look in every),
        "undecided": sum(look["undecided"] for look in every),
        "passed_rules_least": min(look["passed_rules"] for look in every),
        "smallest_target_pixels": min(look["smallest_target_pixels"] for look in every),
        "pages_that_scroll_sideways": sum(
            any(s["scrolls_sideways"] for s in states) for states in looks.values()
        ),
        "each": looks,
    }


def main() -> None:
    executable = find_chromium()
    if executable is None:
        raise SystemExit("There is no Chromium here: this figure cannot be measured.")
    with workspace() as folder, sync_playwright() as playwright:
        with content.installation(folder / "instance"):
            content.add_authors()
            content.add_consultation("visited", COMMENTS)
        with consult_server(folder / "instance") as server:
            browser = launch_chromium(playwright, executable)
            page = browser.new_page(reduced_motion="reduce")  # else a colour is judged half-way to the next
            keep("accessibility", _summary(_looks(server, page)))
            browser.close()


if __name__ == "__main__":
    main()
