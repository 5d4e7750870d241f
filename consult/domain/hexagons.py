"""Cells of the opinion map: hexagons with a corner on top, in axial coordinates q and r.

Geometry of A. Patel 2013, "Hexagonal Grids": the middle of (q, r) lies at
size * (sqrt(3) * (q + r / 2), 3/2 * r).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

Point = tuple[float, float]


@dataclass(frozen=True)
class Cell:
    """People who stand in a hexagon, and the number of the group that most of them are in."""

    q: int
    r: int
    number: int
    people: int


def middle(q: int, r: int, size: float) -> Point:
    """The middle of a hexagon whose corners are `size` away from it, y upwards."""
    return size * sqrt(3) * (q + r / 2), size * 1.5 * r


def corners(at: Point, size: float) -> tuple[Point, ...]:
    """The six corners, the topmost first."""
    x, y = at
    return tuple((x + size * sin(pi / 3 * turn), y + size * cos(pi / 3 * turn)) for turn in range(6))


def shown_cells(cells: Iterable[Cell], smallest_group: int) -> tuple[Cell, ...]:
    """Cells that may be shown: nobody is to be told where a few people stand.

    What is hidden has no complement to be reckoned from: the people in hidden cells are told together, and
    where they are fewer than `smallest_group`, the smallest shown cells join them.
    """
    by_people = sorted(cells, key=lambda cell: (cell.people, cell.q, cell.r))
    hidden = [cell for cell in by_people if cell.people < smallest_group]
    rest = by_people[len(hidden) :]
    few = sum(cell.people for cell in hidden)
    while hidden and rest and few < smallest_group:
        few += rest.pop(0).people
    return tuple(sorted(rest, key=lambda cell: (cell.r, cell.q)))
