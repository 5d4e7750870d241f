"""Around comments: earlier wordings, reports, words not sent yet, and who follows what."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.languages import Language
from consult.models.base import Base, BigId, UtcDateTime, words_of


class CommentRevision(Base):
    """A wording that its author replaced; `number` is the comment's `wording` at that time, from 1.

    `is_public`: people had voted on it or answered it, so it stays readable beside the correction.
    """

    __tablename__ = "comment_revision"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)
    language: Mapped[Language | None] = mapped_column(words_of(Language))
    is_public: Mapped[bool]
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CommentReport(Base):
    """One person's complaint about one comment: the rule it breaks, and words where there are any.

    `answered_at` is when a moderator dismissed it, with the reason in `answer`. What was decided at the desk
    stands in the acts of moderation instead.
    """

    __tablename__ = "comment_report"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
        Index(None, "person_id"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    rule: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")


class CommentDraft(Base):
    """Words not sent yet, one draft a person and place. `reply_to` is 0 where it answers the question."""

    __tablename__ = "comment_draft"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "question_id"],
            ["question.consultation_id", "question.id"],
            ondelete="CASCADE",
        ),
        Index(None, "person_id"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    question_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    reply_to: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GuestDraft(Base):
    """Words written before signing in. The token is only in the browser's cookie; here is its SHA-256."""

    __tablename__ = "guest_draft"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "question_id"],
            ["question.consultation_id", "question.id"],
            ondelete="CASCADE",
        ),
        Index(None, "expires_at"),
        Index(None, "consultation_id", "question_id"),
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(BigId)
    question_id: Mapped[int] = mapped_column(BigId)
    reply_to: Mapped[int] = mapped_column(BigId)
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Follow(Base):
    """A person who asked for news of a consultation."""

    __tablename__ = "follow"
    __table_args__ = (Index(None, "person_id"),)

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    followed_at: Mapped[datetime] = mapped_column(UtcDateTime)
