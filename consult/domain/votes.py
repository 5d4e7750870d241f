"""Votes: the three choices and their tally."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from consult.domain.errors import Reason, Refused


class Choice(IntEnum):
    """An answer to a comment or a proposition; the number is what the database and every export hold."""

    AGREE = 1
    PASS = 0
    DISAGREE = -1

    @property
    def word(self) -> str:
        """The word that forms and the API use: agree, pass, disagree."""
        return self.name.lower()


def choice(word: str) -> Choice:
    """The choice of a word; Raises Refused(CHOICE_UNKNOWN) for any other."""
    try:
        return Choice[word.upper()]
    except KeyError:
        raise Refused(Reason.CHOICE_UNKNOWN) from None


def percentages(counts: tuple[float, float, float]) -> tuple[int, int, int]:
    """Each of three counts in whole per cent of all, adding up to 100 (largest remainder); zeros if empty."""
    total = sum(counts)
    if not total:
        return (0, 0, 0)
    floors = [int(100 * count // total) for count in counts]
    by_remainder = sorted(range(3), key=lambda i: (-(100 * counts[i] % total), i))
    for i in by_remainder[: 100 - sum(floors)]:
        floors[i] += 1
    return (floors[0], floors[1], floors[2])


class InPerCent:
    """Shares of the three choices by name, for what tells its `percentages`."""

    @property
    def percentages(self) -> tuple[int, int, int]:
        """Agree, disagree, pass in whole per cent."""
        raise NotImplementedError

    @property
    def agree_percent(self) -> int:
        return self.percentages[0]

    @property
    def disagree_percent(self) -> int:
        return self.percentages[1]

    @property
    def pass_percent(self) -> int:
        return self.percentages[2]


@dataclass(frozen=True)
class Tally(InPerCent):
    """Votes counted by choice; all zero when nobody voted."""

    agree: int = 0
    disagree: int = 0
    pass_: int = 0

    @property
    def total(self) -> int:
        return self.agree + self.disagree + self.pass_

    @property
    def agreement(self) -> float | None:
        """Share of AGREE among those who took a side, 0 to 1; None when nobody did."""
        sides = self.agree + self.disagree
        return self.agree / sides if sides else None

    @property
    def percentages(self) -> tuple[int, int, int]:
        """Agree, disagree, pass in whole per cent, adding up to 100; zeros if empty."""
        return percentages((self.agree, self.disagree, self.pass_))


class Target(StrEnum):
    """What is voted on."""

    QUESTION = "question"
    COMMENT = "comment"
