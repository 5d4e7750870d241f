"""What templates need to draw an opinion map: the drawing's numbers as the attributes of SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consult.domain.hexagons import Point
from consult.domain.map_picture import (
    CAPTION_LEFT,
    CAPTION_SIZE,
    DASHES,
    HEIGHT,
    LETTER_RADIUS,
    LEVELS,
    LIGHT,
    WIDTH,
    MapPicture,
    baseline,
    height_with,
)


@dataclass(frozen=True)
class Sheet:
    """Size and looks of every map."""

    width: int = WIDTH
    height: int = HEIGHT
    radius: int = LETTER_RADIUS
    colours: tuple[str, ...] = LIGHT
    dashes: tuple[str, ...] = DASHES


@dataclass(frozen=True)
class Caption:
    """Words under a map that is a file: height of the whole sheet, each line with its place from the top."""

    height: int
    size: int
    left: int
    lines: tuple[tuple[int, str], ...]


def caption_of(lines: Sequence[str]) -> Caption:
    """Where the lines stand."""
    placed = tuple((baseline(line), words) for line, words in enumerate(lines))
    return Caption(height_with(lines), CAPTION_SIZE, CAPTION_LEFT, placed)


@dataclass(frozen=True)
class GroupDrawing:
    """A group's outline as path data, its letter, and the opacity and path data of each level of cells.

    The outline is empty for a group of which no cell is drawn.
    """

    number: int
    outline: str
    letter: str
    x: str
    y: str
    levels: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Drawing:
    """A map for a template; `you` is None where the reader does not stand on it."""

    sheet: Sheet
    groups: tuple[GroupDrawing, ...]
    you: tuple[str, str] | None

    @property
    def without_cells(self) -> frozenset[int]:
        """Groups that have nothing but a letter, by number."""
        return frozenset(group.number for group in self.groups if not group.outline)


def drawing_of(picture: MapPicture) -> Drawing:
    """The attributes of a drawing. All cells of one group and level are one path, which halves the page."""
    groups = tuple(
        GroupDrawing(
            mark.number,
            smooth(mark.outline),
            mark.letter,
            f"{mark.at[0]:.0f}",
            f"{mark.at[1]:.0f}",
            tuple(_levels(picture, mark.number)),
        )
        for mark in picture.marks
    )
    you = None if picture.you is None else (f"{picture.you[0]:.0f}", f"{picture.you[1]:.0f}")
    return Drawing(Sheet(), groups, you)


def _levels(picture: MapPicture, number: int) -> Iterable[tuple[str, str]]:
    """Opacity and path data of each level of a group that has cells."""
    for level in range(1, LEVELS + 1):
        cells = [cell.corners for cell in picture.hexagons if (cell.number, cell.level) == (number, level)]
        if cells:
            yield f"{0.2 + 0.8 * level / LEVELS:.2f}", "".join(map(polygon, cells))


def polygon(corners: Sequence[Point]) -> str:
    """Path data of a closed line through some points; empty for none."""
    return "M" + "L".join(_at(corner) for corner in corners) + "Z" if corners else ""


def smooth(corners: Sequence[Point]) -> str:
    """Path data of a closed curve: each corner pulls a parabola between the middles of its two sides."""
    if not corners:
        return ""
    after = [*corners[1:], corners[0]]
    halves = [((x + u) / 2, (y + v) / 2) for (x, y), (u, v) in zip(corners, after, strict=True)]
    curves = (f"Q{_at(corner)} {_at(half)}" for corner, half in zip(corners, halves, strict=True))
    return f"M{_at(halves[-1])}{''.join(curves)}Z"


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
