"""The tests' own PostgreSQL: it starts on this machine, and goes when its run is killed."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.support import postgresql

OWNER = """
import time
from tests.support import postgresql
if __name__ == "__main__":
    run = postgresql.Run()
    print(run.folder, flush=True)
    try:
        print(postgresql.server_url(run.folder), flush=True)
    except postgresql.Unavailable as error:
        print(error, flush=True)
        run.end()
    time.sleep(60)
"""


def test_the_server_goes_when_its_run_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", OWNER],
        cwd=postgresql.PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        url = owner.stdout.readline().strip()
        if url.startswith("postgresql:"):
            with psycopg.connect(url, dbname="postgres") as connection:
                assert connection.execute("SELECT lower('Қ')").fetchone() == ("қ",)
        owner.kill()
    if not url.startswith("postgresql:"):
        pytest.skip(f"NO POSTGRESQL: {url}")
    until = time.monotonic() + postgresql.STOP_SECONDS
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not folder.exists()
