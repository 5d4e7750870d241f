"""The public log of moderation: what was done, under which rule, on which day; no names and no words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consult.domain.exports import Column, Kind
from consult.domain.languages import Language


class Step(StrEnum):
    """What a line of the log tells: an act of a moderator, an appeal, or what was decided about one."""

    PUBLISH = "publish"
    WITHHOLD = "withhold"
    REDACT = "redact"
    RESTORE = "restore"
    KEEP = "keep"
    UNDO = "undo"
    APPEAL = "appeal"
    UPHELD = "upheld"
    PARTLY = "partly"
    OVERTURNED = "overturned"


@dataclass(frozen=True)
class Line:
    """One line. `appeal_of` is the line that was appealed against; `is_undone`: somebody took it back since.

    `language` is that of the comment, None where nobody knows it. Readers are shown the day of `at` only.
    """

    id: int
    at: datetime
    step: Step
    rule: str | None
    language: Language | None
    appeal_of: int | None
    is_undone: bool


COLUMNS = (
    Column("entry_id", Kind.INTEGER, "number of the line"),
    Column("day", Kind.DATE, "day in Kazakhstan"),
    Column("action", Kind.STRING, "what was done"),
    Column("rule", Kind.STRING, "code of the rule"),
    Column("language", Kind.STRING, "language of the comment"),
    Column("appeal_of", Kind.INTEGER, "line that was appealed against"),
    Column("undone", Kind.INTEGER, "1 where it was taken back since"),
)
"""The columns of the log as a file."""
