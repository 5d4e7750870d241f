"""Two versions of a text side by side."""

from hypothesis import given
from hypothesis import strategies as st

from consult.domain.differences import Side, Stretch, differences

TEXTS = st.text(alphabet="аб в\n", max_size=60)


def test_words_of_both_and_of_each_are_told_apart() -> None:
    assert differences("One tree a house", "One lamp a house") == (
        Stretch("One", Side.BOTH),
        Stretch(" tree", Side.KEPT),
        Stretch(" lamp", Side.OWN),
        Stretch(" a house", Side.BOTH),
    )


def test_two_empty_texts_have_no_difference() -> None:
    assert differences("", "") == ()


@given(TEXTS, TEXTS)
def test_nothing_of_either_text_is_lost(kept: str, own: str) -> None:
    found = differences(kept, own)
    assert "".join(each.words for each in found if each.side is not Side.OWN) == kept
    assert "".join(each.words for each in found if each.side is Side.OWN or each.side is Side.BOTH) == own
