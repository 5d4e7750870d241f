"""The figures of groups and statements against the formulas, written out cell by cell on dense tables.

Nothing here is shared with what is tested: the tables hold NaN where nobody voted, and each figure is worked
out for one statement and one group at a time, as 2.1 to 2.12 of Pol.is's mathematics say it.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import prod, sqrt

import numpy as np
import pytest

from consult.adapters.polis import read_conversation
from consult.analysis.opinion_map import OpinionMap, opinion_map
from consult.analysis.vote_matrix import Floats, Ids, vote_matrix
from tests.support.polis import NAMES, REAL, WHY_SKIPPED

Z = 1.2816


@dataclass(frozen=True)
class Table:
    """Votes as a dense table, NaN where nobody voted; which columns are left out; and what was found."""

    cells: Floats
    is_left_out: np.ndarray[tuple[int], np.dtype[np.bool_]]
    found: OpinionMap


def table(participants: Ids, statements: Ids, choices: Ids, left_out: set[int]) -> Table:
    who, rows = np.unique(participants, return_inverse=True)
    what, columns = np.unique(statements, return_inverse=True)
    cells = np.full((len(who), len(what)), np.nan)
    cells[rows, columns] = choices
    out = np.array(sorted(left_out), dtype=np.int64)
    found = opinion_map(vote_matrix(participants, statements, choices, out))
    assert found.participants.tolist() == who.tolist()
    return Table(cells, np.isin(what, out), found)


def made_up(seed: int) -> Table:
    """Three groups of unequal size, passes, missing votes, people with few votes and two columns left out."""
    chance = np.random.default_rng(seed)
    minds = np.repeat(np.arange(3), (60, 35, 25))
    lean = chance.uniform(-1, 1, (3, 30))
    lean[:, :4] = [[0.95, -0.95, 0.9, 0.0]]
    cells = np.sign(lean[minds] + chance.normal(0, 0.35, (120, 30)))
    cells = np.where(chance.random(cells.shape) < 0.12, 0.0, cells)
    cells = np.where(chance.random(cells.shape) < 0.3, np.nan, cells)
    cells[::17, 5:] = np.nan
    rows, columns = np.nonzero(~np.isnan(cells))
    return table(rows, columns, cells[rows, columns].astype(np.int64), {7, 29})


def real(name: str) -> Table:
    conversation = read_conversation(REAL / name)
    votes = np.array([(int(v.participant), int(v.comment), v.choice) for v in conversation.votes])
    out = {int(one.reference) for one in conversation.comments if one.moderated < 1}
    return table(votes[:, 0], votes[:, 1], votes[:, 2], out)


@pytest.fixture(
    scope="module",
    params=[
        *range(4),
        *(
            pytest.param(
                name,
                marks=[pytest.mark.shared_data, pytest.mark.skipif(not NAMES, reason=WHY_SKIPPED)],
            )
            for name in NAMES or ["a real conversation"]
        ),
    ],
)
def case(request: pytest.FixtureRequest) -> Table:
    return real(request.param) if isinstance(request.param, str) else made_up(request.param)


def counts(votes: Floats) -> tuple[int, int, int]:
    """Agreed, disagreed, and all votes of some cells of one column."""
    return int((votes == 1).sum()), int((votes == -1).sum()), int((~np.isnan(votes)).sum())


def one_share(a: int, s: int) -> tuple[float, float]:
    """p and z of 2.9."""
    return (a + 1) / (s + 2), 2 * sqrt(s + 1) * ((a + 1) / (s + 1) - 0.5)


def two_shares(a: int, s: int, a_other: int, s_other: int) -> tuple[float, float]:
    """r and R of 2.9."""
    ratio = one_share(a, s)[0] / one_share(a_other, s_other)[0]
    q1, q2, q = (a + 1) / (s + 1), (a_other + 1) / (s_other + 1), (a + a_other + 2) / (s + s_other + 2)
    return ratio, 0.0 if q == 1 else (q1 - q2) / sqrt(q * (1 - q) * (1 / (s + 1) + 1 / (s_other + 1)))


@dataclass(frozen=True)
class Side:
    """p, z, r and R of one side of one statement in one group."""

    p: float
    z: float
    r: float
    big_r: float

    @property
    def score(self) -> float:
        return self.r * self.big_r * self.p * self.z

    @property
    def is_fit(self) -> bool:
        return self.big_r > Z and self.z > Z


def sides(own: Floats, others: Floats) -> tuple[Side, Side]:
    agreed, opposed, seen = counts(own)
    agreed_there, opposed_there, seen_there = counts(others)
    return (
        Side(*one_share(agreed, seen), *two_shares(agreed, seen, agreed_there, seen_there)),
        Side(*one_share(opposed, seen), *two_shares(opposed, seen, opposed_there, seen_there)),
    )


def kept(case: Table) -> list[int]:
    return np.flatnonzero(~case.is_left_out).tolist()


def test_positions_and_extremities_are_those_of_a_whole_decomposition(case: Table) -> None:
    zeroed = np.where(case.is_left_out, 0.0, case.cells)
    means = np.nanmean(zeroed, axis=0)
    centred = np.where(np.isnan(zeroed), 0.0, zeroed - means)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    seen = np.maximum(1, (~np.isnan(zeroed)).sum(axis=1))
    points = np.sqrt(zeroed.shape[1] / seen)[:, np.newaxis] * (centred @ axes.T)
    assert np.abs(case.found.points) == pytest.approx(np.abs(points), abs=1e-8)
    alone = np.sqrt(zeroed.shape[1]) * (1 - means) * axes
    extremity = np.linalg.norm(alone, axis=0)[kept(case)]
    assert case.found.statements.extremity == pytest.approx(extremity, abs=1e-9)


def test_what_sets_groups_apart_is_scored_as_by_the_formulas(case: Table) -> None:
    for group in case.found.groups:
        is_own = case.found.groups_of == group.number
        is_other = (case.found.groups_of >= 0) & ~is_own
        first = np.flatnonzero(group.place == 1)
        for place, column in enumerate(kept(case)):
            agreeing, opposing = sides(case.cells[is_own, column], case.cells[is_other, column])
            is_agreed = agreeing.big_r > opposing.big_r or (place in first and group.side[place] == 1)
            assert group.side[place] == (1 if is_agreed else -1)
            assert group.score[place] == pytest.approx(
                (agreeing if is_agreed else opposing).score, rel=1e-9, abs=1e-9
            )


def test_what_stands_for_a_group_is_the_best_agreed_and_then_what_passes_both_tests(case: Table) -> None:
    for group in case.found.groups:
        is_own = case.found.groups_of == group.number
        is_other = (case.found.groups_of >= 0) & ~is_own
        both = [sides(case.cells[is_own, column], case.cells[is_other, column]) for column in kept(case)]
        standing = [int(at) for at in np.argsort(group.place, kind="stable") if group.place[at]]
        assert [group.place[at] for at in standing] == list(range(1, len(standing) + 1))
        assert group.side[standing].tolist() == sorted(group.side[standing].tolist(), reverse=True)
        passing = {at for at, (agreeing, opposing) in enumerate(both) if agreeing.is_fit or opposing.is_fit}
        best = best_agreed(case, is_own, both)
        assert len(standing) == min(5, len(passing | {best} if best is not None else passing))
        if best is not None:
            assert standing[0] == best
        rest = [at for at in standing if at != best]
        assert set(rest) <= passing
        left = passing - set(standing)
        assert all(group.score[at] >= group.score[other] for at in rest for other in left)
        for side in (1, -1):
            scores = [group.score[at] for at in rest if group.side[at] == side]
            assert all(one >= other for one, other in pairwise(scores))


def best_agreed(case: Table, is_own: Floats, both: list[tuple[Side, Side]]) -> int | None:
    """The largest score of those with r above 1, else the largest p * z; of what may enter at all."""
    able = [
        at
        for at, (agreeing, _) in enumerate(both)
        if sum(counts(case.cells[is_own, kept(case)[at]])[:2])
        and (agreeing.z > Z or (agreeing.r > 1 and agreeing.p > 0.5))
    ]
    preferred = [at for at in able if both[at][0].r > 1]
    if preferred:
        return max(preferred, key=lambda at: both[at][0].score)
    return max(able, key=lambda at: both[at][0].p * both[at][0].z, default=None)


def test_common_ground_is_the_product_over_the_groups_on_both_sides(case: Table) -> None:
    for place, column in enumerate(kept(case)):
        by_group = [counts(case.cells[case.found.groups_of == g.number, column]) for g in case.found.groups]
        found = case.found.statements
        agreed = prod((a + 1) / (s + 2) for a, _, s in by_group)
        opposed = prod((d + 1) / (s + 2) for _, d, s in by_group)
        assert found.common_agree[place] == pytest.approx(agreed, rel=1e-9)
        assert found.common_disagree[place] == pytest.approx(opposed, rel=1e-9)


def test_majorities_are_the_five_strongest_of_everybody_on_each_side(case: Table) -> None:
    found = case.found.statements
    everybody = [counts(case.cells[:, column]) for column in kept(case)]
    for side, of_side in ((1, 0), (-1, 1)):
        shares = {at: one_share(one[of_side], one[2]) for at, one in enumerate(everybody)}
        able = [at for at, (p, z) in shares.items() if p > 0.5 and z > Z]
        wanted = sorted(able, key=lambda at: -prod(shares[at]))[:5]
        assert set(np.flatnonzero(found.majority == side)) == set(wanted)
        for at in wanted:
            assert found.majority_score[at] == pytest.approx(prod(shares[at]), rel=1e-9)


def test_priorities_are_those_of_the_formula(case: Table) -> None:
    found = case.found.statements
    for place, column in enumerate(kept(case)):
        agreed, opposed, seen = counts(case.cells[:, column])
        passed = seen - agreed - opposed
        importance = (
            (1 - (passed + 1) / (seen + 2)) * (found.extremity[place] + 1) * (agreed + 1) / (seen + 2)
        )
        weight = (importance * (1 + 8 * 2 ** (-seen / 5))) ** 2
        assert found.priority[place] == pytest.approx(weight, rel=1e-9)
    assert found.priority.max() > 1.5 * found.priority.min()
