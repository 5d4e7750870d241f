"""Votes over HTTP with every check and through the service, against raw sqlite3 upserts of the same rows.

All sides write with WAL and synchronous=FULL into databases with the same tables, keys and indexes.
"""

import contextlib
import itertools
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench import _content as content
from bench._content import Filled
from bench._ground import (
    Connection,
    Rounds,
    Sample,
    Server,
    consult_server,
    in_process,
    keep,
    served,
    workspace,
)
from consult.domain.languages import Language
from consult.domain.people import Actor, Role
from consult.domain.votes import Choice
from consult.services.votes import cast_vote

CONNECTIONS = 16
"""Voters at the same time over HTTP, each a person signed in."""
COMMENTS = 200
"""Over which votes are spread."""
ROUNDS = 6
HTTP_VOTES = 12
"""Of each connection in each round."""
SERVICE_VOTES = 300
RAW_VOTES = 1_000
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
UPSERT = """
INSERT INTO comment_vote (consultation_id, comment_id, person_id, choice, cast_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (consultation_id, comment_id, person_id)
DO UPDATE SET choice = excluded.choice, cast_at = excluded.cast_at
"""


@dataclass(frozen=True)
class Voter:
    """A person over HTTP: one connection, one session."""

    connection: Connection
    cookie: str
    token: str

    def vote(self, path: str, choice: Choice, *, by_script: bool) -> None:
        """`by_script` is how the page's own script sends it; else as a plain form, answered by a redirect."""
        form = f"choice={choice.name.lower()}&wording=1&csrf_token={self.token}".encode()
        headers = {"HX_Request": "true"} if by_script else {}
        answer = self.connection.post(path, form, Cookie=self.cookie, **headers)
        assert answer.status == (200 if by_script else 303), answer


def ballots(comment_ids: list[int]) -> Iterator[tuple[int, Choice]]:
    """Comments in turn, for ever; each time round with another choice, so that every vote changes a row."""
    for choice in itertools.cycle(Choice):
        yield from ((comment_id, choice) for comment_id in comment_ids)


@contextlib.contextmanager
def voters(server: Server, filled: Filled, emails: list[str]) -> Iterator[list[Voter]]:
    with contextlib.ExitStack() as stack:
        made = []
        for email in emails:
            connection = stack.enter_context(contextlib.closing(Connection(server.port)))
            cookie, token = content.sign_in(server.port, email, filled.path)
            made.append(Voter(connection, cookie, token))
        yield made


def over_http(
    server: Server, people: list[Voter], filled: Filled, comment_ids: list[int], *, by_script: bool = True
) -> Callable[[], Sample]:
    """The side where all voters vote at once."""
    turns = [itertools.islice(ballots(comment_ids), place * 7, None) for place in range(len(people))]

    def go(voter: Voter, turn: Iterator[tuple[int, Choice]]) -> None:
        for comment_id, choice in itertools.islice(turn, HTTP_VOTES):
            path = f"/kk/c/{filled.slug}/comments/{comment_id}/vote"
            voter.vote(path, choice, by_script=by_script)

    def vote() -> int:
        with ThreadPoolExecutor(len(people)) as pool:
            list(pool.map(go, people, turns))
        return len(people) * HTTP_VOTES

    return partial(served, server, vote)


def through_service(filled: Filled, person_id: int, comment_ids: list[int]) -> Callable[[], Sample]:
    actor, turn = Actor(person_id, Role.CITIZEN, "Оқырман", Language.KK), ballots(comment_ids)

    def vote() -> int:
        for comment_id, choice in itertools.islice(turn, SERVICE_VOTES):
            cast_vote(actor, filled.id, comment_id, choice)
        return SERVICE_VOTES

    return partial(in_process, vote)


def raw(
    connection: sqlite3.Connection, filled: Filled, person_id: int, comment_ids: list[int]
) -> Callable[[], Sample]:
    """The side without any check: one prepared upsert a transaction."""
    turn = ballots(comment_ids)

    def vote() -> int:
        for comment_id, choice in itertools.islice(turn, RAW_VOTES):
            moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
            connection.execute(UPSERT, (filled.id, comment_id, person_id, choice.value, moment))
        return RAW_VOTES

    return partial(in_process, vote)


def copied(instance: Path, target: Path) -> sqlite3.Connection:
    """Another database with the same rows, opened as Consult opens its own."""
    connection = sqlite3.connect(target, isolation_level=None)
    with contextlib.closing(sqlite3.connect(instance / "consult.sqlite")) as source:
        source.backup(connection)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def main() -> None:
    with (
        workspace() as folder,
        content.installation(folder / "over-http"),
        contextlib.ExitStack() as stack,
    ):
        content.add_authors()
        filled = content.add_consultation("voted", 2 * COMMENTS)
        readers = content.add_readers(CONNECTIONS + 1)
        comment_ids = [filled.first_id + place for place in range(0, 2 * COMMENTS, 2)]
        plain = stack.enter_context(contextlib.closing(copied(folder / "over-http", folder / "raw.sqlite")))
        server = stack.enter_context(consult_server(folder / "over-http"))
        emails = [email for email, _ in readers[:CONNECTIONS]]
        people = stack.enter_context(voters(server, filled, emails))
        person_id = readers[-1][1]
        rounds = Rounds(
            {
                "raw_sqlite3": raw(plain, filled, person_id, comment_ids),
                "service": through_service(filled, person_id, comment_ids),
                "http": over_http(server, people, filled, comment_ids),
                "http_one_hot_comment": over_http(server, people, filled, comment_ids[:1]),
                "http_plain_form": over_http(server, people, filled, comment_ids, by_script=False),
            },
            ROUNDS,
        )
        keep("votes", {"votes": rounds.figures(), "ratios": ratios(rounds)})


def ratios(rounds: Rounds) -> dict[str, object]:
    """Raw upserts' time in that of a vote: 1 would be a vote that costs nothing but the upsert."""
    return {
        "raw_to_service": rounds.ratio("raw_sqlite3", "service"),
        "raw_to_http": rounds.ratio("raw_sqlite3", "http"),
        "raw_to_http_plain_form": rounds.ratio("raw_sqlite3", "http_plain_form"),
        "raw_to_service_by_the_clock": rounds.ratio("raw_sqlite3", "service", what="wall"),
        "raw_to_http_by_the_clock": rounds.ratio("raw_sqlite3", "http", what="wall"),
        "spread_to_hot": rounds.ratio("http", "http_one_hot_comment"),
        "spread_to_hot_by_the_clock": rounds.ratio("http", "http_one_hot_comment", what="wall"),
    }


if __name__ == "__main__":
    main()
