"""What was brought here from elsewhere: conversations, and who is who in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base, UtcDateTime


class ImportedConversation(Base):
    """A consultation that was imported whole. `sha256` is that of all that was read, to know a repeat by."""

    __tablename__ = "imported_conversation"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    sha256: Mapped[str] = mapped_column(String(64))
    source_url: Mapped[str] = mapped_column(Text, default="")
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportedParticipant(Base):
    """Somebody who took part elsewhere: a person without address and password, and the name in the files."""

    __tablename__ = "imported_participant"
    __table_args__ = (UniqueConstraint("consultation_id", "reference"), Index(None, "person_id"))

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    reference: Mapped[str] = mapped_column(String(100))
