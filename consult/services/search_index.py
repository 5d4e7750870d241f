"""Rebuilding the search index: after an upgrade, an import by other means, or a change of the stemming."""

from collections.abc import Callable
from dataclasses import dataclass

from consult.domain.people import Actor
from consult.domain.permissions import may_rebuild_search, require
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.services import indexing

AT_ONCE = 200
"""Comments a transaction: a voter on SQLite waits no longer than a fraction of a second for the lock."""

Progress = Callable[[int, int], None]
"""Called with the comments looked at so far, and how many there are."""


@dataclass(frozen=True)
class Rebuilt:
    """How many consultations were looked at, and how many comments have an entry now."""

    consultations: int
    comments: int


def rebuild(actor: Actor, *, progress: Progress | None = None) -> Rebuilt:
    """Write every entry anew from the texts as they are; it can be repeated, and be ended at any moment.

    Raises:
        Refused: NOT_PERMITTED.
    """
    require(actor, may_rebuild_search)
    ids = db.session.scalars(db.select(Consultation.id).order_by(Consultation.id)).all()
    total = db.session.scalar(db.select(db.func.count()).select_from(Comment)) or 0
    looked_at = indexed = 0
    for consultation_id in ids:
        with transaction():
            indexing.index_consultation(consultation_id)
            indexing.drop_strays(consultation_id)
        last = 0
        while comment_ids := _next(consultation_id, last):
            with transaction():
                indexed += indexing.index_comments(consultation_id, comment_ids)
            last = comment_ids[-1]
            looked_at += len(comment_ids)
            if progress is not None:
                progress(looked_at, max(total, looked_at))
    with transaction():
        indexing.settle()
    return Rebuilt(len(ids), indexed)


def _next(consultation_id: int, after: int) -> list[int]:
    return list(
        db.session.scalars(
            db.select(Comment.id)
            .where(Comment.consultation_id == consultation_id, Comment.id > after)
            .order_by(Comment.id)
            .limit(AT_ONCE)
        )
    )
