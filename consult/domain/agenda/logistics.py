"""Tells the frame of a meeting from its substance by its words, in three languages at once.

Programmes mix languages, so all lists count everywhere. Each language has four: `LEADING` and `PROCEDURE`
are enough at the beginning of an entry; `WHOLE` must be the entire entry, because the same word also
begins subjects ("Reports", but "Reports on air quality"); `ANYWHERE` counts in a short entry.
"""

import re
from collections.abc import Iterable

from consult.domain.agenda import phrases_en, phrases_kk, phrases_ru
from consult.domain.agenda.items import Why

SHORT_ENTRY_CHARS = 70
LONGEST_ENTRY_CHARS = 400
QUALIFIER = (
    r"(?:(?:general|open|plenary|panel|moderated|final|group|round ?table|joint|brief"
    r"|short|further|interactive|free|and)\s)*"
)


def _any_of(phrases: Iterable[str]) -> str:
    return "|".join(f"(?:{phrase})" for phrase in phrases)


LANGUAGES = (phrases_en, phrases_ru, phrases_kk)
LEADING = re.compile(_any_of(p for words in LANGUAGES for p in words.LEADING), re.IGNORECASE)
PROCEDURE = re.compile(_any_of(p for words in LANGUAGES for p in words.PROCEDURE), re.IGNORECASE)
WHOLE = re.compile(f"{QUALIFIER}(?:{_any_of(p for words in LANGUAGES for p in words.WHOLE)})", re.IGNORECASE)
ANYWHERE = re.compile(rf"\b(?:{_any_of(p for words in LANGUAGES for p in words.ANYWHERE)})\b", re.IGNORECASE)
HONORIFIC = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|H\.\s?E|Hon|Rt|Sir|Dame|Г-н|Г-жа|г-н|г-жа|Господин|Госпожа"
    r"|Профессор|Professor|Minister|Ambassador)\b"
)
ROLE = (
    r"(?:[Mm]inister|[Dd]irector|[Hh]ead|[Cc]hair|[Pp]resident|[Pp]rofessor"
    r"|[Aa]mbassador|[Aa]dvis[eo]r|[Ss]ecretary|[Cc]o-?chair"
    r"|[Mm]anager|[Ee]xpert|[Cc]onsultant|[Ss]pecialist|[Ff]ounder|CEO|[Pp]artner"
    r"|[Ll]ecturer|[Rr]esearcher|[Aa]nalyst|[Cc]oordinator"
    r"|[Мм]инистр|[Дд]иректор|[Пп]редседател|[Рр]уководител|[Пп]рофессор|[Дд]октор"
    r"|[Зз]аместител|[Зз]ам\.|[Нн]ачальник|[Дд]епутат|[Аа]ким|[Ээ]ксперт"
    r"|[Пп]резидент|[Чч]лен|[Зз]аведующ|[Тт]өраға|[Бб]асшы|[Мм]инистр|[Дд]иректор"
    r"|[Әә]кім|[Тт]өрайым|[Сс]арапшы|[Жж]етекші)"
)
NAME = r"[A-ZА-ЯЁӘҒҚҢӨҰҮҺІŠŽČ][\w’'.-]{0,30}"
SPEAKER = re.compile(
    rf"(?:{HONORIFIC}|{NAME}(?:\s{NAME}){{1,3}}\s?(?:\([^)]{{0,60}}\)\s?)?[,–—-]\s?(?:\w+\s){{0,3}}?{ROLE})"
)


def why_not(words: str) -> Why | None:
    """Why an entry is no point of substance, judged by its words alone; None when it may be one."""
    entry = " ".join(words[:LONGEST_ENTRY_CHARS].split()).strip(' .;:,*–—-•"«»“”')
    if not re.search(r"[^\W\d_]{2}", entry):
        return Why.UNTITLED
    if SPEAKER.match(entry):
        return Why.SPEAKER
    if PROCEDURE.match(entry):
        return Why.PROCEDURE
    if LEADING.match(entry) or (len(entry) <= SHORT_ENTRY_CHARS and ANYWHERE.search(entry)):
        return Why.LOGISTICS
    return Why.NO_SUBJECT if WHOLE.fullmatch(entry) or " " not in entry else None
