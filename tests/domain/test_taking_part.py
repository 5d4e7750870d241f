"""Who may answer now, why not, and how long it takes."""

import pytest

from consult.domain.comments import CommentState
from consult.domain.consultations import State
from consult.domain.errors import Reason
from consult.domain.people import GUEST, OPERATOR, Actor
from consult.domain.questions import QuestionKind
from consult.domain.taking_part import CHARACTERS_A_MINUTE, minutes_needed, why_closed, why_no_answer

CITIZEN = Actor(person_id=7)


@pytest.mark.parametrize("state", State)
def test_only_an_open_consultation_takes_answers(state: State) -> None:
    reason = why_no_answer(CITIZEN, state)
    assert (reason is None) is (state is State.OPEN)
    assert reason is why_closed(state)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (State.DRAFT, Reason.NOT_FOUND),
        (State.SCHEDULED, Reason.CONSULTATION_NOT_OPEN),
        (State.CLOSED, Reason.CONSULTATION_CLOSED),
        (State.ANSWERED, Reason.CONSULTATION_CLOSED),
        (State.WITHDRAWN, Reason.CONSULTATION_CLOSED),
    ],
)
def test_the_reason_says_which_side_of_the_timetable_it_is(state: State, reason: Reason) -> None:
    assert why_closed(state) is reason


@pytest.mark.parametrize("target", CommentState)
def test_only_a_published_comment_is_answered(target: CommentState) -> None:
    expected = None if target is CommentState.PUBLISHED else Reason.COMMENT_NOT_PUBLISHED
    assert why_no_answer(CITIZEN, State.OPEN, target) is expected


def test_a_guest_is_asked_to_sign_in_only_where_that_would_help() -> None:
    assert why_no_answer(GUEST, State.OPEN) is Reason.SIGN_IN_NEEDED
    assert why_no_answer(GUEST, State.OPEN, CommentState.PUBLISHED) is Reason.SIGN_IN_NEEDED
    assert why_no_answer(GUEST, State.CLOSED) is Reason.CONSULTATION_CLOSED
    assert why_no_answer(GUEST, State.OPEN, CommentState.WITHHELD) is Reason.COMMENT_NOT_PUBLISHED
    assert why_no_answer(OPERATOR, State.OPEN) is None


def test_the_time_needed_grows_with_what_is_read_and_written() -> None:
    short, long = (QuestionKind.PROPOSITION, 60), (QuestionKind.PROPOSITION, 10 * CHARACTERS_A_MINUTE)
    assert minutes_needed([]) == minutes_needed([short]) == 1
    assert minutes_needed([short] * 4) == 2  # 4 times 4.2 seconds to read and 15 to vote: 77 seconds
    assert minutes_needed([(QuestionKind.OPEN, 60)] * 4) == 5  # 60 to write instead: 257 seconds
    assert minutes_needed([long]) == 11
