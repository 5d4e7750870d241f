"""Rude words that order the moderators' queue: whole words, folded as the search folds them."""

import re

from consult.domain.errors import Reason, Refused
from consult.domain.search import folded_words

WORD_LONGEST = 60
MOST_WORDS = 5_000
"""Words of one language; more would be a dictionary, and every comment is held against all of them."""
HEADING = "word"
_END_OF_CELL = re.compile("[,;\t]")


def kept_word(written: str) -> str:
    """The word as it is kept and looked for.

    Raises:
        Refused: WORD_UNUSABLE where it is not one word of letters, TEXT_TOO_LONG over 60 characters.
    """
    if len(written.strip()) > WORD_LONGEST:
        raise Refused(Reason.TEXT_TOO_LONG, limit=WORD_LONGEST)
    parts = folded_words(written)
    if len(parts) != 1 or not parts[0].isalpha():
        raise Refused(Reason.WORD_UNUSABLE)
    return parts[0]


def read_words(text: str) -> frozenset[str]:
    """The words of a CSV file, one a line in the first column; a heading `word` may stand above them.

    Raises:
        Refused: WORDS_UNREADABLE with `line`, where a line holds no usable word; WORDS_TOO_MANY over 5 000.
    """
    found: set[str] = set()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        cell = _END_OF_CELL.split(line, maxsplit=1)[0].strip().strip('"')
        if not cell or (number == 1 and cell.casefold() == HEADING):
            continue
        try:
            found.add(kept_word(cell))
        except Refused:
            raise Refused(Reason.WORDS_UNREADABLE, line=number) from None
    check_number(len(found))
    return frozenset(found)


def check_number(words: int) -> None:
    """Raises Refused(WORDS_TOO_MANY) for more than 5 000 words of a language."""
    if words > MOST_WORDS:
        raise Refused(Reason.WORDS_TOO_MANY, limit=MOST_WORDS)
