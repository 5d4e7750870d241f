"""Public figures of moderation, and which of them may be told: none that stands for a few people.

Figures are counted by month, by language and by rule. In each table a count of 1 to `smallest_group` - 1 is
hidden, and with it as many others as are needed that no total gives it away.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from enum import StrEnum

from consult.domain.privacy import suppressed_categories


class Dimension(StrEnum):
    """By what the figures of a table are counted."""

    MONTH = "month"
    LANGUAGE = "language"
    RULE = "rule"


@dataclass(frozen=True)
class Counts:
    """What was counted of some comments.

    `received`: sent; `decided`: a moderator has decided; `withheld`: withheld now; `waited`: read by a
    moderator before others saw them, and decided; `appeals`, and how many of them `reversed` the decision.
    """

    received: int = 0
    decided: int = 0
    withheld: int = 0
    waited: int = 0
    appeals: int = 0
    reversed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class Counted:
    """Counts of a category with the median hours from sending to decision; None where nothing waited."""

    counts: Counts
    median_hours: float | None = None


@dataclass(frozen=True)
class Cells:
    """A row as it may be published: None is hidden. `withheld_share` is from 0 to 1."""

    received: int | None
    decided: int | None
    withheld: int | None
    appeals: int | None
    reversed: int | None
    median_hours: float | None
    withheld_share: float | None


@dataclass(frozen=True)
class Row:
    category: str
    cells: Cells


@dataclass(frozen=True)
class Table:
    """The rows of a dimension and their sum; `total` is hidden cell by cell like the rows."""

    dimension: Dimension
    rows: tuple[Row, ...]
    total: Cells


TOLD = ("received", "decided", "withheld", "appeals", "reversed")
"""Counts that are published; the others stand behind them."""


def table_of(
    dimension: Dimension,
    counted: Mapping[str, Counted],
    total: Counted,
    smallest_group: int,
    also_hidden: Mapping[str, AbstractSet[str | None]] | None = None,
) -> Table:
    """What may be told of some categories, in the order given.

    `also_hidden` names, by count, the categories that must be hidden for another reason; None is the total.
    """
    already = also_hidden or {}
    hidden = {
        name: hidden_categories(
            {category: getattr(each.counts, name) for category, each in counted.items()},
            smallest_group,
            already.get(name, frozenset()),
        )
        for name in TOLD
    }
    rows = tuple(
        Row(category, _cells(each, {name for name in TOLD if category in hidden[name]}, smallest_group))
        for category, each in counted.items()
    )
    unseen = {name for name in TOLD if None in already.get(name, ()) or _is_few(total, name, smallest_group)}
    return Table(dimension, rows, _cells(total, unseen, smallest_group))


def hidden_categories(
    counts: Mapping[str, int], smallest_group: int, already: AbstractSet[str | None] = frozenset()
) -> frozenset[str]:
    """As `privacy.suppressed_categories`, where some are hidden in any case; None among these is the total.

    Empty where nothing is hidden; otherwise at least two categories that stand for `smallest_group` together,
    or all of them. A total that is hidden takes two with it, or the rows would add up to it.
    """
    hidden = set(suppressed_categories(counts, smallest_group)) | {key for key in counts if key in already}
    if not hidden and None not in already:
        return frozenset()
    for _count, key in sorted((count, key) for key, count in counts.items() if count and key not in hidden):
        if len(hidden) > 1 and sum(counts[each] for each in hidden) >= smallest_group:
            break
        hidden.add(key)
    return frozenset(hidden)


def _is_few(total: Counted, name: str, smallest_group: int) -> bool:
    return bool(0 < getattr(total.counts, name) < smallest_group)


def _cells(each: Counted, hidden: AbstractSet[str], smallest_group: int) -> Cells:
    counts = each.counts
    told = {name: None if name in hidden else getattr(counts, name) for name in TOLD}
    received, withheld = told["received"], told["withheld"]
    is_few = "decided" in hidden or counts.waited < smallest_group
    return Cells(
        **told,
        median_hours=None if is_few else each.median_hours,
        withheld_share=None if not received or withheld is None else withheld / received,
    )


def tells_too_much(hidden: Sequence[int], smallest_group: int) -> bool:
    """Whether a sum gives away those of its parts that are hidden elsewhere, since readers know the others.

    So it is where one part alone is hidden, or where the hidden ones stand for too few together.
    """
    told = [count for count in hidden if count]
    return bool(told) and (len(told) == 1 or sum(told) < smallest_group)


def table_of_all(
    dimension: Dimension,
    by_consultation: Sequence[Mapping[str, Counts]],
    medians: Mapping[str | None, float],
    smallest_group: int,
) -> Table:
    """The table of several consultations together, of which each has one of its own by `table_of`.

    Nothing is told that, by the difference, would tell what the table of a single one hides. `medians` has
    the total's under None.
    """
    categories = sorted({category for each in by_consultation for category in each})
    sums = {
        category: _sum(each.get(category, Counts()) for each in by_consultation) for category in categories
    }
    counted = {category: Counted(counts, medians.get(category)) for category, counts in sums.items()}
    total = Counted(_sum(sums.values()), medians.get(None))
    also_hidden = {name: _given_away(by_consultation, name, smallest_group) for name in TOLD}
    return table_of(dimension, counted, total, smallest_group, also_hidden)


def _sum(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts())


def _given_away(
    by_consultation: Sequence[Mapping[str, Counts]], name: str, smallest_group: int
) -> AbstractSet[str | None]:
    """Categories, and None for the total, whose sum would tell too much of a single consultation."""
    parts: dict[str | None, list[int]] = defaultdict(list)
    for each in by_consultation:
        counts = {category: getattr(told, name) for category, told in each.items()}
        for category in hidden_categories(counts, smallest_group):
            parts[category].append(counts[category])
        total = sum(counts.values())
        if total < smallest_group:
            parts[None].append(total)
    return {category for category, hidden in parts.items() if tells_too_much(hidden, smallest_group)}
