"""The worker as it runs in production: a process that brings letters within seconds and leaves when told."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests

from tests.support.application import SECRET_KEY
from tests.support.post import letters_in, link_in

PATIENCE_SECONDS = 120
"""The machine may be busy; a failure takes this long, a success does not."""
ROOT = str(Path(__file__).parents[2])


def until(is_so: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"{what}: not within {PATIENCE_SECONDS} seconds"
        time.sleep(0.05)


def environment(folder: Path, **more: str) -> dict[str, str]:
    settings = {
        "CONSULT_INSTANCE": str(folder),
        "CONSULT_SECRET_KEY": SECRET_KEY,
        "CONSULT_DATABASE_URL": "",
        "PYTHONPATH": ROOT,
        **more,
    }
    return {**os.environ, **settings}


@contextmanager
def running(folder: Path, *arguments: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`consult` with arguments as a process of its own; whatever is left of it is killed at the end."""
    command = [sys.executable, "-m", "consult", *arguments]
    process = subprocess.Popen(command, cwd=folder, env=environment(folder, **more))
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=PATIENCE_SECONDS)
        for worker in workers_of(process.pid):
            os.kill(worker, signal.SIGKILL)


def workers_of(pid: int) -> list[int]:
    """Workers that were started to end with a process."""
    wanted = f"--parent\0{pid}\0".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if wanted in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An instance folder with a migrated SQLite database."""
    subprocess.run(
        [sys.executable, "-m", "consult", "db", "upgrade"],
        cwd=tmp_path,
        env=environment(tmp_path),
        check=True,
        capture_output=True,
        timeout=120,
    )
    return tmp_path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def register(url: str, email: str) -> None:
    """Fill the form as a browser without JavaScript does."""
    with requests.Session() as browser:
        page = browser.get(f"{url}/en/register", timeout=30).text
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
        fields = {"csrf_token": token, "email": email, "name": "Dana", "password": "seven green herons"}
        page_after = browser.post(f"{url}/en/register", data={**fields, "agrees": "y"}, timeout=30)
        assert page_after.status_code == 200, page_after.text


needs_proc = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="NO /proc: Linux only")


@needs_proc
def test_serving_on_the_embedded_default_brings_the_letter_and_takes_the_worker_along(folder: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running(folder, "serve", "--port", str(port), CONSULT_BASE_URL=url) as server:
        until(lambda: _answers(f"{url}/healthz"), "the server answers")
        register(url, "dana@example.kz")
        until(lambda: letters_in(folder), "the letter is there")
        (letter,) = letters_in(folder)
        assert letter["To"] == "dana@example.kz"
        until(lambda: _log_is_emptied(folder), "server and worker hold no transaction that keeps the log")
        link = link_in(letter, "/register/confirm/")
        assert link.startswith(f"{url}/en/")
        assert requests.get(link, timeout=30).status_code == 200
        (worker,) = workers_of(server.pid)
        server.terminate()
        assert server.wait(timeout=PATIENCE_SECONDS) == 0
        assert not _lives(worker)


@needs_proc
def test_a_worker_that_dies_is_replaced_and_one_whose_server_is_killed_ends(folder: Path) -> None:
    port = free_port()
    with running(folder, "serve", "--port", str(port)) as server:
        until(partial(workers_of, server.pid), "there is a worker")
        (first,) = workers_of(server.pid)
        until(lambda: _answers(f"http://127.0.0.1:{port}/healthz"), "the server answers")
        os.kill(first, signal.SIGKILL)
        until(lambda: set(workers_of(server.pid)) - {first}, "there is another worker")
        second = max(workers_of(server.pid))
        served_by = _children(server.pid)
        server.kill()
        server.wait(timeout=PATIENCE_SECONDS)
        until(lambda: not _lives(second), "the worker has ended")
        for pid in served_by:
            if _lives(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_cleanly_when_it_is_told(folder: Path, told: signal.Signals) -> None:
    with running(folder, "worker") as worker:
        until((folder / "queue.sqlite").exists, "the worker has its queue")
        time.sleep(1)  # until it has set its signal handlers
        worker.send_signal(told)
        assert worker.wait(timeout=PATIENCE_SECONDS) == 0


def _log_is_emptied(folder: Path) -> bool:
    """A transaction that stays open lets SQLite's log grow for ever, and keeps erased words in it."""
    with closing(sqlite3.connect(folder / "consult.sqlite")) as connection:
        is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


def _answers(url: str) -> bool:
    try:
        return bool(requests.get(url, timeout=5).status_code == 200)
    except requests.RequestException:
        return False


def _lives(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    try:
        return "\nState:\tZ" not in status.read_text()
    except OSError:
        return False


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
