"""The worker: takes jobs from the queue, and puts those there whose time has come."""

import logging
import os
import signal
import threading
import time
from datetime import datetime

from flask import Flask
from huey.consumer import Consumer, Scheduler

from consult.jobs.queue import WORKER_SECONDS
from consult.jobs.schedule import jobs_of

log = logging.getLogger(__name__)

FIRST_LOOK_SECONDS, LONGEST_BETWEEN_LOOKS_SECONDS = 0.1, 0.5
"""Between two looks into the queue; a letter that somebody waits for leaves within a second."""
SHUTDOWN_SECONDS = 20
"""How long a worker that is told to end may finish the letter in its hands."""
PARENT_LOOK_SECONDS = 0.5


class StubbornScheduler(Scheduler):  # type: ignore[misc]
    """Does by itself what the clock asks for while the queue is away."""

    def enqueue_periodic_tasks(self, now: datetime | None) -> None:
        for task in self.huey.read_periodic(now):
            try:
                self.huey.enqueue(task)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with the queue, mail goes out
                log.warning("the queue is away (%s): done without it", type(error).__name__)
                self._do(task)

    def _do(self, task: object) -> None:
        try:
            task.execute()  # type: ignore[attr-defined]
        except Exception:
            log.exception("a job by the clock failed")


class StubbornConsumer(Consumer):  # type: ignore[misc]
    scheduler_class = StubbornScheduler


def run_worker(app: Flask, *, parent: int | None = None) -> None:
    """Work until a signal says to end, or until the process `parent` is gone.

    SIGTERM lets the job in hand end first; SIGINT ends at once, and what was in hand is taken up again later.
    """
    jobs = jobs_of(app, timeout_seconds=WORKER_SECONDS)
    consumer = StubbornConsumer(
        jobs.queue,
        workers=1,
        initial_delay=FIRST_LOOK_SECONDS,
        max_delay=LONGEST_BETWEEN_LOOKS_SECONDS,
        shutdown_timeout=SHUTDOWN_SECONDS,
        graceful_signal="TERM",
    )
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    consumer.run()


def _end_with(parent: int) -> None:
    """End when the parent has ended, however that came: somebody else's child then is what we are."""
    while os.getppid() == parent:
        time.sleep(PARENT_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
