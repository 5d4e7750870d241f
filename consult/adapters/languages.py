"""Telling Kazakh, Russian and English apart, offline."""

import re
from functools import cache
from typing import TYPE_CHECKING

from consult.domain.languages import Language

if TYPE_CHECKING:
    from lingua import LanguageDetector

SAMPLED_CHARS = 5000
ADDRESS = re.compile(r"https?://\S{1,2000}|\S{1,100}@\S{1,100}")
LETTER = re.compile(r"[^\W\d_]{2}")


def detect_language(text: str) -> Language | None:
    """The language that most of the beginning of a text is in; None without words.

    The first call loads about 90 MB of models; importing this file loads nothing.
    """
    sample = ADDRESS.sub(" ", text[: SAMPLED_CHARS * 2])[:SAMPLED_CHARS]
    if not LETTER.search(sample):
        return None
    found = _detector().detect_language_of(sample)
    return Language(found.iso_code_639_1.name.lower()) if found else None


@cache
def _detector() -> "LanguageDetector":
    from lingua import Language as Known  # noqa: PLC0415 - a heavy library, loaded when first needed
    from lingua import LanguageDetectorBuilder  # noqa: PLC0415

    return LanguageDetectorBuilder.from_languages(Known.KAZAKH, Known.RUSSIAN, Known.ENGLISH).build()
