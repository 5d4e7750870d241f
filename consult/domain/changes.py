"""When something that everybody may read changed last, for feeds and calendars."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Changes:
    """The last public change of a consultation, and how many times its closing was moved."""

    changed_at: datetime
    extensions: int = 0


@dataclass(frozen=True)
class Closing:
    """A closing date for a calendar; `key` names it for ever, `revision` rises when the date moves."""

    key: str
    title: str
    text: str
    address: str
    closes_at: datetime
    changed_at: datetime
    revision: int
