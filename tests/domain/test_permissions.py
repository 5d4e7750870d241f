"""Powers by role everywhere, and by duty in one consultation."""

import pytest

from consult.domain.errors import Reason, Refused
from consult.domain.people import GUEST, Actor, Duty, Role
from consult.domain.permissions import (
    Predicate,
    consultations_where,
    may_answer,
    may_edit_consultations,
    may_export_restricted,
    may_manage_accounts,
    may_moderate,
    may_read_drafts,
    require_in,
    require_somewhere,
)

OFFICIAL = Actor(1, Role.OFFICIAL)
MODERATOR_OF_7 = Actor(2, duties=frozenset({(7, Duty.MODERATOR)}))


def test_a_duty_counts_in_its_own_consultation_only() -> None:
    require_in(MODERATOR_OF_7, may_moderate, 7)
    with pytest.raises(Refused) as refused:
        require_in(MODERATOR_OF_7, may_moderate, 8)
    assert refused.value.reason is Reason.NOT_PERMITTED


@pytest.mark.parametrize("may", [may_edit_consultations, may_answer, may_export_restricted])
def test_a_moderator_of_a_consultation_gets_no_other_power_there(may: Predicate) -> None:
    with pytest.raises(Refused):
        require_in(MODERATOR_OF_7, may, 7)


def test_every_duty_reads_the_draft_and_none_manages_accounts() -> None:
    for duty in Duty:
        holder = Actor(3, duties=frozenset({(7, duty)}))
        require_in(holder, may_read_drafts, 7)
        with pytest.raises(Refused):
            require_somewhere(holder, may_manage_accounts)


def test_a_duty_opens_the_door_and_the_list_shows_its_consultation_alone() -> None:
    require_somewhere(MODERATOR_OF_7, may_moderate)
    assert consultations_where(MODERATOR_OF_7, may_moderate) == frozenset({7})
    assert consultations_where(MODERATOR_OF_7, may_answer) == frozenset()
    assert consultations_where(OFFICIAL, may_moderate) is None


def test_without_the_second_factor_a_duty_counts_for_nothing() -> None:
    waiting = Actor(2, awaits_second_factor=True, duties=frozenset({(7, Duty.MODERATOR)}))
    with pytest.raises(Refused) as refused:
        require_in(waiting, may_moderate, 7)
    assert refused.value.reason is Reason.SECOND_FACTOR_NEEDED


def test_a_guest_is_asked_to_sign_in() -> None:
    with pytest.raises(Refused) as refused:
        require_in(GUEST, may_moderate, 7)
    assert refused.value.reason is Reason.SIGN_IN_NEEDED
