"""The moderation desk: sketches of comments, who reads which one, notes, and the usual reasons."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.languages import Language
from consult.models.base import Base, BigId, IdSequence, UtcDateTime, words_of


class CommentBand(Base):
    """One band of a comment's sketch, see `domain.near_duplicates`; of comments that are like no older one.

    A trigger drops the bands when the words change.
    """

    __tablename__ = "comment_band"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"], ondelete="CASCADE"
        ),
        Index(None, "consultation_id", "comment_id"),
        {"sqlite_with_rowid": False},
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)


class ModerationLock(Base):
    """Who reads a comment at the desk, and until when others are told so."""

    __tablename__ = "moderation_lock"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"], ondelete="CASCADE"
        ),
        Index(None, "person_id"),
        Index(None, "until"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class ModerationNote(Base):
    """Words of a moderator to others about a comment; as an escalation they ask somebody else to decide.

    `to_id` is whom, empty for any administrator. An escalation is open until somebody decides: `settled_at`.
    """

    __tablename__ = "moderation_note"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
        Index(None, "consultation_id", "comment_id"),
        Index(None, "author_id"),
        Index(None, "to_id"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(
        BigId, primary_key=True, autoincrement=False, default=IdSequence("moderation_note_id_seq")
    )
    comment_id: Mapped[int] = mapped_column(BigId)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_escalation: Mapped[bool]
    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReasonTemplate(Base):
    """The usual reason for a rule in one language, where an official wrote another than the catalogue's."""

    __tablename__ = "reason_template"
    __table_args__ = (Index(None, "written_by"),)

    rule: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[Language] = mapped_column(words_of(Language), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
