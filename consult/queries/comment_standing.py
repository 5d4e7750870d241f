"""What a deed asks about a comment: whether it takes answers, and whom it answers itself."""

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.visibility import Sight, comment_sight
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.prepared import Prepared
from consult.models.questions import Question


def why_held_back(reader: Actor, consultation_id: int, comment_id: int) -> Reason | None:
    """Why a comment takes no votes and replies; None when it is published.

    NOT_FOUND for what this reader may not know of, COMMENT_NOT_PUBLISHED for a stub or an own one that waits.
    """
    row = db.session.execute(
        db.select(Comment.state, Comment.author_id, Comment.corrected_at).where(
            Comment.consultation_id == consultation_id, Comment.id == comment_id
        )
    ).first()
    if row is None:
        return Reason.NOT_FOUND
    is_corrected = row.corrected_at is not None
    if comment_sight(reader, row.state, row.author_id, is_corrected=is_corrected) is Sight.NOTHING:
        return Reason.NOT_FOUND
    return None if row.state is CommentState.PUBLISHED else Reason.COMMENT_NOT_PUBLISHED


def author_answered(consultation_id: int, comment_id: int) -> int | None:
    """Whom a reply answers; None for no reply, for oneself, and where the author is gone."""
    answered = sa.orm.aliased(Comment)
    return db.session.scalar(
        sa.select(answered.author_id)
        .join(Comment, Comment.replies_to == answered.id)
        .where(
            Comment.consultation_id == consultation_id,
            Comment.id == comment_id,
            answered.consultation_id == consultation_id,
            Comment.author_id != answered.author_id,
        )
    )


def question_number_of(consultation_id: int, comment_id: int) -> int:
    """The number of the question under which a comment stands.

    Raises:
        Refused: NOT_FOUND where there is no such comment.
    """
    rows = _QUESTION_NUMBER.run(here=consultation_id, target=comment_id)
    if not rows:
        raise Refused(Reason.NOT_FOUND)
    ((number,),) = rows
    return int(number)


_QUESTION_NUMBER = Prepared(
    lambda _dialect: (
        sa.select(Question.number)
        .join(Comment, Comment.question_id == Question.id)
        .where(
            Question.consultation_id == sa.bindparam("here"),
            Comment.consultation_id == sa.bindparam("here"),
            Comment.id == sa.bindparam("target"),
        )
    )
)
