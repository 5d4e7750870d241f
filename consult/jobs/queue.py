"""The queue of jobs: a file in the instance folder, or Redis where several nodes share one."""

import logging
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from huey import Huey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer

from consult.config import Settings

log = logging.getLogger(__name__)

NAME = "consult"
FILE = "queue.sqlite"
HINT_SECONDS = 0.25
"""Longest time that a page waits for the queue; the worker looks into the outbox every minute anyway."""
WORKER_SECONDS = 5.0
SILENCE_SECONDS = 10
"""After a hint that failed none is tried for so long, so that a queue that is away costs pages nothing."""


def open_queue(settings: Settings, *, timeout_seconds: float) -> Huey:
    """The queue of an installation; `timeout_seconds` is how long to wait where it is busy or away.

    Jobs are signed, since they are unpickled: who can write to the queue cannot make a worker run other code.
    """
    signed = SignedSerializer(secret=settings.secret_key, salt="consult.jobs")
    if settings.redis_url is not None:
        # A worker's read blocks for a second by itself.
        limits = {"socket_connect_timeout": timeout_seconds, "socket_timeout": timeout_seconds + 1}
        separator = "&" if urlsplit(settings.redis_url).query else "?"
        url = f"{settings.redis_url}{separator}{urlencode(limits)}"
        return RedisHuey(NAME, url=url, results=False, serializer=signed)
    # A hint that a power cut takes is not missed, the outbox has the messages; so nobody waits for the disk.
    return SqliteHuey(
        NAME,
        filename=str(settings.instance / FILE),
        results=False,
        serializer=signed,
        timeout=timeout_seconds,
        fsync=False,
    )


class Hints:
    """Tells a worker that the outbox has something new. A hint that cannot be given is no fault.

    `make` makes the job that a hint is, when the first one is given.
    """

    def __init__(self, make: Callable[[], Callable[[], object]]) -> None:
        self._make = make
        self._put_into_queue: Callable[[], object] | None = None
        self._silent_until = 0.0

    def give(self) -> None:
        now = time.monotonic()
        if now < self._silent_until:
            return
        try:
            if self._put_into_queue is None:
                self._put_into_queue = self._make()
            self._put_into_queue()
        except Exception as error:  # noqa: BLE001 - the deed is done, whatever is wrong with the queue
            self._silent_until = now + SILENCE_SECONDS
            log.warning("no hint to the worker: %s", type(error).__name__)
