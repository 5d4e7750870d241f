"""The weight of every statement in the draw of the next one to vote on."""

import numpy as np

from consult.analysis.representativeness import AGREE, DISAGREE, PASS
from consult.analysis.vote_matrix import Floats, Ints
from consult.domain.routing import priority


def priorities(everybody: Ints, extremity: Floats) -> Floats:
    """Weights above 0, from the tallies of everybody (3 rows: choices) and how far each statement divides."""
    columns = zip(
        everybody[AGREE].tolist(),
        everybody[DISAGREE].tolist(),
        everybody[PASS].tolist(),
        extremity.tolist(),
        strict=True,
    )
    return np.array([priority(*counts) for counts in columns])
