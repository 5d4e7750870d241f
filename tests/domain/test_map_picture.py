"""The drawing of the opinion map: what is on it, what is not, and colours that everybody can tell apart."""

from itertools import combinations
from math import dist
from pathlib import Path

import pytest

from consult.domain.hexagons import Cell, middle, shown_cells
from consult.domain.map_picture import (
    DARK,
    DASHES,
    HEIGHT,
    LABEL_HIGH,
    LABEL_WIDE,
    LETTER_RADIUS,
    LEVELS,
    LIGHT,
    WIDTH,
    hull,
    map_picture,
)

LIGHT_PAPER, DARK_PAPER = "#f2f6f7", "#15242a"
DISAGREE: dict[tuple[str, ...], str] = {LIGHT: "#b0450b", DARK: "#f4a06a"}
PROTANOPIA = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.01182, 0.04294, 0.968881),
)
NORMAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
"""Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB."""
D65 = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.072175), (0.0193339, 0.119192, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)

Matrix = tuple[tuple[float, ...], ...]
Triple = tuple[float, float, float]


def times(matrix: Matrix, vector: Triple) -> Triple:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def linear(colour: str) -> Triple:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def lab(colour: str, sight: Matrix) -> Triple:
    """CIE 1976 L*a*b* of a colour as somebody of that sight sees it."""
    seen = tuple(min(1.0, max(0.0, part)) for part in times(sight, linear(colour)))
    xyz = times(D65, (seen[0], seen[1], seen[2]))
    x, y, z = (
        ratio ** (1 / 3) if ratio > 0.008856 else 7.787 * ratio + 16 / 116
        for ratio in (part / white for part, white in zip(xyz, WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one: str, other: str, sight: Matrix) -> float:
    """Difference of two colours, CIE 1976; 2.3 is just noticeable."""
    return dist(lab(one, sight), lab(other, sight))


def contrast(one: str, other: str) -> float:
    light, dark = sorted(
        (sum(w * part for w, part in zip(D65[1], linear(colour), strict=True)) for colour in (one, other)),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sight", [NORMAL, PROTANOPIA, DEUTERANOPIA], ids=["all", "no red", "no green"])
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_groups_stay_apart_for_every_sight(colours: tuple[str, ...], sight: Matrix) -> None:
    for one, other in combinations(colours, 2):
        assert apart(one, other, sight) > 17, (one, other)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_no_group_looks_like_disagreement(colours: tuple[str, ...]) -> None:
    assert min(apart(colour, DISAGREE[colours], NORMAL) for colour in colours) > 40


def test_letters_and_cells_have_contrast() -> None:
    assert all(contrast(colour, "#ffffff") >= 4.5 for colour in LIGHT)
    assert all(contrast(colour, "#0e191d") >= 4.5 for colour in DARK)
    assert all(contrast(colour, LIGHT_PAPER) >= 3 for colour in LIGHT)
    assert all(contrast(colour, DARK_PAPER) >= 3 for colour in DARK)
    assert len(set(DASHES)) == len(LIGHT) == len(DARK)


def test_the_style_sheet_has_the_same_colours() -> None:
    sheet = (Path(__file__).parents[2] / "static" / "css" / "results.css").read_text()
    for number, (light, dark) in enumerate(zip(LIGHT, DARK, strict=True)):
        assert sheet.count(f"--group-{number}: {light}") == 1
        assert sheet.count(f"--group-{number}: {dark}") == 2


def test_cells_of_few_people_are_hidden_and_cannot_be_reckoned() -> None:
    cells = [Cell(0, 0, 0, 30), Cell(1, 0, 0, 12), Cell(2, 0, 1, 3), Cell(3, 0, 1, 11)]
    assert [cell.people for cell in shown_cells(cells, 10)] == [30, 12]
    assert shown_cells(cells[:2], 10) == tuple(cells[:2])
    assert shown_cells([Cell(0, 0, 0, 9)], 10) == ()


def test_everything_is_on_the_sheet_and_letters_do_not_cover_each_other() -> None:
    cells = [Cell(q, r, 0 if q < 0 else 1, 10 + abs(q)) for q in range(-8, 9) for r in range(-5, 6)]
    picture = map_picture(cells, 0.25, you=(99.0, -99.0))
    places = [corner for cell in picture.hexagons for corner in cell.corners]
    places += [at for mark in picture.marks for at in (*mark.outline, mark.at)]
    assert picture.you is not None
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in [*places, picture.you])
    assert [mark.letter for mark in picture.marks] == ["A", "B"]
    (a, b), (c, d) = (mark.at for mark in picture.marks)
    assert (a - c) ** 2 + (b - d) ** 2 > (2 * LETTER_RADIUS) ** 2
    assert {cell.level for cell in picture.hexagons} <= set(range(1, LEVELS + 1))
    assert max(cell.level for cell in picture.hexagons) == LEVELS


def test_a_group_without_cells_has_its_letter_in_its_middle_and_no_outline() -> None:
    cells = [Cell(q, 0, 0, 10) for q in range(4)]
    picture = map_picture(cells, 1.0, centres={0: (2.0, 0.0), 1: (30.0, 20.0)})
    with_cells, without = picture.marks
    assert (with_cells.letter, without.letter, without.outline) == ("A", "B", ())
    x, y = without.at
    assert LETTER_RADIUS < x < WIDTH - LETTER_RADIUS
    assert LETTER_RADIUS < y < HEIGHT - LETTER_RADIUS
    assert x > max(corner[0] for cell in picture.hexagons for corner in cell.corners), (
        "to the right, as it is"
    )
    assert {cell.number for cell in picture.hexagons} == {0}


def test_the_words_at_the_readers_place_are_never_cut_off() -> None:
    cells = [Cell(q, r, 0, 10) for q in range(4) for r in range(4)]
    for far in ((-99.0, 99.0), (99.0, 99.0), (99.0, -99.0)):
        picture = map_picture(cells, 1.0, you=far)
        assert picture.you is not None
        x, y = picture.you
        assert min(x, WIDTH - x) >= LABEL_WIDE, "half of the words on either side"
        assert y >= LABEL_HIGH, "the words stand above"


def test_no_cells_make_an_empty_drawing_and_one_cell_a_small_one() -> None:
    assert map_picture([], 1.0).hexagons == ()
    assert map_picture([], 1.0, you=(1, 1)).you is None
    assert len(map_picture([Cell(0, 0, 0, 10)], 1.0).hexagons) == 1


def test_neighbours_share_an_edge() -> None:
    for q, r in ((1, 0), (0, 1), (-1, 1)):
        x, y = middle(q, r, 2.0)
        assert x * x + y * y == pytest.approx(12)


def test_a_hull_leaves_inner_points_out() -> None:
    assert set(hull([(0, 0), (4, 0), (4, 4), (0, 4), (2, 2), (1, 3)])) == {(0, 0), (4, 0), (4, 4), (0, 4)}
    assert hull([(1, 1), (1, 1)]) == ((1, 1),)
