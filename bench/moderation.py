"""What it takes to decide on a hundred mixed comments by keyboard, and what the queue costs at 100 000.

The walk is the one of the journey test, in a real Chromium. It counts keys and requests; how fast a person
reads is not measured here.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import sync_playwright

from bench import _content as content
from bench._ground import HOST, Server, consult_server, keep, spread, workspace
from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.moderation import DeskOrder, Selection, View
from consult.domain.people import OPERATOR, Actor, Role
from consult.domain.risk import Mark
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.queries import moderation
from consult.services import accounts
from consult.services.comments import Words, submit_comment
from tests.support import desk
from tests.support.browser import find_chromium, launch_chromium, sign_in

STORED = 100_000
CAMPAIGN = 10_000
"""Of them, copies of one text."""
FEW = 100
ROUNDS = 9
OFFICIAL = "moderator@example.kz"
SELECTIONS = {
    "marked_first": Selection(),
    "oldest_first": Selection(order=DeskOrder.OLDEST),
    "one_mark": Selection(mark=Mark.LINK),
    "one_language": Selection(language=Language.KK),
    "reported": Selection(View.REPORTED),
}


def fill_desk() -> None:
    """The hundred comments of the journey, sent by the deed itself."""
    content.add_authors()
    filled = content.add_consultation("desk", 2)
    accounts.create_account(
        OPERATOR, OFFICIAL, "Мария Модератор", content.PASSWORD, Role.OFFICIAL, Language.RU
    )
    with transaction():
        db.session.execute(sa.update(Consultation).values(moderation_mode=ModerationMode.PRE))
    authors = content.author_ids()
    for place, body in enumerate(desk.bodies()):
        author = Actor(authors[place % desk.AUTHORS])
        submit_comment(author, filled.id, filled.question_id, Words(body, Language.RU, Language.RU))


def walked(server: Server, executable: str) -> dict[str, Any]:
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright, executable)
        page = browser.new_page(base_url=f"http://{HOST}:{server.port}", reduced_motion="reduce")
        sign_in(page, OFFICIAL, content.PASSWORD, language="ru")
        began = time.perf_counter()
        walk = desk.decide_on_all(page)
        took = time.perf_counter() - began
        browser.close()
    return {**walk.figures(), "seconds": round(took, 1), "keystrokes_ceiling": 3}


def queue_costs() -> dict[str, Any]:
    """Milliseconds of each list with few comments and with many, and how many times longer many take."""
    content.add_authors()
    few = content.add_consultation("few", FEW)
    _let_wait(few.first_id, FEW // 10)
    small = {name: _milliseconds(partial(_read, chosen)) for name, chosen in SELECTIONS.items()}
    many = content.add_consultation("many", STORED)
    _let_wait(many.first_id, CAMPAIGN)
    large = {name: _milliseconds(partial(_read, chosen)) for name, chosen in SELECTIONS.items()}
    return {"stored": STORED, "campaign": CAMPAIGN, "few_ms": small, "many_ms": large}


def _let_wait(first_id: int, copies: int) -> None:
    """All comments wait, with ranks and marks of every kind, the first of them as copies of one text."""
    with transaction():
        db.session.execute(
            sa.text(
                """UPDATE comment SET state = 'pending', alike_id = id, desk_rank = 100 - 5 * (id % 7),
                marks = CASE WHEN id % 20 = 0 THEN ' link ' ELSE '' END WHERE id >= :first"""
            ),
            {"first": first_id},
        )
        of_campaign = sa.and_(Comment.id >= first_id, Comment.id < first_id + copies)
        db.session.execute(sa.update(Comment).where(of_campaign).values(alike_id=first_id, desk_rank=60))


def _read(chosen: Selection) -> None:
    moderation.queue(OPERATOR, Language.KK, chosen)


def _milliseconds(work: Callable[[], None]) -> dict[str, float]:
    taken = []
    for _ in range(ROUNDS + 1):
        db.session.rollback()
        db.session.expunge_all()
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return spread(taken[1:])


def main() -> None:
    executable = find_chromium()
    if executable is None:
        raise SystemExit("There is no Chromium here: this figure cannot be measured.")
    with workspace() as folder:
        with content.installation(folder / "desk"):
            fill_desk()
        with consult_server(folder / "desk") as server:
            walk = walked(server, executable)
        with content.installation(folder / "large"):
            costs = queue_costs()
    keep("moderation", {"walk": walk, "queue": costs})


if __name__ == "__main__":
    main()
