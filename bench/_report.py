"""Writes the figures of `bench/results` into README.md and docs/benchmarks.md, and draws docs/benchmarks.svg.

`make bench` ends with it; `python -m bench._report` does it alone, with whatever was measured.
"""

import re
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bench._drawing import drawn
from bench._ground import PROJECT
from bench._rows import (
    README,
    SECTIONS,
    Documents,
    Row,
    Section,
    Verdict,
    find,
    missing,
    read_results,
    rows_shown,
)
from bench._wording import limits, measured, when

BEGIN = "<!-- figures: written by python -m bench._report, not by hand -->"
END = "<!-- end of figures -->"
LONGEST_LINE = 118
Cells = Mapping[str, str]
"""A row of a table: what stands in it, by its column's heading."""


def reports(documents: Documents, root: Path = PROJECT) -> dict[Path, str]:
    """Every file that holds figures, with its text as it has to be."""
    readme, page = root / "README.md", root / "docs" / "benchmarks.md"
    return {
        readme: between_marks(readme.read_text(encoding="utf-8"), short_table(documents)),
        page: between_marks(page.read_text(encoding="utf-8"), all_tables(documents)),
        root / "docs" / "benchmarks.svg": drawn(documents),
    }


def between_marks(text: str, figures: str) -> str:
    """The text with new figures between its two marks.

    Raises:
        ValueError: A mark is missing, or there are several.
    """
    if (text.count(BEGIN), text.count(END)) != (1, 1):
        raise ValueError(f"The figures belong between {BEGIN} and {END}, once each.")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{figures}\n\n{END}{rest.split(END)[1]}"


def short_table(documents: Documents) -> str:
    rows = [cells(documents, section, row) for section, row in rows_shown(README)]
    columns = ("figure", "against", "measured", "must", "aim", "holds")
    return f"{_measurements(documents)}\n\n{table(columns, rows)}"


def all_tables(documents: Documents) -> str:
    return "\n\n".join(_part(documents, section) for section in SECTIONS)


def _part(documents: Documents, section: Section) -> str:
    columns = ("figure", "beside it", "against", "measured", "must", "aim", "holds")
    rows = [cells(documents, section, row) for row in section.rows]
    return f"### {section.title}\n\n{_provenance(documents, section.file)}\n\n{table(columns, rows)}"


def _provenance(documents: Documents, file: str) -> str:
    if file not in documents:
        return f"**Not measured: there is no `{file}.json`.**"
    kept = documents[file]
    load = kept["load_average_one_minute"]
    return f"`{file}.json`, {when(kept)} UTC, {kept['cores']} cores, load average {load}"


def _measurements(documents: Documents) -> str:
    """One sentence: date and load of each file that the short table quotes."""
    files = dict.fromkeys(section.file for section, _ in rows_shown(README))
    each = [
        f"`{file}` {when(kept)} ({kept['load_average_one_minute']})"
        for file in files
        if (kept := documents.get(file))
    ]
    sentence = (
        f"Median (least to most) of the rounds; time in UTC and load average of each: {', '.join(each)}."
    )
    return textwrap.fill(sentence, LONGEST_LINE, break_on_hyphens=False)


def cells(documents: Documents, section: Section, row: Row) -> Cells:
    figure, cost = (find(documents, section.file, path) for path in (row.path, row.cost))
    must, aim = limits(row.limit, row.path) if row.limit else ("", "")
    verdict = row.verdict(figure)
    return {
        "figure": row.name,
        "beside it": measured(cost, row.cost) if cost else "not measured" if row.cost else "",
        "against": row.against,
        "measured": measured(figure, row.path) if figure else f"not in `{section.file}.json`",
        "must": must,
        "aim": aim,
        "holds": f"**{verdict.value}**" if verdict in {Verdict.FAILS, Verdict.MISSING} else verdict.value,
    }


def table(columns: Sequence[str], rows: Sequence[Cells]) -> str:
    """Markdown; columns that are empty in every row are left out."""
    kept = [column for column in columns if any(row[column] for row in rows)]
    lines = [kept, ["---"] * len(kept), *([row[column] for column in kept] for row in rows)]
    return "\n".join(_line(line) for line in lines)


def _line(values: Iterable[str]) -> str:
    return re.sub(r" {2,}", " ", f"| {' | '.join(values)} |")


def main() -> None:
    documents = read_results()
    for path, text in reports(documents).items():
        path.write_text(text, encoding="utf-8")
    for name in missing(documents):
        print(f"  not measured: {name}", file=sys.stderr)


if __name__ == "__main__":
    main()
