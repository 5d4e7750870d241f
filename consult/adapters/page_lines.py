"""Words on a page become lines as a person reads them: rows of tables whole, wrapped lines joined.

Lengths are in points; the y axis goes up. What tells cells, paragraphs and wrapped lines apart is
distance, measured in heights of the line, since pages hold no such notions.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

CELL = " | "
SAME_LINE_OVERLAP = 0.5
CELL_GAP_HEIGHTS = 1.0
SPACE_GAP_HEIGHTS = 0.12
PARAGRAPH_GAP_HEIGHTS = 0.75
ALIGNED_HEIGHTS = 0.5
SAME_SIZE = 1.2
FEWEST_CHARS_TO_WRAP = 25
NEW_ITEM = re.compile(
    r"[•▪◦‣·●■○–—*-]\s|\(?\d{1,3}(?:[.)]|[.:]\d\d)|\(?[^\W\d_][.)]\s|[IVX]{1,5}[.)]\s|\d{1,2}\s?[:.h]\s?\d\d"
)


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a space between them, and the box around them."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def letter_width(self) -> float:
        return (self.right - self.left) / max(1, len(self.text))


@dataclass(slots=True)
class Cell:
    """Words side by side; after joining, the lines of one cell of a table or of one paragraph."""

    words: list[Word]
    lines: list[str] = field(default_factory=list)

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return self.words[-1].right

    @property
    def height(self) -> float:
        return max(word.height for word in self.words)

    @property
    def text(self) -> str:
        parts = [self.words[0].text]
        for before, word in pairwise(self.words):
            is_apart = word.left - before.right > SPACE_GAP_HEIGHTS * before.height
            parts.append(f" {word.text}" if is_apart else word.text)
        return "".join(parts)


@dataclass(slots=True)
class Row:
    """Cells on one height."""

    cells: list[Cell]

    @property
    def top(self) -> float:
        return max(word.top for cell in self.cells for word in cell.words)

    @property
    def bottom(self) -> float:
        return min(word.bottom for cell in self.cells for word in cell.words)

    @property
    def height(self) -> float:
        return max(cell.height for cell in self.cells)


def rows_of(words: Iterable[Word]) -> list[Row]:
    """Words that stand on one height, split where a gap separates cells; from top to bottom."""
    return [Row(_cells(line)) for line in _lines(words)]


def page_lines(words: Iterable[Word]) -> Iterator[str]:
    """Yield the lines of a page from top to bottom, with an empty one where a gap separates paragraphs."""
    rows = rows_of(words)
    edges = _right_edges(rows)
    open_row: Row | None = None
    last: Row | None = None
    for row in rows:
        for cell in row.cells:
            cell.lines = [cell.text]
        if open_row and last and _goes_on(open_row, last, row):
            _append(open_row, last, row, edges)
        else:
            if open_row and last:
                yield from _shown(open_row)
                if last.bottom - row.top > PARAGRAPH_GAP_HEIGHTS * row.height:
                    yield ""
            open_row = row
        last = row
    if open_row:
        yield from _shown(open_row)


def _lines(words: Iterable[Word]) -> list[list[Word]]:
    """Group words that stand on one height; each group sorted from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (-(word.top + word.bottom), word.left)):
        if lines and _is_beside(lines[-1][0], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def _is_beside(first: Word, word: Word) -> bool:
    overlap = min(first.top, word.top) - max(first.bottom, word.bottom)
    return overlap >= SAME_LINE_OVERLAP * min(first.height, word.height)


def _cells(line: list[Word]) -> list[Cell]:
    cells = [Cell([line[0]])]
    for before, word in pairwise(line):
        if word.left - before.right > CELL_GAP_HEIGHTS * max(before.height, word.height):
            cells.append(Cell([word]))
        else:
            cells[-1].words.append(word)
    return cells


def _right_edges(rows: list[Row]) -> dict[int, float]:
    """How far the text of each column goes, by its left edge in whole points."""
    edges: dict[int, float] = {}
    for row in rows:
        for cell in row.cells:
            key = round(cell.left)
            edges[key] = max(edges.get(key, 0.0), cell.right)
    return edges


def _goes_on(open_row: Row, last: Row, row: Row) -> bool:
    """Whether a row continues the one above: nothing in the first column, all else under a column.

    A single paragraph goes on where the next word would not have fitted; `_append` decides that.
    """
    if last.bottom - row.top > PARAGRAPH_GAP_HEIGHTS * row.height:
        return False
    if not 1 / SAME_SIZE <= last.height / row.height <= SAME_SIZE:
        return False
    columns = [_column(open_row, cell) for cell in row.cells]
    if len(open_row.cells) == 1:
        return columns == [0] and _is_wrapped(last.cells[-1], row.cells[0], None)
    return all(column is not None and column > 0 for column in columns)


def _column(open_row: Row, cell: Cell) -> int | None:
    near = ALIGNED_HEIGHTS * cell.height
    return next((at for at, above in enumerate(open_row.cells) if abs(above.left - cell.left) <= near), None)


def _append(open_row: Row, last: Row, row: Row, edges: dict[int, float]) -> None:
    for cell in row.cells:
        column = _column(open_row, cell)
        above = open_row.cells[column or 0]
        before = next((c for c in last.cells if abs(c.left - cell.left) <= ALIGNED_HEIGHTS * c.height), None)
        if before and _is_wrapped(before, cell, edges.get(round(cell.left))):
            above.lines[-1] = _joined(above.lines[-1], cell.text)
        else:
            above.lines.append(cell.text)


def _is_wrapped(before: Cell, cell: Cell, edge: float | None) -> bool:
    """Whether a line ended for want of room: its column goes on no further than its next word is long."""
    if NEW_ITEM.match(cell.text):
        return False
    if edge is None:
        return len(before.text) >= FEWEST_CHARS_TO_WRAP and cell.text[:1].islower()
    space = before.words[-1].letter_width
    return before.right + space + (cell.words[0].right - cell.words[0].left) > edge


def _joined(line: str, following: str) -> str:
    return f"{line} {following}"


def cell_lines(words: Iterable[Word], edge: float) -> list[str]:
    """The lines of one cell of a drawn table, joined where a line ended for want of room before the edge."""
    lines: list[str] = []
    last: Cell | None = None
    for line in _lines(words):
        cell = Cell(line)
        if last and _is_wrapped(last, cell, edge):
            lines[-1] = _joined(lines[-1], cell.text)
        else:
            lines.append(cell.text)
        last = cell
    return lines


def side_by_side(cells: Iterable[list[str]]) -> Iterator[str]:
    """Cells in one row: each begins on the last line of the one before, behind a bar."""
    lines: list[str] = []
    for cell in cells:
        if lines and cell:
            lines[-1] += CELL + cell[0]
            lines += cell[1:]
        else:
            lines = lines or list(cell)
    yield from lines


def _shown(row: Row) -> Iterator[str]:
    return side_by_side(cell.lines for cell in row.cells)
