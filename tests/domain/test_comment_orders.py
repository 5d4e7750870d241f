"""In which order comments stand."""

from hypothesis import given
from hypothesis import strategies as st

from consult.domain.comment_orders import SCALE, CommentKey, CommentOrder, rank
from consult.domain.consultations import ResultsPolicy, State
from consult.domain.visibility import orders_offered
from consult.domain.votes import Tally

counts = st.integers(0, 10_000_000)
tallies = st.builds(Tally, counts, counts, counts)


@given(tallies)
def test_ranks_of_shares_lie_between_nothing_and_all(tally: Tally) -> None:
    assert 0 <= rank(CommentOrder.AGREED, tally) < SCALE
    assert 0 <= rank(CommentOrder.DIVIDED, tally) < SCALE
    assert rank(CommentOrder.NEEDS_VOTES, tally) == -tally.total
    assert rank(CommentOrder.NEWEST, tally) == 0


def test_many_who_agree_stand_above_one_who_does() -> None:
    def agreed(agree: int, disagree: int, passes: int = 0) -> int:
        return rank(CommentOrder.AGREED, Tally(agree, disagree, passes))

    assert agreed(90, 10) > agreed(2, 0) > agreed(1, 0) > agreed(0, 0) > agreed(0, 1) > agreed(10, 90)
    assert agreed(5, 5) == agreed(0, 0) == SCALE // 2
    assert agreed(3, 1, 0) == agreed(3, 1, 50)


def test_division_needs_two_sides_and_many_votes() -> None:
    def divided(agree: int, disagree: int) -> int:
        return rank(CommentOrder.DIVIDED, Tally(agree, disagree))

    assert divided(100, 100) > divided(10, 10) > divided(1, 1) > divided(0, 0) == divided(100, 0) == 0
    assert divided(30, 70) == divided(70, 30)
    assert divided(10, 10) > divided(30, 1000)


def test_a_key_reads_as_its_number_alone_where_there_is_no_rank() -> None:
    assert str(CommentKey(0, 15)) == "15"
    assert str(CommentKey(666_666, 15)) == "666666.15"
    assert str(CommentKey(-3, 15)) == "-3.15"


def test_while_results_are_hidden_no_order_tells_them() -> None:
    hidden = orders_offered(ResultsPolicy.AFTER_CLOSING, State.OPEN)
    assert hidden == orders_offered(ResultsPolicy.AFTER_CLOSING, State.SCHEDULED) == (CommentOrder.NEWEST,)
    for policy, state in (
        (ResultsPolicy.AFTER_VOTING, State.OPEN),
        (ResultsPolicy.AFTER_CLOSING, State.CLOSED),
        (ResultsPolicy.AFTER_CLOSING, State.ANSWERED),
    ):
        assert orders_offered(policy, state) == tuple(CommentOrder)
