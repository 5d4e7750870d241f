"""The rules of moderation as administrators keep them: those the program brings, and their own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from consult.domain.errors import Reason, Refused
from consult.domain.languages import REQUIRED, Language
from consult.domain.moderation import RULES
from consult.domain.texts import is_blank, kept_text

TITLE_LONGEST = 120
TEXT_LONGEST = 1_000
MOST_RULES = 30
_CODE = re.compile(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,39}")


@dataclass(frozen=True)
class RuleWords:
    """A rule in one language."""

    title: str
    text: str


@dataclass(frozen=True)
class KeptRule:
    """A rule as it stands now.

    `version` 0 has the words of the catalogue of each language, and is there for the program's own rules
    alone; every rewording makes the next version, with `words` of its own.
    """

    code: str
    position: int
    version: int = 0
    is_retired: bool = False
    words: Mapping[Language, RuleWords] = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        """Whether administrators made it; the program's own rules have words in the catalogue as well."""
        return self.code not in RULES


def checked_code(written: str) -> str:
    """The code of a new rule: 2 to 40 small Latin letters, digits and single hyphens.

    Raises:
        Refused: RULE_CODE_INVALID; RULE_CODE_TAKEN for one of the program's own.
    """
    code = written.strip().lower()
    if not _CODE.fullmatch(code):
        raise Refused(Reason.RULE_CODE_INVALID)
    if code in RULES:
        raise Refused(Reason.RULE_CODE_TAKEN)
    return code


def checked_words(written: Mapping[Language, RuleWords]) -> dict[Language, RuleWords]:
    """The words of a rule as they are kept; a language without a title is left out.

    Raises:
        Refused: RULE_WORDS_MISSING without title and text in Kazakh and Russian, or with one of the two alone
            in any language; TEXT_TOO_LONG.
    """
    kept: dict[Language, RuleWords] = {}
    for language, words in written.items():
        title, text = " ".join(kept_text(words.title).split()), kept_text(words.text)
        if len(title) > TITLE_LONGEST or len(text) > TEXT_LONGEST:
            raise Refused(
                Reason.TEXT_TOO_LONG, limit=TITLE_LONGEST if len(title) > TITLE_LONGEST else TEXT_LONGEST
            )
        if is_blank(title) is not is_blank(text):
            raise Refused(Reason.RULE_WORDS_MISSING)
        if not is_blank(title):
            kept[language] = RuleWords(title, text)
    if not set(REQUIRED) <= set(kept):
        raise Refused(Reason.RULE_WORDS_MISSING)
    return kept
