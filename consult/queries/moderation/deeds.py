"""Decisions: the reader's last one, as it can be undone, and what somebody else decided meanwhile."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.domain.comments import CommentState, Move
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, require_somewhere
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.people import Person
from consult.queries.moderation.selecting import is_moderated_by


@dataclass(frozen=True)
class LastDeed:
    """What the reader did last: one comment, or several in one act; `comments` are those as it left them."""

    id: int
    move: Move
    comments: tuple[int, ...]


@dataclass(frozen=True)
class OtherDecision:
    """How a comment stands now, and who brought it there last; `by` is empty where no moderator did."""

    comment_id: int
    state: CommentState
    move: Move | None
    rule: str | None
    by: str
    at: datetime | None


def last_deed(reader: Actor) -> LastDeed | None:
    """What the reader can undo now; None where that is nothing.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(reader, may_moderate)
    newest = db.session.scalars(
        db.select(ModerationAct)
        .where(ModerationAct.actor_id == reader.person_id)
        .order_by(ModerationAct.acted_at.desc(), ModerationAct.id.desc())
        .limit(1)
    ).first()
    if newest is None or newest.move is Move.UNDO or newest.deed_id is None:
        return None
    left = db.session.scalars(
        db.select(Comment.id)
        .join(
            ModerationAct,
            sa.and_(
                ModerationAct.consultation_id == Comment.consultation_id,
                ModerationAct.comment_id == Comment.id,
            ),
        )
        .where(
            ModerationAct.deed_id == newest.deed_id,
            ModerationAct.undone_at.is_(None),
            ModerationAct.left_version == Comment.version,
        )
        .order_by(Comment.id)
    ).all()
    return LastDeed(newest.deed_id, newest.move, tuple(left)) if left else None


def decision_by_other(reader: Actor, comment_id: int) -> OtherDecision | None:
    """How a comment stands and who decided so; None where there is none that the reader moderates.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(reader, may_moderate)
    row = db.session.execute(
        db.select(Comment.consultation_id, Comment.state).where(
            Comment.id == comment_id, is_moderated_by(reader)
        )
    ).first()
    if row is None:
        return None
    act = db.session.execute(
        db.select(ModerationAct, Person.name)
        .outerjoin(Person, Person.id == ModerationAct.actor_id)
        .where(ModerationAct.consultation_id == row.consultation_id, ModerationAct.comment_id == comment_id)
        .order_by(ModerationAct.id.desc())
    ).first()
    if act is None or act[0].after is not row.state:
        return OtherDecision(comment_id, row.state, None, None, "", None)
    return OtherDecision(comment_id, row.state, act[0].move, act[0].rule, act[1] or "", act[0].acted_at)
