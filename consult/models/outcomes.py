"""Themes, official positions, and the outcome of a consultation, each with its texts and versions."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.languages import Language
from consult.domain.outcomes import Decision
from consult.models.base import Base, BigId, UtcDateTime, words_of


class Theme(Base):
    """What some comments are about. Themes stand in the order in which they were made."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("consultation_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)


class ThemeText(Base):
    """The words of a theme in one language; an empty string is a text not written."""

    __tablename__ = "theme_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "theme_id"], ["theme.consultation_id", "theme.id"], ondelete="CASCADE"
        ),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    theme_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    language: Mapped[Language] = mapped_column(words_of(Language), primary_key=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")


class CommentTheme(Base):
    """A theme that an official put on a comment."""

    __tablename__ = "comment_theme"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
        ForeignKeyConstraint(
            ["consultation_id", "theme_id"], ["theme.consultation_id", "theme.id"], ondelete="CASCADE"
        ),
        Index(None, "consultation_id", "theme_id", "comment_id"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    theme_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)


class OfficialPosition(Base):
    """The authority's answer to a comment, a theme, or a group of near-identical comments.

    Exactly one of the three is set; `alike_id` is that of the group's comments. `version` is the newest of
    its versions, from 1. `text_key` is the SHA-256 of its reasons: positions that share it say the same.
    """

    __tablename__ = "official_position"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
        ForeignKeyConstraint(
            ["consultation_id", "theme_id"], ["theme.consultation_id", "theme.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["consultation_id", "alike_id"], ["comment.consultation_id", "comment.id"]),
        CheckConstraint(
            "(CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN theme_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN alike_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_target",
        ),
        UniqueConstraint("consultation_id", "id"),
        UniqueConstraint("consultation_id", "comment_id"),
        UniqueConstraint("consultation_id", "theme_id"),
        UniqueConstraint("consultation_id", "alike_id"),
        Index(None, "consultation_id", "text_key", "comment_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(BigId)
    theme_id: Mapped[int | None] = mapped_column(BigId)
    alike_id: Mapped[int | None] = mapped_column(BigId)
    version: Mapped[int] = mapped_column(default=1)
    text_key: Mapped[str] = mapped_column(String(64))


class PositionVersion(Base):
    """One version of a position: who decided what, and when."""

    __tablename__ = "position_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "position_id"],
            ["official_position.consultation_id", "official_position.id"],
            ondelete="CASCADE",
        ),
        Index(None, "decided_by"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    position_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decision: Mapped[Decision] = mapped_column(words_of(Decision))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PositionText(Base):
    """The reason of one version in one language, and the responsible body's name as it was then.

    `note` says what the version changed in a published position, and is empty in all others.
    """

    __tablename__ = "position_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "position_id", "number"],
            [
                "position_version.consultation_id",
                "position_version.position_id",
                "position_version.number",
            ],
            ondelete="CASCADE",
        ),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    position_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language] = mapped_column(words_of(Language), primary_key=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    authority: Mapped[str] = mapped_column(String(300), default="")


class Outcome(Base):
    """A version of "We asked, you said, we did", counted from 1; the highest number is the present one.

    Version 1 may be written anew until it is published; each later one is a correction.
    `edits` rises with each saving, so that an edit from an old page is noticed.
    """

    __tablename__ = "outcome"
    __table_args__ = (Index(None, "written_by"),)

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edits: Mapped[int]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutcomeText(Base):
    """The three parts of an outcome's version in one language; an empty string is a part not yet written.

    `note` says what a correction changed, and is empty in version 1.
    """

    __tablename__ = "outcome_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "number"], ["outcome.consultation_id", "outcome.number"], ondelete="CASCADE"
        ),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language] = mapped_column(words_of(Language), primary_key=True)
    asked: Mapped[str] = mapped_column(Text, default="")
    said: Mapped[str] = mapped_column(Text, default="")
    did: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
