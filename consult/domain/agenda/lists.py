"""Agendas that list their points after a cue such as "On the agenda:" or "Күн тәртібінде:"."""

import re
from dataclasses import replace

from consult.domain.agenda.entries import LONGEST_WRAPPED_LINES, Findings, judge, propose, wrapped_title
from consult.domain.agenda.items import LeftOut, Why
from consult.domain.agenda.occasion import Occasion
from consult.domain.agenda.pieces import Kind, Piece
from consult.domain.agenda.questions import CUE as GUIDING_CUE
from consult.domain.agenda.source import Extent, SourceText
from consult.domain.agenda.times import Slot
from consult.domain.agenda.titles import starts_description

LONGEST_HEADING_CHARS = 60
LONGEST_PREAMBLE_LINES = 6
FEWEST_ITEMS = 2
FEWEST_BARE_NUMBERS = 3
CUED_CHARS = 300
MOST_CUES = 50
CUE = re.compile(
    r"\b(?:agenda|order of (?:business|the day)|topics|themes|issues|items"
    r"|(?:following|main|key|these)\s(?:\w+\s)?(?:questions|subjects|points)"
    r"|повестк[аеиу]\w*|порядок дня|вопрос(?:ы|ов|ам)|тем(?:ы|ам)"
    r"|күн тәртіб\w*|мәселелер\w*|сұрақтар\w*|тақырыптар\w*)\b",
    re.IGNORECASE,
)
OFFICIAL_ITEM = re.compile(
    r"(?:О|Об|Обо)\s[^\W\d_]|.{5,600}\s(?:туралы|жөнінде|жайлы|бойынша)\W{0,4}\Z", re.DOTALL
)
HOLDS_POINTS = re.compile(
    r"\W*\w{0,3}\W*(?:(?:new|old|unfinished|other) business|public hearings?)\b", re.IGNORECASE
)
NUMBER = re.compile(r"\d{1,3}")
ROMAN = re.compile(r"\b[IVXivx]{1,5}\b")
FIRST_ROMAN = re.compile(r"\b[Ii]\b")
BARE_NUMBER = re.compile(r"(\d{1,2})\s{1,4}(?=\w)")


def read_list(source: SourceText, pieces: list[Piece], occasion: Occasion) -> Findings:
    """Read the first list of points that yields anything; an empty result when there is no list.

    Points under "Questions for discussion:" that ask nothing are points like others.
    """
    pieces = _with_bare_numbers(source, pieces)
    cues = [at for at, piece in enumerate(pieces) if _is_cue(source, piece)][:MOST_CUES]
    guiding = [at for at in cues if GUIDING_CUE.search(_end_of(source, pieces[at]))]
    for at in [cue for cue in cues if cue not in guiding] + guiding:
        items = _items(source, pieces, at + 1)
        if at in guiding and not _are_points(source, pieces, items):
            continue
        found = _points(source, pieces, items, occasion)
        if found.topics or found.left_out:
            return found
    return _official_points(source, pieces, occasion)


def _with_bare_numbers(source: SourceText, pieces: list[Piece]) -> list[Piece]:
    """Take "1 Roads", "2 Schools", "3 Parks" for numbered lines; fewer than three could be anything."""
    numbered: dict[int, Piece] = {}
    for at, piece in enumerate(pieces):
        if piece.kind is not Kind.TEXT or piece.mark or not piece.starts_line:
            continue
        match = BARE_NUMBER.match(source.text, piece.extent.start, piece.extent.end)
        if match and int(match[1]) == len(numbered) + 1:
            mark, body = Extent(match.start(), match.end()), Extent(match.end(), piece.extent.end)
            numbered[at] = replace(piece, extent=body, mark=mark, is_numbered=True)
    if len(numbered) < FEWEST_BARE_NUMBERS:
        return pieces
    return [numbered.get(at, piece) for at, piece in enumerate(pieces)]


def _end_of(source: SourceText, piece: Piece) -> str:
    return source.words(Extent(max(piece.extent.start, piece.extent.end - CUED_CHARS), piece.extent.end))


def _is_cue(source: SourceText, piece: Piece) -> bool:
    if piece.kind is not Kind.TEXT or not CUE.search(_end_of(source, piece)):
        return False
    return source.text[piece.extent.end - 1] == ":" or len(piece.extent) <= LONGEST_HEADING_CHARS


def _are_points(source: SourceText, pieces: list[Piece], items: list[int]) -> bool:
    return len(items) >= FEWEST_ITEMS and not any("?" in source.words(pieces[at].extent) for at in items)


def _points(source: SourceText, pieces: list[Piece], items: list[int], occasion: Occasion) -> Findings:
    """Judge each item; what stands under one that is no topic shares its fate, unless it gathers points."""
    found = Findings()
    parent_why: Why | None = None
    is_roman = bool(items) and _is_first_roman(source, pieces[items[0]])
    kinds = [_mark_kind(source, pieces[at], is_roman=is_roman) for at in items]
    for at, kind in zip(items, kinds, strict=True):
        entry = _entry(source, pieces[at : _end_of_item(pieces, at)])
        if kind == kinds[0]:
            parent = propose(source, entry, occasion.when, _slot(occasion, entry))
            parent_why = parent.left_out[0].why if parent.left_out else None
            gathers = bool(parent_why and HOLDS_POINTS.match(source.words(entry)))
            found.extend(parent)
        elif parent_why and not gathers:
            found.left_out.append(LeftOut(source.cite(judge(source, entry)[0]), parent_why))
        elif parent_why:
            found.extend(propose(source, entry, occasion.when, _slot(occasion, entry)))
    return found


def _items(source: SourceText, pieces: list[Piece], begin: int) -> list[int]:
    """Positions of the marked lines that belong to one list.

    A bulleted list begins right after its cue and ends at the first paragraph that is no bullet; a
    numbered one may have a few lines before it, paragraphs between its points, and parts in letters.
    """
    items: list[int] = []
    preamble = 0
    after_blank = False
    for at in range(begin, len(pieces)):
        piece = pieces[at]
        if piece.kind is Kind.TEXT and piece.mark and piece.starts_line:
            if (preamble and not items and not piece.is_numbered) or not _goes_on(pieces, items, piece):
                break
            items.append(at)
        elif piece.kind is not Kind.BLANK and not items:
            preamble += not starts_description(source.words(piece.extent))
            if preamble > LONGEST_PREAMBLE_LINES:
                break
        elif _ends_list(pieces, items, piece, is_apart=after_blank):
            break
        after_blank = piece.kind is Kind.BLANK
    return items


def _goes_on(pieces: list[Piece], items: list[int], piece: Piece) -> bool:
    """Whether a marked line continues the list: numbers do not continue bullets."""
    return not items or pieces[items[0]].is_numbered or not piece.is_numbered


def _ends_list(pieces: list[Piece], items: list[int], piece: Piece, *, is_apart: bool) -> bool:
    if piece.kind is Kind.BLANK or not items:
        return False
    return piece.kind is not Kind.TEXT or (is_apart and not pieces[items[-1]].is_numbered)


def _is_first_roman(source: SourceText, piece: Piece) -> bool:
    return bool(piece.mark and piece.is_numbered and FIRST_ROMAN.search(source.words(piece.mark)))


def _mark_kind(source: SourceText, piece: Piece, *, is_roman: bool = False) -> str:
    """Roman numbers are told from letters only in a list that begins with one: "C." can be both."""
    if not piece.mark or not piece.is_numbered:
        return "bullet"
    mark = source.words(piece.mark)
    if is_roman and ROMAN.search(mark):
        return "roman"
    return "number" if NUMBER.search(mark) else "letter"


def _end_of_item(pieces: list[Piece], item: int) -> int:
    """One past the last line of an item: an empty line, a mark, a day or a time ends it."""
    end = item + 1
    while end < min(len(pieces), item + LONGEST_WRAPPED_LINES) and pieces[end].kind is Kind.TEXT:
        if pieces[end].mark and pieces[end].starts_line:
            break
        end += 1
    return end


def _entry(source: SourceText, lines: list[Piece]) -> Extent:
    """An item with the lines it runs on into; a number is quoted with it, a bullet is not."""
    first = lines[0]
    if not len(first.extent) and len(lines) > 1:
        lines = lines[1:]
    extent = wrapped_title(source, lines)
    if not first.mark or "|" in source.text[first.mark.start : extent.start]:
        return extent
    has_sign = source.words(first.mark).rstrip().endswith((".", ")"))
    return Extent(first.mark.start, extent.end) if has_sign and first.is_numbered else extent


def _slot(occasion: Occasion, entry: Extent) -> Slot | None:
    return Slot(entry, occasion.start, None) if occasion.start else None


def _official_points(source: SourceText, pieces: list[Piece], occasion: Occasion) -> Findings:
    """Lines in the official form "О ..." or "... туралы", numbered or not; a single one is no agenda."""
    found = Findings()
    for at, piece in enumerate(pieces):
        if (
            piece.kind is Kind.TEXT
            and piece.starts_line
            and OFFICIAL_ITEM.match(source.words(piece.extent)[:700])
        ):
            entry = _entry(source, pieces[at : _end_of_item(pieces, at)])
            found.extend(propose(source, entry, occasion.when, _slot(occasion, entry)))
    return found if len(found.topics) >= FEWEST_ITEMS else Findings()
