"""Where the time goes, by cProfile: `python -m bench._profile page|signed_in|vote|export [COMMENTS]`."""

import cProfile
import pstats
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from bench import _content as content
from bench._content import Filled
from bench._ground import workspace
from consult.domain.people import OPERATOR
from consult.services import exports

LINES = 60
TIMES = 40


def _work(app: Flask, what: str, filled: Filled, email: str, folder: Path) -> Callable[[], object]:
    client = app.test_client()
    if what == "export":
        return lambda: _export(app, filled, folder)
    if what == "page":
        return lambda: _checked(client.get(filled.path))
    sign_in_page = client.get("/kk/sign-in").data
    form = {"email": email, "password": content.PASSWORD, "csrf_token": content.csrf_token(sign_in_page)}
    client.post("/kk/sign-in", data=form)
    if what == "signed_in":
        return lambda: _checked(client.get(filled.path))
    ballot = {"choice": "agree", "csrf_token": content.csrf_token(client.get(filled.path).data)}
    path = f"/kk/c/{filled.slug}/comments/{filled.first_id}/vote"
    return lambda: _checked(client.post(path, data=ballot, headers={"HX-Request": "true"}))


def _checked(answer: TestResponse) -> None:
    assert answer.status_code == 200, answer.status


def _export(app: Flask, filled: Filled, folder: Path) -> None:
    with app.app_context():
        exports.export_consultation(OPERATOR, filled.slug, package="public", output=folder, smallest_group=10)


def main(what: str, comments: int) -> None:
    with workspace() as folder:
        with content.installation(folder / "instance") as app:
            content.add_authors()
            filled = content.add_consultation("profiled", comments)
            ((email, _),) = content.add_readers(1)
        # Outside the application's context: requests inside one would share its `g`.
        work = _work(app, what, filled, email, folder / "export")
        for _ in range(3):
            work()
        profile = cProfile.Profile()
        with profile:
            for _ in range(1 if what == "export" else TIMES):
                work()
        stats = pstats.Stats(profile)
        stats.sort_stats("cumulative").print_stats(LINES)
        stats.sort_stats("tottime").print_stats(LINES // 2)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
