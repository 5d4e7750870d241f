"""What stands before Flask: the words of WSGI, and the context that its short ways work in."""

import threading
from collections.abc import Callable, Iterable
from contextvars import copy_context
from typing import Any, ParamSpec, TypeVar

from flask import Flask

from consult.queries.freshness import end_reading

P = ParamSpec("P")
R = TypeVar("R")
Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
Headers = list[tuple[str, str]]


class ThreadsContext(threading.local):
    """An application context that each thread enters once: to enter one for each vote is a tenth of the vote.

    Nothing stays in it from one deed to the next. The mapper's session, which hardly any of them needs, is
    closed where one was begun: its transaction would stay open for as long as the thread runs.
    """

    def __init__(self, app: Flask) -> None:
        self._context = copy_context()
        self._entered = app.app_context()
        self._context.run(self._entered.push)

    def run(self, deed: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return self._context.run(deed, *args, **kwargs)
        finally:
            self._context.run(end_reading)
            vars(self._entered.g).clear()
