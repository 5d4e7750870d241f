"""`consult worker`, and the worker that a server on the embedded default brings along."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from consult.cli.running import application
from consult.jobs.worker import run_worker

ENDING_SECONDS = 25
"""A little more than a worker takes to finish what it has in hand."""
LOOK_SECONDS = 0.2
AGAIN_SECONDS = 5
"""Pause before a worker that ended by itself is started once more."""


@click.command()
@click.option("--parent", type=int, hidden=True, help="End with this process.")
def worker(parent: int | None) -> None:
    """Deliver mail and do what comes by the clock; several may run at once."""
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", level=logging.WARNING)
    with application() as app:
        run_worker(app, parent=parent)


@contextmanager
def companion() -> Iterator[None]:
    """A worker in a process of its own, as long as the block runs; it is started again if it dies.

    It ends with this process even when this one is killed, since it looks whether its parent is still there.
    """
    is_over = threading.Event()
    keeper = threading.Thread(target=_keep_running, args=(is_over,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        is_over.set()
        keeper.join()


def _keep_running(is_over: threading.Event) -> None:
    while not is_over.is_set():
        pid = _start()
        while not _has_ended(pid):
            if is_over.wait(timeout=LOOK_SECONDS):
                _end(pid)
                return
        is_over.wait(timeout=AGAIN_SECONDS)


def _start() -> int:
    """Start a worker in a process group of its own: Ctrl-C is for the server, which ends the worker itself.

    Not by `subprocess`: its pipe for errors would wait for ever where the server forks in the same moment.
    """
    command = [sys.executable, "-m", "consult", "worker", "--parent", str(os.getpid())]
    no_input = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    return os.posix_spawn(sys.executable, command, os.environ, file_actions=[no_input], setpgroup=0)


def _has_ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _end(pid: int) -> None:
    """Tell a worker to end, and make it end where it takes too long."""
    for told, patience_seconds in ((signal.SIGTERM, ENDING_SECONDS), (signal.SIGKILL, 5)):
        deadline = time.monotonic() + patience_seconds
        with suppress(ProcessLookupError):
            os.kill(pid, told)
        while time.monotonic() < deadline:
            if _has_ended(pid):
                return
            time.sleep(0.05)
