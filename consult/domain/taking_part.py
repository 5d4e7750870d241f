"""Whether somebody may vote or write now, and why not; how long taking part takes.

Pages ask here what to show, deeds ask here what to say when a write was held back: one answer for both.
"""

import math
from collections.abc import Iterable

from consult.domain.comments import CommentState
from consult.domain.consultations import State
from consult.domain.errors import Reason
from consult.domain.people import Actor
from consult.domain.permissions import may_take_part, why_not
from consult.domain.questions import QuestionKind

CHARACTERS_A_MINUTE = 860
"""Read aloud by adults, mean of 17 languages, Russian among them: Trauzettel-Klosinski and Dietz,
Standardized Assessment of Reading Performance: The New International Reading Speed Texts IReST, IOVS 53
(2012) 5452-5461. Characters, since a Kazakh word holds more of them than an English one."""
SECONDS_TO_VOTE = 15
"""To weigh a proposition and press a button; our own estimate."""
SECONDS_TO_WRITE = 60
"""For a sentence or two typed on a telephone, some 35 words a minute; our own estimate."""


def why_closed(state: State) -> Reason | None:
    """Why a consultation in a state takes no input; None where it does. Nobody is told of a draft."""
    match state:
        case State.OPEN:
            return None
        case State.DRAFT:
            return Reason.NOT_FOUND
        case State.SCHEDULED:
            return Reason.CONSULTATION_NOT_OPEN
        case _:
            return Reason.CONSULTATION_CLOSED


def why_no_answer(actor: Actor, state: State, target: CommentState | None = None) -> Reason | None:
    """Why the actor may not vote on something or write under it now; None where nothing is in the way.

    `target` is the state of the comment that is voted on or replied to, None for a question. That nobody has
    signed in comes last: whoever reads SIGN_IN_NEEDED could act after it.
    """
    closed = why_closed(state)
    if closed is not None:
        return closed
    if target not in {None, CommentState.PUBLISHED}:
        return Reason.COMMENT_NOT_PUBLISHED
    return why_not(actor, may_take_part)


def minutes_needed(questions: Iterable[tuple[QuestionKind, int]]) -> int:
    """Whole minutes, rounded up, to read questions (kind, characters) and answer each; at least 1."""
    seconds = sum(
        60 * characters / CHARACTERS_A_MINUTE
        + (SECONDS_TO_VOTE if kind is QuestionKind.PROPOSITION else SECONDS_TO_WRITE)
        for kind, characters in questions
    )
    return max(1, math.ceil(seconds / 60))
