"""In which order comments are listed: ranks are whole numbers, so that databases sort and page alike."""

from dataclasses import dataclass
from enum import StrEnum

from consult.domain.votes import Tally

SCALE = 1_000_000
"""Ranks of shares are in parts of a million, rounded down."""
PSEUDO_VOTES = 4
"""Added to the votes before a share is taken: Agresti and Coull, Approximate is better than "exact" for
interval estimation of binomial proportions, The American Statistician 52 (1998) 119-126."""


class CommentOrder(StrEnum):
    NEWEST = "newest"
    AGREED = "agreed"
    DIVIDED = "divided"
    NEEDS_VOTES = "needs-votes"


BY_VOTES = frozenset({CommentOrder.AGREED, CommentOrder.DIVIDED, CommentOrder.NEEDS_VOTES})
"""Orders that tell something about the votes."""


def rank(order: CommentOrder, tally: Tally) -> int:
    """Where a comment stands in an order, the highest first; equal ranks go by number, the newest first.

    AGREED: share of agreement by Laplace's rule of succession, (A + 1) / (A + D + 2), so that one vote is no
    unanimity. DIVIDED: twice the smaller side of A + D + 4 votes, 0 where all agree. NEEDS_VOTES: the fewest
    votes first, passes included. NEWEST: 0 for all.
    """
    agree, sides = tally.agree, tally.agree + tally.disagree
    match order:
        case CommentOrder.AGREED:
            return SCALE * (agree + 1) // (sides + 2)
        case CommentOrder.DIVIDED:
            return SCALE * 2 * min(agree, tally.disagree) // (sides + PSEUDO_VOTES)
        case CommentOrder.NEEDS_VOTES:
            return -tally.total
        case CommentOrder.NEWEST:
            return 0


@dataclass(frozen=True, order=True)
class CommentKey:
    """Where a page of comments ends: rank and number of its last one, as they were when it was read.

    It names a place among the ranks and no row: a comment that is withdrawn meanwhile moves nothing.
    """

    rank: int
    id: int

    def __str__(self) -> str:
        """As an address carries it: `15`, or `666666.15` with a rank."""
        return f"{self.rank}.{self.id}" if self.rank else str(self.id)
