"""The whole table of who sees what, and of who may do what."""

import pytest

from consult.domain.comments import CommentState
from consult.domain.consultations import ResultsPolicy, State
from consult.domain.errors import Reason, Refused
from consult.domain.people import GUEST, OPERATOR, Actor, Role
from consult.domain.permissions import (
    Predicate,
    may_edit_consultations,
    may_export_restricted,
    may_manage_accounts,
    may_moderate,
    may_read_audit,
    may_read_drafts,
    may_rehearse,
    may_take_part,
    require,
)
from consult.domain.visibility import (
    LISTED_STATES,
    Sight,
    comment_sight,
    consultation_sight,
    desk_sight,
    is_tally_shown,
)

CITIZEN, OTHER = Actor(1), Actor(2)
OFFICIAL, ADMINISTRATOR = Actor(3, Role.OFFICIAL), Actor(4, Role.ADMINISTRATOR)
READERS = {
    "guest": GUEST, "author": CITIZEN, "other": OTHER, "official": OFFICIAL,
    "administrator": ADMINISTRATOR, "operator": OPERATOR,
}  # fmt: skip
FULL, STUB, NOTHING = Sight.FULL, Sight.STUB, Sight.NOTHING
STRANGERS = ("guest", "other", "official", "administrator", "operator")


@pytest.mark.parametrize(
    ("state", "author_sees", "others_see"),
    [
        (CommentState.PENDING, FULL, NOTHING),
        (CommentState.PUBLISHED, FULL, FULL),
        (CommentState.WITHHELD, FULL, STUB),
        (CommentState.WITHDRAWN, FULL, STUB),
        (CommentState.ERASED, STUB, STUB),
    ],
)
def test_only_the_author_sees_words_that_are_held_back(
    state: CommentState, author_sees: Sight, others_see: Sight
) -> None:
    assert comment_sight(CITIZEN, state, author_id=1) is author_sees
    assert {comment_sight(READERS[name], state, author_id=1) for name in STRANGERS} == {others_see}
    assert (state in LISTED_STATES) is (others_see is not NOTHING)


@pytest.mark.parametrize("state", CommentState)
def test_a_guest_is_not_the_author_of_a_comment_without_one(state: CommentState) -> None:
    assert comment_sight(GUEST, state, author_id=None) is comment_sight(OTHER, state, author_id=1)
    assert comment_sight(OPERATOR, state, author_id=None) is comment_sight(OTHER, state, author_id=1)


@pytest.mark.parametrize("state", CommentState)
@pytest.mark.parametrize("reader", READERS)
def test_the_desk_shows_kept_words_to_moderators_alone(reader: str, state: CommentState) -> None:
    if reader in {"guest", "author", "other"}:
        assert desk_sight(READERS[reader], state) is NOTHING
    else:
        assert desk_sight(READERS[reader], state) is (STUB if state is CommentState.ERASED else FULL)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("reader", READERS)
def test_drafts_and_withdrawn_consultations_are_for_officials(reader: str, state: State) -> None:
    is_staff = reader in {"official", "administrator", "operator"}
    expected = {State.DRAFT: NOTHING, State.WITHDRAWN: STUB}.get(state, FULL)
    assert consultation_sight(READERS[reader], state) is (FULL if is_staff else expected)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("policy", ResultsPolicy)
@pytest.mark.parametrize("has_voted", [True, False])
def test_results_come_after_ones_own_vote_or_after_closing(
    state: State, policy: ResultsPolicy, *, has_voted: bool
) -> None:
    is_over = state in {State.CLOSED, State.ANSWERED, State.ARCHIVED}
    expected = is_over or (has_voted and policy is ResultsPolicy.AFTER_VOTING)
    assert is_tally_shown(policy, state, has_voted=has_voted) is expected


@pytest.mark.parametrize(
    ("may", "allowed"),
    [
        (may_take_part, {"author", "other", "official", "administrator", "operator"}),
        (may_edit_consultations, {"official", "administrator", "operator"}),
        (may_moderate, {"official", "administrator", "operator"}),
        (may_export_restricted, {"official", "administrator", "operator"}),
        (may_read_drafts, {"official", "administrator", "operator"}),
        (may_read_audit, {"administrator", "operator"}),
        (may_manage_accounts, {"administrator", "operator"}),
        (may_rehearse, {"operator"}),
    ],
)
def test_each_permission_is_for_these_and_nobody_else(may: Predicate, allowed: set[str]) -> None:
    assert {name for name, actor in READERS.items() if may(actor)} == allowed
    for name in READERS.keys() - allowed:
        with pytest.raises(Refused) as refused:
            require(READERS[name], may)
        expected = Reason.SIGN_IN_NEEDED if name == "guest" else Reason.NOT_PERMITTED
        assert refused.value.reason is expected
    for name in allowed:
        require(READERS[name], may)
