"""The one visibility policy: what a reader may see of a consultation, a comment or a tally.

Page, API, feed, search, mail and export all ask here, so that none can show what another hides.
"""

from enum import StrEnum
from typing import assert_never

from consult.domain.comment_orders import BY_VOTES, CommentOrder
from consult.domain.comments import CommentState
from consult.domain.consultations import ResultsPolicy, Stage, State
from consult.domain.people import GUEST, Actor
from consult.domain.permissions import may_in, may_moderate, may_read_drafts


class Sight(StrEnum):
    """FULL: everything. STUB: that something stood here, and why it does not. NOTHING: not even that."""

    FULL = "full"
    STUB = "stub"
    NOTHING = "nothing"


PUBLIC_COMMENT_SIGHT = {
    CommentState.PENDING: Sight.NOTHING,
    CommentState.PUBLISHED: Sight.FULL,
    CommentState.WITHHELD: Sight.STUB,
    CommentState.WITHDRAWN: Sight.STUB,
    CommentState.ERASED: Sight.STUB,
}
"""What everybody sees of a comment in each state."""

LISTED_STATES = tuple(state for state, sight in PUBLIC_COMMENT_SIGHT.items() if sight is not Sight.NOTHING)
"""States that a public list holds, as a query needs them."""

READABLE_STATES = tuple(state for state, sight in PUBLIC_COMMENT_SIGHT.items() if sight is Sight.FULL)
"""States in which everybody reads a comment's words, as the search index and feeds need them."""


def consultation_sight(
    reader: Actor, state: State, consultation_id: int | None = None, *, was_published: bool = True
) -> Sight:
    """Drafts are for officials, and for whoever has a duty in just this consultation.

    A withdrawn consultation keeps its address, as a stub with its reason. A draft that was withdrawn
    before anybody else saw it stays unseen.
    """
    match state:
        case State.DRAFT:
            return Sight.FULL if _reads_drafts(reader, consultation_id) else Sight.NOTHING
        case State.WITHDRAWN:
            if _reads_drafts(reader, consultation_id):
                return Sight.FULL
            return Sight.STUB if was_published else Sight.NOTHING
        case State.SCHEDULED | State.OPEN | State.CLOSED | State.ANSWERED | State.ARCHIVED:
            return Sight.FULL
    assert_never(state)


def _reads_drafts(reader: Actor, consultation_id: int | None) -> bool:
    if consultation_id is None:
        return may_read_drafts(reader)
    return may_in(reader, may_read_drafts, consultation_id)


def comment_sight(
    reader: Actor, state: CommentState, author_id: int | None, *, is_corrected: bool = False
) -> Sight:
    """An author sees the own words while they are kept; nobody but author and moderators sees held-back ones.

    A moderator reads withheld words at the desk, not in the middle of the public page: see `desk_sight`.
    A corrected comment that waits to be read again is a stub, so that its answers keep their place.
    """
    is_author = reader.person_id is not None and reader.person_id == author_id
    if is_author and state in {CommentState.PENDING, CommentState.WITHHELD, CommentState.WITHDRAWN}:
        return Sight.FULL
    if state is CommentState.PENDING and is_corrected:
        return Sight.STUB
    return PUBLIC_COMMENT_SIGHT[state]


def are_earlier_wordings_shown(state: CommentState, *, is_redacted: bool) -> bool:
    """Whether everybody may read what a corrected comment said before: only while all of it may be read."""
    return state is CommentState.PUBLISHED and not is_redacted


def desk_sight(reader: Actor, state: CommentState) -> Sight:
    """What the moderation desk shows: every text that is kept, to those who moderate."""
    if not may_moderate(reader):
        return Sight.NOTHING
    return Sight.STUB if state is CommentState.ERASED else Sight.FULL


def is_tally_shown(policy: ResultsPolicy, state: State, *, has_voted: bool) -> bool:
    """Results come after one's own vote, and to all after closing; AFTER_CLOSING hides them until then.

    The reader's role plays no part: on public pages nobody can quote figures that others cannot check.
    """
    if state in {State.CLOSED, State.ANSWERED, State.ARCHIVED}:
        return True
    return policy is ResultsPolicy.AFTER_VOTING and has_voted


def are_positions_shown(state: State) -> bool:
    """Official positions and the outcome: read by all once it is published, by nobody outside before."""
    return state in {State.ANSWERED, State.ARCHIVED}


def are_results_shown(policy: ResultsPolicy, state: State, *, has_voted: bool) -> bool:
    """Whether a reader sees results of a consultation as a whole: turnout in detail, groups, the map.

    `has_voted` on anything in it. What single questions and comments got is asked with `is_tally_shown`, each
    with the reader's vote on that one, so that no list tells what its own page still hides.
    """
    return is_tally_shown(policy, state, has_voted=has_voted)


def are_breakdowns_shown(state: State) -> bool:
    """Whether figures by region, language and the like are shown to everybody: once voting is over.

    Before, somebody who looks twice could see in which category the vote between the two looks was.
    """
    return is_tally_shown(ResultsPolicy.AFTER_CLOSING, state, has_voted=False)


def orders_offered(policy: ResultsPolicy, state: State) -> tuple[CommentOrder, ...]:
    """The orders in which comments may be listed; none by votes while those are hidden from everybody."""
    is_hidden = not is_tally_shown(policy, state, has_voted=True)
    return tuple(order for order in CommentOrder if not (is_hidden and order in BY_VOTES))


READABLE_STAGES = tuple(
    stage
    for stage in Stage
    if consultation_sight(GUEST, State.CLOSED if stage is Stage.PUBLISHED else State(stage.value))
    is Sight.FULL
)
"""Stages in which everybody reads a consultation; what is published may be so, whatever the clock says."""
