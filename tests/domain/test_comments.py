"""What a comment may hold, where it begins, and which moves lead where."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.domain.comments import (
    BODY_LONGEST,
    MOVES,
    CommentState,
    Move,
    comment_body,
    first_state,
    state_after,
)
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason, Refused
from consult.domain.moderation import REASON_LONGEST, RULES, moderation_rule, reason_text

PENDING, PUBLISHED, WITHHELD = CommentState.PENDING, CommentState.PUBLISHED, CommentState.WITHHELD


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Ағаш керек.  ", "Ағаш керек."),
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("и\u0306", "й"),
        ("a\0b\x07c\x1b[31m", "abc[31m"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("a\u2066b\u2069c\u061cd", "abcd"),
        ("a\u200bb\ufeffc", "abc"),
        ("a\ud800b", "ab"),
        ("tab\tstays", "tab\tstays"),
        ("👩\u200d👧 family", "👩\u200d👧 family"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_body_is_kept_readable_and_otherwise_as_written(written: str, kept: str) -> None:
    assert comment_body(written) == kept


@pytest.mark.parametrize(
    "written", ["", " \n\t ", "\0\0", "\u200b", "\u202e", "\ud800", "\u200d", "\u0301", "\u2028"]
)
def test_a_body_in_which_nothing_can_be_seen_is_empty(written: str) -> None:
    with pytest.raises(Refused) as refused:
        comment_body(written)
    assert refused.value.reason is Reason.COMMENT_EMPTY


def test_length_counts_after_cleaning_and_the_refusal_says_both_numbers() -> None:
    assert len(comment_body("ж" * BODY_LONGEST + " \u202e\0")) == BODY_LONGEST
    with pytest.raises(Refused) as refused:
        comment_body("ж" * (BODY_LONGEST + 1))
    assert refused.value.reason is Reason.COMMENT_TOO_LONG
    assert refused.value.details == {"limit": BODY_LONGEST, "length": BODY_LONGEST + 1}


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_a_clean_body_or_a_refusal(written: str) -> None:
    try:
        body = comment_body(written)
    except Refused:
        return
    assert body == body.strip()
    assert unicodedata.is_normalized("NFC", body)
    assert not {unicodedata.category(c) for c in body if c not in "\n\t"} & {"Cc", "Cs"}
    assert not any(unicodedata.bidirectional(c) in {"LRO", "RLO", "LRE", "RLE", "LRI", "RLI"} for c in body)
    assert comment_body(body) == body


def test_a_comment_waits_only_under_pre_moderation() -> None:
    assert first_state(ModerationMode.PRE) is PENDING
    assert first_state(ModerationMode.POST) is PUBLISHED


@pytest.mark.parametrize("state", CommentState)
@pytest.mark.parametrize("move", Move)
def test_moves_lead_only_where_the_table_says(state: CommentState, move: Move) -> None:
    expected = {
        (PENDING, Move.PUBLISH): PUBLISHED,
        (PENDING, Move.WITHHOLD): WITHHELD,
        (PENDING, Move.REDACT): PUBLISHED,
        (PUBLISHED, Move.WITHHOLD): WITHHELD,
        (PUBLISHED, Move.REDACT): PUBLISHED,
        (PUBLISHED, Move.RESTORE): PUBLISHED,
        (PUBLISHED, Move.KEEP): PUBLISHED,
        (WITHHELD, Move.RESTORE): PUBLISHED,
        (WITHHELD, Move.WITHHOLD): WITHHELD,
    }
    if (state, move) in expected:
        assert state_after(state, move) is expected[state, move]
    else:
        with pytest.raises(Refused) as refused:
            state_after(state, move)
        assert refused.value.reason is Reason.MOVE_NOT_ALLOWED
        assert refused.value.details == {"state": state.value}
    assert set(MOVES) == set(expected)


def test_published_rules_are_told_by_their_code() -> None:
    assert [moderation_rule(code).position for code in RULES] == list(range(1, len(RULES) + 1))
    with pytest.raises(Refused) as refused:
        moderation_rule("because")
    assert refused.value.reason is Reason.RULE_UNKNOWN


def test_a_reason_is_words_within_the_limit() -> None:
    assert reason_text("  It \n insults\0 a \u202eneighbour. ") == "It insults a neighbour."
    for written, reason in (
        (" \n", Reason.REASON_MISSING),
        ("\0", Reason.REASON_MISSING),
        ("x" * (REASON_LONGEST + 1), Reason.TEXT_TOO_LONG),
    ):
        with pytest.raises(Refused) as refused:
            reason_text(written)
        assert refused.value.reason is reason
