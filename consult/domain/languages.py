"""The three languages, and what to show where a text is missing in one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from consult.domain.errors import Reason, Refused


class Language(StrEnum):
    """Languages of pages, mail and consultation texts, in the order in which fallback looks for a text."""

    KK = "kk"
    RU = "ru"
    EN = "en"


DEFAULT = Language.KK
REQUIRED = (Language.KK, Language.RU)
"""Languages without which nothing opens; English is optional and shown as missing."""


def language(code: str) -> Language:
    """The language of a code such as `kk`.

    Raises:
        Refused: LANGUAGE_UNKNOWN for any other code.
    """
    try:
        return Language(code)
    except ValueError:
        raise Refused(Reason.LANGUAGE_UNKNOWN, code=code[:20]) from None


@dataclass(frozen=True)
class Shown:
    """A text as a reader gets it, in the language it is in; empty where no language has it."""

    text: str
    language: Language
    is_fallback: bool

    def __str__(self) -> str:
        return self.text


def shown(texts: Mapping[Language, str], wanted: Language) -> Shown:
    """The text in the wanted language, else in the first of kk, ru, en that has one, marked as a fallback."""
    if texts.get(wanted):
        return Shown(texts[wanted], wanted, is_fallback=False)
    for other in Language:
        if texts.get(other):
            return Shown(texts[other], other, is_fallback=True)
    return Shown("", wanted, is_fallback=False)
