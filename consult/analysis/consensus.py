"""Common ground: what every group agrees with, and what every group disagrees with."""

import numpy as np

from consult.analysis.representativeness import AGREE, DISAGREE
from consult.analysis.vote_matrix import Floats, Ints


def common_ground(tallies: Ints) -> tuple[Floats, Floats]:
    """Group-aware agreement and disagreement of each statement, 0 to 1, from tallies by group.

    The product over the groups of the share that took the side, with a prior of one half; passes count
    against both. One group that stays away pulls it down, however large the others are. Figures of different
    numbers of groups cannot be compared.
    """
    seen = tallies.sum(axis=1)
    agreed, opposed = (np.prod((tallies[:, side] + 1) / (seen + 2), axis=0) for side in (AGREE, DISAGREE))
    return agreed, opposed
