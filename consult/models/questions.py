"""Topics and questions, with their texts in each language and each version."""

from datetime import date, datetime

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
from consult.domain.questions import QuestionKind
from consult.models.base import Base, BigId, UtcDateTime, words_of


class Topic(Base):
    """A substantive point of an agenda. Without a passage it is the editor's own.

    `agenda_day` is set where the agenda prints a whole date; `agenda_day_words` are its own words for the
    day; `starts` and `ends` are HH:MM as printed. `edition` rises with each edit of the titles.
    """

    __tablename__ = "topic"
    __table_args__ = (
        UniqueConstraint("consultation_id", "id"),
        Index(None, "passage_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    position: Mapped[int]
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passage.id"))
    agenda_day: Mapped[date | None]
    agenda_day_words: Mapped[str] = mapped_column(String(200), default="")
    starts: Mapped[str | None] = mapped_column(String(5))
    ends: Mapped[str | None] = mapped_column(String(5))
    edition: Mapped[int] = mapped_column(default=1, server_default="1")


class TopicText(Base):
    __tablename__ = "topic_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "topic_id"], ["topic.consultation_id", "topic.id"], ondelete="CASCADE"
        ),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    topic_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    language: Mapped[Language] = mapped_column(words_of(Language), primary_key=True)
    title: Mapped[str] = mapped_column(String(300), default="")


class Question(Base):
    """What is asked about a topic. `number` counts within the consultation from 1 and is its address.

    `version` is the newest version of its text; every answer knows the version that it answered. `edition`
    rises with each edit, so that an edit from an old page is noticed.
    """

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("consultation_id", "id"),
        UniqueConstraint("consultation_id", "number"),
        ForeignKeyConstraint(["consultation_id", "topic_id"], ["topic.consultation_id", "topic.id"]),
        Index(None, "consultation_id", "topic_id"),
        CheckConstraint("number >= 1", name="number_from_one"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    topic_id: Mapped[int] = mapped_column(BigId)
    number: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(words_of(QuestionKind))
    version: Mapped[int] = mapped_column(default=1)
    edition: Mapped[int] = mapped_column(default=1, server_default="1")


class QuestionText(Base):
    """The words of one version of a question in one language; versions that were answered stay for ever."""

    __tablename__ = "question_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "question_id"],
            ["question.consultation_id", "question.id"],
            ondelete="CASCADE",
        ),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[Language] = mapped_column(words_of(Language), primary_key=True)
    text: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
