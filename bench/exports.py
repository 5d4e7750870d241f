"""The public CSV package of 20 000 comments, against csv.writer writing the same rows from memory.

`python -m bench.exports --memory INSTANCE` is the process whose memory is measured: it makes one export.
"""

import csv
import json
import subprocess
import sys
from functools import partial
from pathlib import Path

from flask import Flask

from bench import _content as content
from bench._ground import PROJECT, Rounds, in_process, keep, spread, workspace
from consult.app import create_app
from consult.config import Settings
from consult.domain.people import OPERATOR
from consult.services import exports

COMMENTS = 20_000
ROUNDS = 5
MEMORY_RUNS = 3
SLUG, SMALL = "exported", "warming"
"""The consultation that is measured, and one that makes a process load whatever it loads late."""


def export(app: Flask, slug: str, output: Path) -> int:
    """Make the package; the rows of all its files."""
    with app.app_context():
        made = exports.export_consultation(OPERATOR, slug, package="public", output=output, smallest_group=10)
    return sum(file.rows for file in made.files)


def write_again(tables: dict[str, list[list[str]]], output: Path) -> int:
    """Write rows that are in memory with csv.writer, headings included; the rows without them."""
    output.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (output / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return sum(len(rows) - 1 for rows in tables.values())


def read(folder: Path) -> dict[str, list[list[str]]]:
    tables = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.name] = list(csv.reader(file))
    return tables


def memory_above_base(instance: Path) -> None:
    """Print by how many octets the export raised the process's greatest memory over what it held before."""
    url = f"sqlite:///{instance / 'consult.sqlite'}"
    app = create_app(Settings(database_url=url, instance=instance, secret_key=content.SECRET_KEY))
    export(app, SMALL, instance / "warming")
    base = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forgets the greatest so far
    rows = export(app, SLUG, instance / "measured")
    print(json.dumps({"rows": rows, "base": base, "above": _status("VmHWM") - base}))


def _status(name: str) -> int:
    """An amount of memory of this process, in octets."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def measured_memory(instance: Path) -> dict[str, object]:
    runs = []
    for _ in range(MEMORY_RUNS):
        command = [sys.executable, "-m", "bench.exports", "--memory", str(instance)]
        done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
        runs.append(json.loads(done.stdout))
    return {
        "base_mb": spread([run["base"] / 1e6 for run in runs]),
        "above_base_mb": spread([run["above"] / 1e6 for run in runs]),
    }


def main() -> None:
    with workspace() as folder, content.installation(folder / "instance") as app:
        content.add_authors()
        content.add_consultation(SMALL, 100)
        content.add_consultation(SLUG, COMMENTS)
        memory = measured_memory(folder / "instance")
        rows = export(app, SLUG, folder / "package")
        tables = read(folder / "package")
        rounds = Rounds(
            {
                "export": partial(in_process, partial(export, app, SLUG, folder / "package")),
                "csv_writer": partial(in_process, partial(write_again, tables, folder / "again")),
            },
            ROUNDS,
        )
        keep("exports", {"rows": rows, **throughput(rounds), "memory": memory})


def throughput(rounds: Rounds) -> dict[str, object]:
    """Rows per CPU second of both sides; the ratio is the export's share of csv.writer's."""
    return {
        "rows_per_cpu_second": {
            name: spread([1e6 / sample.cpu for sample in samples], digits=0)
            for name, samples in rounds.samples.items()
        },
        "ratios": {"export_to_csv_writer": rounds.ratio("csv_writer", "export")},
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        memory_above_base(Path(sys.argv[2]))
    else:
        main()
