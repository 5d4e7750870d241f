"""Figures that are kept beside what they count, so that no page has to go through all comments or votes.

Triggers write them in the transaction of the deed: see migration 0018. The truth stays in `comment` and
`comment_vote`; results and exports count there.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base, BigId, UtcDateTime


class CommentCount(Base):
    """A change in how many comments of a question are in a state; the sum of `number` is how many there are.

    Each deed adds rows and changes none, so that two people who write at once do not wait for each other. A
    job adds up what has gathered.
    """

    __tablename__ = "comment_count"
    __table_args__ = (
        Index("ix_comment_count_sum", "consultation_id", "question_id", "state", "number"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(30))
    number: Mapped[int]


class CommentTally(Base):
    """The votes on a comment that is no reply, as a job counted them last, and its ranks by them.

    `counted_at` is empty until then. The ranks are those of `domain.comment_orders`, by which lists are
    sorted.
    """

    __tablename__ = "comment_tally"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"], ondelete="CASCADE"
        ),
        Index("ix_comment_tally_agreed", "consultation_id", "question_id", "agreed_rank", "comment_id"),
        Index("ix_comment_tally_divided", "consultation_id", "question_id", "divided_rank", "comment_id"),
        Index("ix_comment_tally_needs", "consultation_id", "question_id", "needs_rank", "comment_id"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(BigId)
    agree: Mapped[int] = mapped_column(default=0)
    disagree: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    agreed_rank: Mapped[int]
    divided_rank: Mapped[int] = mapped_column(default=0)
    needs_rank: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
