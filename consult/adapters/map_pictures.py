"""The opinion map as PNG, for slides and reports: the drawing that pages show, on white paper."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from math import hypot

from PIL import Image, ImageDraw

from consult.adapters.pictures import BOLD, INK, LOCK, PAPER, REGULAR, font_of, write_line
from consult.domain.hexagons import Point
from consult.domain.map_picture import (
    CAPTION_LEFT,
    CAPTION_SIZE,
    DASHES,
    LETTER_RADIUS,
    LEVELS,
    LIGHT,
    WIDTH,
    MapPicture,
    baseline,
    height_with,
)

SCALE = 2
"""Pixels of the picture a point of the drawing."""
FINER = 2
"""Drawn so much larger and made smaller again: Pillow's polygons have no soft edges."""
CURVE_STEPS = 12
LETTER_SIZE = 20


def png(picture: MapPicture, caption: Sequence[str] = ()) -> bytes:
    """A PNG, 1440 pixels wide; the same drawing always gives the same picture. `you` is not on it.

    `caption` are lines of words under the drawing; it is 1040 pixels high without them.
    """
    fine, high = SCALE * FINER, height_with(caption)
    image = Image.new("RGB", (WIDTH * fine, high * fine), PAPER)
    draw = ImageDraw.Draw(image)
    for mark in picture.marks:
        if not mark.outline:
            continue
        line = [(x * fine, y * fine) for x, y in _curve(mark.outline)]
        draw.polygon(line, fill=_mixed(LIGHT[mark.number], 0.07))
    for cell in picture.hexagons:
        corners = [(x * fine, y * fine) for x, y in cell.corners]
        draw.polygon(corners, fill=_mixed(LIGHT[cell.number], 0.2 + 0.8 * cell.level / LEVELS))
    for mark in picture.marks:
        for dash in _dashes(_curve(mark.outline), tuple(map(float, DASHES[mark.number].split()))):
            draw.line([(x * fine, y * fine) for x, y in dash], fill=LIGHT[mark.number], width=2 * fine)
        _letter(draw, mark.at, mark.letter, LIGHT[mark.number])
    with LOCK:
        for number, words in enumerate(caption):
            place = (CAPTION_LEFT * fine, baseline(number) * fine)
            write_line(draw, place, words, CAPTION_SIZE * fine, REGULAR, INK)
    small = image.resize((WIDTH * SCALE, high * SCALE), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


def _letter(draw: ImageDraw.ImageDraw, at: Point, letter: str, colour: str) -> None:
    fine = SCALE * FINER
    x, y = at[0] * fine, at[1] * fine
    for radius, fill in ((LETTER_RADIUS + 3, PAPER), (LETTER_RADIUS, colour)):
        away = radius * fine
        draw.ellipse((x - away, y - away, x + away, y + away), fill=fill)
    with LOCK:
        draw.text((x, y), letter, font=font_of("latin", LETTER_SIZE * fine, BOLD), fill=PAPER, anchor="mm")


def _mixed(colour: str, opacity: float) -> tuple[int, int, int]:
    """The colour as it looks on white paper."""
    red, green, blue = (
        round(255 + (int(colour[at : at + 2], 16) - 255) * min(1.0, opacity)) for at in (1, 3, 5)
    )
    return red, green, blue


def _curve(corners: Sequence[Point]) -> list[Point]:
    """Points of the closed curve that pages draw: a parabola at each corner, from half side to half side."""
    if not corners:
        return []
    after, before = [*corners[1:], corners[0]], [corners[-1], *corners[:-1]]
    line: list[Point] = []
    for last, corner, following in zip(before, corners, after, strict=True):
        (a, b), (c, d) = _half(last, corner), _half(corner, following)
        for step in range(CURVE_STEPS):
            t = step / CURVE_STEPS
            u = 1 - t
            line.append((
                u * u * a + 2 * u * t * corner[0] + t * t * c,
                u * u * b + 2 * u * t * corner[1] + t * t * d,
            ))  # fmt: skip
    return [*line, line[0]]


def _half(one: Point, other: Point) -> Point:
    return ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)


def _dashes(line: Sequence[Point], pattern: Sequence[float]) -> Iterator[list[Point]]:
    """The pieces of a line that a dash pattern (drawn, left out, drawn, ...) leaves."""
    if not line:
        return
    place, left, dash = 0, pattern[0], line[:1]
    for start, end in pairwise(line):
        here, rest = start, hypot(end[0] - start[0], end[1] - start[1])
        while rest > left:
            part = left / rest
            here = (here[0] + (end[0] - here[0]) * part, here[1] + (end[1] - here[1]) * part)
            rest -= left
            if place % 2 == 0:
                yield [*dash, here]
            place, dash = place + 1, [here]
            left = pattern[place % len(pattern)]
        left -= rest
        dash = [*dash, end]
    if place % 2 == 0:
        yield list(dash)
