"""Reading what people reported: for moderators, and whether one has reported already."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, require
from consult.models.base import db
from consult.models.taking_part import CommentReport


@dataclass(frozen=True)
class Reports:
    """Complaints about one comment: how many people named each rule, their words, and when the last came."""

    rules: Mapping[str, int]
    words: tuple[str, ...]
    last_at: datetime

    @property
    def total(self) -> int:
        """People who reported it."""
        return sum(self.rules.values())


def reports_of(
    reader: Actor, consultation_id: int, comment_ids: Collection[int] | None = None
) -> dict[int, Reports]:
    """Complaints by comment, of some comments or of all; comments without any are not in it. One query.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(reader, may_moderate)
    query = db.select(
        CommentReport.comment_id, CommentReport.rule, CommentReport.words, CommentReport.reported_at
    ).where(CommentReport.consultation_id == consultation_id)
    if comment_ids is not None:
        query = query.where(CommentReport.comment_id.in_(comment_ids))
    found = defaultdict(list)
    for row in db.session.execute(query.order_by(CommentReport.reported_at, CommentReport.person_id)):
        found[row.comment_id].append(row)
    return {
        comment_id: Reports(
            rules=Counter(row.rule for row in rows),
            words=tuple(row.words for row in rows if row.words),
            last_at=rows[-1].reported_at,
        )
        for comment_id, rows in found.items()
    }


def has_reported(reader: Actor, consultation_id: int, comment_id: int) -> bool:
    """Whether the reader has reported the comment; False for a guest."""
    if reader.person_id is None:
        return False
    key = (consultation_id, comment_id, reader.person_id)
    return db.session.get(CommentReport, key, populate_existing=True) is not None
