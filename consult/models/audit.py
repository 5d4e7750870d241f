"""The audit log: written in the transaction of the deed; the database refuses to change or delete a row."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.audit import Act, Thing
from consult.models.base import Base, BigId, UtcDateTime, words_of


class AuditEntry(Base):
    """Who did what to which thing. No foreign keys: an entry outlives what it speaks of."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "consultation_id", "id"),
        Index(
            "ix_audit_entry_of_consultation",
            "thing_id",
            sqlite_where=text("thing = 'consultation'"),
            postgresql_where=text("thing = 'consultation'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor_role: Mapped[str] = mapped_column(String(20))
    act: Mapped[Act] = mapped_column(words_of(Act))
    thing: Mapped[Thing] = mapped_column(words_of(Thing))
    thing_id: Mapped[int | None] = mapped_column(BigId)
    consultation_id: Mapped[int | None] = mapped_column(BigId)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
