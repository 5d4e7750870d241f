"""What is known of a population from elsewhere, and the votes weighted to it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.margins import Variable
from consult.domain.votes import Target
from consult.models.base import Base, BigId, UtcDateTime, words_of


class Weighting(Base):
    """Where a consultation's margins come from, and what the last weighting gave.

    `people` were weighted. `design_effect` is 1 or more, `effective` the number of people that a simple
    sample would need to be as exact; `cut` weights were trimmed. All are None where `refusal`, a code, says
    why there are no weights; `detail` then names the category. `version` rises with each file.
    """

    __tablename__ = "weighting"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    source: Mapped[str] = mapped_column(String(300))
    counted_on: Mapped[date]
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_published: Mapped[bool] = mapped_column(default=False)
    computed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    people: Mapped[int | None]
    design_effect: Mapped[float | None]
    effective: Mapped[float | None]
    cut: Mapped[int | None]
    refusal: Mapped[str | None] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(String(100), default="")


class PopulationMargin(Base):
    """The share of a category in the population, above 0; the shares of a variable add up to 1."""

    __tablename__ = "population_margin"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    variable: Mapped[Variable] = mapped_column(words_of(Variable), primary_key=True)
    category: Mapped[str] = mapped_column(String(30), primary_key=True)
    share: Mapped[float]


class WeightedTally(Base):
    """Votes on a proposition or comment, weighted; `people` is how many voted, the rest sums of weights."""

    __tablename__ = "weighted_tally"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    target: Mapped[Target] = mapped_column(words_of(Target), primary_key=True)
    target_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    people: Mapped[int]
    agree: Mapped[float]
    disagree: Mapped[float]
    passes: Mapped[float]
