"""Which statements set a group apart from the others, and which a majority of everybody shares.

Formulas of 2.9 and 2.10 of Pol.is's mathematics. Every array has one number a statement.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consult.analysis.vote_matrix import Floats, Ints

SIGNIFICANT = 1.2816
"""z of a one-sided test at 90 per cent."""
MOST_SHOWN = 5
AGREE, PASS, DISAGREE = 2, 1, 0
"""Places of the choices in `VoteMatrix.tallies`."""


@dataclass(frozen=True)
class Difference:
    """How one side of a group's votes differs from that of the others, in the letters of the formulas.

    `share` p, 0 to 1 with prior; `share_test` z of being more than half; `ratio` r to the others' share;
    `ratio_test` R, z of the two shares being different.
    """

    share: Floats
    share_test: Floats
    ratio: Floats
    ratio_test: Floats

    @property
    def score(self) -> Floats:
        product: Floats = self.ratio * self.ratio_test * self.share * self.share_test
        return product

    @property
    def is_significant(self) -> npt.NDArray[np.bool_]:
        return (self.ratio_test > SIGNIFICANT) & (self.share_test > SIGNIFICANT)


@dataclass(frozen=True)
class Representation:
    """What stands for a group: side 1 or -1 and score of each statement, `place` from 1, 0 for those left."""

    side: Ints
    score: Floats
    place: Ints


@dataclass(frozen=True)
class Majority:
    """The side that a majority of everybody takes, 1 or -1, 0 where none does; and its strength."""

    side: Ints
    score: Floats


def representation(own: Ints, others: Ints) -> Representation:
    """What stands for a group, from its tallies and those of all other groups (3 rows: choices)."""
    agreeing = _difference(own[AGREE], own.sum(axis=0), others[AGREE], others.sum(axis=0))
    opposing = _difference(own[DISAGREE], own.sum(axis=0), others[DISAGREE], others.sum(axis=0))
    side = np.where(agreeing.ratio_test > opposing.ratio_test, 1, -1)
    score = np.where(side == 1, agreeing.score, opposing.score)
    first = _best_agreed(agreeing, own)
    chosen = _chosen(agreeing, opposing, score, first)
    if first is not None:
        side[first], score[first] = 1, agreeing.score[first]
    # Agreed ones are read first; the sort keeps their order otherwise.
    chosen.sort(key=lambda statement: -int(side[statement]))
    place = np.zeros(len(side), dtype=np.int64)
    place[chosen] = np.arange(1, len(chosen) + 1)
    return Representation(side, score, place)


def majority(everybody: Ints) -> Majority:
    """Up to five statements that most agree with, and up to five that most disagree with; passes count."""
    columns = everybody.shape[1]
    side, score = np.zeros(columns, dtype=np.int64), np.zeros(columns)
    seen = everybody.sum(axis=0)
    for choice, sign in ((AGREE, 1), (DISAGREE, -1)):
        share, test = _share(everybody[choice], seen), _share_test(everybody[choice], seen)
        order = np.argsort(-share * test, kind="stable")
        best = [place for place in order if share[place] > 1 / 2 and test[place] > SIGNIFICANT][:MOST_SHOWN]
        side[best], score[best] = sign, (share * test)[best]
    return Majority(side, score)


def _chosen(agreeing: Difference, opposing: Difference, score: Floats, first: int | None) -> list[int]:
    is_fit = agreeing.is_significant | opposing.is_significant
    fit = [int(place) for place in np.argsort(-score, kind="stable") if is_fit[place] and place != first]
    leading = [] if first is None else [first]
    if leading or fit:
        return [*leading, *fit][:MOST_SHOWN]
    furthest = np.maximum(agreeing.ratio_test, opposing.ratio_test)
    return [int(furthest.argmax())] if len(furthest) else []


def _best_agreed(agreeing: Difference, own: Ints) -> int | None:
    """The statement that the group agrees with most; one that it also prefers more than others do, if any."""
    has_side = own[AGREE] + own[DISAGREE] > 0
    is_preferred = agreeing.ratio > 1
    may_enter = (agreeing.share_test > SIGNIFICANT) | (is_preferred & (agreeing.share > 1 / 2))
    able = has_side & may_enter
    if not able.any():
        return None
    if (able & is_preferred).any():
        return int(np.where(able & is_preferred, agreeing.score, -np.inf).argmax())
    return int(np.where(able, agreeing.share * agreeing.share_test, -np.inf).argmax())


def _difference(here: Ints, seen: Ints, there: Ints, seen_there: Ints) -> Difference:
    share = _share(here, seen)
    one, other = (here + 1) / (seen + 1), (there + 1) / (seen_there + 1)
    pooled = (here + there + 2) / (seen + seen_there + 2)
    error = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / (seen + 1) + 1 / (seen_there + 1)))
    test = np.where(error > 0, (one - other) / np.where(error > 0, error, 1), 0.0)
    return Difference(share, _share_test(here, seen), share / _share(there, seen_there), test)


def _share(here: Ints, seen: Ints) -> Floats:
    share: Floats = (here + 1) / (seen + 2)
    return share


def _share_test(here: Ints, seen: Ints) -> Floats:
    test: Floats = 2 * np.sqrt(seen + 1) * ((here + 1) / (seen + 1) - 1 / 2)
    return test
