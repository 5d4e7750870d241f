"""Published results: figures by category, with what stands for too few people left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from consult.domain.privacy import suppressed_categories
from consult.domain.votes import Tally


class Breakdown(StrEnum):
    """By what figures are told apart. LANGUAGE is that of the question answered, or of the comment."""

    REGION = "region"
    AGE_BAND = "age_band"
    GENDER = "gender"
    VERIFICATION = "verification"
    LANGUAGE = "language"
    CHANNEL = "channel"


class Held(StrEnum):
    """Why figures are not shown: until the reader votes, until the closing, or because few people voted."""

    UNTIL_VOTING = "until_voting"
    UNTIL_CLOSING = "until_closing"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Counted:
    """People or comments by category, the largest first; `""` is not known.

    `together` counts those of the `withheld` categories, which are too small to be told apart; 0 for none.
    """

    by: Breakdown
    rows: tuple[tuple[str, int], ...]
    withheld: int
    together: int


@dataclass(frozen=True)
class Voted:
    """As `Counted`, with votes for each category."""

    by: Breakdown
    rows: tuple[tuple[str, Tally], ...]
    withheld: int
    together: Tally


def counted(by: Breakdown, counts: Mapping[str, int], smallest_group: int) -> Counted:
    """What may be told of counts by category."""
    hidden = suppressed_categories(counts, smallest_group)
    shown = [(category, count) for category, count in counts.items() if count and category not in hidden]
    shown.sort(key=lambda row: (-row[1], row[0]))
    return Counted(by, tuple(shown), len(hidden), sum(counts[category] for category in hidden))


def voted(by: Breakdown, tallies: Mapping[str, Tally], smallest_group: int) -> Voted:
    """What may be told of votes by category of the voters."""
    counts = {category: tally.total for category, tally in tallies.items()}
    table = counted(by, counts, smallest_group)
    shown = tuple((category, tallies[category]) for category, _ in table.rows)
    rest = (tally for category, tally in tallies.items() if category not in dict(shown))
    return Voted(by, shown, table.withheld, added(rest))


def added(tallies: Iterable[Tally]) -> Tally:
    """Some tallies in one."""
    total = Tally()
    for one in tallies:
        total = Tally(total.agree + one.agree, total.disagree + one.disagree, total.pass_ + one.pass_)
    return total
