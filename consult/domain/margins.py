"""Margins: how a population divides by region, age and gender, as an official's file tells it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite

from consult.domain.errors import Reason, Refused
from consult.domain.privacy import suppressed_categories
from consult.domain.profile import AgeBand, Gender, Region

FILE_LARGEST = 100_000
"""Octets; all categories there are fill a few thousand."""
SOURCE_LONGEST = 300
SUM_WITHIN = 0.005
"""How far shares may be from adding up to 1: printed ones are rounded."""
PER_CENT = 100


class Variable(StrEnum):
    """What a population is divided by: the questions of the profile."""

    REGION = "region"
    AGE_BAND = "age_band"
    GENDER = "gender"


CATEGORIES: Mapping[Variable, frozenset[str]] = {
    Variable.REGION: frozenset(Region),
    Variable.AGE_BAND: frozenset(AgeBand) - {AgeBand.UNDISCLOSED},
    Variable.GENDER: frozenset(Gender) - {Gender.UNDISCLOSED},
}
Shares = Mapping[str, float]
"""By category, each above 0, adding up to 1."""


@dataclass(frozen=True)
class Margins:
    """Shares by variable, where they come from, and the day that they tell of."""

    shares: Mapping[Variable, Shares]
    source: str
    counted_on: date


def margins_of(content: bytes, source: str, counted_on: date) -> Margins:
    """Read a CSV file with the columns variable, category, and share or count.

    Shares may be parts of 1 or per cent; counts are divided by their sum. Cells may be divided by commas,
    semicolons or tabs.

    Raises:
        Refused: MARGINS_UNREADABLE for no such file, MARGINS_ROW_BROKEN with `line` and `column`,
            MARGINS_SUM_WRONG with `variable`, MARGINS_SOURCE_MISSING.
    """
    words = " ".join(source.split())
    if not words or len(words) > SOURCE_LONGEST:
        raise Refused(Reason.MARGINS_SOURCE_MISSING, limit=SOURCE_LONGEST)
    lines = _lines(content)
    names = [name.strip().lower() for name in next(lines, (0, []))[1]]
    amount = next((name for name in ("share", "count") if name in names), None)
    if amount is None or not {"variable", "category"} <= set(names):
        raise Refused(Reason.MARGINS_UNREADABLE)
    found: dict[Variable, dict[str, float]] = {}
    for line, cells in lines:
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        _take(found, row, amount, line)
    if not found:
        raise Refused(Reason.MARGINS_UNREADABLE)
    return Margins({each: _shares(each, rows, amount) for each, rows in found.items()}, words, counted_on)


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with their line numbers from 1."""
    try:
        text = content[: FILE_LARGEST + 1].decode("utf-8-sig")
        if len(content) > FILE_LARGEST or "\0" in text:
            raise Refused(Reason.MARGINS_UNREADABLE)
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        rows = csv.reader(text.splitlines(), delimiter=delimiter, strict=True)
        yield from ((rows.line_num, cells) for cells in rows if any(map(str.strip, cells)))
    except (UnicodeDecodeError, csv.Error):
        raise Refused(Reason.MARGINS_UNREADABLE) from None


def _take(found: dict[Variable, dict[str, float]], row: Mapping[str, str], amount: str, line: int) -> None:
    """Add one row to what was found."""
    if row.get("variable", "") not in set(Variable):
        raise Refused(Reason.MARGINS_ROW_BROKEN, line=line, column="variable")
    variable, category = Variable(row["variable"]), row.get("category", "")
    rows = found.setdefault(variable, {})
    if category not in CATEGORIES[variable] or category in rows:
        raise Refused(Reason.MARGINS_ROW_BROKEN, line=line, column="category")
    number = _number(row.get(amount, ""))
    if number is None:
        raise Refused(Reason.MARGINS_ROW_BROKEN, line=line, column=amount)
    rows[category] = number


def _number(written: str) -> float | None:
    """A number above 0, with a comma or a point, blanks between its digits left out; None for all else."""
    try:
        number = float("".join(written.replace(",", ".").split()))
    except ValueError:
        return None
    return number if isfinite(number) and number > 0 else None


def _shares(variable: Variable, rows: Mapping[str, float], amount: str) -> dict[str, float]:
    total = sum(rows.values())
    is_whole = any(abs(total / whole - 1) <= SUM_WITHIN for whole in (1, PER_CENT))
    if amount == "share" and not is_whole:
        raise Refused(Reason.MARGINS_SUM_WRONG, variable=variable.value)
    return {category: number / total for category, number in rows.items()}


CLEARLY_FEWER = 0.8
"""Of what is expected: categories with a smaller part are called missing voices."""


@dataclass(frozen=True)
class Lacking:
    """A category of which fewer take part than its `share` of the population lets expect.

    `people` of it took part, None for so few that it is not told; `found` is their share of those who told,
    None likewise.
    """

    variable: Variable
    category: str
    share: float
    people: int | None
    found: float | None


def lacking(
    variable: Variable, shares: Shares, counts: Mapping[str, int], smallest_group: int
) -> tuple[Lacking, ...]:
    """Categories of a variable that are clearly under-represented, the most lacking first.

    Empty where fewer than `smallest_group` people have told anything: that says nothing of anybody.
    """
    told = {category: counts.get(category, 0) for category in shares}
    total = sum(told.values())
    if total < smallest_group:
        return ()
    hidden = suppressed_categories(told, smallest_group)
    few = [category for category in shares if told[category] < CLEARLY_FEWER * shares[category] * total]
    few.sort(
        key=lambda category: (told[category] / shares[category] if category not in hidden else 0, category)
    )
    return tuple(
        Lacking(
            variable,
            category,
            shares[category],
            None if category in hidden else told[category],
            None if category in hidden else told[category] / total,
        )
        for category in few
    )
