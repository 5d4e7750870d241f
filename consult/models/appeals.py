"""Appeals of authors against what moderators decided."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.appeals import Verdict
from consult.domain.languages import Language
from consult.models.base import Base, BigId, UtcDateTime, words_of
from consult.models.comments import ACT_IDS


class Appeal(Base):
    """One author's appeal against one decision, `act_id`.

    It and its decision are numbered with the acts of moderation, so that one log holds all of them:
    `id` is the number that the author is given, `decision_id` that of the decision. `verdict` is empty until
    somebody decides; `reason` is for the author, in `reason_language`. `outcome_id` is the act that changed
    the comment, empty where nothing changed.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
        ForeignKeyConstraint(
            ["consultation_id", "act_id"], ["moderation_act.consultation_id", "moderation_act.id"]
        ),
        ForeignKeyConstraint(
            ["consultation_id", "outcome_id"], ["moderation_act.consultation_id", "moderation_act.id"]
        ),
        Index(None, "consultation_id", "act_id", unique=True),
        Index(None, "consultation_id", "comment_id"),
        Index(None, "consultation_id", "outcome_id"),
        Index(None, "consultation_id", "decision_id"),
        Index(None, "person_id", "id"),
        Index(None, "decided_by"),
        Index(
            "ix_appeal_open",
            "id",
            sqlite_where=text("verdict IS NULL"),
            postgresql_where=text("verdict IS NULL"),
        ),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=ACT_IDS)
    comment_id: Mapped[int] = mapped_column(BigId)
    act_id: Mapped[int] = mapped_column(BigId)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    lodged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[Verdict | None] = mapped_column(words_of(Verdict))
    reason: Mapped[str] = mapped_column(Text, default="")
    reason_language: Mapped[Language | None] = mapped_column(words_of(Language))
    decision_id: Mapped[int | None] = mapped_column(BigId)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome_id: Mapped[int | None] = mapped_column(BigId)
