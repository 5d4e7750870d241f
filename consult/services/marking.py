"""Marks and near-duplicates of a comment for the desk; ground of this floor, see docs/adr/0010.

Every function works in the running transaction of the deed that calls it, and decides about nothing.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.near_duplicates import ALIKE, bands, likeness, pieces
from consult.domain.risk import Circumstances, Mark, desk_rank, marks_of, read_marks, written_marks
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.desk import CommentBand
from consult.queries.settings import profanity_words

COMPARED = 20
"""Comments that are compared in full: those that share the most bands, so that the work has an end."""


def mark_comment(consultation_id: int, comment_id: int) -> None:
    """Note what a moderator should see of a comment that is new or has new words."""
    db.session.flush()
    row = db.session.get_one(Comment, (consultation_id, comment_id))
    row.alike_id = _oldest_alike(row)
    circumstances = Circumstances(
        is_first_of_author=_is_first_of_author(row),
        is_alike=row.alike_id != row.id,
        is_reread=_is_reread(row),
        reports=row.open_reports,
    )
    marks = marks_of(row.body, circumstances, profanity_words())
    row.marks, row.desk_rank = written_marks(marks), desk_rank(marks, row.open_reports)


def count_report(consultation_id: int, comment_id: int) -> None:
    """Let a comment that somebody reported be read earlier."""
    row = db.session.get_one(Comment, (consultation_id, comment_id), with_for_update=True)
    row.open_reports += 1
    marks = {*read_marks(row.marks), Mark.REPORTED}
    row.marks, row.desk_rank = written_marks(marks), desk_rank(marks, row.open_reports)


def forget_reports(row: Comment) -> None:
    """Let a comment wait no longer for reports that were answered."""
    marks = {*read_marks(row.marks)} - {Mark.REPORTED}
    row.open_reports, row.marks, row.desk_rank = 0, written_marks(marks), desk_rank(marks)


def _oldest_alike(row: Comment) -> int:
    """The comment that this one nearly repeats; the comment itself where there is none.

    Only one that repeats nothing is sketched, so everything in a group was compared with the same one. Two
    that arrive in the same instant may both begin a group.
    """
    own = pieces(row.body)
    sketch = bands(own)
    for other_id, body in _candidates(row, sketch):
        if likeness(own, pieces(body)) >= ALIKE:
            return other_id
    if sketch:
        columns = {"consultation_id": row.consultation_id, "comment_id": row.id}
        db.session.execute(sa.insert(CommentBand), [{**columns, "band": band} for band in sketch])
    return row.id


def _candidates(row: Comment, sketch: Sequence[int]) -> list[tuple[int, str]]:
    """Comments that share a band, those that share the most first."""
    sharing = (
        sa.select(CommentBand.comment_id, sa.func.count().label("shared"))
        .where(
            CommentBand.consultation_id == row.consultation_id,
            CommentBand.band.in_(sketch),
            CommentBand.comment_id != row.id,
        )
        .group_by(CommentBand.comment_id)
        .order_by(sa.desc("shared"), CommentBand.comment_id)
        .limit(COMPARED)
        .subquery()
    )
    found = db.session.execute(
        sa.select(Comment.id, Comment.body)
        .join(sharing, sharing.c.comment_id == Comment.id)
        .where(Comment.consultation_id == row.consultation_id, Comment.state != CommentState.WITHDRAWN)
        .order_by(sharing.c.shared.desc(), Comment.id)
    )
    return [(key, body) for key, body in found]


def _is_first_of_author(row: Comment) -> bool:
    if row.author_id is None:
        return False
    others = db.select(Comment.id).where(Comment.author_id == row.author_id, Comment.id != row.id)
    return db.session.scalars(others.limit(1)).first() is None


def _is_reread(row: Comment) -> bool:
    """Whether the author changed words that others had taken up, or on which a moderator had decided."""
    if row.wording == 1:
        return False
    acts = db.select(ModerationAct.id).filter_by(consultation_id=row.consultation_id, comment_id=row.id)
    return row.corrected_at is not None or db.session.scalars(acts.limit(1)).first() is not None
