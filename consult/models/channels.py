"""Input from other channels: batches with their control totals, their items, and files not yet loaded."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.channels import BatchState
from consult.domain.comments import Channel
from consult.domain.languages import Language
from consult.domain.profile import AgeBand, Region
from consult.models.base import Base, BigId, UtcDateTime, words_of


class InputBatch(Base):
    """What arrived together by one channel. `received_at` decides whether it came in time.

    `announced` is how many items were counted before the typing; `last_number` the highest number that an
    item of the batch ever had. `completed_at` is empty until its items became comments.
    """

    __tablename__ = "input_batch"
    __table_args__ = (
        UniqueConstraint("consultation_id", "id"),
        Index(None, "created_by"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    channel: Mapped[Channel] = mapped_column(words_of(Channel))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    originals: Mapped[str] = mapped_column(String(300))
    announced: Mapped[int]
    last_number: Mapped[int] = mapped_column(default=0)
    state: Mapped[BatchState] = mapped_column(words_of(BatchState))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InputItem(Base):
    """One item of a batch. Once it has become a comment its words stand there, and `body` is empty.

    `public_name` is that of somebody without an account, empty for nobody named; `number` counts from 1.
    """

    __tablename__ = "input_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "batch_id"],
            ["input_batch.consultation_id", "input_batch.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["consultation_id", "question_id"], ["question.consultation_id", "question.id"]),
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
        UniqueConstraint("consultation_id", "comment_id"),
        UniqueConstraint("consultation_id", "batch_id", "idempotency_key"),
        Index(None, "consultation_id", "question_id"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    batch_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(BigId)
    body: Mapped[str] = mapped_column(Text)
    language: Mapped[Language | None] = mapped_column(words_of(Language))
    region: Mapped[Region | None] = mapped_column(words_of(Region))
    age_band: Mapped[AgeBand | None] = mapped_column(words_of(AgeBand))
    public_name: Mapped[str] = mapped_column(String(80), default="")
    comment_id: Mapped[int | None] = mapped_column(BigId)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(String(64))


class InputFile(Base):
    """A file of items that an official looks at before it is loaded; one a batch."""

    __tablename__ = "input_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "batch_id"],
            ["input_batch.consultation_id", "input_batch.id"],
            ondelete="CASCADE",
        ),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    batch_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
