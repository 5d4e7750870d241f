"""Counting people by hexagon, in cells as fine as privacy allows."""

import numpy as np

from consult.analysis.vote_matrix import Floats, Ints
from consult.domain.hexagons import Cell

FINEST, COARSEST = 48, 5
"""Hexagons across the map: more are specks on a telephone, fewer show no shape."""
SHOWN = 0.85
"""Share of the people that must stand in cells which may be shown."""


def hexagons(points: Floats, groups: Ints, smallest_group: int) -> tuple[float, tuple[Cell, ...]]:
    """Size of the cells and the cells in which anybody stands, by q and r.

    `groups` gives each point's group, from 0; a cell belongs to the group that most of its people are in, of
    equals to the lower number. The finest grid is taken in which 85 per cent of the people stand in cells of
    at least `smallest_group`, and the coarsest where none does.
    """
    if not len(points):
        return 1.0, ()
    span = float(np.ptp(points, axis=0).max()) or 1.0
    across = FINEST
    while True:
        size = span / (across * np.sqrt(3))
        cells = _counted(points, groups, size)
        shown = sum(cell.people for cell in cells if cell.people >= smallest_group)
        if shown >= SHOWN * len(points) or across == COARSEST:
            return float(size), cells
        across = max(COARSEST, int(across * 0.9))


def _counted(points: Floats, groups: Ints, size: float) -> tuple[Cell, ...]:
    places = _axial(points / size)
    different, of_point = np.unique(places, axis=0, return_inverse=True)
    width = int(groups.max(initial=0)) + 1
    counts = np.bincount(of_point.ravel() * width + groups, minlength=len(different) * width)
    table = counts.reshape(-1, width)
    columns = zip(different.tolist(), table.argmax(axis=1).tolist(), table.sum(axis=1).tolist(), strict=True)
    return tuple(Cell(q, r, number, people) for (q, r), number, people in columns)


def _axial(points: Floats) -> Ints:
    """Cell of each point, in units of the cells' size: cube coordinates rounded, the worst one mended."""
    q = np.sqrt(3) / 3 * points[:, 0] - points[:, 1] / 3
    r = 2 / 3 * points[:, 1]
    cube = np.column_stack([q, r, -q - r])
    rounded = np.rint(cube)
    worst = np.abs(rounded - cube).argmax(axis=1)
    rows = np.arange(len(points))
    rounded[rows, worst] -= rounded.sum(axis=1)
    cells: Ints = rounded[:, :2].astype(np.int64)
    return cells
