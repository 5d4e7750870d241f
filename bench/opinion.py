"""Opinion groups of the real conversations and of large made-up ones, against red-dwarf if at hand.

red-dwarf is no dependency: `BENCH_RED_DWARF` names the Python of an environment that has it; without it
that side is missing and said to be. Each side is a process of its own with one thread; CPU time counts from
the votes being in memory. `python -m bench.opinion --one FILE.npz` is such a process.

`from_database` is the whole command, from the start of its process to the kept run and its members:
`consult opinion SLUG --json` on a database whose building is not counted. Building the large one takes
minutes, so it is measured only by `python -m bench.opinion --large`, which writes results of its own.
"""

import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench._ground import PROJECT, keep, spread, workspace
from bench._opinions import SLUG, planted, write_database
from consult.adapters.polis import read_conversation
from consult.analysis.opinion_map import opinion_map
from consult.analysis.vote_matrix import vote_matrix
from consult.cli import commands

CONVERSATIONS = PROJECT.parent / "shared" / "data" / "polis"
SIZES = {"100000x500": (100_000, 500, 44), "1000000x1000": (1_000_000, 1_000, 31)}
"""People, statements, and votes of each person."""
STORED, STORED_LARGE = {"100000x1000": (100_000, 1_000, 31)}, {"1000000x1000": (1_000_000, 1_000, 31)}
"""The same of what is measured from the database."""
ROUNDS = 3
LIMIT_SECONDS = 120
"""Of the other side's CPU time; it is stopped then, and the ratio is a lower bound."""
LIMIT_MEMORY = 10 * 1024**3
PEER_MOST_VOTES = 5_000_000
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def write_real(folder: Path, file: Path) -> None:
    """The votes of an export as they are imported: statements that were not accepted are left out."""
    read = read_conversation(folder)
    number = {reference: place for place, reference in enumerate(read.participants)}
    cells = np.array([(number[vote.participant], int(vote.comment), vote.choice) for vote in read.votes])
    out = [int(one.reference) for one in read.comments if one.moderated < 1]
    np.savez(
        file,
        participants=cells[:, 0],
        statements=cells[:, 1],
        choices=cells[:, 2],
        left_out=np.array(out, dtype=np.int64),
    )


def write_planted(people: int, statements: int, each: int, file: Path) -> None:
    """Three groups, each agreeing with statements of its own; everybody votes on some, by chance."""
    columns, choices = planted(people, statements, each)
    np.savez(
        file,
        participants=np.repeat(np.arange(people, dtype=np.int32), each),
        statements=columns.ravel(),
        choices=choices.ravel(),
        left_out=np.empty(0, np.int64),
    )


def compute(file: str) -> None:
    """Print what our side takes for the votes of a file."""
    held = np.load(file)
    given = [held[name] for name in ("participants", "statements", "choices", "left_out")]
    start, wall = time.process_time(), time.perf_counter()
    found = opinion_map(vote_matrix(*given))
    cpu, wall = time.process_time() - start, time.perf_counter() - wall
    figures = {
        "cpu_seconds": round(cpu, 2),
        "wall_seconds": round(wall, 2),
        "greatest_memory": _greatest_memory(),
        "votes": found.vote_count,
        "k": found.k,
        "clarity": found.clarity.value,
        "silhouette": round(found.silhouette, 3),
        "stability": round(found.stability, 3),
    }
    print(json.dumps(figures))


def command() -> None:
    """Run the whole command on the installation of the environment, and print what that took."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        commands.main(["opinion", SLUG, "--json"], standalone_mode=False)
    found = json.loads(said.getvalue())
    figures = {
        "cpu_seconds": round(time.process_time(), 2),
        "greatest_memory": _greatest_memory(),
        **{name: found[name] for name in ("participants", "votes", "k", "clarity")},
        **{name: round(found[name], 3) for name in ("silhouette", "stability")},
    }
    print(json.dumps(figures))


def from_database(sizes: dict[str, tuple[int, int, int]]) -> dict[str, Any]:
    """What the command takes by size; `wall_seconds` are those of its process, from start to end."""
    figures = {}
    for name, size in sizes.items():
        with workspace() as instance:
            built = time.perf_counter()
            write_database(instance, *size)
            start = time.perf_counter()
            kept = _run(
                [sys.executable, "-m", "bench.opinion", "--command"], {"CONSULT_INSTANCE": str(instance)}
            )
            wall = time.perf_counter() - start
            built = start - built
        figures[name] = {**kept, "wall_seconds": round(wall, 2), "building_seconds": round(built, 2)}
    return figures


def _greatest_memory() -> int:
    """Octets, of this process alone: what getrusage tells begins with the parent's."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def ours(file: Path) -> dict[str, Any]:
    return _run([sys.executable, "-m", "bench.opinion", "--one", str(file)])


def theirs(file: Path, votes: int) -> dict[str, Any]:
    """What red-dwarf takes; says in words why there is no figure."""
    python = os.environ.get("BENCH_RED_DWARF")
    if not python:
        return {"missing": "BENCH_RED_DWARF names no Python that has red-dwarf"}
    if votes > PEER_MOST_VOTES:
        return {"missing": f"not tried: more than {PEER_MOST_VOTES} votes"}
    try:
        return _run([python, str(PROJECT / "bench" / "_red_dwarf.py"), str(file)], is_limited=True)
    except subprocess.CalledProcessError as error:
        stopped = f"stopped (status {error.returncode}) within {LIMIT_SECONDS} s of CPU and 10 GB"
        return {"missing": stopped, "at_least_cpu_seconds": LIMIT_SECONDS if error.returncode < 0 else None}


def _run(
    words: list[str], environment: Mapping[str, str] | None = None, *, is_limited: bool = False
) -> dict[str, Any]:
    done = subprocess.run(
        words,
        cwd=PROJECT,
        env={**os.environ, **ONE_THREAD, **(environment or {})},
        preexec_fn=_limit if is_limited else None,
        check=True,
        capture_output=True,
        text=True,
    )
    document: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return document


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_MEMORY, LIMIT_MEMORY))


def measured(file: Path, rounds: int) -> dict[str, Any]:
    """Both sides in turn; the ratio is how many times our CPU time the other takes."""
    mine, other = [], []
    for _ in range(rounds):
        mine.append(ours(file))
        other.append(theirs(file, mine[0]["votes"]))
    figures: dict[str, Any] = {"consult": {**mine[0], "cpu_seconds": _spread(mine)}, "red_dwarf": other[0]}
    if all("cpu_seconds" in one for one in other):
        figures["red_dwarf"] = {**other[0], "cpu_seconds": _spread(other)}
        pairs = zip(other, mine, strict=True)
        figures["ratio"] = spread([one["cpu_seconds"] / own["cpu_seconds"] for one, own in pairs], digits=1)
    elif other[0].get("at_least_cpu_seconds"):
        figures["ratio_at_least"] = round(LIMIT_SECONDS / mine[0]["cpu_seconds"], 1)
    return figures


def _spread(samples: list[dict[str, Any]]) -> dict[str, float]:
    return spread([sample["cpu_seconds"] for sample in samples], digits=2)


def main() -> None:
    cases = {name: partial(write_planted, *size) for name, size in SIZES.items()}
    if CONVERSATIONS.is_dir():
        folders = sorted(path for path in CONVERSATIONS.iterdir() if path.is_dir())
        cases |= {folder.name: partial(write_real, folder) for folder in folders}
    figures = {}
    with workspace() as folder:
        for name, write in cases.items():
            file = folder / "votes.npz"
            write(file)
            figures[name] = measured(file, 1 if name in SIZES else ROUNDS)
    keep("opinion", {"opinion": figures, "from_database": from_database(STORED)})


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--one", file]:
            compute(file)
        case ["--command"]:
            command()
        case ["--large"]:
            keep("opinion_large", {"from_database": from_database(STORED_LARGE)})
        case _:
            main()
