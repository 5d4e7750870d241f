"""No published figure of moderation stands for a few people, nor can one be found by subtracting."""

from hypothesis import given
from hypothesis import strategies as st

from consult.domain.moderation_statistics import (
    TOLD,
    Counted,
    Counts,
    Dimension,
    Table,
    hidden_categories,
    table_of,
    table_of_all,
    tells_too_much,
)

SMALLEST = 10
amounts = st.integers(0, 40)
categories = st.sampled_from("abcde")
counted = st.dictionaries(categories, st.builds(Counts, *[amounts] * 6), max_size=5)


def table(counts: dict[str, Counts], smallest_group: int = SMALLEST) -> Table:
    total = sum(counts.values(), Counts())
    return table_of(
        Dimension.RULE,
        {key: Counted(each, 2.5) for key, each in counts.items()},
        Counted(total, 2.5),
        smallest_group,
    )


def hidden_sum(shown: Table, counts: dict[str, Counts], name: str) -> list[int]:
    return [getattr(counts[row.category], name) for row in shown.rows if getattr(row.cells, name) is None]


@given(counted)
def test_no_count_under_the_smallest_group_is_told_or_found_by_subtraction(
    counts: dict[str, Counts],
) -> None:
    shown = table(counts)
    for name in TOLD:
        told = [getattr(row.cells, name) for row in shown.rows]
        assert not any(value is not None and 0 < value < SMALLEST for value in told)
        hidden = hidden_sum(shown, counts, name)
        total = getattr(shown.total, name)
        if hidden and total is not None:
            assert sum(hidden) >= SMALLEST
            assert len(hidden) > 1
        assert total is None or total == 0 or total >= SMALLEST


@given(st.lists(counted, max_size=4))
def test_all_together_tell_nothing_that_the_table_of_one_hides(each: list[dict[str, Counts]]) -> None:
    together = table_of_all(Dimension.RULE, each, {}, SMALLEST)
    single = [table(counts) for counts in each]
    for name in TOLD:
        rows = {row.category: getattr(row.cells, name) for row in together.rows}
        for category, told in rows.items():
            hidden = [
                getattr(counts[category], name)
                for counts, shown in zip(each, single, strict=True)
                for row in shown.rows
                if row.category == category and getattr(row.cells, name) is None
            ]
            assert told is None or not tells_too_much(hidden, SMALLEST)
        totals = [
            getattr(sum(counts.values(), Counts()), name)
            for counts, shown in zip(each, single, strict=True)
            if getattr(shown.total, name) is None
        ]
        total = getattr(together.total, name)
        if tells_too_much(totals, SMALLEST):
            assert total is None
            assert not rows or None in rows.values()


def test_what_is_many_is_told_whole() -> None:
    shown = table({"a": Counts(50, 40, 20, 40, 10, 10), "b": Counts(30, 30, 0, 30, 0, 0)})
    first, second = (row.cells for row in shown.rows)
    assert (first.received, first.withheld, first.withheld_share, first.median_hours) == (50, 20, 0.4, 2.5)
    assert (second.withheld, second.withheld_share, second.appeals) == (0, 0.0, 0)
    assert (shown.total.received, shown.total.withheld_share) == (80, 0.25)


def test_a_lone_small_count_takes_another_with_it() -> None:
    assert hidden_categories({"a": 3, "b": 30, "c": 40, "d": 0}, SMALLEST) == {"a", "b"}
    assert hidden_categories({"a": 30, "b": 40}, SMALLEST) == frozenset()
    assert hidden_categories({"a": 30, "b": 40, "c": 50}, SMALLEST, frozenset({None})) == {"a", "b"}
    assert hidden_categories({}, SMALLEST) == frozenset()


def test_a_median_of_few_and_a_share_of_something_hidden_are_not_told() -> None:
    (row,) = table({"a": Counts(50, 40, 3, 9, 0, 0)}).rows
    assert (row.cells.median_hours, row.cells.withheld, row.cells.withheld_share) == (None, None, None)
    (nothing,) = table({"a": Counts()}).rows
    assert (nothing.cells.received, nothing.cells.withheld_share) == (0, None)
