"""The figures that are quoted: where each stands in `bench/results`, what it must be, what we aim for.

One more `Row` below is one more figure; the tables and the picture follow from `python -m bench._report`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any, Self

from bench._ground import RESULTS

Documents = Mapping[str, Mapping[str, Any]]
"""What the scripts kept, by the name of the file without `.json`."""


class Verdict(Enum):
    """How a figure stands to its limits; the value is the word in the tables."""

    AIM_REACHED = "aim reached"
    HOLDS = "yes"
    FAILS = "no"
    UNJUDGED = ""
    MISSING = "not measured"


class Shown(IntEnum):
    """Where a row is shown: each place has the rows of those above it, too."""

    README = 1
    PICTURE = 2
    DOCS = 3


README, PICTURE, DOCS = Shown.README, Shown.PICTURE, Shown.DOCS


@dataclass(frozen=True)
class Figure:
    """A median with the least and the most of its rounds; `is_bound` where the true one is at least that."""

    median: float
    least: float
    most: float
    is_bound: bool = False

    @classmethod
    def read(cls, kept: object, *, is_bound: bool = False) -> Self | None:
        """A spread or a single number; None where there is neither."""
        if isinstance(kept, Mapping) and "median" in kept:
            return cls(kept["median"], kept["least"], kept["most"], is_bound)
        if isinstance(kept, int | float):
            return cls(kept, kept, kept, is_bound)
        return None


@dataclass(frozen=True)
class Limit:
    """What a figure must be and what we aim for, in the figure's own unit; `is_least` where more is better."""

    must: float
    aim: float | None = None
    is_least: bool = False

    def is_met(self, value: float, limit: float) -> bool:
        return value >= limit if self.is_least else value <= limit

    def times_better(self, value: float) -> float:
        """How many times better than it must be, whichever way is better: 1 is just enough.

        Infinite for a figure of 0 where less is better.
        """
        if self.is_least:
            return value / self.must
        return self.must / value if value else float("inf")


def at_most(must: float, aim: float | None = None) -> Limit:
    return Limit(must, aim)


def at_least(must: float, aim: float | None = None) -> Limit:
    return Limit(must, aim, is_least=True)


@dataclass(frozen=True)
class Row:
    """One figure.

    `path` leads to it through the JSON, names divided by `/`; `*` takes the greatest of all there. Where its last
    name is missing, the same with `_at_least` gives a bound. The end of that name tells the unit. `cost` is the
    path of what stands beside it without a limit, such as its time. `against` is the yardstick of a ratio or a share.
    """

    name: str
    path: str
    limit: Limit | None = None
    against: str = ""
    cost: str = ""
    shown: Shown = PICTURE

    def verdict(self, figure: Figure | None) -> Verdict:
        """What the median says, or the bound."""
        if figure is None:
            return Verdict.MISSING
        if self.limit is None:
            return Verdict.UNJUDGED
        if self.limit.aim is not None and self.limit.is_met(figure.median, self.limit.aim):
            return Verdict.AIM_REACHED
        return Verdict.HOLDS if self.limit.is_met(figure.median, self.limit.must) else Verdict.FAILS


@dataclass(frozen=True)
class Section:
    """The rows of one file in `bench/results`, named without `.json`."""

    title: str
    file: str
    rows: tuple[Row, ...]


def read_results(folder: Path = RESULTS) -> dict[str, Mapping[str, Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def find(documents: Documents, file: str, path: str) -> Figure | None:
    """The figure at a path, or the bound that stands for it; None where the file or the name is missing."""
    kept = documents.get(file, {})
    return Figure.read(_at(kept, path)) or Figure.read(_at(kept, f"{path}_at_least"), is_bound=True)


def _at(kept: object, path: str) -> Any:
    name, _, rest = path.partition("/")
    if not isinstance(kept, Mapping):
        return None
    if name == "*":
        found = [_at(inner, rest) for inner in kept.values()]
        return None if None in found else max(found, default=None)
    return _at(kept.get(name), rest) if rest else kept.get(name)


def rows_shown(place: Shown) -> Iterator[tuple[Section, Row]]:
    return ((section, row) for section in SECTIONS for row in section.rows if row.shown <= place)


def missing(documents: Documents) -> list[str]:
    """Paths that rows quote and no file has, each with the file's name before it."""
    wanted = [
        (section.file, path) for section, row in rows_shown(DOCS) for path in (row.path, row.cost) if path
    ]
    return [f"{file}.json: {path}" for file, path in wanted if find(documents, file, path) is None]


HELLO, PGBENCH, UPSERT = "Flask hello", "pgbench's upsert", "raw sqlite3 upsert"
ALIKE = at_most(1.3, 1.1)
POSTGRESQL, SQLITE = at_least(0.09, 0.20), at_least(0.18, 0.45)
HOT, SPREAD = at_least(0.8, 0.95), "200 comments"
THOUSANDS, A_MILLION = "opinion/100000x500", "opinion/1000000x1000"

# One row, one line: the formatter would take eight.
# fmt: off
PAGES = (
    Row("Flask hello on granian", "pages/hello/cpu_us"),
    Row("question page of 40 comments, guest", "ratios/anonymous_to_hello", at_most(0.5, 0.25), HELLO, "pages/anonymous/cpu_us", README),
    Row("the same, not compressed", "ratios/anonymous_uncompressed_to_hello", None, HELLO, "pages/anonymous_uncompressed/cpu_us"),
    Row("the same, made anew", "ratios/anonymous_made_anew_to_hello", None, HELLO, "pages/anonymous_made_anew/cpu_us"),
    Row("question page of 40 comments, signed in", "ratios/signed_in_to_hello", at_most(6, 4), HELLO, "pages/signed_in/cpu_us", README),
    Row("the same, as browsers ask for it", "ratios/signed_in_compressed_to_hello", None, HELLO, "pages/signed_in_compressed/cpu_us"),
    Row("page of 10 comments, 1 000 stored", "ratios/ten_of_1000_to_ten_of_10", ALIKE, "10 stored", "pages/ten_of_1000/cpu_us", DOCS),
    Row("page of 10 comments, 100 000 stored", "ratios/ten_of_100000_to_ten_of_10", ALIKE, "10 stored", "pages/ten_of_100000/cpu_us", README),
    Row("sorted by agreement, 100 000 stored", "ratios/by_agreement_of_100000_to_1000", ALIKE, "1 000 stored", "pages/by_agreement_of_100000/cpu_us"),
)
VOTES_ON_POSTGRESQL = (
    Row("vote, PostgreSQL, 16 connections", "ratios/pgbench_to_http_16", POSTGRESQL, PGBENCH, "votes/http_16/cpu_us", README),
    Row("vote, PostgreSQL, 64 connections", "ratios/pgbench_to_http_64", POSTGRESQL, PGBENCH, "votes/http_64/cpu_us"),
    Row("16 connections, by the clock", "ratios/pgbench_to_http_16_by_the_clock", None, PGBENCH, "votes/http_16/wall_us"),
    Row("64 connections, by the clock", "ratios/pgbench_to_http_64_by_the_clock", None, PGBENCH, "votes/http_64/wall_us"),
    Row("votes on one comment, PostgreSQL", "ratios/spread_to_hot", HOT, SPREAD, "votes/http_16_one_hot_comment/cpu_us"),
    Row("vote, PostgreSQL, 10 million stored", "ratios/ten_million_to_ten_thousand", at_most(1.2, 1.05), "10 000 stored", "votes/http_16_ten_million_stored/cpu_us", README),
)
VOTES_ON_SQLITE = (
    Row("vote, SQLite, 16 connections", "ratios/raw_to_http", SQLITE, UPSERT, "votes/http/cpu_us", README),
    Row("the same, by the clock", "ratios/raw_to_http_by_the_clock", SQLITE, UPSERT, "votes/http/wall_us", DOCS),
    Row("the same as a plain form", "ratios/raw_to_http_plain_form", None, UPSERT, "votes/http_plain_form/cpu_us"),
    Row("vote, SQLite, the deed without HTTP", "ratios/raw_to_service", SQLITE, UPSERT, "votes/service/cpu_us"),
    Row("votes on one comment, SQLite", "ratios/spread_to_hot", HOT, SPREAD, "votes/http_one_hot_comment/cpu_us"),
)
OPINION = (
    Row("opinion groups, 100 000 x 500", f"{THOUSANDS}/ratio", at_least(10, 20), "red-dwarf", f"{THOUSANDS}/consult/cpu_seconds", README),
    Row("1 000 000 x 1 000, votes in memory, time", f"{A_MILLION}/consult/wall_seconds", at_most(120)),
    Row("1 000 000 x 1 000, votes in memory, memory", f"{A_MILLION}/consult/greatest_memory", at_most(2e9)),
)
OPINION_LARGE = (
    Row("opinion groups, 1 000 000 x 1 000, time", "from_database/1000000x1000/wall_seconds", at_most(120), shown=README),
    Row("opinion groups, 1 000 000 x 1 000, memory", "from_database/1000000x1000/greatest_memory", at_most(2e9)),
)
EXPORTS = (
    Row("memory of an export above base", "memory/above_base_mb", at_most(32, 10)),
    Row("rows an export writes in a CPU second", "ratios/export_to_csv_writer", None, "csv.writer", "rows_per_cpu_second/export"),
)
FIRST_VISIT = (
    Row("first visit of a guest", "visits/kk/bytes", at_most(100_000), "", "visits/kk/requests", README),
    Row("first visit of a guest, without fonts", "visits/kk/bytes_without_fonts", at_most(30_000)),
    Row("first visit signed in", "visits/kk_signed_in/bytes", at_most(100_000), "", "visits/kk_signed_in/requests", DOCS),
    Row("first visit signed in, without fonts", "visits/kk_signed_in/bytes_without_fonts", at_most(30_000), shown=DOCS),
    Row("requests to third parties", "visits/*/third_party_requests", at_most(0)),
)
ACCESSIBILITY = (
    Row("violations that axe-core finds", "violations", at_most(0), "", "pages", README),
    Row("what axe-core cannot decide", "undecided", at_most(0), shown=DOCS),
    Row("pages that scroll sideways", "pages_that_scroll_sideways", at_most(0)),
    Row("smallest target", "smallest_target_pixels", at_least(24)),
)
MODERATION = (
    Row("keystrokes to decide on a comment", "walk/keystrokes_a_comment", at_most(3), "", "walk/requests", DOCS),
)
# fmt: on

SECTIONS = (
    Section("Pages", "pages", PAGES),
    Section("Votes on PostgreSQL", "votes_postgresql", VOTES_ON_POSTGRESQL),
    Section("Votes on SQLite", "votes", VOTES_ON_SQLITE),
    Section("Opinion groups", "opinion", OPINION),
    Section("Opinion groups, from the database to the kept run", "opinion_large", OPINION_LARGE),
    Section("Exports", "exports", EXPORTS),
    Section("First visit, Kazakh, on a telephone's screen", "first_visit", FIRST_VISIT),
    Section("Accessibility", "accessibility", ACCESSIBILITY),
    Section("Moderation by keyboard", "moderation", MODERATION),
)
