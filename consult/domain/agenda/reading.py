"""The door of this room: lines in, agenda out."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from consult.domain.agenda.dates import Calendar
from consult.domain.agenda.entries import Findings
from consult.domain.agenda.items import Agenda, Caution, ProposedTopic
from consult.domain.agenda.lists import read_list
from consult.domain.agenda.occasion import Occasion, read_occasion
from consult.domain.agenda.pieces import Kind, Piece, read_pieces
from consult.domain.agenda.prose import Prose
from consult.domain.agenda.questions import CUE, guiding_questions
from consult.domain.agenda.source import SourceText
from consult.domain.agenda.timetable import Timetable
from consult.domain.agenda.titles import OUTER
from consult.domain.languages import Language

LONGEST_READ_CHARS = 500_000
FEWEST_ENTRIES = 2
MOST_TITLE_LINES = 100
LONGEST_TITLE_CHARS = 200
FEWEST_TITLE_WORDS = 2
TRAILING_PREPOSITION = re.compile(r"\W+(?:on|at|in|of|from|for|to|в|на|с|от|за)\W*\Z", re.IGNORECASE)
NAVIGATION = re.compile(
    r"(?:skip to|loading|embed|home\b|menu|search|download|print|share|this section is|citation preview"
    r"|перейти|главная|басты бет)",
    re.IGNORECASE,
)


def read_agenda(lines: Sequence[str], language: Language, places: Sequence[int] | None = None) -> Agenda:
    """Read an agenda of any known shape: a timetable, a list of points, or prose.

    Never raises, whatever the text; an agenda without topics is an answer. Line numbers count from 1 and
    count a first line "Source: address", which is no content; a document that counts paragraphs or
    pages gives the number of each line in `places`. Of a text too long for any agenda the beginning is read.
    """
    source = SourceText.of(_beginning(lines), places)
    calendar = Calendar(source.content)
    pieces = list(read_pieces(source, calendar))
    occasion = read_occasion(source, calendar)
    found, dates = _found(source, calendar, occasion, pieces)
    is_whole = len(source.text) + 1 >= sum(len(line) + 1 for line in lines)
    return Agenda(
        title=_title(source, calendar, pieces),
        language=language,
        dates=dates,
        topics=tuple(found.topics),
        left_out=tuple(found.left_out),
        cautions=occasion.cautions if is_whole else (*occasion.cautions, Caution.ONLY_BEGINNING_READ),
        source_url=source.url,
    )


def _beginning(lines: Sequence[str]) -> list[str]:
    """As many lines as any agenda can have; a longer text is a book or an attack."""
    room = LONGEST_READ_CHARS
    beginning: list[str] = []
    for line in lines:
        beginning.append(line[:room])
        room -= len(line) + 1
        if room <= 0:
            break
    return beginning


def _found(
    source: SourceText, calendar: Calendar, occasion: Occasion, pieces: list[Piece]
) -> tuple[Findings, tuple[date, ...]]:
    """What the first shape that has topics yields; a timetable is not searched for sentences."""
    timetable = Timetable.of(source, calendar, occasion, pieces)
    is_timetable = len(timetable.entries) >= FEWEST_ENTRIES
    found = timetable.findings() if is_timetable else Findings()
    dates = timetable.dates if is_timetable else occasion.dates
    if not found.topics:
        found = _merged(found, read_list(source, pieces, occasion))
    if not found.topics and not is_timetable:
        found = _merged(found, Prose(source, calendar, occasion, pieces).findings())
        found.topics = _with_questions(source, pieces, found)
    return found, dates


def _merged(first: Findings, second: Findings) -> Findings:
    known = {entry.passage for entry in first.left_out}
    return Findings(second.topics, first.left_out + [e for e in second.left_out if e.passage not in known])


def _with_questions(source: SourceText, pieces: list[Piece], found: Findings) -> list[ProposedTopic]:
    """Give the guiding questions of an announcement to its one topic; of several none is sure to own them."""
    cue = next((n for n, p in enumerate(pieces) if CUE.search(source.words(p.extent)[:300])), None)
    if cue is None or len(found.topics) != 1:
        return found.topics
    return [replace(found.topics[0], questions=guiding_questions(source, pieces[cue:]))]


def _title(source: SourceText, calendar: Calendar, pieces: list[Piece]) -> str | None:
    """The first words of the text, up to a day, that are not the site's navigation."""
    for piece in pieces[:MOST_TITLE_LINES]:
        if piece.kind is not Kind.TEXT or NAVIGATION.match(source.words(piece.extent)[:40]):
            continue
        title = _without_day(source, calendar, piece)
        if re.search(r"[^\W\d_]{2}", title):
            return title
    return None


def _without_day(source: SourceText, calendar: Calendar, piece: Piece) -> str:
    """The words before the first day; all of them where these are too few to be a title."""
    shown = source.words(piece.extent)[: LONGEST_TITLE_CHARS * 2]
    days = (mention.extent.start - piece.extent.start for mention in calendar.mentions)
    day = next((offset for offset in days if offset >= 0), len(shown))
    before = TRAILING_PREPOSITION.sub("", shown[:day])
    title = before if len(before.split()) >= FEWEST_TITLE_WORDS else shown
    return textwrap.shorten(title, LONGEST_TITLE_CHARS, placeholder="…").strip(OUTER)
