"""Small Pol.is exports written for tests, and the real ones that lie beside a checkout."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "polis"
NAMES = sorted(path.name for path in REAL.iterdir() if path.is_dir()) if REAL.is_dir() else []
WHY_SKIPPED = "the real conversations do not lie beside this checkout"

Rows = Sequence[Sequence[object]]

COMMENTS: Rows = (
    ("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"),
    (1_700_000_000_000, "", 0, 10, 2, 1, 1, "Plant trees."),
    (1_700_000_060_000, "", 1, 11, 1, 1, 1, "Two\nlines, with a comma."),
    (1_700_000_120_000, "", 2, 10, 0, 1, -1, "Rejected."),
    (1_700_000_180_000, "", 3, 99, 1, 0, 0, "Not looked at."),
)
VOTES: Rows = (
    ("timestamp", "datetime", "comment-id", "voter-id", "vote"),
    (1_700_000_010_000, "", 0, 10, -1),
    (1_700_000_020_000, "", 0, 10, 1),
    (1_700_000_015_000, "", 0, 11, 1),
    (1_700_000_016_000, "", 0, 12, -1),
    (1_700_000_070_000, "", 1, 11, 1),
    (1_700_000_080_000, "", 1, 12, 0),
    (1_700_000_130_000, "", 2, 10, -1),
    (1_700_000_190_000, "", 3, 12, 1),
)
MATRIX: Rows = (
    ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", 0, 1, 2, 3),
    (10, 0, 2, 2, 1, 1, 1, "", -1, ""),
    (11, 1, 1, 2, 2, 0, 1, 1, "", ""),
    (12, "", 0, 3, 1, 1, -1, 0, "", 1),
)
SUMMARY: Rows = (
    ("topic", "Trees"),
    ("url", "https://example.org/1"),
    ("conversation-description", "About trees"),
)
FILES: Mapping[str, Rows] = {
    "comments.csv": COMMENTS,
    "votes.csv": VOTES,
    "participants-votes.csv": MATRIX,
    "summary.csv": SUMMARY,
}


def write_export(folder: Path, zipped: Sequence[str] = (), /, **changed: Rows | None) -> Path:
    """Write the export above; `votes=None` leaves that file out, other rows replace its own.

    The files are called comments, votes, matrix and summary here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = {"comments.csv": "comments", "votes.csv": "votes", "participants-votes.csv": "matrix"}
    for name, rows in FILES.items():
        written = changed.get(names.get(name, "summary"), rows)
        if written is None:
            continue
        path = folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(written)
        if name in zipped:
            (folder / f"{name}.gz").write_bytes(gzip.compress(path.read_bytes()))
            path.unlink()
    return folder


def write_crowd(folder: Path, people: int = 16) -> Path:
    """An export of some people of two minds on eight statements; sixteen are enough for opinion groups."""
    comments = [COMMENTS[0], *((1_700_000_000 + n, "", n, 1, 8, 8, 1, f"Statement {n}.") for n in range(8))]
    cells = [(1 if (person + n) % 2 and n else -1 if n else 1) for person in range(people) for n in range(8)]
    rows = [
        (person, "", 0, 8, sum(cell > 0 for cell in own), sum(cell < 0 for cell in own), *own)
        for person in range(people)
        for own in [cells[8 * person : 8 * person + 8]]
    ]
    return write_export(
        folder, (), comments=comments, votes=None, matrix=[(*MATRIX[0][:6], *range(8)), *rows]
    )


def published_groups(name: str) -> dict[str, str]:
    """The groups that a real conversation was published with, by participant; only those who were in one."""
    plain = REAL / name / "participants-votes.csv"
    text = (
        plain.read_text()
        if plain.is_file()
        else gzip.decompress(plain.with_suffix(".csv.gz").read_bytes()).decode()
    )
    return {
        row["participant"]: row["group-id"] for row in csv.DictReader(text.splitlines()) if row["group-id"]
    }
