"""A row of upright bars for SVG: numbers in, rectangles out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 120
"""Size of the drawing in its own units; the page scales it."""
GAP_SHARE = 0.2
"""Of a bar's place, left empty beside it."""
WIDEST = 48
"""A bar of few is no wider than this; they stand on the left."""


@dataclass(frozen=True)
class Bar:
    """A rectangle; `y` is its upper edge, counted from the top. A count of 0 has a height of 0."""

    x: float
    y: float
    width: float
    height: float


def bars(counts: Sequence[int]) -> tuple[Bar, ...]:
    """One bar a count, from left to right; the highest fills the height. Nothing for no counts."""
    return tuple(_bars(counts, max(counts, default=0) or 1))


def _bars(counts: Sequence[int], highest: int) -> Iterator[Bar]:
    place = min(WIDEST, WIDTH / max(1, len(counts)))
    for number, count in enumerate(counts):
        height = HEIGHT * count / highest
        yield Bar(
            round(place * number, 2),
            round(HEIGHT - height, 2),
            round(place * (1 - GAP_SHARE), 2),
            round(height, 2),
        )
