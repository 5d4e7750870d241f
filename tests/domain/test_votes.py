"""Choices and tallies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.domain.errors import Reason, Refused
from consult.domain.votes import Choice, Tally, choice, percentages

COUNTS = st.integers(min_value=0, max_value=10**9)
WEIGHTS = st.floats(min_value=0, max_value=10**9).filter(lambda sum_: not 0 < sum_ < 10**-6)


@given(COUNTS, COUNTS, COUNTS)
def test_percentages_add_up_to_a_hundred_and_are_off_by_less_than_one(
    agree: int, disagree: int, passing: int
) -> None:
    tally = Tally(agree, disagree, passing)
    if not tally.total:
        assert tally.percentages == (0, 0, 0)
        return
    assert sum(tally.percentages) == 100
    for shown, count in zip(tally.percentages, (agree, disagree, passing), strict=True):
        assert abs(shown - 100 * count / tally.total) < 1
        assert count or not shown


@given(COUNTS, COUNTS, COUNTS)
def test_more_votes_never_show_a_smaller_percentage(agree: int, disagree: int, passing: int) -> None:
    tally = Tally(agree, disagree, passing)
    shown = tally.percentages
    counts = (agree, disagree, passing)
    assert all(shown[i] >= shown[j] for i in range(3) for j in range(3) if counts[i] > counts[j])
    assert (tally.agree_percent, tally.disagree_percent, tally.pass_percent) == shown


@given(WEIGHTS, WEIGHTS, WEIGHTS)
def test_percentages_of_weights_add_up_to_a_hundred_too(
    agree: float, disagree: float, passing: float
) -> None:
    shown = percentages((agree, disagree, passing))
    total = agree + disagree + passing
    assert sum(shown) == (100 if total else 0)
    for percent, weight in zip(shown, (agree, disagree, passing), strict=True):
        assert not total or abs(percent - 100 * weight / total) < 1 + 10**-6


@pytest.mark.parametrize(
    ("tally", "shown"),
    [
        (Tally(1, 1, 1), (34, 33, 33)),
        (Tally(2, 1, 0), (67, 33, 0)),
        (Tally(1, 0, 0), (100, 0, 0)),
        (Tally(1, 1, 998), (0, 0, 100)),
    ],
)
def test_percentages_round_by_the_largest_remainder(tally: Tally, shown: tuple[int, int, int]) -> None:
    assert tally.percentages == shown


def test_agreement_is_among_those_who_took_a_side() -> None:
    assert Tally(3, 1, 96).agreement == 0.75
    assert Tally(0, 0, 5).agreement is None
    assert Tally().agreement is None


def test_choices_are_told_by_their_words() -> None:
    assert [choice(each.word) for each in Choice] == list(Choice)
    assert {each.word: each.value for each in Choice} == {"agree": 1, "pass": 0, "disagree": -1}
    for word in ("", "yes", "1", "agree ", "__class__", "name"):
        with pytest.raises(Refused) as refused:
            choice(word)
        assert refused.value.reason is Reason.CHOICE_UNKNOWN
