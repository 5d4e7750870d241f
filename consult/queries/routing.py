"""Which comment a reader is shown next in rapid voting: a weighted draw from a list that is kept in memory.

No vote makes anybody scan comments or votes: the list is read anew when a comment, an act of moderation or a
computation of opinion groups is newer than it, and each minute for the votes on new comments.
"""

from bisect import bisect
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from consult.domain.comments import CommentState
from consult.domain.errors import Refused
from consult.domain.people import Actor
from consult.domain.routing import priority
from consult.domain.visibility import Sight
from consult.models.base import database_now, db
from consult.models.comments import Comment, ModerationAct
from consult.models.opinion import OpinionRun, OpinionStatement
from consult.models.votes import CommentVote
from consult.queries.comments import CommentView, one_comment
from consult.queries.consultations import ConsultationView
from consult.queries.tallies import comment_tallies

NEWCOMERS = 200
"""New comments whose votes are counted for their weight; older ones wait for the next computation."""
QUICK_DRAWS = 16
"""Draws from the whole list before what the reader has not seen is listed."""


@dataclass(frozen=True)
class NextStatement:
    """A published comment of somebody else that the reader has not voted on.

    `total` are all that the reader can be shown, without the reader's own; `seen` of them were voted on.
    """

    comment: CommentView
    seen: int
    total: int


@dataclass(frozen=True)
class Ballot:
    """The comments that may be drawn, oldest first, and the weight of each, above 0."""

    comment_ids: tuple[int, ...]
    weights: tuple[float, ...]

    @cached_property
    def _sums(self) -> list[float]:
        return list(accumulate(self.weights))

    @cached_property
    def _members(self) -> frozenset[int]:
        return frozenset(self.comment_ids)

    def among(self, comment_ids: Collection[int]) -> frozenset[int]:
        """Those of some comments that are on the ballot."""
        return self._members.intersection(comment_ids)

    def draw(self, voted: Collection[int], chance: Random) -> int | None:
        """A comment not voted on, each with a probability by its weight; None when all are."""
        if len(self.among(voted)) == len(self.comment_ids):
            return None
        for _ in range(QUICK_DRAWS):
            place = bisect(self._sums, chance.random() * self._sums[-1], hi=len(self._sums) - 1)
            if self.comment_ids[place] not in voted:
                return self.comment_ids[place]
        pairs = zip(self.comment_ids, self.weights, strict=True)
        left = [pair for pair in pairs if pair[0] not in voted]
        return chance.choices([key for key, _ in left], [weight for _, weight in left])[0]


_Edition = tuple[Any, ...]
_kept: WeakKeyDictionary[Engine, dict[tuple[int, int | None], tuple[_Edition, Ballot]]] = WeakKeyDictionary()


def next_statement(
    reader: Actor,
    consultation: ConsultationView,
    question_id: int | None,
    chance: Random,
    *,
    skipped: Collection[int] = (),
) -> NextStatement | None:
    """The next comment to vote on, of one question or of the whole consultation; None when none is left.

    What the reader `skipped` is not drawn, and not counted as seen either. Nor are the reader's own comments
    drawn: to be asked whether one agrees with oneself tells nobody anything. Their page still takes the vote.

    Replies are not drawn: torn from what they answer they cannot be judged.
    """
    if consultation.sight is not Sight.FULL:
        return None
    ballot = ballot_of(consultation.id, question_id)
    voted, own = _voted_on(reader, consultation.id), ballot.among(_written_by(reader, consultation.id))
    seen, passed_over = len(ballot.among(voted) - own), {*voted, *own, *skipped}
    while (comment_id := ballot.draw(passed_over, chance)) is not None:
        view = _published(reader, consultation, comment_id)
        if view is not None:
            return NextStatement(view, seen, len(ballot.comment_ids) - len(own))
        passed_over.add(comment_id)
    return None


def ballot_of(consultation_id: int, question_id: int | None) -> Ballot:
    """The published comments with their weights, from memory where nothing has changed."""
    ballots = _kept.setdefault(db.engine, {})
    edition = _edition(consultation_id)
    kept = ballots.get((consultation_id, question_id))
    if kept is not None and kept[0] == edition:
        return kept[1]
    ballot = _read(consultation_id, question_id)
    ballots[consultation_id, question_id] = edition, ballot
    return ballot


def _edition(consultation_id: int) -> _Edition:
    """What a kept list goes by: newest comment, act and run, each found by its key, and the minute."""

    def newest(table: Any, instant: Any) -> list[sa.ScalarSelect[Any]]:
        last = sa.select(sa.func.max(table.id)).where(table.consultation_id == consultation_id)
        moment = sa.select(instant).where(
            table.consultation_id == consultation_id, table.id == last.scalar_subquery()
        )
        return [last.scalar_subquery(), moment.scalar_subquery()]

    row = db.session.execute(
        sa.select(
            database_now(),
            *newest(Comment, Comment.submitted_at),
            *newest(ModerationAct, ModerationAct.acted_at),
            *newest(OpinionRun, OpinionRun.computed_at),
        )
    ).one()
    return (row[0].replace(second=0, microsecond=0), *row[1:])


def _read(consultation_id: int, question_id: int | None) -> Ballot:
    query = (
        sa.select(Comment.id, OpinionStatement.priority, OpinionStatement.extremity)
        .outerjoin(
            OpinionStatement,
            (OpinionStatement.consultation_id == Comment.consultation_id)
            & (OpinionStatement.comment_id == Comment.id),
        )
        .where(
            Comment.consultation_id == consultation_id,
            Comment.parent_id.is_(None),
            Comment.state == CommentState.PUBLISHED,
        )
        .order_by(Comment.id)
    )
    if question_id is not None:
        query = query.where(Comment.question_id == question_id)
    rows = db.session.execute(query).all()
    fresh = [row.id for row in rows if row.priority is None]
    extremities = [row.extremity for row in rows if row.extremity is not None]
    usual = sum(extremities) / len(extremities) if extremities else 0.0
    newcomers = _newcomers(consultation_id, fresh, usual)
    return Ballot(
        tuple(row.id for row in rows),
        tuple(newcomers[row.id] if row.priority is None else row.priority for row in rows),
    )


def _newcomers(consultation_id: int, fresh: list[int], extremity: float) -> Mapping[int, float]:
    """Weights of comments without figures: as if they divided people as much as others usually do."""
    tallies = comment_tallies(consultation_id, fresh[-NEWCOMERS:])
    weights = {
        key: priority(tally.agree, tally.disagree, tally.pass_, extremity) for key, tally in tallies.items()
    }
    return dict.fromkeys(fresh, priority(0, 0, 0, extremity)) | weights


def _voted_on(reader: Actor, consultation_id: int) -> frozenset[int]:
    """The comments that the reader has voted on, read from an index; none for a guest."""
    if reader.person_id is None:
        return frozenset()
    return frozenset(
        db.session.scalars(
            sa.select(CommentVote.comment_id).where(
                CommentVote.person_id == reader.person_id, CommentVote.consultation_id == consultation_id
            )
        )
    )


def _written_by(reader: Actor, consultation_id: int) -> frozenset[int]:
    """The reader's own comments, read from an index; none for a guest."""
    if reader.person_id is None:
        return frozenset()
    return frozenset(
        db.session.scalars(
            sa.select(Comment.id).where(
                Comment.author_id == reader.person_id, Comment.consultation_id == consultation_id
            )
        )
    )


def _published(reader: Actor, consultation: ConsultationView, comment_id: int) -> CommentView | None:
    """The comment as the reader sees it; None where it was taken back since the list was read."""
    try:
        view = one_comment(reader, consultation, comment_id)
    except Refused:
        return None
    return view if view.takes_votes else None
