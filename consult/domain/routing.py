"""Which statement to vote on next: how much a vote on each would tell."""


def priority(
    agree: float, disagree: float, passes: float, extremity: float, *, novelty: float = 8.0
) -> float:
    """Weight of a statement in the draw of the next one to vote on; above 0, without an upper bound.

    Statements that few pass over, that many agree with and that tell the groups apart (`extremity`, 0 or
    more) weigh more; `novelty` lifts those with few votes and halves with every five. The formula is that of
    Pol.is: (importance * (1 + 8 * 2^(-votes/5)))^2.
    """
    votes = agree + disagree + passes
    taken_side = 1 - (passes + 1) / (votes + 2)
    importance = taken_side * (extremity + 1) * (agree + 1) / (votes + 2)
    weight: float = (importance * (1 + novelty * 2 ** (-votes / 5))) ** 2
    return weight
