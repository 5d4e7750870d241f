"""Times of day as programmes print them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from consult.domain.agenda.dates import DASHES
from consult.domain.agenda.source import Extent

EARLIEST_DOTTED_HOUR = 7  # "1.10 Title" is a numbered point, "9.10 Title" a time
NOON = 12

RANGE = re.compile(
    r"(?<![\d.:№/-])(?P<h1>\d{1,2})(?:\s?[:.h]\s?(?P<m1>\d\d))?\s?(?P<p1>[ap]\.?m\b\.?)?"
    rf"(?:\s{{0,2}}[{DASHES}]{{1,2}}\s{{0,2}}|\s?-?(?:ден|дан|тен|тан)\s|\s(?:to|till|until|до)\s)"
    r"(?P<h2>\d{1,2})(?:\s?[:.h]\s?(?P<m2>\d\d))?\s?(?P<p2>[ap]\.?m\b\.?)?(?!\d|[.:]\d)"
    r"(?:-?(?:ге|ға|ке|қа)\sдейін)?",
    re.IGNORECASE,
)
HYPHENED_RANGE = re.compile(
    rf"(?<!\d)(\d{{1,2}})-(\d\d)\s{{0,2}}[{DASHES[1:]}]\s{{0,2}}(\d{{1,2}})-(\d\d)(?!\d)"
)
SINGLE = re.compile(
    r"(?:(?:at|from|сағат|с"
    r"|в)\s{1,2})?(?P<h>\d{1,2})(?:\s?(?P<sign>[:.h])\s?(?P<m>\d\d))?\s?(?P<p>[ap]\.?m\b\.?)?"
    rf"(?![\d]|[.:]\d)(?:\s?ч(?:ас\w{{0,2}})?\b\.?"
    rf"|-?[дт][ае]н?\b)?(?P<after>\s{{0,2}}[{DASHES}:)]|\s|$|[^\w.,:])",
    re.IGNORECASE,
)
HOUR_WORDS = r"\s?(?:ч\b\.?|час\w{0,2}\b)"
SPOKEN = re.compile(
    r"(?:\b(?:at|from|в|с|сағат)\s{1,2}|\A[\s,–—-]{1,4}"
    r"|\b(?:time|start|starts|время(?:\sпроведения|\sначала)?|начало|уақыты"
    r"|басталуы)\s?[:–—-]\s{1,2}(?:at\s|в\s|сағат\s)?)"
    rf"(?P<h>\d{{1,2}})(?:(?:[:.](?P<m>\d\d))?\s?(?P<p>[ap]\.?m\b\.?)|[:.](?P<m2>\d\d)"
    rf"|{HOUR_WORDS})(?!\d|\.\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of the timetable; `is_upside_down` when it is printed as ending before it starts."""

    extent: Extent
    start: time | None
    end: time | None
    is_upside_down: bool = False


def clock(hour: str, minute: str | None, half: str | None) -> time | None:
    """A time of day, or None when there is none like it ("25:10", "13 pm")."""
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= NOON:
            return None
        hours = hours % NOON + (NOON if half.lower().startswith("p") else 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None  # noqa: PLR2004


def find_ranges(text: str, within: Extent) -> Iterator[Slot]:
    """Yield every "9:00-10:15 am" of a stretch of text."""
    for match in RANGE.finditer(text, within.start, within.end):
        slot = _slot(match)
        if slot:
            yield slot
    for match in HYPHENED_RANGE.finditer(text, within.start, within.end):
        start, end = clock(match[1], match[2], None), clock(match[3], match[4], None)
        if start and end:
            yield Slot(Extent(match.start(), match.end()), start, end)


def _slot(match: re.Match[str]) -> Slot | None:
    h1, m1, p1, h2, m2, p2 = match.group("h1", "m1", "p1", "h2", "m2", "p2")
    if not (m1 or p1 or p2) or not (m2 or p2):
        return None
    end = clock(h2, m2, p2)
    start = clock(h1, m1, p1 or p2)
    if start and end and start > end and not p1:
        start = clock(h1, m1, None) or start  # "10:30-12:00 pm" starts in the morning
    if start is None or end is None:
        return None
    extent = Extent(match.start(), match.end())
    return Slot(extent, start, end) if start < end else Slot(extent, start, None, is_upside_down=True)


def leading_time(text: str, within: Extent) -> Slot | None:
    """The single time that a line begins with ("9.45: Session 1"), if any."""
    match = SINGLE.match(text, within.start, within.end)
    if not match or not (match["m"] or match["p"]):
        return None
    if match["sign"] == "." and not match["p"] and not _is_dotted_time(match):
        return None
    start = clock(match["h"], match["m"], match["p"])
    end_of_sign = match.end() if match["after"].strip(' \t\n(«"') else match.start("after")
    return Slot(Extent(match.start(), end_of_sign), start, None) if start else None


def _is_dotted_time(match: re.Match[str]) -> bool:
    return ":" in match["after"] or int(match["h"]) >= EARLIEST_DOTTED_HOUR


def spoken_time(text: str, within: Extent) -> time | None:
    """The first "at 10:00", "в 18:00", "сағат 11.00-де" or "Time: 15:00", or a time at the very beginning."""
    match = SPOKEN.search(text[within.start : within.end])
    return clock(match["h"], match["m"] or match["m2"], match["p"]) if match else None
