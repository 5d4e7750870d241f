"""Votes over HTTP with every check on PostgreSQL, against pgbench with the same upsert and no check.

The server flushes each commit (`fsync`, `synchronous_commit`). CPU time is that of everybody who serves: of
Consult's processes and PostgreSQL's, or of pgbench and PostgreSQL's. Two databases: one with ten thousand
votes stored, one with ten million. Takes five minutes, three of them to store the votes.
"""

import contextlib
import re
import resource
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import psycopg
import sqlalchemy as sa

from bench import _content as content
from bench._content import Filled
from bench._ground import (
    TICKS_A_SECOND,
    Rounds,
    Sample,
    Server,
    consult_server,
    keep,
    ticks_with_children,
    workspace,
)
from bench._voting import COMMENTS, VOTERS, Electorate, over_http
from consult.models.base import db
from tests.support import postgresql

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "listen_addresses": "",
    "timezone": "UTC",
}
MUCH = 2_000
"""Comments of the consultation in which ten million votes are stored."""
STORED = {"few": 10_000, "many": 10_000_000}
CONNECTIONS = (16, 64)
ROUNDS = 6
PGBENCH_SECONDS = 2
UPSERT = """\\set comment random({first}, {last})
\\set person random({first_person}, {last_person})
\\set choice random(-1, 1)
INSERT INTO comment_vote (consultation_id, comment_id, person_id, choice, cast_at)
VALUES ({consultation}, :comment, :person, :choice, clock_timestamp())
ON CONFLICT (consultation_id, comment_id, person_id)
DO UPDATE SET choice = excluded.choice, cast_at = excluded.cast_at;
"""
FILL = """
INSERT INTO comment_vote (consultation_id, comment_id, person_id, choice, cast_at)
SELECT %(consultation)s, %(first)s + c, p, (c * 7 + p) %% 3 - 1, now()
FROM generate_series(0, %(comments)s::bigint - 1) AS c,
    generate_series(%(first_person)s::bigint, %(last_person)s::bigint) AS p
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Ground:
    """An installation on a database of the server: what is voted on, and who votes."""

    instance: Path
    url: str
    electorate: Electorate
    person_ids: list[int]


def database(server: postgresql.Server, name: str) -> str:
    """An empty database of the server; its address for Consult."""
    with psycopg.connect(server.url, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://postgres@/{name}?host={quote(str(server.folder), safe='')}"


def prepare(server: postgresql.Server, folder: Path, name: str, stored: int) -> Ground:
    """A consultation, voters who are signed in, and the votes of others on its comments."""
    url, instance = database(server, name), folder / name
    with content.installation(instance, database_url=url) as app:
        content.add_authors()
        comments = 2 * (MUCH if stored > 1_000_000 else COMMENTS)
        filled = content.add_consultation("voted", comments)
        person_ids = content.add_voters(VOTERS)
        others = content.add_voters(max(1, stored // filled.comments), "earlier")
        _store(filled, others)
        signed_in = content.sessions(app, person_ids)
        count = db.session.scalar(sa.text("SELECT count(*) FROM comment_vote"))
        db.session.rollback()
        assert abs(count - stored) <= 0.2 * stored, count
    return Ground(instance, url, Electorate(filled, [reader for _, reader in signed_in]), person_ids)


def _store(filled: Filled, person_ids: list[int]) -> None:
    """Put their votes in without asking the foreign keys row by row, and let the planner know."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql(
            FILL,
            {
                "consultation": filled.id, "first": filled.first_id, "comments": filled.comments,
                "first_person": person_ids[0], "last_person": person_ids[-1],
            },
        )  # fmt: skip
        connection.exec_driver_sql("SET session_replication_role = origin")
        connection.exec_driver_sql("VACUUM ANALYZE comment_vote")
        connection.exec_driver_sql("CHECKPOINT")


def by_pgbench(
    server: postgresql.Server, name: str, folder: Path, ground: Ground, clients: int
) -> Callable[[], Sample]:
    """The side without Consult: prepared upserts of random people on the same comments."""
    script = folder / f"{name}.sql"
    filled = ground.electorate.filled
    first = filled.first_id
    script.write_text(
        UPSERT.format(
            first=first, last=first + 2 * COMMENTS - 1, first_person=ground.person_ids[0],
            last_person=ground.person_ids[-1], consultation=filled.id,
        )
    )  # fmt: skip
    script.chmod(0o644)
    command = [
        str(server.bin_folder / "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "2",
        "-T", str(PGBENCH_SECONDS), "-f", str(script), "-h", str(server.folder), "-U", "postgres", name,
    ]  # fmt: skip

    def vote() -> Sample:
        own, theirs = _children_seconds(), database_seconds(server.pid)
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        cpu = _children_seconds() - own + database_seconds(server.pid) - theirs
        found = re.search(r"transactions actually processed: (\d+)", said)
        rate = re.search(r"tps = ([\d.]+)", said)
        assert found is not None, said
        assert rate is not None, said
        return Sample(cpu / int(found[1]) * 1e6, 1e6 / float(rate[1]))

    return vote


def database_seconds(pid: int) -> float:
    """CPU time of PostgreSQL's processes, those that ended among them."""
    return ticks_with_children(pid) / TICKS_A_SECOND


def _seconds_of_both(server: Server, database_pid: int) -> float:
    return server.cpu_seconds() + database_seconds(database_pid)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(server: postgresql.Server, folder: Path, grounds: dict[str, Ground]) -> dict[str, object]:
    few, many = grounds["few"], grounds["many"]
    spread_over = few.electorate.spread_over
    with contextlib.ExitStack() as stack:
        consult = {
            name: stack.enter_context(consult_server(ground.instance, database_url=ground.url))
            for name, ground in grounds.items()
        }

        def http(name: str, comment_ids: list[int], ways: int) -> Callable[[], Sample]:
            used = partial(_seconds_of_both, consult[name], server.pid)
            return over_http(consult[name], grounds[name].electorate, comment_ids, ways, used=used)

        rounds = Rounds(
            {
                **{f"pgbench_{n}": by_pgbench(server, "few", folder, few, n) for n in CONNECTIONS},
                **{f"http_{n}": http("few", spread_over, n) for n in CONNECTIONS},
                "http_16_one_hot_comment": http("few", spread_over[:1], 16),
                "http_16_ten_million_stored": http("many", many.electorate.spread_over, 16),
            },
            ROUNDS,
        )
    return {"votes": rounds.figures(), "ratios": ratios(rounds)}


def ratios(rounds: Rounds) -> dict[str, object]:
    """Of pgbench's time in that of a vote: 1 would be a vote that costs nothing but the upsert."""
    return {
        **{f"pgbench_to_http_{n}": rounds.ratio(f"pgbench_{n}", f"http_{n}") for n in CONNECTIONS},
        **{
            f"pgbench_to_http_{n}_by_the_clock": rounds.ratio(f"pgbench_{n}", f"http_{n}", what="wall")
            for n in CONNECTIONS
        },
        "spread_to_hot": rounds.ratio("http_16", "http_16_one_hot_comment"),
        "spread_to_hot_by_the_clock": rounds.ratio("http_16", "http_16_one_hot_comment", what="wall"),
        "ten_million_to_ten_thousand": rounds.ratio("http_16_ten_million_stored", "http_16"),
        "ten_million_to_ten_thousand_by_the_clock": rounds.ratio(
            "http_16_ten_million_stored", "http_16", what="wall"
        ),
    }


def main() -> None:
    with workspace() as folder:
        folder.chmod(0o755)
        try:
            server = postgresql.start_server(folder, DURABLE)
        except postgresql.Unavailable as why:
            print(f"  not measured, no PostgreSQL: {why}")
            return
        try:
            grounds = {name: prepare(server, folder, name, stored) for name, stored in STORED.items()}
            keep("votes_postgresql", {"stored": STORED, **measure(server, folder, grounds)})
        finally:
            server.stop()


if __name__ == "__main__":
    main()
