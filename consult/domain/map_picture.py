"""The drawing of an opinion map: hexagons, outlines and letters on a sheet, in points from the top left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from types import MappingProxyType

from consult.domain.hexagons import Cell, Point, corners, middle
from consult.domain.opinion import group_letter

WIDTH, HEIGHT = 720, 520
EDGE = 64
"""Between the outermost cells and the edge of the sheet: room for outlines and letters."""
CAPTION_SIZE, CAPTION_LINE = 13, 20
"""Of the words under a picture that is a file: height of the letters, and from one line to the next."""
CAPTION_LEFT = 24
LARGEST_CELL = 56.0
"""From its middle to a corner: a map of few cells fills its sheet, and one cell does not."""
GAP = 0.93
"""Of a cell is drawn, so that neighbours stay apart."""
LEVELS = 5
LETTER_RADIUS = 19
LABEL_WIDE, LABEL_HIGH = 64, 60
"""Room for the words at the reader's place: to both sides, and above it."""
OUTLINE_AWAY = 1.4
"""Of a cell's size lies between the outermost middles and the outline."""
LIGHT = ("#0a3f78", "#837400", "#d02a72", "#2b2b2b", "#7d5ae0")
DARK = ("#5ab8ff", "#c9c04a", "#ff9fc4", "#f4f4f4", "#9572f5")
"""Of groups A to E on light and dark paper. Chosen to stay apart for people who see no red or no green."""
DASHES = ("8 5", "2 5", "16 5", "12 4 2 4", "4 3")


@dataclass(frozen=True)
class Hexagon:
    """A cell with its corners; `level` is 1 to 5, by the people in it."""

    corners: tuple[Point, ...]
    number: int
    people: int
    level: int


@dataclass(frozen=True)
class Mark:
    """A group on the sheet: its letter, where that stands, and the outline around its cells.

    A group without cells has no outline; its letter stands in its middle.
    """

    number: int
    at: Point
    outline: tuple[Point, ...]

    @property
    def letter(self) -> str:
        return group_letter(self.number)


@dataclass(frozen=True)
class MapPicture:
    """A drawing of WIDTH by HEIGHT. `you` is where the reader stands, None for everybody else."""

    hexagons: tuple[Hexagon, ...]
    marks: tuple[Mark, ...]
    you: Point | None = None


def height_with(caption: Sequence[str]) -> int:
    """The height of a sheet with some lines of words under the drawing."""
    return HEIGHT + (len(caption) + 1) * CAPTION_LINE if caption else HEIGHT


def baseline(line: int) -> int:
    """Where the letters of a line of the caption stand, counted from 0."""
    return HEIGHT + (line + 1) * CAPTION_LINE


@dataclass(frozen=True)
class _Sheet:
    """How the map lies on the sheet: a place times `scale`, moved, with y downwards."""

    scale: float
    left: float
    top: float

    def place(self, at: Point) -> Point:
        x, y = at
        return (self.left + self.scale * x, self.top - self.scale * y)


def map_picture(
    cells: Sequence[Cell],
    size: float,
    you: Point | None = None,
    centres: Mapping[int, Point] = MappingProxyType({}),
) -> MapPicture:
    """The drawing of some cells whose corners are `size` from their middles; empty without cells and centres.

    `you` is a place on the map; outside the drawing it is put at its edge. `centres` are the middles of
    groups, by number: where a group without cells gets its letter.
    """
    if not cells and not centres:
        return MapPicture((), ())
    drawn = {cell.number for cell in cells}
    lonely = {number: at for number, at in sorted(centres.items()) if number not in drawn}
    sheet = _sheet([*(middle(cell.q, cell.r, size) for cell in cells), *lonely.values()], size)
    middles = tuple(Mark(number, sheet.place(at), ()) for number, at in lonely.items())
    marks = sorted((*middles, *_marks(cells, size, sheet, middles)), key=lambda mark: mark.number)
    return MapPicture(_hexagons(cells, size, sheet), tuple(marks), _inside(you, sheet))


def _sheet(middles: Sequence[Point], size: float) -> _Sheet:
    xs, ys = [x for x, _ in middles], [y for _, y in middles]
    wide, high = max(xs) - min(xs) + 2 * size, max(ys) - min(ys) + 2 * size
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high, LARGEST_CELL / size)
    return _Sheet(
        scale,
        WIDTH / 2 - scale * (max(xs) + min(xs)) / 2,
        HEIGHT / 2 + scale * (max(ys) + min(ys)) / 2,
    )


def _hexagons(cells: Iterable[Cell], size: float, sheet: _Sheet) -> tuple[Hexagon, ...]:
    some = list(cells)
    most = max((cell.people for cell in some), default=0)
    return tuple(
        Hexagon(
            corners(sheet.place(middle(cell.q, cell.r, size)), size * sheet.scale * GAP),
            cell.number,
            cell.people,
            # The root, so that a cell with a quarter of the people is half as strong.
            min(LEVELS, 1 + int(LEVELS * sqrt(cell.people / most) * 0.999)),
        )
        for cell in some
    )


def _marks(cells: Sequence[Cell], size: float, sheet: _Sheet, taken: Iterable[Mark]) -> tuple[Mark, ...]:
    """Outlines and letters; a letter stands on its outline, away from the middle and from other letters."""
    letters, marks = [mark.at for mark in taken], []
    for number in sorted({cell.number for cell in cells}):
        own = [middle(cell.q, cell.r, size) for cell in cells if cell.number == number]
        wider = [corner for at in own for corner in corners(at, size * OUTLINE_AWAY)]
        outline = tuple(sheet.place(at) for at in hull(wider))
        letters.append(_letter_place(outline, letters))
        marks.append(Mark(number, letters[-1], outline))
    return tuple(marks)


def _letter_place(outline: Sequence[Point], taken: Sequence[Point]) -> Point:
    def distance(at: Point) -> float:
        from_middle = hypot(at[0] - WIDTH / 2, at[1] - HEIGHT / 2)
        nearest = min((hypot(at[0] - x, at[1] - y) for x, y in taken), default=1e9)
        return from_middle - (1e6 if nearest < 3 * LETTER_RADIUS else 0)

    x, y = max(outline, key=lambda at: (round(distance(at), 3), at))
    room = LETTER_RADIUS + 5
    return (min(max(x, room), WIDTH - room), min(max(y, room), HEIGHT - room))


def _inside(you: Point | None, sheet: _Sheet) -> Point | None:
    if you is None:
        return None
    x, y = sheet.place(you)
    return (min(max(x, LABEL_WIDE), WIDTH - LABEL_WIDE), min(max(y, LABEL_HIGH), HEIGHT - 18))


def hull(points: Iterable[Point]) -> tuple[Point, ...]:
    """The convex hull; Andrew 1979, "Another efficient algorithm for convex hulls in two dimensions"."""
    different = sorted(set(points))
    if len(different) < 3:  # noqa: PLR2004 - two points have no inside
        return tuple(different)
    return (*_half(different), *_half(different[::-1]))


def _half(points: Sequence[Point]) -> list[Point]:
    kept: list[Point] = []
    for at in points:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], at) <= 0:
            kept.pop()
        kept.append(at)
    return kept[:-1]


def _turn(first: Point, then: Point, last: Point) -> float:
    return (then[0] - first[0]) * (last[1] - first[1]) - (then[1] - first[1]) * (last[0] - first[0])
