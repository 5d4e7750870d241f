"""The outbox: messages to be sent, written in the transaction of the deed that causes them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.languages import Language
from consult.models.base import Base, BigId, UtcDateTime, words_of


class OutboxMessage(Base):
    """One message to one person, or to an `address` that belongs to nobody yet.

    `due_at` is when the next try may begin; a worker that takes a message moves it on, so that no other takes
    it too. `in_digest`: it waits for the person's daily mail and is told there with the others. `sent_at` is
    empty until the message was handed over, or nobody wanted it; after the last try `given_up_at` is set.
    Either empties `content`, but for news that were given up. `attempts` counts the tries,
    `last_error` says why the last one failed.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (Index(None, "sent_at", "in_digest", "due_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[Language | None] = mapped_column(words_of(Language))
    content: Mapped[dict[str, Any]] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_digest: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")


class Announcement(Base):
    """News of a consultation for many people, told once: its opening, its last days, its outcome.

    `about` is the instant that the news is about, such as the closing: a new one is new news. `told_up_to`
    is the highest id among those who have their message; `finished_at` is set when nobody is left.
    """

    __tablename__ = "announcement"
    __table_args__ = (Index(None, "finished_at"),)

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    about: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    announced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_up_to: Mapped[int] = mapped_column(BigId, default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
