"""Tables whose lines are drawn: the words between four rules are one cell, wherever in it they stand.

Lengths are in points; the y axis goes up.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from consult.adapters.page_lines import Word, cell_lines, page_lines, side_by_side

THICKEST = 3.0
SHORTEST_RULE = 18.0
SAME_RULE = 3.0
FEWEST_RULES = 3
MOST_RULES = 2_000
PADDING = 12.0


@dataclass(frozen=True, slots=True)
class Box:
    """What is drawn: a thin one is a rule, a larger one has four."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Heights of the rows' rules and the places of the columns', both ascending."""

    heights: tuple[float, ...]
    columns: tuple[float, ...]

    def row(self, word: Word) -> int:
        """Number of the row from the bottom, from 1; 0 or the number of rules for words outside."""
        inside = self.columns[0] - SAME_RULE < word.left < self.columns[-1]
        return bisect_left(self.heights, (word.bottom + word.top) / 2) if inside else 0

    def column(self, word: Word) -> int:
        return bisect_left(self.columns, word.left + SAME_RULE)


def grid_of(boxes: Iterable[Box]) -> Grid | None:
    """The rules of a page; None where there are too few for a table of two columns, or too many for any."""
    heights: list[float] = []
    columns: list[float] = []
    for box in boxes:
        if box.right - box.left >= SHORTEST_RULE:
            heights += {box.bottom, box.top} if box.top - box.bottom > THICKEST else {box.bottom}
        if box.top - box.bottom >= SHORTEST_RULE / 2:
            columns += {box.left, box.right} if box.right - box.left > THICKEST else {box.left}
    if max(len(heights), len(columns)) > MOST_RULES:
        return None
    grid = Grid(_distinct(heights), _distinct(columns))
    return grid if min(len(grid.heights), len(grid.columns)) >= FEWEST_RULES else None


def _distinct(places: list[float]) -> tuple[float, ...]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > SAME_RULE:
            found.append(place)
    return tuple(found)


def lines_with_tables(words: list[Word], grid: Grid | None) -> Iterator[str]:
    """The lines of a page; rows of a drawn table are read cell by cell, the rest as `page_lines` does."""
    if grid is None:
        yield from page_lines(words)
        return
    outside: list[Word] = []
    rows: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        at = grid.row(word)
        (rows[at] if 0 < at < len(grid.heights) else outside).append(word)
    tables = {at: found for at, found in rows.items() if len({grid.column(word) for word in found}) > 1}
    outside += [word for at, found in rows.items() if at not in tables for word in found]
    yield from _interleaved(outside, tables, grid)


def _interleaved(outside: list[Word], tables: dict[int, list[Word]], grid: Grid) -> Iterator[str]:
    """Rows of tables from the top down, and before each what stands above it."""
    for at in sorted(tables, reverse=True):
        above = [word for word in outside if word.bottom >= grid.heights[at] - THICKEST]
        outside = [word for word in outside if word not in above]
        yield from page_lines(above)
        yield ""
        yield from _row(tables[at], grid)
    yield ""
    yield from page_lines(outside)


def _row(words: list[Word], grid: Grid) -> Iterator[str]:
    cells: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        cells[grid.column(word)].append(word)
    for_each = (cell_lines(cells[at], _edge(cells[at], at, grid)) for at in sorted(cells))
    yield from side_by_side(for_each)


def _edge(words: list[Word], at: int, grid: Grid) -> float:
    """Where a line of a cell must end: before the rule to the right of its last word, less a padding."""
    rule = grid.columns[min(at, len(grid.columns) - 1)]
    furthest = max(word.right for word in words)
    return max(furthest, rule - PADDING)
