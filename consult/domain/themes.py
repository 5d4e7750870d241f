"""Themes: what the comments of a consultation are about, as its analysts call it."""

from consult.domain.errors import Reason, Refused
from consult.domain.languages import REQUIRED, Language
from consult.domain.outcomes import Texts, kept_texts

TITLE_LONGEST = 200
DESCRIPTION_LONGEST = 2_000
THEMES_MOST = 200
"""Themes of one consultation; more are no themes any more."""
COMMENTS_AT_ONCE = 200
"""Comments that one deed may mark or answer."""


def theme_titles(written: Texts) -> dict[Language, str]:
    """The titles as they are kept, each in one line.

    Raises:
        Refused: TITLE_MISSING without Kazakh or Russian, TEXT_TOO_LONG over 200 characters.
    """
    titles = kept_texts({key: " ".join(words.split()) for key, words in written.items()}, TITLE_LONGEST)
    if any(language not in titles for language in REQUIRED):
        raise Refused(Reason.TITLE_MISSING)
    return titles
