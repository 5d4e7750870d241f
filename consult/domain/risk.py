"""Marks that put a comment earlier or later in a moderator's queue. They decide nothing and hide nothing."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from consult.domain.personal_data import Passage, personal_data
from consult.domain.search import places


class Mark(StrEnum):
    """Why a comment is read earlier; stable, since rows hold them."""

    PERSONAL_DATA = "personal-data"
    REPORTED = "reported"
    PROFANITY = "profanity"
    LINK = "link"
    CORRECTED = "corrected"
    ALIKE = "alike"
    CAPITALS = "capitals"
    NEWCOMER = "newcomer"


WEIGHTS: Mapping[Mark, int] = {
    Mark.PERSONAL_DATA: 40,
    Mark.REPORTED: 30,
    Mark.PROFANITY: 25,
    Mark.LINK: 15,
    Mark.CORRECTED: 10,
    Mark.ALIKE: 10,
    Mark.CAPITALS: 5,
    Mark.NEWCOMER: 5,
}
"""Points of each mark. Harm to a person that grows with every reader comes first, then what people object to,
then what is only more work. They are a guess to be looked at again when there are figures of real queues."""
MORE_REPORTS = 5
"""Points of each report after the first, for up to four of them."""
LAST_RANK = 100
"""Rank of a comment without a mark, and of one on which somebody has decided."""
CAPITALS_FEWEST = 12
"""Letters from which a text counts as written in capitals; shorter ones may be a name."""
CAPITALS_SHARE = 0.7

_LINK = re.compile(
    r"\b(?:https?://|www\.)\S+|\b(?:t\.me|wa\.me)/\S+|\b[a-z0-9-]{2,40}\.(?:kz|ru|com|org|net|info|shop|site|online|xyz)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Circumstances:
    """What is known of a comment beside its words."""

    is_first_of_author: bool = False
    is_alike: bool = False
    is_reread: bool = False
    reports: int = 0


def marks_of(
    text: str, circumstances: Circumstances, profanity: AbstractSet[str] = frozenset()
) -> frozenset[Mark]:
    """The marks of a comment; `profanity` holds folded words, see `domain.search.folded`."""
    signs = {
        Mark.PERSONAL_DATA: bool(personal_data(text)),
        Mark.REPORTED: circumstances.reports > 0,
        Mark.PROFANITY: bool(rude_places(text, profanity)),
        Mark.LINK: has_link(text),
        Mark.CORRECTED: circumstances.is_reread,
        Mark.ALIKE: circumstances.is_alike,
        Mark.CAPITALS: is_shouted(text),
        Mark.NEWCOMER: circumstances.is_first_of_author,
    }
    return frozenset(mark for mark, is_there in signs.items() if is_there)


def desk_rank(marks: AbstractSet[Mark], reports: int = 0) -> int:
    """Place in the queue, 0 first to 100 last: a hundred without the points of the marks."""
    points = sum(WEIGHTS[mark] for mark in marks) + MORE_REPORTS * min(max(0, reports - 1), 4)
    return max(0, LAST_RANK - points)


def has_link(text: str) -> bool:
    """Whether an address of the web stands in the text; that of a mailbox is none."""
    return any(text[hit.start() - 1 : hit.start()] != "@" for hit in _LINK.finditer(text))


def is_shouted(text: str) -> bool:
    """Whether most letters of a text that is long enough are capitals."""
    letters = [letter for letter in text if letter.isalpha() and letter.lower() != letter.upper()]
    return len(letters) >= CAPITALS_FEWEST and sum(map(str.isupper, letters)) >= CAPITALS_SHARE * len(letters)


def rude_places(text: str, profanity: AbstractSet[str]) -> tuple[tuple[int, int], ...]:
    """Where whole words of the table stand, from and to; a word that only holds one is not taken for it."""
    if not profanity:
        return ()
    return tuple((place.start, place.end) for place in places(text) if not profanity.isdisjoint(place.parts))


def written_marks(marks: AbstractSet[Mark]) -> str:
    """As a row keeps them: the codes in the order of `Mark`, with a space on each side; empty without any."""
    return "".join(f" {mark.value}" for mark in Mark if mark in marks) + " " * bool(marks)


def read_marks(written: str) -> tuple[Mark, ...]:
    """The marks of a row, in the order of `Mark`."""
    known = set(written.split())
    return tuple(mark for mark in Mark if mark.value in known)


@dataclass(frozen=True)
class Marked:
    """A part of a comment as the desk shows it; `why` it is marked, None for what is not."""

    text: str
    why: Mark | None = None


def marked_text(
    text: str, passages: tuple[Passage, ...], rude: tuple[tuple[int, int], ...]
) -> tuple[Marked, ...]:
    """The text in parts, with personal data and rude words marked; where both overlap, personal data."""
    spans = [(passage.start, passage.end, Mark.PERSONAL_DATA) for passage in passages]
    spans += [(start, end, Mark.PROFANITY) for start, end in rude]
    parts, at = [], 0
    for start, end, why in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= at:
            parts += [Marked(text[at:start]), Marked(text[start:end], why)]
            at = end
    return tuple(part for part in (*parts, Marked(text[at:])) if part.text)
