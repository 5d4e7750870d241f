"""Characteristics of people in exports: no combination that can be seen stands for a few."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from consult.domain.privacy import shown_together, suppressed_categories

SMALLEST = 10
combinations = st.tuples(
    st.sampled_from(("kk", "ru", "en")),
    st.sampled_from(("", "KZ-10", "KZ-71", "KZ-75")),
    st.sampled_from(("", "18-29", "60+")),
)
populations = st.dictionaries(combinations, st.integers(1, 60), max_size=20)


def seen(counts: dict[tuple[str, ...], int], *, columns: int = 3) -> Counter[tuple[str | None, ...]]:
    """People by what can be seen of them."""
    people: Counter[tuple[str | None, ...]] = Counter()
    for combination, shown in shown_together(counts, SMALLEST).items():
        people[shown[:columns]] += counts[combination]
    return people


@given(populations)
def test_whoever_shows_anything_is_one_of_many(counts: dict[tuple[str, ...], int]) -> None:
    for shown, number in seen(counts).items():
        tells = [cell for cell in shown if cell]
        assert number >= SMALLEST or not tells


@given(populations)
def test_a_value_is_shown_as_it_is_or_not_at_all(counts: dict[tuple[str, ...], int]) -> None:
    for combination, shown in shown_together(counts, SMALLEST).items():
        assert all(cell in {None, value} for cell, value in zip(shown, combination, strict=True))


@given(populations)
def test_the_first_column_is_hidden_as_if_it_stood_alone(counts: dict[tuple[str, ...], int]) -> None:
    languages: Counter[str] = Counter()
    for combination, number in counts.items():
        languages[combination[0]] += number
    hidden = suppressed_categories(languages, SMALLEST)
    for combination, shown in shown_together(counts, SMALLEST).items():
        assert (shown[0] is None) is (combination[0] in hidden)


def test_two_large_values_whose_meeting_is_small_do_not_point_at_anybody() -> None:
    """Many live in Abai, many are old, and one is both."""
    counts: dict[tuple[str, ...], int] = {
        ("ru", "KZ-10", "60+"): 1,
        ("ru", "KZ-10", "18-29"): 30,
        ("ru", "KZ-71", "60+"): 30,
    }
    shown = shown_together(counts, SMALLEST)
    assert shown["ru", "KZ-10", "60+"] == ("ru", "KZ-10", None)
    assert shown["ru", "KZ-71", "60+"] == ("ru", "KZ-71", "60+")


def test_where_nobody_told_anything_there_is_nothing_to_hide() -> None:
    assert shown_together({("ru", "", ""): 30}, SMALLEST) == {("ru", "", ""): ("ru", "", "")}


def test_a_population_of_nobody_shows_nothing() -> None:
    assert shown_together({}, SMALLEST) == {}
