"""A queue of a hundred comments of mixed kind, and a moderator who decides on all of them by keyboard."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from flask import Flask
from playwright.sync_api import Page, Request

from consult.domain.languages import Language
from consult.services.comments import Words, submit_comment
from tests.support.cast import Built, Member, person, within

AUTHORS = 12
ORDINARY, WITH_DATA, COPIES = 70, 10, 10
TOTAL = ORDINARY + WITH_DATA + 2 * COPIES
WHO = (
    "Жүргізушілер", "Балалар", "Қарттар", "Родители", "Школьники", "Соседи", "Cyclists", "Shopkeepers",
    "Visitors", "Студенттер",
)  # fmt: skip
WHAT = (
    "ағаштардың көлеңкесін күтеді", "суару жүйесін сұрайды", "жаңа орындықтар сұрайды",
    "просят осветить переход", "жалуются на пыль летом", "хотят широкий тротуар",
    "need a safer crossing", "ask for a cycle lane", "want fewer parked cars", "would like a small fountain",
)  # fmt: skip
WHERE = (
    "мектептің жанында", "базардан кейін", "ескі саябақта", "у третьей поликлиники", "за вокзалом",
    "вдоль набережной", "next to the library", "behind the old theatre", "along the canal", "in every yard",
)  # fmt: skip
PETITION = "Мы, жители квартала, просим сохранить старые тополя и посадить новые вдоль всей улицы. {n}"
SPAM = "Лучшие саженцы и газоны со скидкой, доставка по городу, заказы на сайте www.best-garden.kz {n}"
ADVERTISING, SEND = "5", "Control+Enter"
READY = """() => document.activeElement.matches('[data-item]:not([data-done])')
    || !document.querySelector('[data-item]')"""

READ = """() => { const item = document.activeElement;
    return [item.querySelector('.prose').textContent, item.querySelectorAll('.members li').length]; }"""


@dataclass
class Walk:
    """What it took to decide on a queue; keys held together count as two."""

    decided: int = 0
    keystrokes: int = 0
    requests: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, object]:
        return {
            "comments": self.decided,
            "keystrokes": self.keystrokes,
            "keystrokes_a_comment": round(self.keystrokes / self.decided, 2),
            "requests": sum(self.requests.values()),
            "requests_by_kind": dict(sorted(self.requests.items())),
        }


def bodies() -> list[str]:
    """The hundred texts in the order of their arrival: ordinary ones, with personal data, and copies."""
    chance = Random(100)  # noqa: S311 - an order, not a secret
    # Any two share one part of three at most, so that none is taken for a copy of another.
    places = [(WHO[a], WHAT[b], WHERE[(a + b) % len(WHERE)]) for a in range(10) for b in range(10)]
    said = [" ".join(words) for words in chance.sample(places, ORDINARY + WITH_DATA)]
    ordinary = [f"{words}." for words in said[:ORDINARY]]
    mixed = [f"{words}, +7 701 123-45-{n:02d}" for n, words in enumerate(said[ORDINARY:])]
    mixed += [text.format(n=n) for n in range(COPIES) for text in (PETITION, SPAM)]
    everything = ordinary + mixed
    chance.shuffle(everything)
    return everything


def fill_queue(app: Flask, built: Built) -> list[int]:
    """Send the hundred comments by the deed itself; answers their numbers."""
    with within(app):
        authors = [person(app, f"resident{n}@example.kz", f"Тұрғын {n}") for n in range(AUTHORS)]
        return [_send(authors[place % AUTHORS], built, body) for place, body in enumerate(bodies())]


def _send(author: Member, built: Built, body: str) -> int:
    words = Words(body, Language.RU, Language.RU)
    return submit_comment(author.actor, built.id, built.questions[0], words).comment_id


def decide_on_all(page: Page, *, language: str = "ru") -> Walk:
    """Decide on everything that waits, with keys alone, as the words on the screen ask for."""
    walk = Walk()
    page.on("request", lambda request: _count(walk, request))
    page.goto(f"/{language}/o/moderation")
    _press(page, walk, "j")
    while True:
        page.wait_for_function(READY)
        if not page.locator("[data-item]").count():
            return walk
        _decide(page, walk)


def _decide(page: Page, walk: Walk) -> None:
    """Read the comment in focus and decide on it."""
    text, group = page.evaluate(READ)
    if "www.best-garden" in text:
        _press(page, walk, ADVERTISING)
    elif "+7 701" in text:
        _press(page, walk, "r")
        _press(page, walk, SEND)
    else:
        _press(page, walk, "p")
    walk.decided += group or 1


def _press(page: Page, walk: Walk, keys: str) -> None:
    page.keyboard.press(keys)
    walk.keystrokes += len(keys.split("+"))


def _count(walk: Walk, request: Request) -> None:
    kind = request.resource_type
    if kind in {"document", "fetch", "xhr"}:
        walk.requests["page" if kind == "document" else request.url.rsplit("/", 1)[-1]] += 1
