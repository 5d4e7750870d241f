"""Groups of people who stand near each other on the map.

Points are first gathered into at most a hundred base clusters; groups are made of those. Everything is
worked out on points rounded to a fine grid, counted and in the order of their place, so that neither the
order of the votes nor the last bit of a sum decides who belongs to whom.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from consult.analysis.vote_matrix import Floats, Ints

BASE_CLUSTERS = 100
MOST_GROUPS = 5
PEOPLE_A_GROUP = 12
"""Base clusters that each further group takes, as in Pol.is."""
STEPS = 100
MOST_PLACES = 20_000
"""Different points up to which each is looked at in every step of making base clusters."""
COARSE = 400
"""Cells of the coarse grid along the longer side of the map."""
GRID = 2.0**-26
"""Of the map's size: far above the noise of sums, far below what separates two people."""


@dataclass(frozen=True)
class Places:
    """The different points on the map in the order of their place; `weights` count the people on each."""

    centres: Floats
    weights: Floats


@dataclass(frozen=True)
class Partition:
    """Base clusters parted into `k` groups, numbered from 0, the one with most people first.

    `silhouette` is the mean over the base clusters, each counted once, -1 to 1; higher is better parted.
    """

    k: int
    labels: Ints
    centres: Floats
    silhouette: float


@dataclass(frozen=True)
class BaseClusters:
    """At most a hundred places that stand for everybody; `member_of` gives each point's."""

    places: Places
    member_of: Ints


def base_clusters(points: Floats) -> BaseClusters:
    """Gather points into base clusters: each its own while there are few, else by k-means, without chance."""
    found, of_point = _distinct(points)
    if len(found.weights) <= BASE_CLUSTERS:
        return BaseClusters(found, of_point)
    centres = _base_centres(_coarse(found))
    gathered, of_place = _gathered(found, _nearest(centres, found))
    return BaseClusters(gathered, of_place[of_point])


def partitions(places: Places) -> dict[int, Partition]:
    """A partition for each number of groups that the number of places allows; empty below 2 places."""
    count = len(places.weights)
    most = min(MOST_GROUPS, 2 + count // PEOPLE_A_GROUP)
    return partitions_up_to(places, most)


def partitions_up_to(places: Places, most: int) -> dict[int, Partition]:
    """Partitions into 2 to `most` groups, or to as many as there are places.

    Everybody begins in one group. Each step parts one group in two along its main axis and lets people move
    to the nearest middle (k-means); that group is parted which leaves the least scatter. Without chance, and
    the first parting goes through the middle of everybody: Su and Dy 2007, "PCA-Part".
    """
    found: dict[int, Partition] = {}
    centres, labels = _middles(places, np.zeros_like(places.weights, dtype=np.int64), np.zeros((1, 2))), None
    labels = np.zeros(len(places.weights), dtype=np.int64)
    for k in range(2, min(most, len(places.weights)) + 1):
        tries = [_parted(places, labels, centres, group) for group in range(len(centres))]
        labels, centres, _ = min((one for one in tries if one), key=lambda one: one[2])
        named, middles = _by_size(places, labels)
        found[k] = Partition(len(middles), named, middles, silhouette(places.centres, named))
    return found


def best_of(found: dict[int, Partition]) -> Partition:
    """The partition with the highest silhouette; of equals the one with more groups."""
    return max(found.values(), key=lambda one: (one.silhouette, one.k))


def silhouette(points: Floats, labels: Ints) -> float:
    """Mean silhouette of points that each count once; a group of one counts 0. Quadratic: for few points.

    Rousseeuw 1987, with Euclidean distances; -1 to 1, and 0 for a single group.
    """
    groups = int(labels.max(initial=0)) + 1
    if groups == 1:
        return 0.0
    apart = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    is_in = labels[:, np.newaxis] == np.arange(groups)
    sizes = is_in.sum(axis=0)
    sums = apart @ is_in
    own = is_in.argmax(axis=1)
    rows = np.arange(len(points))
    within = sums[rows, own] / np.maximum(1, sizes[own] - 1)
    others = np.where(is_in, np.inf, sums / np.maximum(1, sizes))
    nearest = others.min(axis=1)
    wider = np.maximum(within, nearest)
    widths = np.where((sizes[own] > 1) & (wider > 0), (nearest - within) / np.where(wider > 0, wider, 1), 0.0)
    return float(widths.mean())


def _distinct(points: Floats) -> tuple[Places, Ints]:
    """The different points, rounded to the grid, by x and then y; and which of them each point is."""
    size = float(np.abs(points).max(initial=0.0)) or 1.0
    cells = np.rint(points / (size * GRID)).astype(np.int64)
    keys, of_point, counts = np.unique(
        (cells[:, 0] << 32) + cells[:, 1], return_inverse=True, return_counts=True
    )
    y = (keys + 2**31 & (2**32 - 1)) - 2**31
    centres = np.column_stack([(keys - y) >> 32, y]) * (size * GRID)
    return Places(centres, counts.astype(np.float64)), of_point.astype(np.int64)


def _coarse(places: Places) -> Places:
    """Places put together on a coarse grid where there are very many: base clusters are far wider than it."""
    if len(places.weights) <= MOST_PLACES:
        return places
    low = places.centres.min(axis=0)
    cells = ((places.centres - low) / (np.ptp(places.centres, axis=0).max() or 1.0) * COARSE).astype(np.int64)
    return _gathered(places, cells[:, 0] * (COARSE + 1) + cells[:, 1])[0]


def _base_centres(places: Places) -> Floats:
    """The middles of base clusters, by k-means until none moves a thousandth of the map."""
    centres = _along_the_curve(places, BASE_CLUSTERS)
    still = float(np.ptp(places.centres, axis=0).max()) * 1e-3
    for _ in range(STEPS):
        before = centres
        centres = _middles(places, _nearest(centres, places), centres)
        if np.abs(centres - before).max() < still:
            break
    return centres


def _nearest(centres: Floats, places: Places) -> Ints:
    nearest: Ints = cKDTree(centres).query(places.centres)[1]
    return nearest


def _along_the_curve(places: Places, count: int) -> Floats:
    """Starting centres: each stands in the middle of an equal share of the people along a Z-order curve."""
    low = places.centres.min(axis=0)
    size = float(np.ptp(places.centres, axis=0).max()) or 1.0
    cells = ((places.centres - low) / size * (2**16 - 1)).astype(np.int64)
    order = np.argsort(_interleaved(cells[:, 0]) | _interleaved(cells[:, 1]) << 1, kind="stable")
    passed = np.cumsum(places.weights[order]) - places.weights[order] / 2
    share = (passed / places.weights.sum() * count).astype(np.int64)
    return _gathered(places, share[np.argsort(order, kind="stable")])[0].centres


def _interleaved(numbers: Ints) -> Ints:
    """The bits of 16-bit numbers, each followed by a 0."""
    spread = numbers
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spread = (spread | spread << shift) & mask
    return spread


def _middles(places: Places, nearest: Ints, centres: Floats) -> Floats:
    """The mean of the people of each centre; a centre without people stays where it is."""
    count = len(centres)
    weights = np.bincount(nearest, weights=places.weights, minlength=count)
    sums = np.column_stack(
        [
            np.bincount(nearest, weights=places.weights * places.centres[:, axis], minlength=count)
            for axis in range(2)
        ]
    )
    is_empty = (weights == 0)[:, np.newaxis]
    return np.where(is_empty, centres, sums / np.maximum(weights, 1e-300)[:, np.newaxis])


def _gathered(places: Places, nearest: Ints) -> tuple[Places, Ints]:
    """Places put together by a label, the unused left out; and which of the new ones each old one is in."""
    used, new = np.unique(nearest, return_inverse=True)
    centres = _middles(places, new, np.zeros((len(used), 2)))
    weights = np.bincount(new, weights=places.weights).astype(np.float64)
    return Places(centres, weights), new.astype(np.int64)


def _parted(places: Places, labels: Ints, centres: Floats, group: int) -> tuple[Ints, Floats, float] | None:
    """Labels, centres and scatter after one group was parted; None for a group on a single place."""
    is_in = labels == group
    if is_in.sum() < 2:  # noqa: PLR2004 - two places make two groups
        return None
    arm = _main_arm(places.centres[is_in] - centres[group], places.weights[is_in])
    both = [centres[group] - arm, centres[group] + arm]
    return _lloyd(places, np.vstack([np.delete(centres, group, axis=0), both]))


def _main_arm(offsets: Floats, weights: Floats) -> Floats:
    """The direction in which points lie widest, as long as their standard deviation along it."""
    xx, yy, xy = (
        np.average(p, weights=weights)
        for p in (offsets[:, 0] ** 2, offsets[:, 1] ** 2, offsets[:, 0] * offsets[:, 1])
    )
    angle = np.arctan2(2 * xy, xx - yy) / 2
    widest = (xx + yy) / 2 + np.hypot((xx - yy) / 2, xy)
    arm: Floats = np.sqrt(widest) * np.array([np.cos(angle), np.sin(angle)])
    return arm


def _lloyd(places: Places, centres: Floats) -> tuple[Ints, Floats, float]:
    """k-means from some centres until nobody changes group: labels, centres, and the weighted scatter."""
    labels = np.full(len(places.weights), -1)
    for _ in range(STEPS):
        now = _squares(places, centres).argmin(axis=1)
        if (now == labels).all():
            break
        labels = now
        centres = _middles(places, labels, centres)
    scatter = places.weights @ ((places.centres - centres[labels]) ** 2).sum(axis=1)
    return labels, centres, float(scatter)


def _squares(places: Places, centres: Floats) -> Floats:
    squares: Floats = ((places.centres[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return squares


def _by_size(places: Places, labels: Ints) -> tuple[Ints, Floats]:
    """Labels renumbered: most people first, of equals the one further to the left."""
    gathered, labels = _gathered(places, labels)
    order = np.lexsort((gathered.centres[:, 1], gathered.centres[:, 0], -gathered.weights))
    return np.argsort(order)[labels], gathered.centres[order]
