"""Stems: Snowball for Russian and English, a suffix stripper of our own for Kazakh, which has no other."""

import re
from functools import lru_cache

import snowballstemmer

from consult.domain.languages import Language

KEPT = 50_000
"""Words whose stems are remembered in a process; the same few thousand come again and again."""
SHORTEST = 3
"""Letters that a Kazakh stem keeps; one more before a suffix of one letter, one less before a plural."""
_SNOWBALL = {
    Language.RU: snowballstemmer.stemmer("russian"),
    Language.EN: snowballstemmer.stemmer("english"),
}
_CYRILLIC = re.compile("[\u0400-\u052f]")
_VOWELS = "аеиоуыэюя"
_HARD = "бвгдкпстфхцчшщ"


def _forms(patterns: str) -> tuple[str, ...]:
    """Suffixes of patterns such as `[лдт]ар`: every first letter with the rest; the longest first."""
    found = set()
    for pattern in patterns.split():
        letters, _, rest = pattern.removeprefix("[").rpartition("]")
        found |= {letter + rest for letter in letters} or {rest}
    return tuple(sorted(found, key=lambda suffix: (-len(suffix), suffix)))


_PLURALS = _forms("[лдт]ар [лдт]ер")
# Folded, as the words are: ғ and қ stand here as г and к, і as и, ң as н, ү as у.
_KAZAKH = _forms(
    "[лдт]ар [лдт]ер"  # plural
    " ымыз имиз мыз миз ыныз иниз ныз низ ым им ын ин сы си ы и м н"  # whose
    " [ндт]ын [ндт]ин [гкн]а [гкн]е [ндт]ы [ндт]и [дт]а [дт]е нда нде [ндт]ан [ндт]ен нан нен"  # cases
    " [мбп]ен а е"
    " [дт]агы [дт]еги ндагы ндеги"  # what is there
    " [лдт]ык [лдт]ик [лдт]ыг [лдт]иг [лдт]ы [лдт]и сыз сиз шы ши дай дей тай тей"  # made of other words
    " атын етин йтын йтин ган ген кан кен ып ип са се майды мейди ады еди йды йди дык дик у"  # verbs
)


@lru_cache(KEPT)
def stem(word: str, language: Language | None) -> str:
    """The stem of a folded word. Latin letters are taken for English, Cyrillic ones for Kazakh if asked so.

    A text of unknown language is stemmed as Russian; a query is stemmed as every language, so it is found
    at least in the form in which it was written.
    """
    if not _CYRILLIC.search(word):
        return str(_SNOWBALL[Language.EN].stemWord(word))
    if language is Language.KK:
        return kazakh_stem(word)
    return str(_SNOWBALL[Language.RU].stemWord(word))


def kazakh_stem(word: str) -> str:
    """The word without its suffixes, which Kazakh adds one behind the other, and with a hard last letter.

    `мектептеринде` and `мектеби` both give `мектеп`. A vowel that drops out before some suffixes (`халык`,
    `халкы`) is left out always.
    """
    while (shorter := _without_suffix(word)) != word:
        word = shorter
    word = word[:-1] + {"б": "п", "г": "к"}.get(word[-1], word[-1])
    if len(word) > SHORTEST and word[-2] in "ыи" and word[-1] not in _VOWELS and word[-3] not in _VOWELS:
        word = word[:-2] + word[-1]
    return word


def _without_suffix(word: str) -> str:
    for suffix in _KAZAKH:
        rest = word.removesuffix(suffix)
        least = SHORTEST + (len(suffix) == 1) - (suffix in _PLURALS)
        if rest != word and len(rest) >= least and _fits(rest, suffix):
            return rest
    return word


def _fits(rest: str, suffix: str) -> bool:
    """Whether a suffix may stand behind these letters: hard behind hard ones, `сы` behind an open vowel."""
    if suffix in {"сы", "си"}:
        return rest[-1] in "ае"
    if suffix[0] in "ктп":
        return rest[-1] in _HARD
    return any(letter in _VOWELS for letter in rest)
