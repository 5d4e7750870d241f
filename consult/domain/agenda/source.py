"""The text of a document as one string in which every passage is an extent: a quote is always verbatim."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from consult.domain.agenda.items import Passage, Place

SOURCE_LINE = re.compile(r"\s{0,8}source:\s{0,8}(https?://\S{1,2000})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extent:
    """Part of the text, from `start` up to and not including `end`."""

    start: int
    end: int

    def __len__(self) -> int:
        return max(0, self.end - self.start)


@dataclass(frozen=True, slots=True)
class SourceText:
    """Lines joined by newlines; `url` is the address of a first line "Source: ...", which is no content."""

    text: str
    line_starts: tuple[int, ...]
    url: str | None
    places: Sequence[int] | None = None

    @classmethod
    def of(cls, lines: Sequence[str], places: Sequence[int] | None = None) -> "SourceText":
        """Join the lines; `places` are their numbers where they are not simply counted from 1."""
        starts = accumulate((len(line) + 1 for line in lines[:-1]), initial=0)
        match = SOURCE_LINE.match(lines[0]) if lines else None
        return cls("\n".join(lines), tuple(starts), match[1] if match else None, places)

    @property
    def content(self) -> str:
        """The text with the source line blanked out: offsets stay true, its address is not read."""
        first = self.line_starts[1] - 1 if len(self.line_starts) > 1 else len(self.text)
        return " " * first + self.text[first:] if self.url else self.text

    def lines(self) -> Iterator[Extent]:
        """Yield every line of content."""
        ends = (*(start - 1 for start in self.line_starts[1:]), len(self.text))
        for number, (start, end) in enumerate(zip(self.line_starts, ends, strict=True)):
            if number or not self.url:
                yield Extent(start, end)

    def words(self, extent: Extent) -> str:
        return self.text[extent.start : extent.end]

    def trim(self, extent: Extent, chars: str | None = None) -> Extent:
        """Take blanks (or these characters) off both ends."""
        words = self.words(extent)
        start = extent.start + len(words) - len(words.lstrip(chars))
        return Extent(start, max(start, extent.start + len(words.rstrip(chars))))

    def cite(self, extent: Extent) -> Passage:
        """The words of an extent and the first and last place that they stand in."""
        return Passage(self.words(extent), self.place_between(extent.start, extent.end))

    def line_at(self, offset: int) -> int:
        """Number of the line that holds an offset, from 1."""
        return bisect_right(self.line_starts, offset)

    def place_between(self, start: int, end: int) -> Place:
        """The first and last place of what stands from `start` up to and not including `end`."""
        first = bisect_right(self.line_starts, start)
        last = bisect_right(self.line_starts, max(start, end - 1))
        if self.places:
            first, last = self.places[first - 1], self.places[last - 1]
        return Place(first, last)
