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


class AgendaReview(Base):
    """An agenda that was read and waits for a person's decision; gone once it became topics or was dropped.

    `lines` and `proposals` are JSON: the lines with their places, and what `domain.agenda.review` makes.
    """

    __tablename__ = "agenda_review"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads it once

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(500))
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    source_url: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    language: Mapped[Language] = mapped_column(words_of(Language))
    place_name: Mapped[str] = mapped_column(String(20))
    lines: Mapped[str] = mapped_column(Text)
    proposals: Mapped[str] = mapped_column(Text)
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("source_document.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SupersededDocument(Base):
    """A document that a newer version replaced; topics that still cite it have a stale citation."""

    __tablename__ = "superseded_document"

    document_id: Mapped[int] = mapped_column(
        ForeignKey("source_document.id", ondelete="CASCADE"), primary_key=True
    )
    newer_id: Mapped[int] = mapped_column(ForeignKey("source_document.id", ondelete="CASCADE"), index=True)
