"""What a comment said before its author corrected it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from consult.domain.languages import Language
from consult.domain.visibility import are_earlier_wordings_shown
from consult.models.base import db
from consult.models.taking_part import CommentRevision
from consult.queries.comments import CommentView


@dataclass(frozen=True)
class Wording:
    """Words that stood until `replaced_at`."""

    body: str
    language: Language | None
    replaced_at: datetime


def earlier_wordings(consultation_id: int, comments: Iterable[CommentView]) -> dict[int, tuple[Wording, ...]]:
    """The wordings that others had voted on or answered, by comment, newest first; one query at most.

    Comments that have none, or whose earlier words may not be read, are not in it.
    """
    keys = [
        comment.id
        for comment in comments
        if comment.corrected_at is not None
        and are_earlier_wordings_shown(comment.state, is_redacted=comment.is_redacted)
    ]
    found: dict[int, tuple[Wording, ...]] = {}
    if not keys:
        return found
    rows = db.session.scalars(
        db.select(CommentRevision)
        .filter_by(consultation_id=consultation_id, is_public=True)
        .where(CommentRevision.comment_id.in_(keys))
        .order_by(CommentRevision.number.desc())
    )
    for row in rows:
        earlier = found.get(row.comment_id, ())
        found[row.comment_id] = (*earlier, Wording(row.body, row.language, row.replaced_at))
    return found
