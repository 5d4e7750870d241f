"""Comments, replies, and what moderators did with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.comments import Channel, CommentState, Move
from consult.domain.languages import Language
from consult.models.base import Base, BigId, IdSequence, UtcDateTime, words_of

COMMENT_IDS = IdSequence("comment_id_seq")
ACT_IDS = IdSequence("moderation_act_id_seq")


class Comment(Base):
    """A comment on a question, or with `parent_id` a reply to a comment.

    The id is also the number that the author is given. `idempotency_key` is the form's; sent twice it makes
    one row. `publication_rule` and `publication_reason` say why it is
    withheld; `redacted_body` replaces `body` for every reader but the desk. `version` rises with each act.
    `replies_to` is the comment that a reply answers, its `parent_id` or a reply beside it. `wording` counts
    the author's wordings from 1; `corrected_at` is set once one that others had acted on was replaced.
    The desk reads the lowest `desk_rank` first, see `domain.risk`; `marks` are its codes with a space on each
    side. `alike_id` is the oldest comment whose words are nearly the same, the own id where there is none;
    empty until it was compared. `open_reports` counts those that no moderator has answered.
    """

    __tablename__ = "comment"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "question_id"], ["question.consultation_id", "question.id"]),
        ForeignKeyConstraint(["consultation_id", "parent_id"], ["comment.consultation_id", "comment.id"]),
        Index("ix_comment_thread", "consultation_id", "question_id", "parent_id", "state", "id"),
        Index("ix_comment_replies", "consultation_id", "parent_id", "id"),
        Index("ix_comment_queue", "consultation_id", "state", "id"),
        Index("ix_comment_author", "author_id", "id"),
        Index("ix_comment_desk", "consultation_id", "state", "desk_rank", "id"),
        Index("ix_comment_alike", "consultation_id", "alike_id", "state", "desk_rank", "id"),
        Index(
            "ix_comment_reported",
            "state",
            "desk_rank",
            "id",
            sqlite_where=text("open_reports > 0"),
            postgresql_where=text("open_reports > 0"),
        ),
        Index(None, "state", "id"),
        Index(None, "state", "desk_rank", "id"),
        Index(None, "id"),
        Index("uq_comment_idempotency", "consultation_id", "author_id", "idempotency_key", unique=True),
    )

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=COMMENT_IDS)
    question_id: Mapped[int] = mapped_column(BigId)
    parent_id: Mapped[int | None] = mapped_column(BigId)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    body: Mapped[str] = mapped_column(Text)
    redacted_body: Mapped[str | None] = mapped_column(Text)
    language: Mapped[Language | None] = mapped_column(words_of(Language))
    question_version: Mapped[int]
    question_language: Mapped[Language] = mapped_column(words_of(Language))
    channel: Mapped[Channel] = mapped_column(words_of(Channel), default=Channel.WEB)
    state: Mapped[CommentState] = mapped_column(words_of(CommentState))
    publication_rule: Mapped[str | None] = mapped_column(String(40))
    publication_reason: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    replies_to: Mapped[int | None] = mapped_column(BigId)
    wording: Mapped[int] = mapped_column(default=1, server_default="1")
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    desk_rank: Mapped[int] = mapped_column(default=100, server_default="100")
    marks: Mapped[str] = mapped_column(String(200), default="", server_default="")
    alike_id: Mapped[int | None] = mapped_column(BigId)
    open_reports: Mapped[int] = mapped_column(default=0, server_default="0")


class ModerationAct(Base):
    """One decision of a moderator: what was done, on what ground, and the states before and after.

    Acts of one deed share `deed_id`, the id of the first. `left_version` is the comment's version after the
    act and `was` what the act replaced, so that it can be undone while nobody has acted since.
    """

    __tablename__ = "moderation_act"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
        Index(None, "consultation_id", "comment_id"),
        Index(None, "actor_id", "acted_at"),
        Index(None, "deed_id"),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=ACT_IDS)
    comment_id: Mapped[int] = mapped_column(BigId)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    move: Mapped[Move] = mapped_column(words_of(Move))
    rule: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[CommentState] = mapped_column(words_of(CommentState))
    after: Mapped[CommentState] = mapped_column(words_of(CommentState))
    acted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deed_id: Mapped[int | None] = mapped_column(BigId)
    left_version: Mapped[int | None]
    was: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
