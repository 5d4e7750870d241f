"""The published rules of moderation, chosen before the launch, each with a stable code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.risk import Mark
from consult.domain.texts import is_blank, kept_text

REASON_LONGEST = 1_000
"""Characters of the reason that an author gets."""
UNDO_WINDOW = timedelta(seconds=20)
"""For so long news of a decision wait, so that one undone at once is told to nobody."""
LOCK = timedelta(minutes=5)
"""For so long others are told that somebody reads a comment; nobody needs longer, many forget to let go."""
MOST_TOGETHER = 500
"""Comments decided in one act; more would keep others waiting for the database."""


class View(StrEnum):
    """What the desk lists; the codes of states stand for themselves."""

    PENDING = "pending"
    REPORTED = "reported"
    ESCALATED = "escalated"
    MINE = "mine"
    PUBLISHED = "published"
    WITHHELD = "withheld"


class DeskOrder(StrEnum):
    """RISK: marked comments first, of equal ones the oldest. OLDEST: by age alone."""

    RISK = "risk"
    OLDEST = "oldest"


@dataclass(frozen=True)
class Selection:
    """Which comments a moderator looks at, and in which order; None asks for any.

    `question` is a number within the consultation and means nothing without one.
    """

    view: View = View.PENDING
    order: DeskOrder = DeskOrder.RISK
    consultation_id: int | None = None
    question: int | None = None
    language: Language | None = None
    mark: Mark | None = None


@dataclass(frozen=True)
class ModerationRule:
    """A ground on which a comment may be withheld; its words stand in the catalogue of each language."""

    code: str
    position: int


RULES: Mapping[str, ModerationRule] = {
    code: ModerationRule(code, position)
    for position, code in enumerate(
        ("off-topic", "insult", "hate", "personal-data", "advertising", "unlawful", "duplicate"), start=1
    )
}


def moderation_rule(code: str) -> ModerationRule:
    """Raises Refused(RULE_UNKNOWN) for a code that is not published."""
    try:
        return RULES[code]
    except KeyError:
        raise Refused(Reason.RULE_UNKNOWN) from None


def report_words(written: str) -> str:
    """What somebody adds to a report, trimmed; may be empty. Raises Refused(TEXT_TOO_LONG) over 1 000."""
    words = kept_text(written)
    if len(words) > REASON_LONGEST:
        raise Refused(Reason.TEXT_TOO_LONG, limit=REASON_LONGEST)
    return "" if is_blank(words) else words


def reason_text(written: str) -> str:
    """The reason for the author, trimmed.

    Raises:
        Refused: REASON_MISSING when empty, TEXT_TOO_LONG over 1 000 characters.
    """
    reason = " ".join(kept_text(written).split())
    if not reason:
        raise Refused(Reason.REASON_MISSING)
    if len(reason) > REASON_LONGEST:
        raise Refused(Reason.TEXT_TOO_LONG, limit=REASON_LONGEST)
    return reason
