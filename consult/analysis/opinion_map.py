"""The one door of this floor: votes in, the map of opinions out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consult.analysis.clustering import BaseClusters, Partition, base_clusters, best_of, partitions
from consult.analysis.figures import Group, StatementFigures, figures_of
from consult.analysis.projection import project
from consult.analysis.stability import is_apart, stability
from consult.analysis.vote_matrix import Floats, Ids, Ints, VoteMatrix
from consult.domain.errors import Reason, Refused
from consult.domain.opinion import (
    FEWEST_PEOPLE,
    FEWEST_STATEMENTS,
    VOTES_TO_BE_GROUPED,
    Clarity,
    Settling,
    settled,
)

ENOUGH_PEOPLE = 15
"""With fewer who voted often enough, the most active are taken in as well."""
STABLE = 0.5
"""Adjusted Rand index from which groups count as found again; votes without structure reach 0.2 to 0.4."""


@dataclass(frozen=True)
class OpinionMap:
    """Groups, people and statements.

    `points` and `groups_of` have a row for each of `participants`; a group of -1 is none: too few votes.
    `silhouette` and `stability`, both -1 to 1, speak of the partition that was tried, and where `clarity` is
    NONE say why `k` is 1. `best_k` is what this run alone would take, `settling` what is held over runs.
    """

    k: int
    best_k: int
    clarity: Clarity
    silhouette: float
    stability: float
    settling: Settling
    participants: Ids
    points: Floats
    groups_of: Ints
    groups: tuple[Group, ...]
    statements: StatementFigures
    statement_count: int
    left_out_count: int
    vote_count: int

    @property
    def grouped_count(self) -> int:
        """People who are in a group."""
        return int(np.count_nonzero(self.groups_of >= 0))


@dataclass(frozen=True)
class _Parting:
    """A partition of those who are grouped, and how it was chosen."""

    labels: Ints
    silhouette: float
    stability: float
    best_k: int
    settling: Settling
    clarity: Clarity


def opinion_map(votes: VoteMatrix, before: Settling | None = None) -> OpinionMap:
    """Compute the map. `before` is what the last run held, while people still vote; None afterwards.

    The same votes and the same state give the same map, in whatever order the votes come.

    Raises:
        Refused: OPINION_TOO_FEW, with `people` and `statements` found and `fewest_people` and
            `fewest_statements` needed; also where all of them vote alike.
    """
    is_in = _is_grouped(votes)
    if is_in.sum() < FEWEST_PEOPLE or np.count_nonzero(~votes.is_left_out) < FEWEST_STATEMENTS:
        raise _too_few(votes, is_in)
    projection = project(votes)
    parting = _parted(votes, is_in, projection.points[is_in], before)
    k = int(parting.labels.max()) + 1
    groups_of = np.full(len(votes.participants), k, dtype=np.int64)
    groups_of[is_in] = parting.labels
    groups, statements = figures_of(votes, projection, groups_of, k)
    return OpinionMap(
        k=k,
        best_k=parting.best_k,
        clarity=parting.clarity,
        silhouette=parting.silhouette,
        stability=parting.stability,
        settling=parting.settling,
        participants=votes.participants,
        points=projection.points,
        groups_of=np.where(groups_of == k, -1, groups_of),
        groups=groups,
        statements=statements,
        statement_count=len(votes.statements),
        left_out_count=int(np.count_nonzero(votes.is_left_out)),
        vote_count=votes.vote_count,
    )


def _is_grouped(votes: VoteMatrix) -> npt.NDArray[np.bool_]:
    """Who voted on seven statements, or on all where there are fewer.

    Where that is not enough people, the most active, and whoever voted as often as the last of them.
    """
    cast = votes.votes_each
    needed = min(VOTES_TO_BE_GROUPED, len(votes.statements))
    enough = min(ENOUGH_PEOPLE, len(cast))
    if np.count_nonzero(cast >= needed) < enough:
        needed = int(np.partition(cast, -enough)[-enough])
    is_grouped: npt.NDArray[np.bool_] = cast >= needed
    return is_grouped


def _too_few(votes: VoteMatrix, is_in: npt.NDArray[np.bool_]) -> Refused:
    return Refused(
        Reason.OPINION_TOO_FEW,
        people=int(is_in.sum()),
        statements=int(np.count_nonzero(~votes.is_left_out)),
        fewest_people=FEWEST_PEOPLE,
        fewest_statements=FEWEST_STATEMENTS,
    )


def _parted(
    votes: VoteMatrix, is_in: npt.NDArray[np.bool_], points: Floats, before: Settling | None
) -> _Parting:
    base = base_clusters(points)
    found = partitions(base.places)
    if not found:
        raise _too_few(votes, is_in)
    best = best_of(found)
    grouped = votes.rows(np.flatnonzero(is_in))
    order = np.lexsort((grouped.votes_each, points[:, 1], points[:, 0]))
    # What was held may not be found again, or no longer be possible as when comments were withheld.
    for settling in (settled(before, best.k), settled(None, best.k)):
        taken = found.get(settling.held, best)
        labels = taken.labels[base.member_of]
        steadiness = stability(grouped, labels, order)
        if settling.held == best.k or (settling.held in found and steadiness >= STABLE):
            break
    clarity = _clarity(points, base, taken, steadiness)
    if clarity is Clarity.NONE:
        labels = np.zeros_like(labels)
    return _Parting(labels, taken.silhouette, steadiness, best.k, settling, clarity)


def _clarity(points: Floats, base: BaseClusters, taken: Partition, steadiness: float) -> Clarity:
    if steadiness < STABLE:
        return Clarity.NONE
    return Clarity.CLEAR if is_apart(points, base, taken.silhouette) else Clarity.BLURRED
