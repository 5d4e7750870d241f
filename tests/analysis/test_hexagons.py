"""Counting people by hexagon."""

import numpy as np
import pytest

from consult.analysis.hexagons import COARSEST, FINEST, SHOWN, hexagons
from consult.domain.hexagons import middle


@pytest.mark.parametrize("people", [60, 600, 30_000])
def test_everybody_stands_in_the_nearest_cell(people: int) -> None:
    chance = np.random.default_rng(people)
    points = chance.normal(size=(people, 2))
    size, cells = hexagons(points, chance.integers(0, 3, people), 10)
    middles = np.array([middle(cell.q, cell.r, size) for cell in cells])
    nearest = ((points[:, None, :] - middles[None]) ** 2).sum(axis=2).argmin(axis=1)
    counts = np.bincount(nearest, minlength=len(cells))
    assert counts.tolist() == [cell.people for cell in cells]
    assert len({(cell.q, cell.r) for cell in cells}) == len(cells)


def test_cells_are_as_fine_as_privacy_allows() -> None:
    chance = np.random.default_rng(1)
    sizes = []
    for people in (200, 2_000, 50_000):
        points = chance.normal(size=(people, 2))
        size, cells = hexagons(points, np.zeros(people, dtype=np.int64), 10)
        span = np.ptp(points, axis=0).max()
        sizes.append(size / span)
        shown = sum(cell.people for cell in cells if cell.people >= 10)
        assert shown >= SHOWN * people or span / (size * np.sqrt(3)) == pytest.approx(COARSEST)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] >= 1 / (FINEST * np.sqrt(3)) - 1e-9


def test_a_cell_belongs_to_the_group_of_most_and_of_equals_to_the_first() -> None:
    points = np.zeros((5, 2))
    _, (cell,) = hexagons(points, np.array([2, 1, 2, 1, 0]), 10)
    assert (cell.number, cell.people) == (1, 5)


def test_nobody_makes_no_cell() -> None:
    _, cells = hexagons(np.empty((0, 2)), np.empty(0, dtype=np.int64), 10)
    assert cells == ()
