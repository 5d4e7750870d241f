"""Lines become pieces: days, times, and the text between them with its list mark."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from consult.domain.agenda.dates import WEEKDAY, Calendar, Mention, number_of
from consult.domain.agenda.source import Extent, SourceText
from consult.domain.agenda.times import Slot, find_ranges, leading_time

LONGEST_HEADING_CHARS = 70
NEAR_CHARS = 4
RULE = re.compile(r"[\s|:=_*+~-]*\Z")
MARKUP = re.compile(r"(?:#{1,6}\s|>\s|\*\*|__)\s{0,4}")
MARK = re.compile(
    r"(?P<bullet>[•▪◦‣·●■○\uf0b7\u2022–—*+-]\s{1,8}|[•▪◦‣●■○\uf0b7])"
    r"|(?P<number>\(?(?:\d{1,3}(?:\.\d{1,2}){0,3}[.)]|\d{1,2}(?:\.\d{1,2}){1,3}"
    r"|[A-Za-zА-Яа-яӘәҚқ][.)]|[IVXivx]{1,5}[.)])(?:\s{1,8}|(?=[«А-ЯA-Z]{2})))"
)
POINT_CELL = re.compile(r"\d{1,3}\.?")
ORDINALS = (
    ("1", "one", "first", "перв", "бірінші"),
    ("2", "two", "second", "втор", "екінші"),
    ("3", "three", "third", "трет", "үшінші"),
    ("4", "four", "fourth", "четв", "төртінші"),
    ("5", "five", "fifth", "пят", "бесінші"),
)
DAY_NUMBER = re.compile(
    r"(?:(?:day|день|күн)\s{1,2}(?P<after>\d|one|two|three|four|five|перв\w+"
    r"|втор\w+|трет\w+|четв\w+|пят\w+)\b"
    r"|(?P<before>first|second|third|fourth|fifth|перв\w{2}|втор\w{2}|трет\w{2}|бірінші"
    r"|екінші|үшінші|\d)[\s-](?:й\s|ый\s|ші\s|шы\s)?(?:day|день|күн(?:і)?))\b",
    re.IGNORECASE,
)
WEEKDAY_ALONE = re.compile(rf"(?:{WEEKDAY})\s{{0,2}}[:.]?\Z", re.IGNORECASE)
PREPOSITION = re.compile(
    r"\b(?:on|at|of|from|since|until|by|in|for|the|в|на|с|со|до|к|от|по|за|после|before"
    r"|after|during)\s{1,3}\Z",
    re.IGNORECASE,
)
ALL_DAY = re.compile(
    r"(?:all day|during the day|whole day|в течение дня|весь день|на протяжении дня"
    r"|күн бойы|күні бойы)\b[.:]?",
    re.IGNORECASE,
)


class Kind(Enum):
    BLANK = auto()
    DAY = auto()
    TIME = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line. TEXT has its list mark ("1. ") apart; a DAY has a printed day or a number ("Day 2")."""

    kind: Kind
    extent: Extent
    mark: Extent | None = None
    is_numbered: bool = False
    starts_line: bool = False
    slot: Slot | None = None
    mention: Mention | None = None
    day_number: int | None = None


def read_pieces(source: SourceText, calendar: Calendar) -> Iterator[Piece]:
    """Yield the pieces of every line in order; an empty line is a BLANK."""
    starts = [m.extent.start for m in calendar.mentions]
    for line in source.lines():
        stripped = source.trim(line)
        if not len(stripped) or RULE.match(source.text, stripped.start, stripped.end):
            yield Piece(Kind.BLANK, line)
            continue
        cells = list(_cells(source, stripped))
        if len(cells) > 1 and POINT_CELL.fullmatch(source.text, cells[0].start, cells[0].end):
            yield Piece(Kind.TEXT, cells[1], cells[0], is_numbered=True, starts_line=True)
            cells = cells[2:]
        for number, cell in enumerate(cells):
            low, high = bisect_left(starts, cell.start), bisect_left(starts, cell.end)
            yield from _Cell(source, cell, starts_line=not number).pieces(calendar.mentions[low:high])


def _cells(source: SourceText, line: Extent) -> Iterator[Extent]:
    """Yield the cells of a table row that say something; any other line is one cell."""
    words = source.words(line)
    start = line.start
    for part in re.split(r"[|\t]", words):
        cell = source.trim(Extent(start, start + len(part)))
        start += len(part) + 1
        if len(cell):
            yield cell


class _Cell:
    """One cell, or one line, on its way to pieces."""

    def __init__(self, source: SourceText, extent: Extent, *, starts_line: bool) -> None:
        self.source = source
        self.starts_line = starts_line
        markup = MARKUP.match(source.text, extent.start, extent.end)
        self.extent = Extent(markup.end() if markup else extent.start, extent.end)

    def pieces(self, mentions: Iterable[Mention]) -> Iterator[Piece]:
        """Yield the pieces: headings and times in their order, and the text before, between and after."""
        reached = self.extent.start
        first = self.starts_line
        for found in self._markers(mentions):
            if found.extent.start < reached:
                continue
            for piece in self._text(Extent(reached, found.extent.start), starts_line=first):
                yield piece
                first = False
            yield found
            reached = found.extent.end
        yield from self._text(Extent(reached, self.extent.end), starts_line=first)

    def _markers(self, mentions: Iterable[Mention]) -> list[Piece]:
        times = self._times()
        starts = [piece.extent.start for piece in times]
        days = [self._day(m) for m in mentions if self._is_heading(m, starts)] or self._unprinted_day()
        return sorted([*days, *times], key=lambda piece: (piece.extent.start, piece.kind is Kind.TIME))

    def _times(self) -> list[Piece]:
        slots = list(find_ranges(self.source.text, self.extent))
        mark = MARK.match(self.source.text, self.extent.start, self.extent.end)
        begin = mark.end() if mark and mark["bullet"] else self.extent.start
        single = leading_time(self.source.text, Extent(begin, self.extent.end))
        if single and (not slots or slots[0].extent.start > single.extent.end):
            slots.append(single)
        return [Piece(Kind.TIME, slot.extent, slot=slot) for slot in slots]

    def _day(self, mention: Mention) -> Piece:
        number = DAY_NUMBER.match(self.source.text, self.extent.start, mention.extent.start)
        extent = Extent(self.extent.start, mention.extent.end) if number else mention.extent
        return Piece(Kind.DAY, extent, mention=mention, day_number=_day_number(number))

    def _unprinted_day(self) -> list[Piece]:
        """Read "Day 2" and "Tuesday" where no date is printed."""
        number = DAY_NUMBER.match(self.source.text, self.extent.start, self.extent.end)
        if number and len(self.extent) <= LONGEST_HEADING_CHARS * 2:
            return [Piece(Kind.DAY, Extent(number.start(), number.end()), day_number=_day_number(number))]
        if WEEKDAY_ALONE.match(self.source.text, self.extent.start, self.extent.end):
            return [Piece(Kind.DAY, self.extent)]
        return []

    def _is_heading(self, mention: Mention, times: list[int]) -> bool:
        """Whether a day heads what follows; `times` are the sorted offsets of the times in the cell."""
        text = self.source.text
        before = text[max(self.extent.start, mention.extent.start - 20) : mention.extent.start]
        if mention.is_cited or PREPOSITION.search(before):
            return False
        is_first = not before.strip(" *_#")
        has_weekday = mention.weekday is not None
        if len(self.extent) - len(mention.extent) <= LONGEST_HEADING_CHARS or (is_first and has_weekday):
            return True
        is_last = not text[mention.extent.end : min(self.extent.end, mention.extent.end + NEAR_CHARS)].strip(
            " ,:*_."
        )
        at = bisect_left(times, mention.extent.end)
        by_time = at < len(times) and times[at] - mention.extent.end <= NEAR_CHARS
        return (has_weekday and is_last) or ((has_weekday or is_first) and by_time)

    def _text(self, extent: Extent, *, starts_line: bool) -> Iterator[Piece]:
        mark = MARK.match(self.source.text, extent.start, extent.end) if starts_line else None
        body = self.source.trim(
            Extent(mark.end() if mark else extent.start, extent.end), " \t*_|:,;–—-\u00a0\r"
        )
        if mark and not len(body):
            yield Piece(
                Kind.TEXT,
                Extent(mark.start(), mark.start()),
                Extent(mark.start(), mark.end()),
                bool(mark["number"]),
                starts_line,
            )
        if len(body):
            body = self._with_end(body, extent)
            where = Extent(mark.start(), mark.end()) if mark else None
            yield Piece(Kind.TEXT, body, where, bool(mark and mark["number"]), starts_line)

    def _with_end(self, body: Extent, extent: Extent) -> Extent:
        """Keep a final colon or semicolon: it says that a list follows or goes on."""
        sign = self.source.text[body.end : body.end + 1]
        return Extent(body.start, body.end + 1) if sign in {":", ";", ","} and body.end < extent.end else body


def _day_number(match: re.Match[str] | None) -> int | None:
    return number_of(match["after"] or match["before"], ORDINALS) + 1 or None if match else None
