"""Opinion groups: found where they are, said to be none where there are none, whatever the order of rows."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis import vote_matrix as matrices
from consult.analysis.clustering import base_clusters
from consult.analysis.opinion_map import OpinionMap, opinion_map
from consult.analysis.projection import project
from consult.analysis.stability import adjusted_rand, is_apart, moved_between
from consult.analysis.vote_matrix import VoteMatrix, vote_matrix
from consult.domain.errors import Reason, Refused
from consult.domain.opinion import Clarity, Settling

Cells = np.ndarray[tuple[int, int], np.dtype[np.int64]]


def planted(seed: int, groups: int = 2, people: int = 40, statements: int = 24, noise: float = 0.1) -> Cells:
    """Votes of groups, one after another, that agree with different statements; -9 where nobody voted."""
    chance = np.random.default_rng(seed)
    rows = np.repeat(np.arange(groups), people)
    sides = np.where(np.arange(statements) % groups == np.arange(groups)[:, np.newaxis], 1, -1)
    cells = sides[rows]
    flipped = chance.random(cells.shape) < noise
    cells = np.where(flipped, chance.integers(-1, 2, cells.shape), cells)
    return np.where(chance.random(cells.shape) < 0.25, -9, cells)


def without_structure(seed: int, people: int = 300, statements: int = 40) -> Cells:
    chance = np.random.default_rng(seed)
    cells = chance.choice([1, 1, -1, 0], size=(people, statements))
    return np.where(chance.random(cells.shape) < 0.4, -9, cells)


def matrix(cells: Cells, people: Cells | None = None, statements: Cells | None = None) -> VoteMatrix:
    """The votes of a table, the rows and columns under other ids where some are given."""
    rows, columns = np.nonzero(cells != -9)
    who = rows if people is None else people[rows]
    what = columns if statements is None else statements[columns]
    return vote_matrix(who, what, cells[rows, columns])


def groups_by_row(found: OpinionMap, people: Cells) -> Cells:
    """The group of each row of the table, where its person went by another id."""
    place = {person: at for at, person in enumerate(found.participants.tolist())}
    return found.groups_of[[place[person] for person in people.tolist()]]


seeds = st.integers(0, 10_000)


@settings(max_examples=15, deadline=None)
@given(seeds, st.integers(2, 3))
def test_a_planted_structure_is_found(seed: int, groups: int) -> None:
    found = opinion_map(matrix(planted(seed, groups)))
    assert found.k == groups
    assert adjusted_rand(np.repeat(np.arange(groups), 40), found.groups_of) > 0.9
    assert found.clarity is not Clarity.NONE
    assert found.silhouette > 0.5


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_other_numbers_for_people_and_statements_change_nothing(seed: int) -> None:
    cells, chance = planted(seed, 3), np.random.default_rng(seed)
    people, statements = chance.permutation(len(cells)) + 5, chance.permutation(cells.shape[1]) * 3
    one, other = opinion_map(matrix(cells)), opinion_map(matrix(cells, people, statements))
    assert (one.k, one.clarity) == (other.k, other.clarity)
    assert adjusted_rand(one.groups_of, groups_by_row(other, people)) == 1
    assert one.silhouette == pytest.approx(other.silhouette, abs=1e-6)
    assert one.stability == pytest.approx(other.stability, abs=1e-9)
    assert sorted(group.size for group in one.groups) == sorted(group.size for group in other.groups)
    moved = np.argsort(statements)
    assert one.statements.priority[moved] == pytest.approx(other.statements.priority, rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_people_make_the_same_samples_whatever_their_numbers(seed: int) -> None:
    cells = planted(seed, 2, noise=0.7)
    people = np.random.default_rng(seed).permutation(len(cells))
    one, other = opinion_map(matrix(cells)), opinion_map(matrix(cells, people))
    assert one.stability < 0.99
    assert one.stability == pytest.approx(other.stability, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_a_copy_of_everybody_changes_no_group(seed: int) -> None:
    cells = planted(seed, 2)
    one, twice = opinion_map(matrix(cells)), opinion_map(matrix(np.vstack([cells, cells])))
    assert one.k == twice.k
    assert adjusted_rand(np.tile(one.groups_of, 2), twice.groups_of) == 1
    assert one.silhouette == pytest.approx(twice.silhouette, abs=1e-6)
    assert [2 * group.size for group in one.groups] == [group.size for group in twice.groups]


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_turning_every_vote_round_gives_the_same_groups(seed: int) -> None:
    cells = planted(seed, 2)
    turned = np.where(cells == -9, -9, -cells)
    one, other = opinion_map(matrix(cells)), opinion_map(matrix(turned))
    assert adjusted_rand(one.groups_of, other.groups_of) == 1
    assert (one.statements.agree == other.statements.disagree).all()
    assert one.statements.common_agree == pytest.approx(other.statements.common_disagree)


@pytest.mark.parametrize("seed", range(5))
def test_votes_without_structure_have_no_clear_groups(seed: int) -> None:
    found = opinion_map(matrix(without_structure(seed)))
    assert found.clarity is Clarity.NONE
    assert (found.k, len(found.groups), found.groups[0].size) == (1, 1, 300)
    assert not found.groups[0].place.any()
    assert found.stability < 0.5


def test_the_positions_are_those_of_a_dense_singular_value_decomposition() -> None:
    cells = planted(3, 3)
    values = np.where(cells == -9, np.nan, cells)
    means = np.nanmean(values, axis=0)
    centred = np.nan_to_num(values - means)
    axes = np.linalg.svd(centred)[2][:2]
    seen = (cells != -9).sum(axis=1)
    expected = centred @ axes.T * np.sqrt(cells.shape[1] / seen)[:, np.newaxis]
    projection = project(matrix(cells))
    assert np.abs(projection.points) == pytest.approx(np.abs(expected), abs=1e-9)
    statement = np.sqrt(cells.shape[1]) * (1 - means) * axes[0]
    assert np.abs(projection.statements[:, 0]) == pytest.approx(np.abs(statement), abs=1e-9)


def test_a_left_out_statement_moves_nobody_but_counts_as_seen_by_all() -> None:
    cells = planted(4)
    rows, columns = np.nonzero(cells != -9)
    votes = vote_matrix(rows, columns, cells[rows, columns], np.array([0]))
    without = project(matrix(np.where(np.arange(cells.shape[1]) == 0, -9, cells)))
    seen = (cells[:, 1:] != -9).sum(axis=1)
    # One more column, and one more vote of everybody: 2.4 of the mathematics.
    factor = np.sqrt(cells.shape[1] / (seen + 1)) / np.sqrt((cells.shape[1] - 1) / seen)
    assert project(votes).points == pytest.approx(without.points * factor[:, np.newaxis], abs=1e-9)
    found = opinion_map(votes)
    assert 0 not in found.statements.ids
    assert (found.statement_count, found.left_out_count, found.vote_count) == (24, 1, len(rows))


def test_somebody_with_few_votes_is_on_the_map_but_in_no_group() -> None:
    cells = planted(5)
    cells[0, 6:] = -9
    cells[0, :3] = 1
    found = opinion_map(matrix(cells))
    assert found.groups_of[0] == -1
    assert found.grouped_count == len(cells) - 1
    assert sum(group.size for group in found.groups) == len(cells) - 1
    assert np.isfinite(found.points).all()


def test_of_few_people_the_most_active_are_taken_in() -> None:
    votes_of_each = np.array([9] * 5 + [6] * 4 + [5] * 3 + [4] * 3 + [2] * 3)
    cells = np.where(np.arange(12) < votes_of_each[:, np.newaxis], planted(2, 2, 9, 12), -9)
    for row, cast in enumerate(votes_of_each):
        cells[row, :cast] = np.where(np.arange(cast) % 2 == row % 2, 1, -1)
    # Fifteen are enough; of fewer voters, all are taken.
    assert opinion_map(matrix(cells)).grouped_count == 15
    for people in (14, 8):
        assert opinion_map(matrix(cells[:people])).grouped_count == people
    # Nobody is left out who voted as often as the fifteenth.
    cells[15, 2:4] = 1
    assert opinion_map(matrix(cells)).grouped_count == 16


def test_tallies_of_groups_add_up_to_those_of_everybody() -> None:
    cells = planted(6, 3)
    found = opinion_map(matrix(cells))
    assert (sum(group.agree for group in found.groups) == (cells == 1).sum(axis=0)).all()
    assert (sum(group.passes for group in found.groups) == (cells == 0).sum(axis=0)).all()
    assert (found.statements.disagree == (cells == -1).sum(axis=0)).all()


def test_what_stands_for_a_group_is_what_only_it_agrees_with() -> None:
    found = opinion_map(matrix(planted(7, 2, noise=0.02)))
    for group in found.groups:
        standing = np.flatnonzero(group.place)
        assert 1 <= len(standing) <= 5
        assert sorted(group.place[standing]) == list(range(1, len(standing) + 1))
        for at in standing:
            assert (group.side[at] == 1) == (group.agree[at] > group.disagree[at])


def test_common_ground_is_what_every_group_takes_one_side_on() -> None:
    cells = planted(8, 2)
    cells[:, 0], cells[:, 1] = 1, -1
    found = opinion_map(matrix(cells)).statements
    assert [int(found.common_agree.argmax()), int(found.common_disagree.argmax())] == [0, 1]
    assert found.common_agree[0] == pytest.approx((41 / 42) ** 2)
    assert (found.majority[0], found.majority[1]) == (1, -1)


def nested(seed: int) -> Cells:
    """Three groups, of which two are near each other: two groups are found again too."""
    chance = np.random.default_rng(seed)
    sides = np.ones((3, 30), dtype=np.int64)
    sides[1:, :20] = -1
    sides[2, 20:] = -1
    cells = sides[np.repeat(np.arange(3), 40)]
    return np.where(chance.random(cells.shape) < 0.05, -cells, cells)


def test_another_number_of_groups_is_taken_only_when_it_was_best_four_times_running() -> None:
    votes = matrix(nested(1))
    state = Settling(2, 2, 0)
    held = []
    for _ in range(5):
        found = opinion_map(votes, state)
        held.append(found.k)
        state = found.settling
        assert found.best_k == 3
    assert held == [2, 2, 2, 3, 3]
    assert opinion_map(votes).k == 3


@pytest.mark.parametrize("held", [2, 9])
def test_what_was_held_is_given_up_where_it_is_not_found_again_or_not_possible(held: int) -> None:
    assert opinion_map(matrix(planted(9, 3)), Settling(held, held, 0)).k == 3


@pytest.mark.parametrize(
    "cells",
    [
        np.ones((6, 20), dtype=np.int64),
        np.ones((50, 2), dtype=np.int64),
        np.ones((50, 20), dtype=np.int64),
        np.full((3, 3), -9),
    ],
)
def test_too_few_people_or_statements_or_only_one_opinion_is_refused(cells: Cells) -> None:
    with pytest.raises(Refused) as refused:
        opinion_map(matrix(cells))
    assert refused.value.reason is Reason.OPINION_TOO_FEW
    assert refused.value.details["fewest_people"] == 7


@pytest.mark.parametrize("statements", [3, 4, 11, 12, 13])
def test_few_statements_are_enough(statements: int) -> None:
    found = opinion_map(matrix(planted(1, 2, statements=statements)))
    assert np.isfinite(found.points).all()


def test_two_votes_of_one_person_on_one_statement_are_an_error() -> None:
    one = np.array([1, 1])
    with pytest.raises(ValueError, match="two votes"):
        vote_matrix(one, one, one)
    with pytest.raises(ValueError, match="a choice is"):
        vote_matrix(one, np.array([1, 2]), np.array([1, 2]))


def test_ids_may_lie_far_apart() -> None:
    far = np.array([5, 2**40, 7])
    votes = vote_matrix(far, far[::-1].copy(), np.array([1, 0, -1]))
    assert votes.participants.tolist() == [5, 7, 2**40]
    assert votes.cells.toarray()[2].tolist() == [0, 0, 0]
    assert votes.votes_each.tolist() == [1, 1, 1]


def test_the_digest_is_that_of_the_whole_arrays_in_whatever_order_votes_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cells = planted(1)
    rows, columns = np.nonzero(cells != -9)
    votes = vote_matrix(rows, columns, cells[rows, columns])
    whole = hashlib.sha256()
    for part in (votes.participants, votes.statements, votes.cells.indptr, votes.cells.indices):
        whole.update(part.astype(np.int64).tobytes())
    whole.update(votes.cells.data.tobytes() + votes.is_left_out.tobytes())
    monkeypatch.setattr(matrices, "NUMBERS_AT_ONCE", 7)
    other = np.random.default_rng(2).permutation(len(rows))
    mixed = vote_matrix(rows[other].astype(np.int32), columns[other], cells[rows, columns][other])
    assert votes.sha256 == mixed.sha256 == whole.hexdigest()


def test_votes_are_listed_by_participant_and_statement() -> None:
    cells = planted(1)
    people, statements, choices = matrix(cells[::-1], np.arange(len(cells))[::-1]).listed
    rows, columns = np.nonzero(cells != -9)
    assert (people.tolist(), statements.tolist()) == (rows.tolist(), columns.tolist())
    assert choices.tolist() == cells[rows, columns].tolist()


def test_the_clouds_that_groups_are_held_against_are_the_same_each_time() -> None:
    points = np.random.default_rng(4).standard_normal((60, 2))
    base = base_clusters(points)

    def limit() -> float:
        """The silhouette from which on groups stand apart, by halving."""
        low, high = 0.0, 1.0
        while high - low > 1e-3:
            middle = (low + high) / 2
            low, high = (low, middle) if is_apart(points, base, middle) else (middle, high)
        return high

    assert 0.3 < limit() == limit() < 0.7


def test_moved_people_are_counted_whatever_the_groups_are_called() -> None:
    before, after = np.array([0, 0, 0, 1, 1, 2]), np.array([1, 1, 0, 0, 0, 0])
    assert moved_between(before, after) == 2
    assert moved_between(before, before) == 0
    assert moved_between(before[:0], before[:0]) == 0
