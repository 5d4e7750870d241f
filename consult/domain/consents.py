"""What people agree to: each text has a purpose, a version and a day; its words stand in `web.words`.

Whoever changes the words of a text adds a version here, and keeps the old words: people agreed to those.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Purpose(StrEnum):
    """TERMS: the rules and what is kept; no account without it. STATISTICS: region, age, gender; optional."""

    TERMS = "terms"
    STATISTICS = "statistics"


@dataclass(frozen=True)
class ConsentText:
    """One version of a text; `version` is kept with every consent, `since` is its first day."""

    purpose: Purpose
    version: str
    since: date


TEXTS = (
    ConsentText(Purpose.TERMS, "2026-11", date(2026, 11, 23)),
    ConsentText(Purpose.STATISTICS, "2026-11", date(2026, 11, 23)),
)
"""Every version there has ever been, oldest first."""

CURRENT: Mapping[Purpose, ConsentText] = {text.purpose: text for text in TEXTS}
"""The newest text of each purpose: what a person agrees to now."""
