"""Consultations and their texts in each language."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.consultations import ModerationMode, ResultsPolicy, Stage
from consult.domain.languages import Language
from consult.models.base import Base, BigId, UtcDateTime, words_of


class Consultation(Base):
    """A consultation. `stage` is what was decided; open or closed follows from the times and the clock.

    `published_at` is empty until somebody opened it. `secret` keys the pseudonyms of its participants.
    `version` rises with each edit, so that an edit from an old page is noticed. `min_days_rule` is one of
    `domain.durations.DURATION_RULES`.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="times_in_order"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    stage: Mapped[Stage] = mapped_column(words_of(Stage))
    moderation_mode: Mapped[ModerationMode] = mapped_column(words_of(ModerationMode))
    results_policy: Mapped[ResultsPolicy] = mapped_column(words_of(ResultsPolicy))
    contact: Mapped[str] = mapped_column(String(300), default="")
    min_days_rule: Mapped[str] = mapped_column(String(20))
    short_period_reason: Mapped[str] = mapped_column(Text, default="")
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_due_on: Mapped[date | None]
    answer_published_on: Mapped[date | None]
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
    secret: Mapped[bytes] = mapped_column(LargeBinary(32))
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsultationText(Base):
    """The words of a consultation in one language; an empty string is a text not yet written."""

    __tablename__ = "consultation_text"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[Language] = mapped_column(words_of(Language), primary_key=True)
    title: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    authority: Mapped[str] = mapped_column(String(300), default="")
