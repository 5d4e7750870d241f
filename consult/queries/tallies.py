"""Counting votes: one target, or all targets of a page in one query."""

from collections.abc import Collection

import sqlalchemy as sa

from consult.domain.votes import Choice, Tally
from consult.models.base import db
from consult.models.votes import CommentVote, PropositionVote


def tally_of(table: type[CommentVote] | type[PropositionVote], consultation_id: int, target_id: int) -> Tally:
    """The votes on one comment or proposition."""
    target = table.comment_id if table is CommentVote else PropositionVote.question_id
    rows = db.session.execute(
        db.select(table.choice, sa.func.count())
        .where(table.consultation_id == consultation_id, target == target_id)
        .group_by(table.choice)
    )
    return _tally(dict(rows.all()))


def comment_tallies(consultation_id: int, comment_ids: Collection[int]) -> dict[int, Tally]:
    """The votes on each of some comments; every asked id is in the answer."""
    counts: dict[int, dict[int, int]] = {comment_id: {} for comment_id in comment_ids}
    if comment_ids:
        for comment_id, choice, number in db.session.execute(
            db.select(CommentVote.comment_id, CommentVote.choice, sa.func.count())
            .where(CommentVote.consultation_id == consultation_id, CommentVote.comment_id.in_(comment_ids))
            .group_by(CommentVote.comment_id, CommentVote.choice)
        ):
            counts[comment_id][choice] = number
    return {comment_id: _tally(found) for comment_id, found in counts.items()}


def own_choices(
    person_id: int | None, consultation_id: int, comment_ids: Collection[int]
) -> dict[int, Choice]:
    """A person's votes on some comments; empty for a guest."""
    if person_id is None or not comment_ids:
        return {}
    rows = db.session.execute(
        db.select(CommentVote.comment_id, CommentVote.choice).where(
            CommentVote.consultation_id == consultation_id,
            CommentVote.person_id == person_id,
            CommentVote.comment_id.in_(comment_ids),
        )
    )
    return {comment_id: Choice(choice) for comment_id, choice in rows}


def _tally(counts: dict[int, int]) -> Tally:
    return Tally(
        agree=counts.get(Choice.AGREE, 0),
        disagree=counts.get(Choice.DISAGREE, 0),
        pass_=counts.get(Choice.PASS, 0),
    )
