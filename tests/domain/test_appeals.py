"""When an appeal is possible, who decides it, and what it leads to."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.domain.appeals import (
    APPEAL_WITHIN,
    Ruling,
    Verdict,
    is_involved,
    move_of,
    state_after_appeal,
    verdict,
    why_no_appeal,
)
from consult.domain.comments import CommentState, Move
from consult.domain.errors import Reason, Refused
from consult.domain.people import OPERATOR, Actor

NOW = datetime(2026, 11, 24, tzinfo=UTC)
WITHHELD, PUBLISHED = CommentState.WITHHELD, CommentState.PUBLISHED


def ruling(*, ago: timedelta = timedelta(0), is_of_appeal: bool = False, has_appeal: bool = False) -> Ruling:
    return Ruling(1, Move.WITHHOLD, 2, NOW - ago, "insult", "Rude.", is_of_appeal, has_appeal)


@pytest.mark.parametrize(
    ("stands", "reason"),
    [
        (None, Reason.NOTHING_TO_APPEAL),
        (ruling(), None),
        (ruling(ago=APPEAL_WITHIN), None),
        (ruling(ago=APPEAL_WITHIN + timedelta(microseconds=1)), Reason.APPEAL_TOO_LATE),
        (ruling(has_appeal=True, ago=2 * APPEAL_WITHIN), Reason.APPEALED_ALREADY),
        (ruling(is_of_appeal=True), Reason.APPEAL_FINAL),
    ],
)
def test_one_appeal_in_time_and_none_against_an_appeal(stands: Ruling | None, reason: Reason | None) -> None:
    assert why_no_appeal(stands, NOW) is reason


def test_whoever_took_part_stays_out_and_so_does_the_machine() -> None:
    assert is_involved(Actor(2), frozenset({2, 3}))
    assert not is_involved(Actor(4), frozenset({2, 3}))
    assert is_involved(OPERATOR, frozenset())


@pytest.mark.parametrize(
    ("outcome", "state", "is_redacted", "move"),
    [
        (Verdict.UPHELD, WITHHELD, False, None),
        (Verdict.PARTLY, WITHHELD, False, Move.REDACT),
        (Verdict.OVERTURNED, WITHHELD, False, Move.RESTORE),
        (Verdict.UPHELD, PUBLISHED, True, None),
        (Verdict.PARTLY, PUBLISHED, True, Move.REDACT),
        (Verdict.OVERTURNED, PUBLISHED, True, Move.RESTORE),
        (Verdict.OVERTURNED, PUBLISHED, False, None),
    ],
)
def test_each_verdict_leads_to_its_move(
    outcome: Verdict, state: CommentState, move: Move | None, *, is_redacted: bool
) -> None:
    assert move_of(outcome, state, is_redacted=is_redacted) is move
    if move is not None:
        assert state_after_appeal(state, move) is PUBLISHED


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Verdict.UPHELD, PUBLISHED),
        (Verdict.PARTLY, PUBLISHED),
        *((each, state) for each in Verdict for state in (CommentState.WITHDRAWN, CommentState.ERASED)),
    ],
)
def test_nothing_is_decided_about_what_is_taken_back_or_gone(outcome: Verdict, state: CommentState) -> None:
    with pytest.raises(Refused) as refused:
        move_of(outcome, state, is_redacted=False)
    assert refused.value.reason is Reason.MOVE_NOT_ALLOWED


def test_a_verdict_is_one_of_three() -> None:
    assert verdict("partly") is Verdict.PARTLY
    with pytest.raises(Refused) as refused:
        verdict("perhaps")
    assert refused.value.reason is Reason.DECISION_MISSING
