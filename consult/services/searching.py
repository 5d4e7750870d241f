"""Searching in public texts: from what somebody typed to marked excerpts. It only reads.

Whoever asks finds what everybody may read, and nothing else: own drafts and withheld words stay out of it,
so that no result and no number can tell one reader what another one must not know.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from consult.adapters.stemming import stem
from consult.domain.findings import Piece, excerpt, marked, nearest, relevance
from consult.domain.languages import Language
from consult.domain.search import Kind, Query, folded, read_query
from consult.queries import public_texts
from consult.queries import search as index
from consult.queries.search import Candidate, Wanted

PAGE = 20
"""Results on one page of one kind."""
FEW = 5
"""Results of each kind where all kinds are shown."""
LAST_PAGE = index.MOST // PAGE
LEAST_COMMON = 3
"""Letters of a word that is proposed."""


@dataclass(frozen=True)
class Hit:
    """A thing that was found, and what it says in `language`; `heading` is empty for a comment."""

    kind: Kind
    slug: str
    language: Language | None
    heading: tuple[Piece, ...]
    text: tuple[Piece, ...]
    question_number: int | None = None
    comment_id: int | None = None
    parent_id: int | None = None
    author: str | None = None
    submitted_at: datetime | None = None


@dataclass(frozen=True)
class Section:
    """What was found of one kind: a page of it, and how many there are; `is_more` than are counted."""

    kind: Kind
    hits: tuple[Hit, ...]
    count: int
    is_more: bool
    next_page: int | None


@dataclass(frozen=True)
class Found:
    """`is_asked` is False for a query without a word; `inside` says that words were found inside others.

    `hint` is what was probably meant where nothing was found, None where nobody knows.
    """

    is_asked: bool
    sections: tuple[Section, ...] = ()
    inside: bool = False
    hint: str | None = None

    @property
    def count(self) -> int:
        return sum(section.count for section in self.sections)


@dataclass(frozen=True)
class _Ranked:
    things: list[Candidate]
    is_more: bool


def search(
    written: str, reading: Language, wanted: Wanted, *, kind: Kind | None = None, page: int = 1
) -> Found:
    """What answers the words best: a few of each kind, or a page (from 1) of one kind."""
    query = read_query(written, stem)
    if query.is_empty:
        return Found(is_asked=False)
    kinds = [kind] if kind else list(Kind)
    ranked, inside = _ranked(query, kinds, reading, wanted)
    page = min(max(page, 1), LAST_PAGE)
    size, start = (PAGE, (page - 1) * PAGE) if kind else (FEW, 0)
    sections = tuple(
        Section(
            each,
            tuple(_hits(each, found.things[start : start + size], query, inside=inside)),
            count=len(found.things),
            is_more=found.is_more,
            next_page=page + 1 if len(found.things) > start + size and page < LAST_PAGE else None,
        )
        for each, found in ranked.items()
        if found.things
    )
    hint = None if sections else _hint(query, kinds, reading, wanted)
    return Found(is_asked=True, sections=sections, inside=inside, hint=hint)


def consultations_about(written: str, reading: Language) -> tuple[int, ...] | None:
    """Consultations whose own words or questions answer the words; None for a query without a word."""
    query = read_query(written, stem)
    if query.is_empty:
        return None
    ranked, _ = _ranked(query, [Kind.CONSULTATION, Kind.QUESTION], reading, Wanted())
    asked = [(thing.thing_id, thing.language) for thing in ranked[Kind.QUESTION].things]
    of_questions = public_texts.found_questions(asked).values()
    of_themselves = [thing.thing_id for thing in ranked[Kind.CONSULTATION].things]
    return tuple(dict.fromkeys([*of_themselves, *(question.consultation_id for question in of_questions)]))


def comments_holding(written: str, reading: Language, consultation_id: int) -> tuple[int, ...] | None:
    """Comments of a consultation that answer the words, at most 300; None for a query without a word."""
    query = read_query(written, stem)
    if query.is_empty:
        return None
    ranked, _ = _ranked(query, [Kind.COMMENT], reading, Wanted(consultation_id))
    return tuple(thing.thing_id for thing in ranked[Kind.COMMENT].things)


def _ranked(
    query: Query, kinds: list[Kind], reading: Language, wanted: Wanted
) -> tuple[dict[Kind, _Ranked], bool]:
    """What fits of each kind, the best first; by pieces of words where no whole word fits anywhere."""
    for inside in (False, True):
        found = {kind: index.candidates(query, kind, wanted, inside=inside) for kind in kinds}
        if any(found.values()):
            return {kind: _best(query, fitting, reading) for kind, fitting in found.items()}, inside
    return {kind: _Ranked([], is_more=False) for kind in kinds}, False


def _best(query: Query, fitting: list[Candidate], reading: Language) -> _Ranked:
    """Each thing once, in the page's language where it fits in that one; newer before older where alike."""
    scores: dict[int, tuple[float, Candidate]] = {}
    for candidate in fitting[: index.MOST]:
        score = relevance(candidate.folded, query) + (candidate.language is reading) * len(query.terms)
        if candidate.thing_id not in scores or score > scores[candidate.thing_id][0]:
            scores[candidate.thing_id] = score, candidate
    best = sorted(scores.values(), key=lambda scored: (-scored[0], -scored[1].thing_id))
    return _Ranked([candidate for _, candidate in best], is_more=len(fitting) > index.MOST)


def _hits(kind: Kind, things: list[Candidate], query: Query, *, inside: bool) -> list[Hit]:
    match kind:
        case Kind.CONSULTATION:
            return _consultation_hits(things, query, inside=inside)
        case Kind.QUESTION:
            return _question_hits(things, query, inside=inside)
        case Kind.COMMENT:
            return _comment_hits(things, query, inside=inside)


def _consultation_hits(things: list[Candidate], query: Query, *, inside: bool) -> list[Hit]:
    found = public_texts.found_consultations([(thing.thing_id, thing.language) for thing in things])
    return [
        Hit(
            Kind.CONSULTATION,
            words.slug,
            language,
            heading=marked(words.title, language, query, stem, inside=inside),
            text=excerpt(words.text, language, query, stem, inside=inside),
        )
        for (_, language), words in found.items()
    ]


def _question_hits(things: list[Candidate], query: Query, *, inside: bool) -> list[Hit]:
    found = public_texts.found_questions([(thing.thing_id, thing.language) for thing in things])
    return [
        Hit(
            Kind.QUESTION,
            words.slug,
            language,
            heading=marked(words.text, language, query, stem, inside=inside),
            text=excerpt(words.topic, language, query, stem, inside=inside),
            question_number=words.number,
        )
        for (_, language), words in found.items()
    ]


def _comment_hits(things: list[Candidate], query: Query, *, inside: bool) -> list[Hit]:
    found = public_texts.found_comments([thing.thing_id for thing in things])
    return [
        Hit(
            Kind.COMMENT,
            words.slug,
            thing.language,
            heading=(),
            text=excerpt(words.text, thing.language, query, stem, inside=inside),
            question_number=words.question_number,
            comment_id=words.id,
            parent_id=words.parent_id,
            author=words.author,
            submitted_at=words.submitted_at,
        )
        for thing in things
        if (words := found.get(thing.thing_id))
    ]


def _hint(query: Query, kinds: list[Kind], reading: Language, wanted: Wanted) -> str | None:
    """The query with misspelt words put right from public texts; None unless that finds something."""
    known = _known_words()
    right = [known.get(term.folded) or nearest(term.folded, known) or term.folded for term in query.terms]
    meant = " ".join(right)
    if [folded(word) for word in right] == [term.folded for term in query.terms]:
        return None
    ranked, _ = _ranked(read_query(meant, stem), kinds, reading, wanted)
    return meant if any(found.things for found in ranked.values()) else None


def _known_words() -> dict[str, str]:
    """Words of public texts, folded: as they are written in lower case; the most common first."""
    times = Counter(word for text in public_texts.known_texts() for word in text.lower().split())
    known: dict[str, str] = {}
    for word, _ in times.most_common():
        plain = "".join(filter(str.isalpha, word))
        if len(plain) >= LEAST_COMMON:
            known.setdefault(folded(plain), plain)
    return known
