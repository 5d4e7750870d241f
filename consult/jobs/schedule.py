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
from consult.services.job_runs import noted
from consult.services.opinion import compute_due_opinions, opinion_asked
from consult.services.outbox import new_messages
from consult.services.retention import apply_retention
from consult.services.tallying import tally_by_the_clock
from consult.services.weighting import weigh_again

_HINTS = "consult_hints"
_OPINION_HINTS = "consult_opinion_hints"
_WRITE = "consult_letter_writer"


@dataclass(frozen=True)
class Jobs:
    """The jobs of a queue. Calling one of them puts it into the queue; the others come by the clock."""

    queue: Huey
    deliver: Callable[[], object]
    compute_opinions: Callable[[], object]


def init_app(app: Flask, write: Write) -> None:
    """Let what the application writes into its outbox wake a worker; `write` makes letters of messages."""
    app.extensions[_WRITE] = write
    app.extensions[_HINTS] = Hints(lambda: jobs_of(app, timeout_seconds=HINT_SECONDS).deliver)
    app.extensions[_OPINION_HINTS] = Hints(
        lambda: jobs_of(app, timeout_seconds=HINT_SECONDS).compute_opinions
    )


@new_messages.connect
def _give_hint(_sender: object) -> None:
    hints: Hints | None = current_app.extensions.get(_HINTS)
    if hints is not None:
        hints.give()


@opinion_asked.connect
def _give_opinion_hint(_sender: object) -> None:
    hints: Hints | None = current_app.extensions.get(_OPINION_HINTS)
    if hints is not None:
        hints.give()


def jobs_of(app: Flask, *, timeout_seconds: float) -> Jobs:
    """The queue of an application, and the jobs that it knows by their names."""
    queue = open_queue(_settings(app), timeout_seconds=timeout_seconds)

    def deliver() -> None:
        with app.app_context():
            deliver_outbox(app)

    def look_at_the_clock() -> None:
        with app.app_context(), noted("look_at_the_clock"):
            notices.announce_by_the_clock()
            notices.remind_of_answers()
            deliver_outbox(app)

    def tally() -> None:
        with app.app_context():
            tally_by_the_clock()

    def compute_opinions() -> None:
        with app.app_context(), noted("look_at_the_votes"):
            compute_due_opinions(smallest_group=_settings(app).smallest_group, then=weigh_again)

    def forget() -> None:
        with app.app_context(), noted("forget"):
            apply_retention(instance=_settings(app).instance)

    queue.periodic_task(crontab(), name="look_at_the_clock")(look_at_the_clock)
    # More than once a day, so that a machine that is off at night forgets as well.
    queue.periodic_task(crontab(minute="17", hour="*/6"), name="forget")(forget)
    queue.periodic_task(crontab(), name="look_at_the_votes")(compute_opinions)
    queue.periodic_task(crontab(), name="tally")(tally)
    return Jobs(
        queue,
        queue.task(name="deliver")(deliver),
        queue.task(name="compute_opinions")(compute_opinions),
    )


def deliver_outbox(app: Flask) -> int:
    """Write the messages of announcements, then hand over every letter that is due; answers how many."""
    while notices.tell_some():
        pass
    write = cast("Write", app.extensions[_WRITE])
    with open_post(_settings(app)) as post:
        return deliver_due(write, post, chance=random.random, clock=lambda: datetime.now(UTC))


def _settings(app: Flask) -> Settings:
    return cast("Settings", app.extensions["consult_settings"])
