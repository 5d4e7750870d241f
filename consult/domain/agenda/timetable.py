"""Programmes with times, or with numbered sessions: an entry begins at its time or its label."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from consult.domain.agenda.dates import Calendar
from consult.domain.agenda.entries import Findings, judge, propose, wrapped_title
from consult.domain.agenda.items import Caution, LeftOut, Why
from consult.domain.agenda.occasion import Occasion, When, event_days, when_of
from consult.domain.agenda.pieces import ALL_DAY, Kind, Piece
from consult.domain.agenda.questions import guiding_questions
from consult.domain.agenda.source import Extent, SourceText
from consult.domain.agenda.times import Slot, clock
from consult.domain.agenda.titles import label_of, starts_description, title_extent

CONTAINER = re.compile(
    r"(?:parallel|break-?out|concurrent|simultaneous|working group"
    r"|thematic)\s(?:\w+\s)?(?:sessions|groups|workshops|panels|meetings|discussions)?"
    r"|(?:working|discussion) groups\b|break-?outs\b"
    r"|параллельн\w+|работа (?:по )?секци\w+|секционн\w+|работа в группах"
    r"|продолжение работы|параллель\w*|секциялық|секциялар\w*",
    re.IGNORECASE,
)
INLINE_NUMBER = re.compile(r"(?<!\S)(?:(?P<number>\d{1,2})|(?P<letter>[A-HА-Е]))[.)]\s(?=[^\W\d_a-zа-яё])")
AUDIENCE = re.compile(r"\((?:for|для|only for)\s|\([^)]{3,60}\s(?:үшін|арналған)\)", re.IGNORECASE)
ENDS_AT = re.compile(r"\b(?:ends?|finish(?:es)?|until)\s(?:at\s)?(\d{1,2})[:.](\d\d)", re.IGNORECASE)


@dataclass(slots=True)
class Entry:
    """A time (or none) on a day, and the lines that stand under it."""

    day: Piece | None
    slots: list[Slot]
    lines: list[Piece] = field(default_factory=list)

    @property
    def texts(self) -> list[Piece]:
        return [line for line in self.lines if line.kind is Kind.TEXT]

    @property
    def slot(self) -> Slot | None:
        return self.slots[0] if self.slots else None


class Timetable:
    """The entries of a programme under its days."""

    def __init__(self, source: SourceText, calendar: Calendar, occasion: Occasion) -> None:
        self.source = source
        self.calendar = calendar
        self.occasion = occasion
        self.entries: list[Entry] = []
        self.loose: list[Piece] = []
        self.days: list[Piece] = []
        self._days_with_entries: set[int] = set()

    @classmethod
    def of(
        cls, source: SourceText, calendar: Calendar, occasion: Occasion, pieces: Iterable[Piece]
    ) -> "Timetable":
        timetable = cls(source, calendar, occasion)
        open_entry: Entry | None = None
        for piece in pieces:
            open_entry = timetable._take(piece, open_entry)
        timetable.entries = [part for entry in timetable.entries for part in timetable._parted(entry)]
        return timetable

    def _take(self, piece: Piece, entry: Entry | None) -> Entry | None:
        """File a piece; return the entry that the following pieces belong to."""
        if piece.kind is Kind.DAY:
            self.days.append(piece)
            return None
        if piece.kind is Kind.TIME and piece.slot:
            return self._at_time(piece, piece.slot, entry)
        if piece.kind is Kind.TEXT and self._opens(piece, entry):
            return self._open([] if entry is None else entry.slots[-1:], piece)
        if entry:
            entry.lines.append(piece)
        elif piece.kind is Kind.TEXT and self.days:
            self._keep_loose(piece)
        return entry

    def _at_time(self, piece: Piece, slot: Slot, entry: Entry | None) -> Entry:
        """Open an entry; a second time right behind the first waits for the second text of the line."""
        last = entry.slots[-1].extent.end if entry and entry.slots and not entry.texts else None
        if entry and last is not None and "\n" not in self.source.text[last : piece.extent.start]:
            entry.slots.append(slot)
            return entry
        return self._open([slot])

    def _open(self, slots: list[Slot], first: Piece | None = None) -> Entry:
        entry = Entry(self.days[-1] if self.days else None, slots, [first] if first else [])
        self.entries.append(entry)
        self._days_with_entries.add(len(self.days) - 1)
        return entry

    def _opens(self, piece: Piece, entry: Entry | None) -> bool:
        """Whether a line is a numbered session of its own."""
        label = label_of(self.source.words(piece.extent)[:200] + " ")
        if not label or not label.is_numbered or not piece.starts_line:
            return False
        return entry is None or bool(entry.texts)

    def _keep_loose(self, piece: Piece) -> None:
        if ALL_DAY.match(self.source.text, piece.extent.start, piece.extent.end):
            self._days_with_entries.add(len(self.days) - 1)
        self.loose.append(piece)

    def _parted(self, entry: Entry) -> Iterator[Entry]:
        """Give each of two fused times its text: the first line to the first, the rest to the last."""
        texts = entry.texts
        if len(entry.slots) < 2 or not texts:  # noqa: PLR2004
            yield entry
            return
        at = entry.lines.index(texts[0]) + 1
        yield Entry(entry.day, entry.slots[:1], entry.lines[:at])
        yield Entry(entry.day, entry.slots[-1:], entry.lines[at:])

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Days with entries, the last heading, and ranges near them; not a page's date of publication."""
        last = len(self.days) - 1
        owned = [d for n, d in enumerate(self.days) if n in self._days_with_entries or n == last]
        anchor = {
            day for piece in owned if piece.mention for day in self.calendar.resolve(piece.mention).dates
        }
        if not anchor:
            return self.occasion.dates
        ranges = {
            d for m in self.calendar.mentions if m.first != m.last for d in self.calendar.resolve(m).dates
        }
        near = set(event_days(self.source, self.calendar, tuple(anchor)))
        return tuple(sorted(anchor | (ranges & near)))

    def findings(self) -> Findings:
        found = Findings()
        for entry in self.entries:
            found.extend(self._read(entry))
        for piece in self.loose:
            cited, why = judge(self.source, piece.extent)
            if why in {Why.LOGISTICS, Why.PROCEDURE}:
                found.left_out.append(LeftOut(self.source.cite(cited), why))
        return found

    def _read(self, entry: Entry) -> Findings:
        texts = entry.texts
        if not texts:
            extent = entry.slot.extent if entry.slot else Extent(0, 0)
            return Findings(left_out=[LeftOut(self.source.cite(extent), Why.UNTITLED)])
        when = self._when(entry.day)
        parts = self._parts(entry, texts)
        if parts:
            found = Findings()
            for part in parts:
                found.extend(propose(self.source, part, when, self._slot_of(part, entry.slot)))
            return found
        head = self._head(texts)
        cited = title_extent(self.source, head)
        rest = [self._after(line, cited.end) for line in entry.lines if line.extent.end > cited.end]
        return propose(self.source, head, when, entry.slot, guiding_questions(self.source, rest))

    def _after(self, line: Piece, offset: int) -> Piece:
        if line.extent.start >= offset:
            return line
        return Piece(line.kind, Extent(offset, line.extent.end))

    def _head(self, texts: list[Piece]) -> Extent:
        """The title line with what it runs on into; after a mere "Session 1" the next line is the title."""
        head = wrapped_title(self.source, texts)
        _, why = judge(self.source, head)
        following = [t for t in texts if t.extent.start >= head.end]
        if why is Why.NO_SUBJECT and following and label_of(self.source.words(head) + " "):
            subject = wrapped_title(self.source, following)
            words = self.source.words(subject)
            if not starts_description(words) and not judge(self.source, subject)[1]:
                return subject
        return head

    def _parts(self, entry: Entry, texts: list[Piece]) -> list[Extent]:
        """The topics inside one slot: a list after a colon, parallel sessions, or one for each audience."""
        head = self.source.words(texts[0].extent)
        is_container = bool(CONTAINER.match(head))
        marked = [t for t in texts[1:] if t.mark]
        if marked and (head.rstrip().endswith(":") or is_container):
            return [wrapped_title(self.source, lines) for lines in _items(entry)]
        if is_container:
            return self._inline(Extent(texts[0].extent.start, texts[0].extent.end))
        return self._audiences(entry)

    def _inline(self, extent: Extent) -> list[Extent]:
        """The stretches "1. ... 2. ... 3. ..." or "A. ... B. ..." of a text whose lines are lost."""
        starts: list[int] = []
        for match in INLINE_NUMBER.finditer(self.source.text, extent.start, extent.end):
            if match["number"] == str(len(starts) + 1) or match["letter"] in {*_letters(len(starts))}:
                starts.append(match.start())
        ends = [*starts[1:], extent.end]
        return (
            [Extent(start, end) for start, end in zip(starts, ends, strict=True)] if len(starts) > 1 else []
        )

    def _audiences(self, entry: Entry) -> list[Extent]:
        heads = [
            line.extent
            for line, following in zip(entry.lines, entry.lines[1:], strict=False)
            if line.kind is Kind.TEXT and AUDIENCE.match(self.source.words(following.extent)[:80])
        ]
        return heads if len(heads) > 1 else []

    def _slot_of(self, part: Extent, slot: Slot | None) -> Slot | None:
        """The slot of its container, with an end of its own where the text says so."""
        match = ENDS_AT.search(self.source.text, part.start, part.end)
        if not match or not slot:
            return slot
        return Slot(slot.extent, slot.start, clock(match[1], match[2], None) or slot.end, slot.is_upside_down)

    def _when(self, day: Piece | None) -> When:
        if day is None:
            return self.occasion.when
        if day.mention:
            return when_of(self.calendar, day.mention)
        dates = self.dates
        if day.day_number and day.day_number <= len(dates):
            return When(dates[day.day_number - 1])
        words = " ".join(self.source.words(day.extent).split())
        return When(words, (Caution.DAY_UNKNOWN,))


def _letters(at: int) -> str:
    """The letters that can mark the point at this position, counted from 0; empty behind the last one."""
    return "ABCDEFGH"[at : at + 1] + "АБВГДЕ"[at : at + 1]


def _items(entry: Entry) -> list[list[Piece]]:
    """Each marked line after the first text, with the lines up to an empty one or the next mark."""
    items: list[list[Piece]] = []
    is_open = False
    for line in entry.lines[entry.lines.index(entry.texts[0]) + 1 :]:
        if line.kind is Kind.TEXT and line.mark:
            items.append([line])
        elif is_open and line.kind is Kind.TEXT:
            items[-1].append(line)
        is_open = bool(items) and line.kind is Kind.TEXT and (bool(line.mark) or is_open)
    return items
