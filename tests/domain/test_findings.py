"""Ranking, marking and putting right what was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.domain.findings import EXCERPT, Piece, excerpt, marked, nearest, relevance
from consult.domain.languages import Language
from consult.domain.search import folded_words, read_query


def first_four(word: str, _language: Language | None) -> str:
    return word[:4]


def kept(text: str) -> str:
    """As the index keeps a text."""
    return f" {' '.join(folded_words(text))} "


def best_first(words: str, *texts: str) -> list[str]:
    query = read_query(words, first_four)
    return sorted(texts, key=lambda text: -relevance(kept(text), query))


@pytest.mark.parametrize(
    ("words", "better", "worse"),
    [
        ("trees", "trees stand here", "a treeless square stands here, once with a tree"),
        ("street", "street", "one word, and another word, and then at last behind many words the street"),
        ("tree", "tree tree tree and a bench", "tree and many other things and a bench"),
        ("green street", "the green street", "street of a town where all doors are green"),
        ("water", "who pays for the water", "who pays for the water " + "and for other things " * 40),
    ],
)
def test_the_better_answer_comes_first(words: str, better: str, worse: str) -> None:
    assert best_first(words, worse, better)[0] == better


def test_what_was_asked_for_is_marked_in_any_form_and_nothing_else() -> None:
    query = read_query("ағаштар", first_four)
    assert marked("Бір Ағаш, аға!", Language.KK, query, first_four) == (
        Piece("Бір "), Piece("Ағаш", is_hit=True), Piece(", аға!"),
    )  # fmt: skip


def test_inside_other_words_the_whole_word_is_marked() -> None:
    query = read_query("reet", first_four)
    assert Piece("street", is_hit=True) in marked("A street.", None, query, first_four, inside=True)
    assert marked("A street.", None, query, first_four) == (Piece("A street."),)


def test_signs_of_html_stay_text() -> None:
    query = read_query("script", first_four)
    pieces = marked("<script>alert(1)</script>", None, query, first_four)
    assert "".join(piece.text for piece in pieces) == "<script>alert(1)</script>"
    assert [piece.text for piece in pieces if piece.is_hit] == ["script", "script"]


@given(st.text(max_size=600), st.text(max_size=40))
def test_the_pieces_of_a_marked_text_are_the_text(text: str, words: str) -> None:
    pieces = marked(text, None, read_query(words, first_four), first_four)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


@given(st.text(max_size=2_000), st.text(max_size=40))
def test_an_excerpt_is_short_and_a_part_of_the_text(text: str, words: str) -> None:
    pieces = excerpt(text, None, read_query(words, first_four), first_four)
    shown = "".join(piece.text for piece in pieces)
    assert len(shown) <= EXCERPT + 4
    assert shown.removeprefix("… ").removesuffix(" …") in " ".join(text.split())


def test_an_excerpt_stands_around_the_first_word_that_was_asked_for() -> None:
    text = f"{'before ' * 100}needle {'after ' * 100}"
    shown = excerpt(text, None, read_query("needle", first_four), first_four)
    assert [piece.text for piece in shown if piece.is_hit] == ["needle"]
    assert (shown[0], shown[-1]) == (Piece("… "), Piece(" …"))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("steret", "street"),
        ("stret", "street"),
        ("streeet", "street"),
        ("strest", "street"),
        ("агащ", "ағаш"),
        ("bridge", None),
        ("brigde", "Bridge"),
        ("street", None),
    ],
)
def test_a_slip_of_the_finger_is_put_right(word: str, meant: str | None) -> None:
    assert nearest(word, {"street": "street", "bridge": "Bridge", "агаш": "ағаш"}) == meant
