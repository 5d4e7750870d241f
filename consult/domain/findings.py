"""What a search found: how well a text answers, what of it is marked, what a misspelt word meant."""

import math
from dataclasses import dataclass

from consult.domain.languages import Language
from consult.domain.search import Place, Query, Stemmer, Term, places

EXCERPT = 240
"""Characters of a long text that a result shows, around the first word that was found."""


@dataclass(frozen=True)
class Piece:
    """A part of a shown text; `is_hit` says that it is what was asked for."""

    text: str
    is_hit: bool = False


def relevance(text: str, query: Query) -> float:
    """How well a folded text, with a space at each end, answers a query; 0 and more, higher is better.

    Words in the very form that was asked for count more than other forms, often more than seldom, early more
    than late, and in a short text more than in a long one.
    """
    score = sum(_weight(text, term) for term in query.terms)
    together = " ".join(term.folded for term in query.words)
    if len(query.words) > 1 and f" {together} " in text:
        score += len(query.words)
    return score / (1 + math.log1p(len(text) / 400))


def _weight(text: str, term: Term) -> float:
    stems = set(term.stems)
    times = sum(text.count(f" {stem}") for stem in stems)
    first = min((at for stem in stems if (at := text.find(f" {stem}")) >= 0), default=len(text))
    is_exact = f" {term.folded} " in text
    return 1 + math.log1p(times) + is_exact + 1 / (1 + first / 60)


def marked(
    text: str, language: Language | None, query: Query, stem: Stemmer, *, inside: bool = False
) -> tuple[Piece, ...]:
    """The text in pieces, those marked that were asked for; `inside`: also where a word only holds one."""
    hits = [place for place in places(text) if _is_hit(place, language, query, stem, inside=inside)]
    return _cut(text, 0, len(text), hits)


def excerpt(
    text: str, language: Language | None, query: Query, stem: Stemmer, *, inside: bool = False
) -> tuple[Piece, ...]:
    """As `marked`, but of a long text only what stands around the first word that was asked for."""
    flat = " ".join(text.split())
    hits = [place for place in places(flat) if _is_hit(place, language, query, stem, inside=inside)]
    if len(flat) <= EXCERPT:
        return _cut(flat, 0, len(flat), hits)
    start = max(0, (hits[0].start if hits else 0) - EXCERPT // 3)
    start = flat.rfind(" ", 0, start) + 1 if start else 0
    end = flat.rfind(" ", start, start + EXCERPT)
    end = len(flat) if start + EXCERPT >= len(flat) else end if end > start else start + EXCERPT
    inner = _cut(flat, start, end, [hit for hit in hits if start <= hit.start and hit.end <= end])
    before = (Piece("… "),) if start else ()
    return (*before, *inner, *((Piece(" …"),) if end < len(flat) else ()))


def _is_hit(place: Place, language: Language | None, query: Query, stem: Stemmer, *, inside: bool) -> bool:
    """Whether one of the parts is what was asked for; the stemmer is asked only where the beginning fits."""
    for term in query.terms:
        for part in place.parts:
            if part == term.folded or (inside and term.folded in part):
                return True
            if part[:2] == term.folded[:2] and stem(part, language) in term.stems:
                return True
    return False


def _cut(text: str, start: int, end: int, hits: list[Place]) -> tuple[Piece, ...]:
    pieces, at = [], start
    for hit in hits:
        pieces += [Piece(text[at : hit.start]), Piece(text[hit.start : hit.end], is_hit=True)]
        at = hit.end
    pieces.append(Piece(text[at:end]))
    return tuple(piece for piece in pieces if piece.text)


def nearest(word: str, known: dict[str, str]) -> str | None:
    """The known word (folded: as it is written) that a misspelt folded one most likely meant; None if none.

    One slip of the finger in a word of up to five letters, two in a longer one; the more common comes first.
    """
    allowed = 1 if len(word) <= 5 else 2  # noqa: PLR2004 - letters
    best: tuple[int, str] | None = None
    for candidate, as_written in known.items():
        if abs(len(candidate) - len(word)) <= allowed and candidate != word:
            slips = _slips(word, candidate, allowed)
            if slips <= allowed and (best is None or slips < best[0]):
                best = slips, as_written
    return best[1] if best else None


def _slips(one: str, other: str, most: int) -> int:
    """Letters to add, leave out, replace or swap with a neighbour (optimal string alignment distance).

    Counting ends above `most`.
    """
    two_above: list[int] = []
    above = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        row = [place]
        for column, opposite in enumerate(other, 1):
            cost = min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != opposite))
            is_swapped = (
                place > 1 and column > 1 and one[place - 2] == opposite and letter == other[column - 2]
            )
            row.append(min(cost, two_above[column - 2] + 1) if is_swapped else cost)
        if min(row) > most:
            return most + 1
        two_above, above = above, row
    return above[-1]
