"""Announcements and news in sentences: the points stand in a list with semicolons or behind "focused on"."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from consult.domain.agenda.dates import Calendar, number_of
from consult.domain.agenda.entries import Findings, propose
from consult.domain.agenda.items import Caution
from consult.domain.agenda.occasion import Occasion, When, when_of
from consult.domain.agenda.pieces import DAY_NUMBER, ORDINALS, Kind, Piece
from consult.domain.agenda.source import Extent, SourceText
from consult.domain.agenda.times import Slot

LONGEST_SENTENCE_CHARS = 4000
SHORTEST_POINT_CHARS = 10
EVENT = (
    r"(?:workshops?|seminars?|meetings?|sessions?|conferences?|forums?|panels?"
    r"|discussions?|round ?tables?|days?|hearings?|events?|consultations?|debates?)"
)
NOUNS = r"(?:topics|themes|issues|questions|subjects|points|items)"
SENTENCE_END = re.compile(
    r"(?:[^\W\d_]{2}|[\d»\")”’])[.!?…]{1,3}[»\")”’]?\s{1,4}(?=[«\"“(]?[^\W\d_a-zа-яәғқңөұүһі])|\n(?=\n)"
)
TRAILING_CUE = re.compile(
    rf"\s(?:were|are|was|have been|became)\s(?:among\s)?(?:the\s)?(?:\w+\s){{0,3}}{NOUNS}\b.*\Z",
    re.IGNORECASE | re.DOTALL,
)
LEADING_CUE = re.compile(
    rf"\b(?:{NOUNS}\b[^:;.]{{0,80}}(?::|\b(?:were|are|included?|including)\b:?)"
    r"|agenda\b[^:;.]{0,40}(?::|\bincluded?s?\b:?)"
    r"|(?:вопрос\w*|тем\w*|повестк\w*)\b[^:;.]{0,60}[:–—]"
    r"|(?:мәселелер\w*|тақырыптар\w*|күн тәртіб\w*)\b[^:;.]{0,60}[:–—])\s{1,2}",
    re.IGNORECASE,
)
PURPOSE = re.compile(
    r"\b(?:purpose|aims?|objectives?|goals?|intended|цел[ьию]\w*|мақсат\w*)\b", re.IGNORECASE
)
FOCUS = re.compile(
    rf"\b{EVENT}\b[^.;:]{{0,40}}?\s(?:focus(?:ed|es)? on|will focus on|concentrated on"
    r"|(?:was|is|were|will be) (?:devoted|dedicated) to"
    r"|(?:has |have |was |were )?(?:address|examin|discuss|explor|consider|cover"
    r"|review)ed|addresses|examines|discusses|explores|covers"
    r"|(?:deals|dealt) with|look(?:s|ed) at|will (?:address|examine|discuss|explore"
    r"|consider|cover|review|look at|deal with))\s"
    rf"|\b{EVENT}\s(?:has |have "
    rf"|also ){{0,2}}provided\s(?=(?:\w+,?\s){{0,4}}?(?:mechanisms|tools|approaches"
    r"|methods|recommendations|guidance|examples|practices|instruments)\b)"
    r"|\b(?:семинар|заседани|встреч|круглый стол|конференц|форум|сесси|день|дискусси"
    r"|обсуждени|слушани)\w*\b[^.;:]{0,60}?\s(?:посвящ\w+|был\w? посвящ\w+)\s",
    re.IGNORECASE,
)
EXCHANGE = re.compile(
    r"(?:sharing|exchang\w+|presenting|discussing|learning|examining|exploring|обмен\w*"
    r"|обсуждени\w+)\b.{0,80}?\b(?:experiences?|practices?|knowledge|lessons|views"
    r"|опыт\w*)\s(?:to|on|of|in|about|по|в)\s",
    re.IGNORECASE,
)
THEME = re.compile(
    r"(?:на тему:?|по теме:?|посвящ[её]нн\w+ теме|on the (?:topic|theme"
    r"|subject)(?: of)?:?|entitled"
    r"|under the title)\s(?P<open>[«“\"])(?P<theme>[^»”\"\n]{5,300})[»”\"]"
    r"|«(?P<kk>[^»\n]{5,300})»\s(?:тақырыбын\w+|тақырыптағы|деген тақырып\w*"
    r"|атты (?:дөңгелек үстел|семинар|отырыс|конференция|форум)\w*)",
    re.IGNORECASE,
)
KK_AGENDA = re.compile(
    r"(?:күн тәртібі\w*|қарауына|талқылауына)\s(?P<points>.{10,1500}?)[»”\"]?\s(?:мәселе"
    r"|сұра[қғ])\w*\s(?:және басқа да \w+\s)?(?:\w+\s){0,2}?"
    r"(?:көтеріл|қаралды|қарал|талқылан|енгізіл|ұсыныл|шығарыл|қойыл|бар\b)",
    re.IGNORECASE | re.DOTALL,
)
KK_POINT = re.compile(r"[уюі]\Z|(?:туралы|жөнінде|жайлы|барысы)\Z", re.IGNORECASE)


class Prose:
    """Sentences, and the day that the narration has reached."""

    def __init__(
        self, source: SourceText, calendar: Calendar, occasion: Occasion, pieces: list[Piece]
    ) -> None:
        self.source = source
        self.calendar = calendar
        self.occasion = occasion
        self.paragraphs = list(_paragraphs(pieces))
        self.starts = [mention.extent.start for mention in calendar.mentions]
        self.when = occasion.when

    def findings(self) -> Findings:
        """The points of the sentences; without any, the one theme that the whole event is announced with."""
        found = Findings()
        for paragraph in self.paragraphs:
            for sentence in _sentences(self.source, paragraph):
                self.when = self._day_in(sentence) or self.when
                for point in self._points(sentence):
                    found.extend(propose(self.source, point, self._cautious(point), self._slot(point)))
        return found if found.topics else self._theme()

    def _points(self, sentence: Extent) -> list[Extent]:
        for rule in (self._agenda_clause, self._semicolon_list, self._focus):
            points = [p for p in rule(sentence) if len(p) >= SHORTEST_POINT_CHARS]
            if points:
                return points
        return []

    def _agenda_clause(self, sentence: Extent) -> list[Extent]:
        """Read the points of "Күн тәртібінде X қарау, Y толықтыру мәселелері көтерілді"."""
        match = KK_AGENDA.search(self.source.text, sentence.start, sentence.end)
        if not match:
            return []
        clause = Extent(match.start("points"), match.end("points"))
        for sign in (";", ","):
            parts = self._split(clause, sign)
            if len(parts) > 1 and (sign == ";" or all(KK_POINT.search(self.source.words(p)) for p in parts)):
                return parts
        return [clause]

    def _semicolon_list(self, sentence: Extent) -> list[Extent]:
        """Read "A; B; C were the topics" and "The topics were A; B; C"."""
        words = self.source.words(sentence)
        if ";" not in words:
            return []
        trailing = TRAILING_CUE.search(words, words.rindex(";"))
        if trailing:
            return self._split(Extent(sentence.start, sentence.start + trailing.start()), ";")
        leading = LEADING_CUE.search(words, 0, words.index(";"))
        return self._split(Extent(sentence.start + leading.end(), sentence.end), ";") if leading else []

    def _focus(self, sentence: Extent) -> list[Extent]:
        """Read what "the session on 2 March focused on"; a sentence about the purpose of it all is none."""
        words = self.source.words(sentence)
        match = FOCUS.search(words)
        if not match or PURPOSE.search(words, 0, match.end()):
            return []
        exchange = EXCHANGE.match(words, match.end())
        return [self.source.trim(Extent(sentence.start + (exchange or match).end(), sentence.end), " .\n")]

    def _split(self, extent: Extent, sign: str) -> list[Extent]:
        parts: list[Extent] = []
        start = extent.start
        for part in self.source.words(extent).split(sign):
            parts.append(self.source.trim(self.source.trim(Extent(start, start + len(part))), ".,;"))
            start += len(part) + len(sign)
        return [p for p in parts if len(p)]

    def _theme(self) -> Findings:
        for paragraph in self.paragraphs:
            match = THEME.search(self.source.text, paragraph.start, paragraph.end)
            if match:
                group = "theme" if match["theme"] else "kk"
                theme = Extent(match.start(group), match.end(group))
                return propose(self.source, theme, self.occasion.when, self._slot(theme))
        return Findings()

    def _day_in(self, sentence: Extent) -> When | None:
        """The day that a sentence moves to: "on March 2", "during the first day"."""
        text = self.source.text
        number = DAY_NUMBER.search(text, sentence.start, sentence.end)
        if number:
            return self._nth(number_of(number["after"] or number["before"], ORDINALS), number[0])
        low, high = (bisect_left(self.starts, offset) for offset in (sentence.start, sentence.end))
        mention = next((m for m in self.calendar.mentions[low:high] if not m.is_cited), None)
        return when_of(self.calendar, mention) if mention else None

    def _nth(self, at: int, words: str) -> When:
        dates: tuple[date, ...] = self.occasion.dates
        return When(dates[at]) if 0 <= at < len(dates) else When(words, (Caution.DAY_UNKNOWN,))

    def _cautious(self, point: Extent) -> When:
        if "," not in self.source.words(point):
            return self.when
        return When(self.when.day, (*self.when.cautions, Caution.MAY_HOLD_SEVERAL))

    def _slot(self, point: Extent) -> Slot | None:
        is_of_the_event = self.when.day == self.occasion.when.day
        return Slot(point, self.occasion.start, None) if self.occasion.start and is_of_the_event else None


def _paragraphs(pieces: list[Piece]) -> Iterator[Extent]:
    """Yield stretches of text between empty lines and list marks."""
    start = end = -1
    for piece in pieces:
        if start >= 0 and (piece.kind is Kind.BLANK or piece.mark):
            yield Extent(start, end)
            start = -1
        if piece.kind is not Kind.BLANK:
            start = piece.extent.start if start < 0 else start
            end = piece.extent.end
    if start >= 0:
        yield Extent(start, end)


def _sentences(source: SourceText, paragraph: Extent) -> Iterator[Extent]:
    start = paragraph.start
    for match in SENTENCE_END.finditer(source.text, paragraph.start, paragraph.end):
        yield Extent(start, min(match.end(), start + LONGEST_SENTENCE_CHARS))
        start = match.end()
    yield Extent(start, min(paragraph.end, start + LONGEST_SENTENCE_CHARS))
