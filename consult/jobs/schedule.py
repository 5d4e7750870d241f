"""The jobs: what is done when the outbox has something new, and what is done by the clock."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import Flask, current_app
from huey import Huey, crontab

from consult.adapters.mail import open_post
from consult.config import Settings
from consult.jobs.delivery import Write, deliver_due
from consult.jobs.queue import HINT_SECONDS, Hints, open_queue
from consult.services import notices
from consult.services.outbox import new_messages
from consult.services.retention import apply_retention

_HINTS = "consult_hints"
_WRITE = "consult_letter_writer"


@dataclass(frozen=True)
class Jobs:
    """The jobs of a queue. Calling `deliver` puts it into the queue; the others come by the clock."""

    queue: Huey
    deliver: Callable[[], object]


def init_app(app: Flask, write: Write) -> None:
    """Let what the application writes into its outbox wake a worker; `write` makes letters of messages."""
    app.extensions[_WRITE] = write
    app.extensions[_HINTS] = Hints(lambda: jobs_of(app, timeout_seconds=HINT_SECONDS).deliver)


@new_messages.connect
def _give_hint(_sender: object) -> None:
    hints: Hints | None = current_app.extensions.get(_HINTS)
    if hints is not None:
        hints.give()


def jobs_of(app: Flask, *, timeout_seconds: float) -> Jobs:
    """The queue of an application, and the jobs that it knows by their names."""
    queue = open_queue(_settings(app), timeout_seconds=timeout_seconds)

    def deliver() -> None:
        with app.app_context():
            deliver_outbox(app)

    def look_at_the_clock() -> None:
        with app.app_context():
            notices.announce_by_the_clock()
            deliver_outbox(app)

    def forget() -> None:
        with app.app_context():
            apply_retention(instance=_settings(app).instance)

    queue.periodic_task(crontab(), name="look_at_the_clock")(look_at_the_clock)
    # More than once a day, so that a machine that is off at night forgets as well.
    queue.periodic_task(crontab(minute="17", hour="*/6"), name="forget")(forget)
    return Jobs(queue, queue.task(name="deliver")(deliver))


def deliver_outbox(app: Flask) -> int:
    """Write the messages of announcements, then hand over every letter that is due; answers how many."""
    while notices.tell_some():
        pass
    write = cast("Write", app.extensions[_WRITE])
    with open_post(_settings(app)) as post:
        return deliver_due(write, post, chance=random.random, clock=lambda: datetime.now(UTC))


def _settings(app: Flask) -> Settings:
    return cast("Settings", app.extensions["consult_settings"])
