"""Votes: one row a person and target, by key and not by hope."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.languages import Language
from consult.models.base import Base, BigId, UtcDateTime, words_of

CHOICES = "choice IN (-1, 0, 1)"


class CommentVote(Base):
    """A person's current vote on a comment: 1 agree, 0 pass, -1 disagree. The last one counts."""

    __tablename__ = "comment_vote"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
        CheckConstraint(CHOICES, name="choice_known"),
        Index("ix_comment_vote_tally", "consultation_id", "comment_id", "choice"),
        Index("ix_comment_vote_person", "person_id", "consultation_id", "comment_id"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    choice: Mapped[int] = mapped_column(SmallInteger)
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PropositionVote(Base):
    """A person's current vote on a question that is a proposition, with the version and language answered."""

    __tablename__ = "proposition_vote"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "question_id"], ["question.consultation_id", "question.id"]),
        CheckConstraint(CHOICES, name="choice_known"),
        Index("ix_proposition_vote_tally", "consultation_id", "question_id", "choice"),
        Index("ix_proposition_vote_person", "person_id", "consultation_id", "question_id"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    choice: Mapped[int] = mapped_column(SmallInteger)
    question_version: Mapped[int]
    question_language: Mapped[Language] = mapped_column(words_of(Language))
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)
