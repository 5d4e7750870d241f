"""Files that an authority lays beside its consultation for everybody to read."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.languages import Language
from consult.models.base import Base, BigId, UtcDateTime, words_of


class Attachment(Base):
    """A file as it was uploaded. `position` orders the list from 1; `size` counts bytes."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("consultation_id", "id"),
        Index(None, "consultation_id", "sha256", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    position: Mapped[int]
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    language: Mapped[Language | None] = mapped_column(words_of(Language))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AttachmentText(Base):
    """What a file is called in one language; an empty string is a title not yet written."""

    __tablename__ = "attachment_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "attachment_id"],
            ["attachment.consultation_id", "attachment.id"],
            ondelete="CASCADE",
        ),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attachment_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    language: Mapped[Language] = mapped_column(words_of(Language), primary_key=True)
    title: Mapped[str] = mapped_column(String(300), default="")
