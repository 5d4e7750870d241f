"""What kept words may hold: no character that hides, reverses, or that a database cannot keep."""

import unicodedata

_BIDI_AND_INVISIBLE = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def kept_text(written: str) -> str:
    """The words as they are kept: NFC, LF line ends, no control or direction-changing characters, trimmed."""
    lines = unicodedata.normalize("NFC", written).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(filter(_is_kept, lines)).strip()


def is_blank(words: str) -> bool:
    """Whether nothing can be seen: only spaces, joiners and marks that stand on no letter."""
    return all(unicodedata.category(character)[0] in "CMZ" for character in words)


def _is_kept(character: str) -> bool:
    if character in "\n\t":
        return True
    return character not in _BIDI_AND_INVISIBLE and unicodedata.category(character) not in {"Cc", "Cs", "Cn"}
