"""Reading one's own appeals, and what can be appealed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from consult.domain.appeals import Ruling, Verdict, why_no_appeal
from consult.domain.comments import Channel, CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import Actor
from consult.models.appeals import Appeal
from consult.models.base import db, now_in_database
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.questions import Question
from consult.queries.questions import newest_texts
from consult.queries.rulings import standing_ruling


@dataclass(frozen=True)
class OwnAppeal:
    """An appeal of the reader's; `verdict` is None until somebody has decided."""

    id: int
    comment_id: int
    words: str
    lodged_at: datetime
    verdict: Verdict | None
    reason: str
    reason_language: Language | None
    decided_at: datetime | None


@dataclass(frozen=True)
class OwnCase:
    """An own comment with the decision that stands, if any, and the last appeal against one.

    `why_not` says why it cannot be appealed now; None where it can be.
    """

    comment_id: int
    slug: str
    question_number: int
    question: Shown
    body: str
    language: Language | None
    state: CommentState
    ruling: Ruling | None
    appeal: OwnAppeal | None
    why_not: Reason | None


def own_appeals(reader: Actor, comment_ids: Collection[int]) -> dict[int, OwnAppeal]:
    """The reader's last appeal about each of some comments; comments without one are not in it. One query."""
    if reader.person_id is None or not comment_ids:
        return {}
    rows = db.session.scalars(
        db.select(Appeal)
        .where(Appeal.person_id == reader.person_id, Appeal.comment_id.in_(comment_ids))
        .order_by(Appeal.id)
        .execution_options(populate_existing=True)
    )
    return {row.comment_id: _own(row) for row in rows}


def _own(row: Appeal) -> OwnAppeal:
    return OwnAppeal(
        id=row.id,
        comment_id=row.comment_id,
        words=row.words,
        lodged_at=row.lodged_at,
        verdict=row.verdict,
        reason=row.reason,
        reason_language=row.reason_language,
        decided_at=row.decided_at,
    )


def own_case(reader: Actor, comment_id: int, language: Language) -> OwnCase:
    """What an author reads before appealing, and afterwards.

    Raises:
        Refused: SIGN_IN_NEEDED for a guest; NOT_FOUND, also for another's comment.
    """
    if reader.person_id is None:
        raise Refused(Reason.SIGN_IN_NEEDED)
    row = db.session.execute(
        db.select(Comment, Consultation.slug, Question.number)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .join(Question, Question.id == Comment.question_id)
        .where(
            Comment.id == comment_id, Comment.author_id == reader.person_id, Comment.channel == Channel.WEB
        )
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    comment: Comment = row[0]
    ruling = standing_ruling(comment)
    return OwnCase(
        comment_id=comment.id,
        slug=row.slug,
        question_number=row.number,
        question=shown(newest_texts({comment.question_id}).get(comment.question_id, {}), language),
        body=comment.body,
        language=comment.language,
        state=comment.state,
        ruling=ruling,
        appeal=own_appeals(reader, [comment.id]).get(comment.id),
        why_not=why_no_appeal(ruling, now_in_database()),
    )
