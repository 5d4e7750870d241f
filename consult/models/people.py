"""People and their sign-in sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.languages import Language
from consult.domain.people import Role
from consult.models.base import Base, BigId, UtcDateTime, words_of


class Person(Base):
    """An account. `email` is kept as `domain.people.email_address` makes it, so it is unique as text."""

    __tablename__ = "person"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(words_of(Role))
    language: Mapped[Language] = mapped_column(words_of(Language))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInSession(Base):
    """One sign-in on one device. The token itself is only in the person's cookie; here is its SHA-256."""

    __tablename__ = "sign_in_session"
    __table_args__ = (Index(None, "person_id"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device: Mapped[str] = mapped_column(String(200), default="")
