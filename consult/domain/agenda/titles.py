"""Where the title of an entry begins and ends."""

import re
from dataclasses import dataclass

from consult.domain.agenda.dates import DASHES
from consult.domain.agenda.source import Extent, SourceText

LONGEST_TITLE_CHARS = 600
SHORTEST_TITLE_CHARS = 6
NUMBER = r"(?:no\.?\s?|№\s?|n°\s?)?(?P<{0}>\d{{1,2}}(?:[.-]\d{{1,2}})?|[IVX]{{1,4}}|[A-HА-Ж])\b"
KINDS = (
    "session|plenary|panel|workshop|round[ -]?table|working group|group|break-?out"
    "|track|module|theme|topic|item|keynote"
    "|discussion|debate|seminar|lecture|side event|masterclass|block|strand|stream"
    "|сесси[яи]|заседание|дискусси[яи]|секция|круглый стол|семинар|мастер-класс|лекция"
    "|тема|модуль|блок|панель|вопрос"
    "|сессия|отырыс|пікірталас|дөңгелек үстел|тақырып|дәріс|секция|мәселе"
)
QUALIFIERS = (
    "opening|closing|first|second|third|fourth|parallel|interactive|high-level"
    "|technical|thematic|special|joint|plenary|panel"
    "|breakout|keynote|expert|public|пленарн\\w{2}|панельн\\w{2}|тематическ\\w{2}"
    "|секционн\\w{2}|экспертн\\w{2}|открыт\\w{2}"
    "|перв\\w{2}|втор\\w{2}|треть\\w{1}|стратегическ\\w{2}|дискуссионн\\w{2}|пленарлық"
    "|панельдік|тақырыптық|бірінші|екінші|үшінші"
)
LABEL = re.compile(
    rf"(?:{NUMBER.format('before')}[- ])?(?:(?:{QUALIFIERS})\s){{0,3}}(?:{KINDS})(?:\s(?:session"
    r"|panel|discussion|debate|address|group))?"
    rf"(?:\s{{0,2}}{NUMBER.format('after')})?(?P<sign>\s{{0,2}}[{DASHES}:.|]{{1,2}}\s"
    rf"|\s{{0,2}}:|\s(?=[«\"“]|на тему\b|по теме\b|on the (?:topic|theme)\b)|\s?$)",
    re.IGNORECASE,
)
ON_THE_THEME = re.compile(
    r"(?:на тему|по теме|по вопросу|on the (?:topic|theme|subject)(?: of)?)\s?[:–—-]?\s?", re.IGNORECASE
)
DESCRIPTION = (
    r"Moderat(?:or|ors|ed|ion|ing)|Chair(?:s|ed|person|man|woman)?|Co-[Cc]hairs?"
    r"|Facilitat(?:or|ors|ed|ion)|Speakers?|Presenters?|Presented by"
    r"|Pan+el+ists?|Rapporteurs?|Discussants?|Location|Venue|Room|Hosted by|Host"
    r"|Countries|Keynote|Led by|Organi[sz]ed by|Introduced by|Introduction by"
    r"|Presentations? (?:of|by)|Presentation of|Roundtable (?:of|presentations?)"
    r"|Welcome by|First (?:reaction|interactive)|Buzz [Gg]roups?"
    r"|Group [Ww]ork|Work in|Followed by|Interventions?|Participants|Resource persons?"
    r"|Contributors?|Duration|Format|Objectives?:|Description:"
    r"|(?:Mr|Mrs|Ms|Dr|Prof)\b\.?|H\.E\.|Q&A|Questions:|Questions for|Issues for"
    r"|Key questions|Guiding questions|Interactive (?:panel|PANEL)"
    r"|Модератор|Ведущ|Спикер|Докладчик|Содокладчик|Выступа|Участник[иа]?\b:?|Место"
    r"|Приглаш[её]нн|Эксперты?:|Отв\.|Ответственн|Вопросы для|Формат|Регламент"
    r"|Информация:|Докладывает|Председател|Сопредседател|Доклад:|Баяндама(?:шы|шылар)"
    r"|Спикер|Жүргізуші|Қатысушылар|Өтетін (?:орны|жері)|Орны:|Сөз сөйле"
    r"|Баяндайды|Қосымша баяндама|Талқылауға арналған"
)
CUT = re.compile(
    r"\s\((?:by|with|presented|moderat|chair|facilitat|led|for|participants|sessions|[Pp]ages?\s|pp?\.|стр"
    r"|\d{1,3}\s?(?:min|мин)|спикер|докладчик|докл|модератор|ведущ|для|отв|баяндама"
    r"|информация)"
    r"|\s{1,3}[.·•▪●◦‣|]\s|\s?\*|,?\s(?:followed by|presented by|moderated by|chaired by|facilitated by)\b"
    rf"|(?<![,–—-])\s(?={DESCRIPTION})|\n(?={DESCRIPTION})"
)
STARTS_DESCRIPTION = re.compile(
    rf"(?:{DESCRIPTION})|\(?(?:by|with|for|presented|moderated|chaired|для|спикер)\s|(?-i:[a-z])?moderat", 0
)
SENTENCE_END = re.compile(r"(?P<word>[^\W\d_]{3,}|[\d»\")”’])[.!]\s{1,3}(?=[^\W\d_a-zа-яәғқңөұүһі])")
POINT_NUMBER = re.compile(
    r"\(?(?:\d{1,3}(?:\.\d{1,2}){0,3}[.)]\s{0,8}|\d{1,2}(?:\.\d{1,2}){1,3}\s{1,8}"
    r"|(?:[^\W\d_]|[IVXivx]{1,5})[.)]\s{1,8})"
)
CONNECTIVE = re.compile(
    r"(?:[,&/(:–—-]|\b(?:of|and|the|in|for|to|on|with|a|an|or|by|from|between|through|и"
    r"|в|на|по|с|для|о|об|от|к|при|или|мен|және|бен|пен|үшін|туралы\sқ))\s{0,3}$",
    re.IGNORECASE,
)
OUTER = " \t\n\r\u00a0.;:,*_#|•–—-"
QUOTE_PAIRS = (("«", "»"), ("“", "”"), ('"', '"'), ("(", ")"))


@dataclass(frozen=True, slots=True)
class Label:
    """The generic beginning of a title, such as "Session 1.2. "; `end` is an offset in the entry."""

    end: int
    is_numbered: bool


def label_of(words: str) -> Label | None:
    match = LABEL.match(words)
    if not match:
        return None
    return Label(match.end(), bool(match["before"] or match["after"]))


def starts_description(words: str) -> bool:
    """Whether words tell who speaks, where or how rather than about what."""
    return bool(STARTS_DESCRIPTION.match(words))


def title_extent(source: SourceText, entry: Extent) -> Extent:
    """The part of an entry that is its label and title, without speakers, durations and descriptions."""
    words = source.words(Extent(entry.start, min(entry.end, entry.start + LONGEST_TITLE_CHARS)))
    label = label_of(words)
    begin = label.end if label else 0
    ends = [len(words)]
    for shape in (CUT, SENTENCE_END):
        ends += [m.start() if shape is CUT else m.end() for m in _first_from(shape, words, begin)]
    return source.trim(Extent(entry.start, entry.start + min(ends)), OUTER.replace("#", "").replace("•", ""))


def _first_from(shape: re.Pattern[str], words: str, begin: int) -> list[re.Match[str]]:
    for match in shape.finditer(words, begin):
        if match.start() - begin >= SHORTEST_TITLE_CHARS and not CONNECTIVE.search(words[: match.start()]):
            return [match]
    return []


def is_unfinished(words: str, following: str) -> bool:
    """Whether a title goes on in the following line."""
    if not following or starts_description(following):
        return False
    return following[0].islower() or bool(CONNECTIVE.search(words)) or _has_open_quote(words)


def _has_open_quote(words: str) -> bool:
    return any(words.count(left) > words.count(right) for left, right in QUOTE_PAIRS if left != right)


def title_of(words: str) -> str:
    """A title for people: one line, without the label, its numbers and the marks around it."""
    number = POINT_NUMBER.match(words)
    words = words[number.end() :] if number else words
    label = label_of(words)
    subject = words[label.end :] if label and words[label.end :].strip(OUTER) else words
    theme = ON_THE_THEME.match(subject)
    subject = " ".join(subject[theme.end() if theme else 0 :].replace("**", "").split()).strip(OUTER)
    for left, right in QUOTE_PAIRS[:3]:
        if (
            subject.startswith(left)
            and subject.endswith(right)
            and subject.count(right) == 1 + (left == right)
        ):
            subject = subject[1:-1].strip(OUTER)
    return subject[:1].upper() + subject[1:]
