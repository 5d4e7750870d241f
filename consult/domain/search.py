"""Searching: how words are folded, and how a query is read."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from consult.domain.languages import Language
from consult.domain.texts import kept_text

QUERY_LONGEST = 200
"""Characters of a query that are read; nobody asks for more, and what is longer was pasted by mistake."""
MOST_WORDS = 12
PIECE_SHORTEST = 3
"""Letters of a word that is looked for inside other words; trigrams need as many."""

Stemmer = Callable[[str, Language | None], str]
"""From a folded word and the language of its text to the stem by which it is found."""

_WORD = re.compile(r"[^\W\d_]+|\d+")
_QUOTED = re.compile('["«»“”„]([^"«»“”„]*)["«»“”„]')
_ALIKE = str.maketrans("әғқңөұүһіё", "агкноуухие")
"""Kazakh letters as they are typed on a Russian keyboard."""
_CYRILLIC = re.compile("[\u0400-\u052f]")


class Kind(StrEnum):
    """What can be found."""

    CONSULTATION = "consultation"
    QUESTION = "question"
    COMMENT = "comment"


_STOP_WORDS = """
а бар без бул был была были было бы в во вот да для до егер ол ешкандай еще же за и из или их к как когда
ко кто ма ме мен менин на не ни но о об он она они от по при с сен сиз со сол так та те то тоже тек
у уже уш ушин чем что эта эти это я деп жане жок немесе осы онын сондыктан бирак кандай
an and are as at be by for from has have in is it its not of on or that the this to was we were with
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Folded; left out of a query where other words remain, never out of the index or a phrase."""


@dataclass(frozen=True)
class Term:
    """A word that is asked for: folded, and its stems by the language that it may be in."""

    folded: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """What is asked for: every word, in any form, and every phrase, word by word as it was written."""

    words: tuple[Term, ...] = ()
    phrases: tuple[tuple[Term, ...], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.phrases

    @property
    def terms(self) -> tuple[Term, ...]:
        return (*self.words, *(term for phrase in self.phrases for term in phrase))

    @property
    def has_pieces(self) -> bool:
        """Whether every word is long enough to be looked for inside other words."""
        return not self.is_empty and all(len(term.folded) >= PIECE_SHORTEST for term in self.terms)


@dataclass(frozen=True)
class Place:
    """A word in a text: where it begins and ends, and its folded parts (a `м²` has two)."""

    start: int
    end: int
    parts: tuple[str, ...]


def folded(written: str) -> str:
    """Lower case, without accents, Kazakh letters as their Russian neighbours: ә ғ қ ң ө ұ ү һ і, and ё."""
    plain = unicodedata.normalize("NFKC", written).casefold()
    return "".join(map(_base, plain)).translate(_ALIKE)


@cache
def _base(character: str) -> str:
    """The letter without its accents; й is a letter of its own, and no и with a mark."""
    if character.isascii() or _CYRILLIC.match(character):
        return character
    return "".join(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))


def places(text: str) -> Iterator[Place]:
    """The words of a text in their order; each part is all letters or all digits."""
    for found in _WORD.finditer(text):
        parts = tuple(_WORD.findall(folded(found.group())))
        if parts:
            yield Place(found.start(), found.end(), parts)


def folded_words(text: str) -> list[str]:
    """The folded words of a text, as the index keeps them."""
    return [part for place in places(text) for part in place.parts]


def facets(kind: Kind, consultation_id: int, language: Language | None) -> tuple[str, ...]:
    """What filters ask for, as words of the index; letter and digit together, so that no text holds them."""
    return (f"k{list(Kind).index(kind)}", f"c{consultation_id}", f"l{_number(language)}")


def filters(
    kind: Kind, consultation_id: int | None = None, language: Language | None = None
) -> tuple[str, ...]:
    """Those words of the index that everything found must have; None asks for any."""
    of_kind, of_consultation, of_language = facets(kind, consultation_id or 0, language)
    wanted = [of_kind]
    if consultation_id is not None:
        wanted.append(of_consultation)
    if language is not None:
        wanted.append(of_language)
    return tuple(wanted)


def _number(language: Language | None) -> int:
    return 0 if language is None else list(Language).index(language) + 1


def read_query(written: str, stem: Stemmer) -> Query:
    """What somebody asks for; empty where no letter or digit is in it. Nothing is an operator but quotes."""
    text = kept_text(written)[:QUERY_LONGEST]
    phrases = [folded_words(quoted) for quoted in _QUOTED.findall(text)]
    words = folded_words(_QUOTED.sub(" ", text))
    words += [phrase[0] for phrase in phrases if len(phrase) == 1]
    long = [phrase[:MOST_WORDS] for phrase in phrases if len(phrase) > 1]
    telling = [word for word in words if word not in STOP_WORDS]
    if not telling and not long:
        telling = words
    return Query(
        tuple(_term(word, stem) for word in dict.fromkeys(telling))[:MOST_WORDS],
        tuple(tuple(_term(word, stem) for word in phrase) for phrase in long[:MOST_WORDS]),
    )


def _term(word: str, stem: Stemmer) -> Term:
    return Term(word, tuple(stem(word, language) for language in Language))
