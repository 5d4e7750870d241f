"""Which decision of a moderator stands on a comment, and who took part in deciding about it."""

import sqlalchemy as sa

from consult.domain.appeals import APPEALED_MOVES, Ruling
from consult.domain.comments import CommentState, Move
from consult.models.appeals import Appeal
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct


def standing_ruling(comment: Comment) -> Ruling | None:
    """The decision that withholds a comment, or took passages out of it; None where none stands.

    Reads what the running transaction has not written yet, too.
    """
    if comment.state is CommentState.WITHHELD:
        move = Move.WITHHOLD
    elif comment.state is CommentState.PUBLISHED and comment.redacted_body is not None:
        move = Move.REDACT
    else:
        return None
    act = db.session.scalars(
        db.select(ModerationAct)
        .filter_by(consultation_id=comment.consultation_id, comment_id=comment.id, move=move)
        .where(ModerationAct.undone_at.is_(None))
        .order_by(ModerationAct.id.desc())
        .limit(1)
    ).first()
    return None if act is None else _ruling(act)


def _ruling(act: ModerationAct) -> Ruling:
    of_appeal, has_appeal = (
        sa.exists().where(Appeal.consultation_id == act.consultation_id, column == act.id)
        for column in (Appeal.outcome_id, Appeal.act_id)
    )
    appealed = db.session.execute(sa.select(of_appeal, has_appeal)).one()
    return Ruling(
        act_id=act.id,
        move=act.move,
        actor_id=act.actor_id,
        acted_at=act.acted_at,
        rule=act.rule,
        reason=act.reason,
        is_of_appeal=bool(appealed[0]),
        has_appeal=bool(appealed[1]),
    )


def involved_in(comment: Comment) -> frozenset[int]:
    """Persons who decide no appeal about a comment: its author, and whoever withheld or redacted it."""
    actors = db.session.scalars(
        db.select(ModerationAct.actor_id)
        .filter_by(consultation_id=comment.consultation_id, comment_id=comment.id)
        .where(ModerationAct.move.in_(APPEALED_MOVES), ModerationAct.actor_id.is_not(None))
        .distinct()
    )
    return frozenset(actors) | ({comment.author_id} if comment.author_id is not None else set())
