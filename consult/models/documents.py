"""Source documents (agendas) and the passages that topics cite."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.languages import Language
from consult.models.base import Base, BigId, UtcDateTime, words_of


class SourceDocument(Base):
    """A document as it was read: its bytes, and the SHA-256 by which anybody can check a citation."""

    __tablename__ = "source_document"
    __table_args__ = (Index(None, "consultation_id", "sha256", unique=True), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(500))
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    source_url: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    language: Mapped[Language | None] = mapped_column(words_of(Language))
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Passage(Base):
    """Words of a document, exactly, and their place: lines (1-based, inclusive), a page or a paragraph."""

    __tablename__ = "passage"
    __table_args__ = (
        Index(None, "consultation_id"),
        Index(None, "document_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    document_id: Mapped[int] = mapped_column(ForeignKey("source_document.id", ondelete="CASCADE"))
    quote: Mapped[str] = mapped_column(Text)
    first_line: Mapped[int | None]
    last_line: Mapped[int | None]
    page: Mapped[int | None]
    paragraph: Mapped[int | None]
