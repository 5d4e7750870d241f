"""Telling near-duplicates of a text among many, without comparing it with each.

MinHash (Broder 1997): of every text the smallest value of each of 64 hash functions over its pieces of five
letters. Two texts agree in one of them as often as their pieces agree. In 16 bands of four, texts that are
much alike share a band almost surely, others seldom; whoever shares one is then compared in full.
"""

from collections.abc import Set as AbstractSet
from random import Random
from zlib import crc32

from consult.domain.search import folded_words

ALIKE = 0.7
"""Share of common pieces from which two texts count as near-duplicates."""
PIECE = 5
BANDS, ROWS = 16, 4
"""A pair that is 0.7 alike shares a band in 98.8 of 100 cases, one that is 0.1 alike in 0.2 of 100."""

_MASK = 0xFFFFFFFF
_SEEDED = Random(1996)  # noqa: S311 - the same functions for ever, no secret
_FUNCTIONS = tuple((_SEEDED.getrandbits(31) * 2 + 1, _SEEDED.getrandbits(32)) for _ in range(BANDS * ROWS))


def pieces(text: str) -> frozenset[str]:
    """All runs of five characters of the folded words; a shorter text is one piece; empty without words."""
    plain = " ".join(folded_words(text))
    if not plain:
        return frozenset()
    return frozenset(plain[at : at + PIECE] for at in range(max(1, len(plain) - PIECE + 1)))


def likeness(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Share of common pieces among all of both (Jaccard), 0 to 1; 0 where one has none."""
    together = len(one | other)
    return len(one & other) / together if one and other else 0.0


def bands(text_pieces: AbstractSet[str]) -> tuple[int, ...]:
    """Sixteen numbers below 2**36, each with its band in the lowest four bits; none without pieces."""
    hashed = [crc32(piece.encode()) for piece in text_pieces]
    if not hashed:
        return ()
    smallest = [min((times * value + plus) & _MASK for value in hashed) for times, plus in _FUNCTIONS]
    return tuple(_band(number, smallest[number * ROWS : (number + 1) * ROWS]) for number in range(BANDS))


def _band(number: int, rows: list[int]) -> int:
    return crc32(b"".join(row.to_bytes(4, "big") for row in rows)) * BANDS + number
