"""Voters who vote at once over HTTP: what the figures about votes share."""

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from bench._content import Filled, Reader
from bench._ground import Connection, Sample, Server, prepared
from consult.domain.votes import Choice

Voter = TypeVar("Voter")

COMMENTS = 200
"""Over which votes are spread."""
VOTERS = 512
"""In turn, so that nobody uses up what one person may send in a minute."""
VOTES = 2_560
"""Of all connections in each round: enough that a tick of the CPU's clock is a small part."""


@dataclass(frozen=True)
class Electorate:
    """What is voted on, and who is signed in to vote."""

    filled: Filled
    readers: Sequence[Reader]

    @property
    def spread_over(self) -> list[int]:
        """The comments of the figures: every other of the consultation's first, those without replies."""
        return [self.filled.first_id + place for place in range(0, 2 * COMMENTS, 2)]


def over_http(
    server: Server,
    electorate: Electorate,
    comment_ids: Sequence[int],
    ways: int,
    *,
    used: Callable[[], float] | None = None,
    by_script: bool = True,
) -> Callable[[], Sample]:
    """The side where so many connections vote at once; each vote must be answered as kept.

    `used` gives the seconds of CPU so far of everybody who serves, without it the server's alone. `by_script`
    is how the page's own script sends a vote; else as a plain form, answered by a redirect.
    """
    seconds = used or server.cpu_seconds
    turns = [
        _requests(server.port, electorate, comment_ids, way, ways, by_script=by_script) for way in range(ways)
    ]
    kept = 200 if by_script else 303

    def go(connection: Connection, turn: Iterator[bytes]) -> None:
        for request in itertools.islice(turn, VOTES // ways):
            answer = connection.send(request)
            assert answer.status == kept, answer

    def vote() -> Sample:
        with _connections(server, ways) as ready, ThreadPoolExecutor(ways) as pool:
            cpu, wall = seconds(), time.perf_counter()
            list(pool.map(go, ready, turns))
            wall = time.perf_counter() - wall
            cpu = seconds() - cpu
        count = VOTES // ways * ways
        return Sample(cpu / count * 1e6, wall / count * 1e6)

    return vote


@contextlib.contextmanager
def _connections(server: Server, count: int) -> Iterator[list[Connection]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(Connection(server.port))) for _ in range(count)]


def _requests(
    port: int, electorate: Electorate, comment_ids: Sequence[int], way: int, ways: int, *, by_script: bool
) -> Iterator[bytes]:
    for reader, comment_id, choice in ballots(electorate.readers[way::ways], comment_ids, start=way * 7):
        form = f"choice={choice.name.lower()}&wording=1&csrf_token={reader.token}".encode()
        headers = {"Cookie": reader.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        if by_script:
            headers["HX-Request"] = "true"
        path = f"/kk/c/{electorate.filled.slug}/comments/{comment_id}/vote"
        yield prepared(port, "POST", path, headers, form)


def ballots(
    voters: Sequence[Voter], comment_ids: Sequence[int], *, start: int = 0
) -> Iterator[tuple[Voter, int, Choice]]:
    """Votes of all voters in turn, for ever; each time round with another choice, so that rows change."""
    for turn in itertools.count():
        comment_id = comment_ids[(turn * 17 + start) % len(comment_ids)]
        yield voters[turn % len(voters)], comment_id, list(Choice)[turn % 3]
