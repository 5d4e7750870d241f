"""The figures of groups and statements once it is known who belongs to which group."""

from dataclasses import dataclass

import numpy as np

from consult.analysis.consensus import common_ground
from consult.analysis.projection import Projection
from consult.analysis.representativeness import AGREE, DISAGREE, PASS, majority, representation
from consult.analysis.routing import priorities
from consult.analysis.vote_matrix import Floats, Ids, Ints, VoteMatrix


@dataclass(frozen=True)
class Group:
    """A group, the middle of it, and its tally of each statement; the arrays are in the order of statements.

    `side`, 1 or -1, is what sets the group apart from the others on a statement, and `score` how far. `place`
    counts the statements that stand for the group from 1; it is 0 for the rest, and all 0 for a single group.
    """

    number: int
    size: int
    centre: tuple[float, float]
    agree: Ints
    disagree: Ints
    passes: Ints
    side: Ints
    score: Floats
    place: Ints


@dataclass(frozen=True)
class StatementFigures:
    """What is known of each statement that counts; arrays in the order of `ids`.

    `agree`, `disagree` and `passes` count everybody who voted. `common_agree` and `common_disagree` are 0 to
    1; `majority` is 1, -1, or 0 for none; `priority` is above 0.
    """

    ids: Ids
    agree: Ints
    disagree: Ints
    passes: Ints
    places: Floats
    extremity: Floats
    common_agree: Floats
    common_disagree: Floats
    majority: Ints
    majority_score: Floats
    priority: Floats


def figures_of(
    votes: VoteMatrix, projection: Projection, groups_of: Ints, k: int
) -> tuple[tuple[Group, ...], StatementFigures]:
    """The figures of k groups; `groups_of` has 0 to k - 1, or k for somebody who is in none."""
    kept = np.flatnonzero(~votes.is_left_out)
    tallies = votes.tallies(groups_of, k)[:, :, kept]
    groups = tuple(_group(number, tallies[:k], projection.points[groups_of == number]) for number in range(k))
    return groups, _statements(votes.statements[kept], tallies, projection, kept)


def _group(number: int, tallies: Ints, points: Floats) -> Group:
    own = tallies[number]
    stands = representation(own, tallies.sum(axis=0) - own)
    is_alone = len(tallies) == 1
    middle = points.mean(axis=0)
    return Group(
        number=number,
        size=len(points),
        centre=(float(middle[0]), float(middle[1])),
        agree=own[AGREE],
        disagree=own[DISAGREE],
        passes=own[PASS],
        side=stands.side,
        score=stands.score,
        place=np.zeros_like(stands.place) if is_alone else stands.place,
    )


def _statements(ids: Ids, tallies: Ints, projection: Projection, kept: Ints) -> StatementFigures:
    everybody = tallies.sum(axis=0)
    common_agree, common_disagree = common_ground(tallies[:-1])
    shared = majority(everybody)
    extremity = projection.extremity[kept]
    return StatementFigures(
        ids=ids,
        agree=everybody[AGREE],
        disagree=everybody[DISAGREE],
        passes=everybody[PASS],
        places=projection.statements[kept],
        extremity=extremity,
        common_agree=common_agree,
        common_disagree=common_disagree,
        majority=shared.side,
        majority_score=shared.score,
        priority=priorities(everybody, extremity),
    )
