"""Weights that make people who took part stand for a population as its margins describe it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from consult.analysis.vote_matrix import Floats, Ints
from consult.domain.errors import Reason, Refused

MOST_ROUNDS = 200
EXACT = 1e-6
"""How near every share must come to its margin."""
LARGEST = 5.0
"""Of the mean weight: a heavier person is cut to it, so that nobody speaks for very many."""
MOST_CUTS = 20
FEWEST_PEOPLE = 100
FEWEST_IN_CATEGORY = 5


@dataclass(frozen=True)
class Weights:
    """A weight a person, 1 on average; `cut` of them were cut to the largest allowed."""

    each: Floats
    cut: int

    @property
    def design_effect(self) -> float:
        """How many times larger the variance is by weighting: n * sum(w^2) / sum(w)^2; Kish 1965, 11.7."""
        return float(len(self.each) * (self.each @ self.each) / self.each.sum() ** 2)

    @property
    def effective(self) -> float:
        """People of a simple sample that is as exact."""
        return len(self.each) / self.design_effect


def check_filled(categories: Ints, shares: Floats, variable: str, names: Sequence[str]) -> None:
    """Refuse people of whom weights cannot be made; `names` are the categories in the order of `shares`.

    Raises:
        Refused: WEIGHTING_TOO_FEW with `people` and `fewest`, WEIGHTING_CELL_EMPTY with `category`.
    """
    if len(categories) < FEWEST_PEOPLE:
        raise Refused(Reason.WEIGHTING_TOO_FEW, people=len(categories), fewest=FEWEST_PEOPLE)
    counts = np.bincount(categories, minlength=len(shares))
    for name, count in zip(names, counts.tolist(), strict=True):
        if count < FEWEST_IN_CATEGORY:
            raise Refused(
                Reason.WEIGHTING_CELL_EMPTY, variable=variable, category=name, fewest=FEWEST_IN_CATEGORY
            )


def weigh(categories: Sequence[Ints], margins: Sequence[Floats]) -> Weights:
    """Weights by raking, the largest cut: `categories` has an array of each variable, a place a person.

    A category is the place of its share in that variable's margins, which add up to 1. After a cut the
    others are raked again around it, until nobody is too heavy. Where that does not end, the last cut stands
    and margins are met as nearly as it allows.

    Raises:
        Refused: WEIGHTING_UNSETTLED where no weights meet all margins.
    """
    weights = raked(np.ones(len(categories[0])), categories, margins)
    is_cut = np.zeros(len(weights), dtype=np.bool_)
    for _ in range(MOST_CUTS):
        is_heavy = weights > LARGEST * (1 + EXACT)
        if not is_heavy.any():
            break
        is_cut |= is_heavy
        weights = np.minimum(weights, LARGEST)
        weights = _raked(weights, categories, margins)[0]
    return Weights(_capped(weights), int(is_cut.sum()))


def _capped(weights: Floats) -> Floats:
    """The weights with a mean of 1 and nobody heavier than allowed; what is cut goes to all others alike."""
    for _ in range(MOST_ROUNDS):
        weights = weights / weights.mean()
        if weights.max() <= LARGEST * (1 + EXACT):
            break
        weights = np.minimum(weights, LARGEST)
    return weights


def raked(weights: Floats, categories: Sequence[Ints], margins: Sequence[Floats]) -> Floats:
    """Iterative proportional fitting: Deming and Stephan 1940, Annals of Mathematical Statistics 11, 427-444.

    Raises:
        Refused: WEIGHTING_UNSETTLED after 200 rounds.
    """
    found, is_settled = _raked(weights, categories, margins)
    if not is_settled:
        raise Refused(Reason.WEIGHTING_UNSETTLED)
    return found


def _raked(weights: Floats, categories: Sequence[Ints], margins: Sequence[Floats]) -> tuple[Floats, bool]:
    """Weights that add up to the number of people, and whether every margin is met."""
    people = len(weights)
    for _ in range(MOST_ROUNDS):
        furthest = 0.0
        for places, shares in zip(categories, margins, strict=True):
            sums = np.bincount(places, weights=weights, minlength=len(shares))
            furthest = max(furthest, float(np.abs(sums / sums.sum() - shares).max()))
            weights = weights * (shares * people / np.where(sums > 0, sums, 1.0))[places]
        if furthest < EXACT:
            return weights, True
    return weights, False


def weighted_counts(weights: Floats, targets: Ints, choices: Ints, count: int) -> tuple[Floats, Ints]:
    """Sums of weights by target and choice (columns disagree, pass, agree), and people by target.

    The three arrays have a place a vote; `targets` are numbered from 0 to `count` - 1, `choices` -1, 0, 1.
    """
    cells = np.bincount(targets * 3 + choices + 1, weights=weights, minlength=3 * count)
    people: Ints = np.bincount(targets, minlength=count).astype(np.int64)
    return np.reshape(cells, (count, 3)).astype(np.float64), people
