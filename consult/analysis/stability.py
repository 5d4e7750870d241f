"""How far groups can be trusted: are they found again among some of the people, and are they one cloud?"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from consult.analysis.clustering import BaseClusters, base_clusters, best_of, partitions, partitions_up_to
from consult.analysis.projection import project
from consult.analysis.vote_matrix import Floats, Ints, VoteMatrix

DRAWS = 20
SHARE = 0.8
"""Of the people, drawn without putting back."""
MOST_VOTES = 300_000
"""In a sample; with more votes, fewer people are drawn."""
CLOUDS = 19
"""Clouds without groups; being further apart than all of them has a chance of one in twenty."""
CLOUD_PEOPLE = 600


def stability(votes: VoteMatrix, labels: Ints, order: Ints) -> float:
    """How well the groups are found again in samples of the people: mean adjusted Rand index, -1 to 1.

    `votes` holds those who are grouped and `labels` their groups. Axes and groups are computed anew for each
    sample: of four fifths of the people, or of as many as cast 300 000 votes. `order` lists the rows in the
    order of their places, so that the same people make the same samples.
    """
    groups = int(labels.max(initial=0)) + 1
    size = int(len(labels) * min(SHARE, MOST_VOTES / votes.vote_count))
    chance = np.random.default_rng(1)
    scores = []
    for _ in range(DRAWS):
        drawn = order[np.sort(chance.choice(len(order), size, replace=False))]
        points = project(votes.rows(drawn)).points
        base = base_clusters(points)
        again = partitions_up_to(base.places, groups).get(groups)
        found = np.zeros(size, dtype=np.int64) if again is None else again.labels[base.member_of]
        scores.append(adjusted_rand(labels[drawn], found))
    return float(np.mean(scores))


def adjusted_rand(one: Ints, other: Ints) -> float:
    """Agreement of two partitions, 1 when they are the same, 0 as by chance; Hubert and Arabie 1985."""
    width = int(other.max(initial=0)) + 1
    cells = np.bincount(one * width + other, minlength=(int(one.max(initial=0)) + 1) * width)
    table = cells.reshape(-1, width).astype(np.float64)
    together, rows, columns = (
        (counts * (counts - 1) / 2).sum() for counts in (table, table.sum(axis=1), table.sum(axis=0))
    )
    pairs = len(one) * (len(one) - 1) / 2
    expected = rows * columns / pairs if pairs else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == expected else float((together - expected) / (most - expected))


def is_apart(points: Floats, base: BaseClusters, score: float) -> bool:
    """Whether the silhouette `score` is higher than that of any of nineteen clouds without groups.

    Each cloud is normally distributed, as wide and as slanted as the people are: Liu et al. 2008, "SigClust".
    """
    spread = np.cov(base.places.centres.T, aweights=base.places.weights)
    chance = np.random.default_rng(3)
    size = min(CLOUD_PEOPLE, len(points))
    for _ in range(CLOUDS):
        cloud = base_clusters(chance.multivariate_normal(np.zeros(2), spread, size=size))
        if best_of(partitions(cloud.places)).silhouette >= score:
            return False
    return True


def moved_between(before: Ints, after: Ints) -> int:
    """How many people changed group between two partitions of the same people, whatever the groups' numbers.

    Groups are matched so that as many as possible have stayed.
    """
    width = int(after.max(initial=0)) + 1
    height = int(before.max(initial=0)) + 1
    table = np.bincount(before * width + after, minlength=height * width).reshape(height, width)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return len(before) - int(table[rows, columns].sum())
