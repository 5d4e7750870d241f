"""What every reader of documents yields: lines with their places, no more than an agenda needs."""

from collections.abc import Iterable
from dataclasses import dataclass

MOST_CHARS = 1_000_000
"""More than any agenda has; the rest of a longer text is not read."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of text; `place` is the number of the line or, where the document has none, of its paragraph
    or page.

    `source_line` is the line of the file that it comes from, where that is known and another number.
    """

    text: str
    place: int
    source_line: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document as text. `place_name` says what a place counts: `lines`, `paragraph` or `page`."""

    title: str | None
    source_url: str | None
    passages: tuple[Passage, ...]
    place_name: str


def bounded(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages up to MOST_CHARS characters; what lies behind is never asked for."""
    kept: list[Passage] = []
    room = MOST_CHARS
    for passage in passages:
        kept.append(passage)
        room -= len(passage.text) + 1
        if room <= 0:
            break
    return tuple(kept)
