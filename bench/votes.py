"""Votes over HTTP with every check and through the service, against raw sqlite3 upserts of the same rows.

All sides write with WAL and synchronous=FULL into databases with the same tables, keys and indexes.
"""

import contextlib
import itertools
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench import _content as content
from bench._content import Filled
from bench._ground import Rounds, Sample, consult_server, in_process, keep, workspace
from bench._voting import COMMENTS, VOTERS, Electorate, ballots, over_http
from consult.domain.languages import Language
from consult.domain.people import Actor, Role
from consult.services.votes import cast_vote

CONNECTIONS = 16
"""Voting at the same time over HTTP."""
ROUNDS = 6
SERVICE_VOTES = 2_000
RAW_VOTES = 5_000
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
UPSERT = """
INSERT INTO comment_vote (consultation_id, comment_id, person_id, choice, cast_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (consultation_id, comment_id, person_id)
DO UPDATE SET choice = excluded.choice, cast_at = excluded.cast_at
"""


def through_service(
    filled: Filled, person_ids: Sequence[int], comment_ids: Sequence[int]
) -> Callable[[], Sample]:
    actors = [Actor(person_id, Role.CITIZEN, "Оқырман", Language.KK) for person_id in person_ids]
    turn = ballots(actors, comment_ids)

    def vote() -> int:
        for actor, comment_id, choice in itertools.islice(turn, SERVICE_VOTES):
            cast_vote(actor, filled.id, comment_id, choice)
        return SERVICE_VOTES

    return partial(in_process, vote)


def raw(
    connection: sqlite3.Connection, filled: Filled, person_ids: Sequence[int], comment_ids: Sequence[int]
) -> Callable[[], Sample]:
    """The side without any check: one prepared upsert a transaction, by the same people."""
    turn = ballots(person_ids, comment_ids)

    def vote() -> int:
        for person_id, comment_id, choice in itertools.islice(turn, RAW_VOTES):
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
        content.installation(folder / "over-http") as app,
        contextlib.ExitStack() as stack,
    ):
        content.add_authors()
        filled = content.add_consultation("voted", 2 * COMMENTS)
        person_ids = content.add_voters(VOTERS)
        electorate = Electorate(filled, [reader for _, reader in content.sessions(app, person_ids)])
        comment_ids = electorate.spread_over
        plain = stack.enter_context(contextlib.closing(copied(folder / "over-http", folder / "raw.sqlite")))
        server = stack.enter_context(consult_server(folder / "over-http"))
        http = partial(over_http, server, electorate, ways=CONNECTIONS)
        rounds = Rounds(
            {
                "raw_sqlite3": raw(plain, filled, person_ids, comment_ids),
                "service": through_service(filled, person_ids, comment_ids),
                "http": http(comment_ids=comment_ids),
                "http_one_hot_comment": http(comment_ids=comment_ids[:1]),
                "http_plain_form": http(comment_ids=comment_ids, by_script=False),
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
