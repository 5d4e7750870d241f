"""Days as programmes print them, in three languages. A year is read, never guessed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from consult.domain.agenda.items import Caution
from consult.domain.agenda.source import Extent

LONGEST_EVENT_DAYS = 31

EN_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
LOCAL_MONTHS = (
    "январ|феврал|март|апрел|ма[йяе]|июн|июл|август|сентябр|октябр|ноябр|декабр"
    "|қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйе[кг]|қазан|қараша|желтоқсан"
)
MONTH_STEMS: tuple[tuple[str, ...], ...] = (
    ("jan", "январ", "қаңтар"),
    ("feb", "феврал", "ақпан"),
    ("mar", "март", "наурыз"),
    ("apr", "апрел", "сәуір"),
    ("may", "май", "мая", "мае", "мамыр"),
    ("jun", "июн", "маусым"),
    ("jul", "июл", "шілде"),
    ("aug", "август", "тамыз"),
    ("sep", "сентябр", "қыркүйе"),
    ("oct", "октябр", "қазан"),
    ("nov", "ноябр", "қараша"),
    ("dec", "декабр", "желтоқсан"),
)
WEEKDAY_STEMS: tuple[tuple[str, ...], ...] = (
    ("mon", "понедельник", "дүйсенбі"),
    ("tue", "вторник", "сейсенбі"),
    ("wed", "сред", "сәрсенбі"),
    ("thu", "четверг", "бейсенбі"),
    ("fri", "пятниц", "жұма"),
    ("sat", "суббот", "сенбі"),
    ("sun", "воскресень", "жексенбі"),
)
WEEKDAY = (
    "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    "|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье"
    "|дүйсенбі|сейсенбі|сәрсенбі|бейсенбі|жұма|сенбі|жексенбі"
)
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
YEAR = r"(?:19|20)\d\d(?!\d)"
YEAR_WORD = r"(?:жыл\w{0,4}|ж\.|года|году|год|г\.)"
ORDINAL = r"(?:st|nd|rd|th)?"
JOIN = rf"(?:\s{{0,2}}[{DASHES}]{{1,2}}\s{{0,2}}|\s(?:to|and|&|и|по|мен|бен|және)\s)"
LEAD = rf"(?<![\w№:/.])(?:(?P<weekday>{WEEKDAY}),?\s{{1,2}}(?:the\s)?)?"
DAYS = (
    rf"(?<!\bday\s)(?<!\bдень\s)(?<!\bкүн\s)(?P<d1>\d{{1,2}}){ORDINAL}(?:{JOIN}(?P<d2>\d{{1,2}}){ORDINAL})?"
)

DAY_FIRST = re.compile(
    rf"{LEAD}(?:(?P<y1>{YEAR})\s{{1,2}}(?:{YEAR_WORD}\s{{0,2}})?)?{DAYS}(?:\s{{1,2}}|-)(?:of\s)?"
    rf"(?P<month>(?:{EN_MONTHS})\b"
    rf"|(?:{LOCAL_MONTHS})\w{{0,8}})\.?(?:,?\s{{1,2}}(?P<y2>{YEAR})(?:\s{{0,2}}{YEAR_WORD})?)?",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(
    rf"{LEAD}(?P<month>(?:{EN_MONTHS})\b)\.?\s{{1,2}}{DAYS}(?![\d:])(?:,?\s{{1,2}}(?P<y2>{YEAR}))?(?P<y1>\b)",
    re.IGNORECASE,
)
NUMERIC = re.compile(
    rf"{LEAD}(?:(?P<d1>\d{{1,2}})\.(?P<month>\d\d)\.(?P<y2>{YEAR})"
    rf"|(?P<y1>{YEAR})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?!\d))",
    re.IGNORECASE,
)
MONTH_AND_YEAR = re.compile(
    rf"\b(?P<month>(?:{EN_MONTHS})\b|(?:{LOCAL_MONTHS})\w{{0,4}})\.?,?\s{{1,2}}(?P<year>{YEAR})",
    re.IGNORECASE,
)
BETWEEN = re.compile(rf"\s{{0,2}}[{DASHES}]{{1,2}}\s{{0,2}}|\s(?:to|по|until)\s")
CITING_BEFORE = re.compile(
    r"(?:\bот|\b(?:approved|adopted|dated|published|updated|amended|registered|signed"
    r"|since|until|as of|deadline:?|by)(?: on)?"
    r"|\b(?:до|не позднее|опубликовано:?|обновлено:?|published:?|updated:?))\s{1,3}$",
    re.IGNORECASE,
)
CITING_AFTER = re.compile(r"[ \t\u00a0]{0,2}(?:№|N[o°]?\.?\s?\d|дейін\b)")
CITING_SUFFIX = re.compile(r"(?:дағы|дегі|тағы|тегі)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """A day as printed: the year may be missing, the combination may be impossible."""

    day: int
    month: int
    year: int | None = None

    def on(self, year: int | None) -> date | None:
        try:
            return date(self.year or year or 0, self.month, self.day)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Mention:
    """A day or a range of days in the text; `is_cited` when it dates another document, not the event."""

    extent: Extent
    words: str
    first: PrintedDay
    last: PrintedDay
    weekday: int | None
    is_cited: bool


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a mention stands for: none when the year is not printed or the range is impossible."""

    dates: tuple[date, ...]
    cautions: tuple[Caution, ...] = ()


def number_of(word: str, stems: tuple[tuple[str, ...], ...]) -> int:
    """Position of the stem that a word begins with; -1 for none."""
    lowered = word.lower()
    return next((at for at, forms in enumerate(stems) if lowered.startswith(forms)), -1)


def find_mentions(text: str) -> tuple[Mention, ...]:
    """Every day and range of days, in the order of the text, overlapping readings resolved to the longest."""
    found = [
        _mention(match, text) for shape in (DAY_FIRST, MONTH_FIRST, NUMERIC) for match in shape.finditer(text)
    ]
    real = sorted((m for m in found if m), key=lambda m: (m.extent.start, -m.extent.end))
    return tuple(_joined(_without_overlaps(real), text))


def _mention(match: re.Match[str], text: str) -> Mention | None:
    named = match.groupdict()
    month_word = named["month"] or named.get("iso_month") or ""
    if month_word in {"may", "mar", "march"}:
        return None
    month = int(month_word) if month_word.isdigit() else number_of(month_word, MONTH_STEMS) + 1
    year = int(named.get("y1") or named.get("y2") or 0) or None
    first = int(named.get("d1") or named.get("iso_day") or 0)
    last = int(named.get("d2") or first)
    weekday = number_of(named["weekday"], WEEKDAY_STEMS) if named["weekday"] else None
    if not 1 <= month <= 12 or not min(first, last) >= 1 or max(first, last) > 39:  # noqa: PLR2004
        return None
    return Mention(
        Extent(match.start(), match.end()),
        match[0],
        PrintedDay(first, month, year),
        PrintedDay(last, month, year),
        weekday,
        is_cited(match, text, month_word),
    )


def is_cited(match: re.Match[str], text: str, month_word: str) -> bool:
    """Whether the words around a day say that it dates a decision, a publication or a deadline."""
    before = text[max(0, match.start() - 24) : match.start()]
    return bool(
        CITING_BEFORE.search(before)
        or CITING_AFTER.match(text, match.end())
        or CITING_SUFFIX.search(month_word)
    )


def _without_overlaps(mentions: Iterable[Mention]) -> Iterator[Mention]:
    reached = -1
    for mention in mentions:
        if mention.extent.start >= reached:
            reached = mention.extent.end
            yield mention


def _joined(mentions: Iterable[Mention], text: str) -> list[Mention]:
    """Two days with only a dash between them are the ends of one range."""
    joined: list[Mention] = []
    for mention in mentions:
        before = joined[-1] if joined else None
        if (
            before
            and before.first == before.last
            and BETWEEN.fullmatch(text, before.extent.end, mention.extent.start)
        ):
            first = replace(before.first, year=before.first.year or mention.last.year)
            extent = Extent(before.extent.start, mention.extent.end)
            words = text[extent.start : extent.end]
            joined[-1] = replace(before, extent=extent, words=words, first=first, last=mention.last)
        else:
            joined.append(mention)
    return joined


class Calendar:
    """The days of a document, and the years it prints for a month."""

    def __init__(self, text: str) -> None:
        self.mentions = find_mentions(text)
        self._years: dict[int, set[int]] = {}
        for mention in self.mentions:
            if mention.last.year and not mention.is_cited:
                self._years.setdefault(mention.last.month, set()).add(mention.last.year)
        cited = {m.last.year for m in self.mentions if m.is_cited}
        for match in MONTH_AND_YEAR.finditer(text):
            year = int(match["year"])
            if year not in cited:
                self._years.setdefault(number_of(match["month"], MONTH_STEMS) + 1, set()).add(year)

    def resolve(self, mention: Mention) -> Days:
        """The dates of a mention.

        A missing year is taken from the only year that the same text prints for the same month ("Monday
        02 July" under the title "July 2012"); otherwise there are no dates.
        """
        year = mention.last.year or self._printed_year(mention.last.month)
        if not year:
            return Days((), (Caution.YEAR_MISSING,))
        first, last = mention.first.on(year), mention.last.on(year)
        if not first or not last:
            return Days((), (Caution.DATE_IMPOSSIBLE,))
        if last < first:
            return Days((), (Caution.DATE_RANGE_UPSIDE_DOWN,))
        dates = tuple(days_between(first, last))
        if mention.weekday not in {None, first.weekday()}:
            return Days(dates, (Caution.WEEKDAY_DIFFERS,))
        return Days(dates)

    def _printed_year(self, month: int) -> int | None:
        years = self._years.get(month, set())
        return next(iter(years)) if len(years) == 1 else None

    def main_mention(self) -> Mention | None:
        """The first day that is not cited: announcements say first when the event is."""
        return next((m for m in self.mentions if not m.is_cited), None)


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day of a range; of one longer than an event can be, only the two ends."""
    if (last - first).days > LONGEST_EVENT_DAYS:
        yield from (first, last)
        return
    yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def near(days: Iterable[date], anchor: tuple[date, ...]) -> tuple[date, ...]:
    """Those days that can belong to the same event as the anchor."""
    return tuple(d for d in days if any(abs((d - a).days) <= LONGEST_EVENT_DAYS // 2 for a in anchor))
