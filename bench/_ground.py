"""Ground of the figures: servers and their CPU time, a lean HTTP client, rounds, ratios and results."""

import contextlib
import json
import math
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"
HOST = "127.0.0.1"
THREADS = 4
"""Of each server; what `consult serve` takes unless told otherwise."""
START_SECONDS = 60.0
STOP_SECONDS = 20.0
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
"""What /proc counts CPU time in: a hundred, so that a tick is 10 ms."""
ROUND_SECONDS, LEAST_SECONDS = 0.8, 0.6
"""CPU time that a server's side is to take a round, and that it takes at least: a tick is then under 2 %."""
TRIAL_SECONDS, TRIALS = 0.3, 3


@contextlib.contextmanager
def workspace() -> Iterator[Path]:
    """A folder that is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="consult-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Process:
    """A process as /proc tells of it; `ticks` is its user and system time."""

    pid: int
    parent: int
    ticks: int
    started: int


def _process(pid: int) -> Process | None:
    try:
        # The name may hold spaces and brackets; what follows its last bracket does not.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return Process(pid, int(fields[1]), int(fields[11]) + int(fields[12]), int(fields[19]))


def ticks_with_children(pid: int) -> int:
    """User and system time of a process, of all below it, and of those among them that have ended."""
    total = 0
    for member in _family(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{member.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            total += sum(int(field) for field in fields[11:15])
    return total


def _family(pid: int) -> list[Process]:
    """The process and all below it."""
    everybody = [_process(int(path.name)) for path in Path("/proc").iterdir() if path.name.isdigit()]
    members = [process for process in everybody if process and process.pid == pid]
    for member in members:
        members.extend(process for process in everybody if process and process.parent == member.pid)
    return members


class Server:
    """A server that this run started: its address, and the CPU time of all its processes."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.port = _free_port()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command, "--port", str(self.port)],
                cwd=PROJECT,
                env={**_clean_environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            self._wait_until_it_answers(log)
        except BaseException:
            self.stop()
            raise
        self._pids = [process.pid for process in _family(self._process.pid)]

    def _wait_until_it_answers(self, log: Path) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(OSError), contextlib.closing(Connection(self.port)) as connection:
                connection.get("/healthz")
                return
            time.sleep(0.1)
        raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')[-1000:]}")

    def cpu_seconds(self) -> float:
        """User and system time of the server's processes since they began."""
        alive = [_process(pid) for pid in self._pids]
        return sum(process.ticks for process in alive if process) / TICKS_A_SECOND

    def stop(self) -> None:
        """End the server by its own number, and what it leaves behind by theirs."""
        family = _family(self._process.pid)
        self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        for member in family:
            now = _process(member.pid)
            if now and now.started == member.started:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(member.pid, signal.SIGKILL)
        self._process.wait()


@contextlib.contextmanager
def consult_server(instance: Path, *, database_url: str | None = None) -> Iterator[Server]:
    """`consult serve` on an instance folder, as in production, with one worker."""
    environment = {"CONSULT_INSTANCE": str(instance)}
    if database_url:
        environment["CONSULT_DATABASE_URL"] = database_url
    server = Server(["consult", "serve", "--threads", str(THREADS)], environment, instance / "server.log")
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def hello_server(folder: Path) -> Iterator[Server]:
    """A Flask application that says hello, on the same kind of server with the same threads."""
    server = Server(["bench._hello", "--threads", str(THREADS)], {}, folder / "hello.log")
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")}


@dataclass(frozen=True)
class Answer:
    """What came back; `wire_bytes` counts head and body as they were sent."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes
    wire_bytes: int


def prepared(port: int, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A request's octets; `_` in a header's name stands for `-`."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{port}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One kept-alive connection; lean, because the client shares the cores with what it measures."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.create_connection((HOST, port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send(self.prepared("GET", path, headers))

    def post(self, path: str, form: bytes, **headers: str) -> Answer:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self.send(self.prepared("POST", path, headers, form))

    def prepared(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
        """The request's octets, for those who send it often; `_` in a header's name stands for `-`."""
        return prepared(self._port, method, path, headers, body)

    def send(self, request: bytes) -> Answer:
        self._socket.sendall(request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        status, headers, cookies = _head(got[:end])
        body = got[end + 4 :]
        if "content-length" in headers:
            parts, missing = [body], int(headers["content-length"]) - len(body)
            while missing > 0:
                parts.append(self._more())
                missing -= len(parts[-1])
            body = b"".join(parts)
        elif headers.get("transfer-encoding") == "chunked":
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        return Answer(status, headers, cookies, body, end + 4 + len(body))

    def _more(self) -> bytes:
        part = self._socket.recv(262_144)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part

    def close(self) -> None:
        self._socket.close()


def _head(head: bytes) -> tuple[int, dict[str, str], dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name.lower() == "set-cookie":
            key, _, kept = value.partition(";")[0].partition("=")
            cookies[key] = kept
        else:
            headers[name.lower()] = value
    return int(first.split()[1]), headers, cookies


@dataclass(frozen=True)
class Sample:
    """One side in one round: CPU and wall microseconds an operation."""

    cpu: float
    wall: float


Side = Callable[[], Sample]


def served(server: Server, ask: Callable[[], int]) -> Sample:
    """Count what `ask` does (it answers the number of requests) against the server's CPU time.

    It is done again where it took the server less than `LEAST_SECONDS`.
    """
    before, began = server.cpu_seconds(), time.perf_counter()
    count, cpu, wall = 0, 0.0, 0.0
    while cpu < LEAST_SECONDS:
        count += ask()
        wall = time.perf_counter() - began
        cpu = server.cpu_seconds() - before
    return Sample(cpu / count * 1e6, wall / count * 1e6)


def enough(server: Server, ask: Callable[[int], int], at_first: int = 16) -> int:
    """How many requests take the server `ROUND_SECONDS` of CPU; `ask` sends as many as it is told.

    Tried with ever more of them; then the cheapest of a few trials counts, for noise only makes them dearer.
    """

    def used_by(times: int) -> float:
        before = server.cpu_seconds()
        ask(times)
        return server.cpu_seconds() - before

    ask(at_first)  # warms caches; not counted
    times = at_first
    while used_by(times) < TRIAL_SECONDS:
        times *= 2
    cheapest = min(used_by(times) for _ in range(TRIALS))
    return math.ceil(times * ROUND_SECONDS / max(cheapest, 1 / TICKS_A_SECOND))


def in_process(work: Callable[[], int]) -> Sample:
    """Count what `work` does against this process's own CPU time."""
    cpu, wall = time.process_time(), time.perf_counter()
    count = work()
    wall = time.perf_counter() - wall
    return Sample((time.process_time() - cpu) / count * 1e6, wall / count * 1e6)


def repeated(port: int, request: bytes, times: int) -> int:
    """Send a request so many times on one connection; each must be answered with 200."""
    with contextlib.closing(Connection(port)) as connection:
        for _ in range(times):
            answer = connection.send(request)
            assert answer.status == 200, answer
    return times


class Rounds:
    """All sides measured in turn, in another order each round, so that noise falls on all alike."""

    def __init__(self, sides: Mapping[str, Side], rounds: int) -> None:
        for side in sides.values():
            side()  # warms caches; not counted
        self.samples: dict[str, list[Sample]] = {name: [] for name in sides}
        names, chance = list(sides), random.Random(1)  # noqa: S311 - an order, not a secret
        for _ in range(rounds):
            chance.shuffle(names)
            for name in names:
                self.samples[name].append(sides[name]())

    def figures(self) -> dict[str, Any]:
        """CPU and wall microseconds an operation of each side: the median, the least and the most."""
        return {
            name: {
                "cpu_us": spread([sample.cpu for sample in samples]),
                "wall_us": spread([sample.wall for sample in samples]),
            }
            for name, samples in self.samples.items()
        }

    def ratio(self, side: str, against: str, *, what: str = "cpu") -> dict[str, float]:
        """How many times the other side's time this one takes, round by round."""
        pairs = zip(self.samples[side], self.samples[against], strict=True)
        return spread([getattr(one, what) / getattr(other, what) for one, other in pairs], digits=3)


def spread(values: Sequence[float], digits: int = 1) -> dict[str, float]:
    """Median, least and most."""
    return {
        "median": round(statistics.median(values), digits),
        "least": round(min(values), digits),
        "most": round(max(values), digits),
    }


def keep(name: str, figures: Mapping[str, Any]) -> None:
    """Write the figures of a script, with the date and the cores, and print them."""
    document = {
        "measured_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "load_average_one_minute": round(os.getloadavg()[0], 1),
        **figures,
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
    for line in _lines("", figures):
        print(f"  {line}")


def _lines(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping) and "median" in value:
        yield f"{path}: {value['median']:,} ({value['least']:,} to {value['most']:,})"
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _lines(f"{path}.{name}" if path else name, inner)
    elif not isinstance(value, list):
        yield f"{path}: {value}"
