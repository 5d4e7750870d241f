"""Appeals against moderation: what can be appealed, for how long, by whom it is decided, and how.

An author appeals once against a decision that withheld the comment or took passages out, also after closing.
Whoever took a part in the decision decides nothing about the appeal. What an appeal decided is final.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from consult.domain.comments import CommentState, Move, state_after
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.texts import is_blank, kept_text

WORDS_LONGEST = 2_000
"""Characters of an appeal."""
APPEAL_WITHIN = timedelta(days=30)
"""From the decision to the last moment at which it can be appealed."""
APPEALED_MOVES = frozenset({Move.WITHHOLD, Move.REDACT})
"""The decisions that an author may want to see reversed."""


class Verdict(StrEnum):
    """What the second look found; PARTLY publishes the comment without some passages."""

    UPHELD = "upheld"
    PARTLY = "partly"
    OVERTURNED = "overturned"


REVERSALS = frozenset({Verdict.PARTLY, Verdict.OVERTURNED})
"""Verdicts that changed the decision."""


@dataclass(frozen=True)
class Ruling:
    """A decision that stands: its number, by whom (None for the operator), when and on what ground.

    `is_of_appeal`: it carried out what an appeal had decided. `has_appeal`: somebody has appealed already.
    """

    act_id: int
    move: Move
    actor_id: int | None
    acted_at: datetime
    rule: str | None
    reason: str
    is_of_appeal: bool = False
    has_appeal: bool = False

    @property
    def appeal_until(self) -> datetime:
        return self.acted_at + APPEAL_WITHIN


def why_no_appeal(ruling: Ruling | None, now: datetime) -> Reason | None:
    """Why an author cannot appeal against what stands; None where it can be done."""
    if ruling is None:
        return Reason.NOTHING_TO_APPEAL
    if ruling.has_appeal:
        return Reason.APPEALED_ALREADY
    if ruling.is_of_appeal:
        return Reason.APPEAL_FINAL
    return Reason.APPEAL_TOO_LATE if now > ruling.appeal_until else None


def appeal_words(written: str) -> str:
    """An appeal as it is kept. Raises Refused(REASON_MISSING) when empty, TEXT_TOO_LONG over 2 000."""
    words = kept_text(written)
    if is_blank(words):
        raise Refused(Reason.REASON_MISSING)
    if len(words) > WORDS_LONGEST:
        raise Refused(Reason.TEXT_TOO_LONG, limit=WORDS_LONGEST)
    return words


def verdict(code: str) -> Verdict:
    """Raises Refused(DECISION_MISSING) for a code that is none."""
    try:
        return Verdict(code)
    except ValueError:
        raise Refused(Reason.DECISION_MISSING) from None


def is_involved(actor: Actor, involved: AbstractSet[int]) -> bool:
    """Whether somebody wrote the comment or ruled on it, and so cannot decide the appeal.

    `involved` holds persons by number. The operator of the machine is no person and decides none either.
    """
    return actor.person_id is None or actor.person_id in involved


def move_of(outcome: Verdict, state: CommentState, *, is_redacted: bool) -> Move | None:
    """What happens to the comment: None where it stays as it is.

    Raises:
        Refused: MOVE_NOT_ALLOWED where the comment is gone, or where there is nothing to uphold any more
            because the decision was taken back at the desk meanwhile.
    """
    stands = state is CommentState.WITHHELD or (state is CommentState.PUBLISHED and is_redacted)
    if state not in {CommentState.WITHHELD, CommentState.PUBLISHED}:
        raise Refused(Reason.MOVE_NOT_ALLOWED, state=state.value)
    if not stands and outcome is not Verdict.OVERTURNED:
        raise Refused(Reason.MOVE_NOT_ALLOWED, state=state.value)
    match outcome:
        case Verdict.UPHELD:
            return None
        case Verdict.PARTLY:
            return Move.REDACT
        case Verdict.OVERTURNED:
            return Move.RESTORE if stands else None


def state_after_appeal(state: CommentState, move: Move) -> CommentState:
    """The state that an appeal leads to. A withheld comment is restored first, and then redacted."""
    is_held_back = state is CommentState.WITHHELD and move is Move.REDACT
    return state_after(state_after(state, Move.RESTORE) if is_held_back else state, move)
