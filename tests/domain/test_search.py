"""Folding and query reading: what somebody types, and what is looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.domain.languages import Language
from consult.domain.search import (
    MOST_WORDS,
    QUERY_LONGEST,
    STOP_WORDS,
    Kind,
    facets,
    filters,
    folded,
    folded_words,
    places,
    read_query,
)


def first_four(word: str, _language: Language | None) -> str:
    """A stemmer that a reader sees through."""
    return word[:4]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Көше", "коше"),
        ("ӘҒҚҢӨҰҮҺІ", "агкноууxи".replace("x", "х")),
        ("Ёлка", "елка"),
        ("Йод", "йод"),
        ("Café NAÏVE", "cafe naive"),
        ("ﬁne ２０２６", "fine 2026"),
        ("STRAẞE", "strasse"),
    ],
)
def test_letters_are_folded_to_what_others_type(written: str, expected: str) -> None:
    assert folded(written) == expected


def test_words_are_letters_or_digits_and_never_both() -> None:
    assert folded_words("5 000 ₸/м², №7-үй; re-open 👩‍👩‍👧 snake_case A1") == [
        "5", "000", "м", "2", "7", "уй", "re", "open", "snake", "case", "a", "1",
    ]  # fmt: skip


def test_places_point_into_the_text_as_it_was_written() -> None:
    text = "Ёлка, ҮЙ және м²!"
    assert [text[place.start : place.end] for place in places(text)] == ["Ёлка", "ҮЙ", "және", "м²"]


def test_words_are_asked_for_in_any_form_and_phrases_as_written() -> None:
    query = read_query('ағаштар "жаяу жол" «тек бір»', first_four)
    assert [(term.folded, set(term.stems)) for term in query.words] == [("агаштар", {"агаш"})]
    assert [[term.folded for term in phrase] for phrase in query.phrases] == [["жаяу", "жол"], ["тек", "бир"]]


def test_stop_words_are_left_out_where_other_words_remain() -> None:
    assert [term.folded for term in read_query("the trees and the road", first_four).words] == [
        "trees",
        "road",
    ]
    assert [term.folded for term in read_query("и в на", first_four).words] == ["и", "в", "на"]
    assert read_query('the "one tree"', first_four).words == ()


def test_a_lone_quoted_word_is_a_word_and_an_open_quotation_mark_is_nothing() -> None:
    assert read_query('"road"', first_four) == read_query("road", first_four)
    assert [term.folded for term in read_query('road "and bridge', first_four).words] == ["road", "bridge"]


@pytest.mark.parametrize("written", ["", "   ", "\0", "👩‍👩‍👧", '""', '"', "-- ; ' = *", "(", "\u202e\u200b"])
def test_what_has_no_letter_is_no_query(written: str) -> None:
    assert read_query(written, first_four).is_empty


def test_a_long_query_is_read_in_its_beginning_only() -> None:
    query = read_query("ab" * 5_000, first_four)
    assert [len(term.folded) for term in query.words] == [QUERY_LONGEST]
    many = read_query(" ".join(f"w{letter}" for letter in "bcdfghjklmnpqrst"), first_four)
    assert len(many.words) == MOST_WORDS


@given(st.text())
def test_any_text_can_be_asked_for_and_holds_no_sign_of_a_query_language(written: str) -> None:
    query = read_query(written, first_four)
    for term in query.terms:
        assert term.folded.isalpha() or term.folded.isdigit() or term.folded.isalnum()
        assert not set(term.folded) & set("\"'*:^()&|!<>%_\\ ")


@given(st.text())
def test_no_text_holds_a_word_that_filters_ask_for(written: str) -> None:
    asked = {word for kind in Kind for language in (None, *Language) for word in facets(kind, 1, language)}
    assert not asked & set(folded_words(written))


def test_filters_ask_for_what_entries_hold() -> None:
    entry = set(facets(Kind.COMMENT, 7, Language.RU))
    assert set(filters(Kind.COMMENT)) <= entry
    assert set(filters(Kind.COMMENT, 7, Language.RU)) == entry
    assert not set(filters(Kind.COMMENT, 8)) <= entry
    assert not set(filters(Kind.QUESTION, 7)) <= entry
    assert not set(filters(Kind.COMMENT, 7, Language.KK)) <= entry


def test_stop_words_are_folded() -> None:
    assert {word for word in STOP_WORDS if folded(word) != word} == set()
