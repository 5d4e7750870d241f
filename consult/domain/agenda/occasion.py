"""When the whole event is, as its announcement says."""

import re
from dataclasses import dataclass
from datetime import date, time

from consult.domain.agenda.dates import Calendar, Mention, near
from consult.domain.agenda.items import Caution
from consult.domain.agenda.source import Extent, SourceText
from consult.domain.agenda.times import spoken_time

HOUR_STANDS_WITHIN_CHARS = 80
LONGEST_POINT_CHARS = 2000
TELLING = (Caution.DATE_IMPOSSIBLE, Caution.DATE_RANGE_UPSIDE_DOWN)
POINT = re.compile(r"\s*\(?(?:\d{1,3}|[^\W\d_])[.)]\s")
TIME_LINE = re.compile(r"^\W{0,4}(?:time|время|начало|уақыты|басталуы)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class When:
    """Day of a topic: a date, the source's words where no year is printed, or None; with what to check."""

    day: date | str | None
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class Occasion:
    """Days of the event; `when` and `start` hold for a topic that has none of its own."""

    dates: tuple[date, ...]
    when: When
    start: time | None
    cautions: tuple[Caution, ...]


def read_occasion(source: SourceText, calendar: Calendar) -> Occasion:
    """Read the first day that dates no other document, and the days near it."""
    main = calendar.main_mention()
    if not main:
        return Occasion((), When(None), _announced_time(source), ())
    anchor = calendar.resolve(main)
    outside = (calendar.resolve(m) for m in calendar.mentions if not m.is_cited)
    telling = dict.fromkeys(c for days in outside for c in days.cautions if c in TELLING)
    start = spoken_time(source.text, _rest_of_line(source, main.extent.end)) or _announced_time(source)
    days = event_days(source, calendar, anchor.dates)
    return Occasion(days, when_of(calendar, main), start, tuple(telling))


def event_days(source: SourceText, calendar: Calendar, anchor: tuple[date, ...]) -> tuple[date, ...]:
    """The printed days that can belong to the same event as the anchor, sorted; not those inside a point."""
    outside = (m for m in calendar.mentions if not m.is_cited and not _is_in_point(source, m))
    printed = {day for mention in outside for day in calendar.resolve(mention).dates}
    return tuple(sorted(near(printed, anchor)))


def _is_in_point(source: SourceText, mention: Mention) -> bool:
    """Whether a day stands within a numbered point: it belongs to the matter, not to the event."""
    start = mention.extent.start
    line_start = source.text.rfind("\n", max(0, start - LONGEST_POINT_CHARS), start) + 1
    match = POINT.match(source.text, line_start, start)
    return bool(match and match.end() < start)


def when_of(calendar: Calendar, mention: Mention) -> When:
    """The one day of a mention; None for a range of several days, which tells no topic's day."""
    days = calendar.resolve(mention)
    if len(days.dates) == 1:
        return When(days.dates[0], days.cautions)
    if days.dates:
        return When(None, (Caution.DAY_UNKNOWN,))
    return When(" ".join(mention.words.split()), days.cautions)


def _announced_time(source: SourceText) -> time | None:
    """The time of a line such as "Time: 15:00"."""
    line = TIME_LINE.search(source.text)
    return spoken_time(source.text, _rest_of_line(source, line.start())) if line else None


def _rest_of_line(source: SourceText, offset: int) -> Extent:
    newline = source.text.find("\n", offset)
    line_end = len(source.text) if newline < 0 else newline
    return Extent(offset, min(line_end, offset + HOUR_STANDS_WITHIN_CHARS))
