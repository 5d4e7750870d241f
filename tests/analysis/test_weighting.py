"""Weights: margins are met, nothing else is bent, and what cannot be weighted is refused."""

import numpy as np
import pytest

from consult.analysis.vote_matrix import Floats, Ints
from consult.analysis.weighting import LARGEST, Weights, check_filled, raked, weigh, weighted_counts
from consult.domain.errors import Reason, Refused

SEEDS = range(12)


def sample(seed: int, people: int = 2_000) -> tuple[list[Ints], list[Floats]]:
    """People of three variables that hang together, and margins that are not theirs."""
    chance = np.random.default_rng(seed)
    first = chance.integers(0, 4, people)
    categories = [
        first,
        np.where(chance.random(people) < 0.5, first % 3, chance.integers(0, 3, people)),
        chance.integers(0, 2, people),
    ]
    margins = [chance.dirichlet(np.full(count, 20.0)) for count in (4, 3, 2)]
    return [each.astype(np.int64) for each in categories], margins


def shares(weights: Floats, places: Ints, count: int) -> Floats:
    found: Floats = np.bincount(places, weights=weights, minlength=count) / weights.sum()
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_raking_meets_every_margin(seed: int) -> None:
    categories, margins = sample(seed)
    weights = raked(np.ones(len(categories[0])), categories, margins)
    for places, wanted in zip(categories, margins, strict=True):
        assert shares(weights, places, len(wanted)) == pytest.approx(wanted, abs=1e-5)
    assert weights.mean() == pytest.approx(1)
    assert (weights > 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_margins_that_are_met_already_give_weights_of_one(seed: int) -> None:
    categories, margins = sample(seed)
    own = [shares(np.ones(len(p)), p, len(m)) for p, m in zip(categories, margins, strict=True)]
    found = weigh(categories, own)
    assert found.each == pytest.approx(1)
    assert found.design_effect == pytest.approx(1)
    assert found.cut == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_twice_the_same_people_get_the_same_weights_whatever_they_began_with(seed: int) -> None:
    categories, margins = sample(seed, 500)
    once = raked(np.ones(500), categories, margins)
    twice = raked(np.full(1_000, 7.0), [np.tile(places, 2) for places in categories], margins)
    assert twice == pytest.approx(np.tile(once, 2), rel=1e-4)
    order = np.random.default_rng(seed).permutation(500)
    assert raked(np.ones(500), [p[order] for p in categories], margins) == pytest.approx(
        once[order], rel=1e-9
    )


def test_the_textbook_table_comes_out() -> None:
    """A table of 2 by 2 whose fit keeps the odds ratio, which raking does by its nature."""
    table = np.array([[40, 30], [20, 10]])
    rows, columns = (each.ravel() for each in np.indices((2, 2)))
    people = np.repeat(np.arange(4), table.ravel())
    weights = raked(
        np.ones(100), [rows[people], columns[people]], [np.array([0.5, 0.5]), np.array([0.5, 0.5])]
    )
    fitted = np.bincount(people, weights=weights).reshape(2, 2)
    assert fitted.sum(axis=0) == pytest.approx([50, 50], abs=1e-3)
    assert fitted.sum(axis=1) == pytest.approx([50, 50], abs=1e-3)
    ratio = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    assert fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0]) == pytest.approx(ratio, rel=1e-3)


TEXTBOOK = np.array([[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]])
TEXTBOOK_FITTED = np.array(
    [
        [64.56, 46.23, 35.38, 3.82],
        [49.97, 68.16, 156.50, 25.37],
        [56.72, 144.43, 145.08, 53.77],
        [28.75, 41.18, 63.03, 17.03],
    ]
)
"""The table by which raking is usually taught, rows of 150, 300, 400, 150, columns of 200, 300, 400, 100."""


def test_the_textbook_table_of_four_by_four_comes_out() -> None:
    rows, columns = (each.ravel() for each in np.indices((4, 4)))
    people = np.repeat(np.arange(16), TEXTBOOK.ravel())
    margins = [np.array([0.15, 0.3, 0.4, 0.15]), np.array([0.2, 0.3, 0.4, 0.1])]
    weights = raked(np.ones(len(people)), [rows[people], columns[people]], margins)
    fitted = np.bincount(people, weights=weights).reshape(4, 4) / weights.sum() * 1000
    assert fitted == pytest.approx(TEXTBOOK_FITTED, abs=0.006)


def fitted_table(table: Floats, margins: list[Floats]) -> Floats:
    """Iterative proportional fitting of a table of counts, one axis after another, a thousand times."""
    for _ in range(1_000):
        for axis, wanted in enumerate(margins):
            found = np.apply_over_axes(np.sum, table, [a for a in range(table.ndim) if a != axis])
            table = table / found * wanted.reshape(found.shape)
    shares: Floats = table / table.sum()
    return shares


@pytest.mark.parametrize("seed", SEEDS)
def test_people_get_the_weight_of_their_cell_in_a_table_fitted_as_a_whole(seed: int) -> None:
    categories, margins = sample(seed)
    cells = tuple(categories)
    before, after = np.zeros((4, 3, 2)), np.zeros((4, 3, 2))
    np.add.at(before, cells, 1)
    np.add.at(after, cells, raked(np.ones(len(categories[0])), categories, margins))
    assert after / after.sum() == pytest.approx(fitted_table(before, margins), abs=1e-5)


def test_two_categories_are_weighted_as_by_hand() -> None:
    """150 of f and 50 of m, wanted half and half: 100 / 150 and 100 / 50."""
    found = weigh([np.array([0] * 150 + [1] * 50)], [np.array([0.5, 0.5])])
    assert found.each == pytest.approx([2 / 3] * 150 + [2.0] * 50)
    assert found.design_effect == pytest.approx(200 * (150 * 4 / 9 + 50 * 4) / 200**2)
    assert found.effective == pytest.approx(150)


def test_nobody_speaks_for_more_than_five() -> None:
    places = np.array([0] * 95 + [1] * 5)
    found = weigh([places], [np.array([0.5, 0.5])])
    assert found.each.max() == pytest.approx(LARGEST, rel=1e-5)
    assert found.cut == 5
    assert found.each.mean() == pytest.approx(1)
    assert found.effective < 100


def test_the_design_effect_is_that_of_kish() -> None:
    found = Weights(np.array([1.0, 1.0, 4.0]), 0)
    assert found.design_effect == pytest.approx(3 * 18 / 36)
    assert found.effective == pytest.approx(2)


def test_margins_that_contradict_each_other_are_refused() -> None:
    places = np.array([0, 1] * 60)
    with pytest.raises(Refused) as refused:
        weigh([places, places], [np.array([0.3, 0.7]), np.array([0.6, 0.4])])
    assert refused.value.reason is Reason.WEIGHTING_UNSETTLED


def test_few_people_and_empty_cells_are_refused() -> None:
    half = np.array([0.5, 0.5])
    with pytest.raises(Refused) as refused:
        check_filled(np.zeros(99, dtype=np.int64), half, "gender", ["f", "m"])
    assert refused.value.reason is Reason.WEIGHTING_TOO_FEW
    with pytest.raises(Refused) as refused:
        check_filled(np.array([0] * 196 + [1] * 4), half, "gender", ["f", "m"])
    assert (refused.value.reason, refused.value.details["category"]) == (Reason.WEIGHTING_CELL_EMPTY, "m")
    check_filled(np.array([0] * 195 + [1] * 5), half, "gender", ["f", "m"])


def test_votes_are_counted_by_weight() -> None:
    sums, people = weighted_counts(np.array([2.0, 1.0, 0.5]), np.array([0, 0, 1]), np.array([1, -1, 0]), 3)
    assert sums.tolist() == [[1.0, 0.0, 2.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.0]]
    assert people.tolist() == [2, 1, 0]
