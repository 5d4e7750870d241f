"""Reviewing proposals: ticks, titles, merging, splitting, and quotations that stay true through it all."""

import json
from dataclasses import replace

import pytest

from consult.domain.agenda.reading import read_agenda
from consult.domain.agenda.review import (
    LONGEST_QUOTE_CHARS,
    Review,
    from_json,
    merged,
    one_line,
    renamed,
    review_of,
    split,
    to_json,
    topics_of,
)
from consult.domain.agenda.source import SourceText
from consult.domain.agenda.versions import Change, KnownTopic, compare
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language

LINES = [
    "Forum on streets",
    "5 March 2024",
    "09:00-09:30 Registration",
    "09:30-10:30 Trees along the main street; benches in the park",
    "10:30-11:00 Coffee break",
    "11:00-12:00 Winter maintenance of bicycle lanes",
    "Who clears the snow from the lanes?",
]
SOURCE = SourceText.of(LINES)


def review() -> Review:
    return review_of(read_agenda(LINES, Language.EN), SOURCE)


def titles(found: Review) -> list[str]:
    return [each.title for each in found.proposals]


def renamed_to(*written: str, chosen: tuple[int, ...] = (0, 1), taken: tuple[int, ...] = ()) -> Review:
    return renamed(review(), written, chosen, taken, SOURCE)


def assert_true(found: Review, source: SourceText = SOURCE) -> None:
    """Every quotation stands in the lines that it names."""
    lines = source.text.split("\n")
    for each in found.proposals:
        assert each.quote(source.text) in "\n".join(lines[each.first - 1 : each.last])


def test_a_reading_becomes_a_review_with_everything_chosen() -> None:
    found = review()

    assert [(each.quote(SOURCE.text), each.first, each.is_chosen) for each in found.proposals] == [
        ("Trees along the main street; benches in the park", 4, True),
        ("Winter maintenance of bicycle lanes", 6, True),
    ]
    assert [SOURCE.text[each.start : each.end] for each in found.left_out] == ["Registration", "Coffee break"]
    assert found.proposals[1].questions == ("Who clears the snow from the lanes?",)


def test_an_empty_title_leaves_the_old_one() -> None:
    assert titles(renamed_to("Trees", " ")) == ["Trees", "Winter maintenance of bicycle lanes"]


def test_what_is_not_ticked_becomes_no_topic() -> None:
    found = renamed_to("Trees", "Lanes", chosen=(1,))

    assert [proposal.title for proposal, _ in topics_of(found, SOURCE)] == ["Lanes"]


def test_what_was_left_out_can_be_taken_in_its_place() -> None:
    found = renamed_to("Trees", "Lanes", taken=(1,))

    assert titles(found) == ["Trees", "Coffee break", "Lanes"]
    assert len(found.left_out) == 1
    assert_true(found)


def test_merging_quotes_all_that_stands_between() -> None:
    found = merged(review(), 1)

    (one,) = found.proposals
    assert (one.first, one.last, one.starts, one.ends) == (4, 6, "09:30", "12:00")
    assert one.questions == ("Who clears the snow from the lanes?",)
    assert_true(found)


@pytest.mark.parametrize("at", [0, 2, -1])
def test_there_is_nothing_to_merge_before_the_first_and_behind_the_last(at: int) -> None:
    with pytest.raises(Refused) as refusal:
        merged(review(), at)

    assert refusal.value.reason is Reason.NOT_FOUND


def test_topics_that_stand_far_apart_are_not_merged() -> None:
    first, second = review().proposals
    later = replace(second, start=second.start + LONGEST_QUOTE_CHARS, end=second.end + LONGEST_QUOTE_CHARS)
    with pytest.raises(Refused) as refusal:
        merged(Review((first, later)), 1)

    assert refusal.value.reason is Reason.AGENDA_TOPICS_APART


def test_splitting_by_lines_narrows_each_quotation_to_its_own_words() -> None:
    found = split(
        renamed_to("Trees along the main street\nbenches in the park\nSomething new", "Lanes"), 0, SOURCE
    )

    assert titles(found) == ["Trees along the main street", "benches in the park", "Something new", "Lanes"]
    assert [each.quote(SOURCE.text) for each in found.proposals[:3]] == [
        "Trees along the main street",
        "benches in the park",
        "Trees along the main street; benches in the park",
    ]
    assert_true(found)


def test_a_title_of_one_line_is_not_split() -> None:
    with pytest.raises(Refused) as refusal:
        split(review(), 0, SOURCE)

    assert refusal.value.reason is Reason.AGENDA_NOTHING_TO_SPLIT


def test_titles_end_on_one_line() -> None:
    assert titles(one_line(renamed_to("Trees\nand  shade", "Lanes"))) == ["Trees and shade", "Lanes"]


def test_a_review_survives_being_written_down() -> None:
    found = renamed_to("Trees", "Lanes", chosen=(0,))

    assert from_json(json.loads(json.dumps(to_json(found)))) == found


def known(number: int, quote: str, place: int, starts: str | None = "09:30") -> KnownTopic:
    return KnownTopic(number, quote, quote, place, "2024-03-05", starts)


def test_a_newer_version_says_what_stayed_moved_was_reworded_came_and_went() -> None:
    older = [
        known(1, "Trees along the main street; benches in the park", 4),
        known(2, "Winter maintenance of the bicycle lanes", 6, "11:00"),
        known(3, "Parking fees", 8),
    ]
    same = compare(older, review().proposals, SOURCE.text)

    assert same.changes == (Change.SAME, Change.REWORDED)
    assert [topic.id for topic in same.removed] == [3]
    moved = compare(
        [known(1, "Trees along the main street; benches in the park", 3)], review().proposals, SOURCE.text
    )
    assert moved.changes == (Change.MOVED, Change.ADDED)


def test_equal_words_win_over_alike_ones() -> None:
    older = [
        known(1, "Winter maintenance of bicycle lane", 6),
        known(2, "Winter maintenance of bicycle lanes", 6),
    ]
    compared = compare(older, review().proposals, SOURCE.text)

    assert compared.known[1] is older[1]
