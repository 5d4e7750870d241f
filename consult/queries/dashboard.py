"""What awaits a person: consultations not finished or followed, and replies to own comments."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.consultations import Stage, State
from consult.domain.languages import Language
from consult.domain.people import Actor, Role
from consult.domain.visibility import Sight, consultation_sight
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.taking_part import Follow
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.consultations import ConsultationView, consultations_of

LISTED = 20
"""Consultations that the dashboard looks at, the latest first."""
REPLIES = 5


@dataclass(frozen=True)
class OwnConsultation:
    """A consultation that the person follows or takes part in; `done` counts the questions answered."""

    view: ConsultationView
    done: int
    is_followed: bool

    @property
    def is_unfinished(self) -> bool:
        """Whether it is open, begun, and has questions left."""
        return self.view.is_open and 0 < self.done < self.view.question_count


@dataclass(frozen=True)
class ReplyReceived:
    """Somebody's reply to an own comment."""

    id: int
    slug: str
    answered_id: int
    author: str | None
    is_official: bool
    body: str
    language: Language | None
    submitted_at: datetime


def own_consultations(reader: Actor, language: Language) -> tuple[OwnConsultation, ...]:
    """What the reader follows or takes part in, the latest consultation first, 20 at most; five queries."""
    if reader.person_id is None:
        return ()
    followed = set(
        db.session.scalars(db.select(Follow.consultation_id).filter_by(person_id=reader.person_id))
    )
    keys = followed | set(db.session.scalars(sa.select(_taken_part(reader.person_id).c.consultation_id)))
    newest = sorted(keys, reverse=True)[:LISTED]
    done = _answered(reader.person_id, newest)
    views = sorted(consultations_of(reader, newest, language), key=lambda view: view.id, reverse=True)
    return tuple(
        OwnConsultation(view, done.get(view.id, 0), view.id in followed)
        for view in views
        if view.sight is Sight.FULL
    )


def replies_to(reader: Actor) -> tuple[ReplyReceived, ...]:
    """The newest replies to the reader's comments that everybody may read, 5 at most; none to oneself."""
    if reader.person_id is None:
        return ()
    answered = sa.orm.aliased(Comment)
    top = sa.func.coalesce(answered.parent_id, answered.id)
    query = (
        sa.select(Comment, answered.id, Consultation.slug, Person.name, Person.role)
        .select_from(answered)
        .join(
            Comment,
            sa.and_(
                Comment.consultation_id == answered.consultation_id,
                Comment.parent_id == top,
                Comment.replies_to == answered.id,
            ),
        )
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(
            answered.author_id == reader.person_id,
            Comment.author_id.is_distinct_from(reader.person_id),
            Comment.state == CommentState.PUBLISHED,
        )
        .order_by(Comment.id.desc())
        .limit(REPLIES)
    )
    if consultation_sight(reader, State.WITHDRAWN) is not Sight.FULL:
        query = query.where(Consultation.stage != Stage.WITHDRAWN)
    return tuple(_reply(row) for row in db.session.execute(query))


def _reply(row: sa.Row[*tuple[Any, ...]]) -> ReplyReceived:
    reply, answered_id, slug, name, role = row
    return ReplyReceived(
        id=reply.id,
        slug=slug,
        answered_id=answered_id,
        author=name,
        is_official=role in {Role.OFFICIAL, Role.ADMINISTRATOR},
        body=reply.redacted_body or reply.body,
        language=reply.language,
        submitted_at=reply.submitted_at,
    )


def _taken_part(person_id: int) -> sa.Subquery:
    """Questions that a person voted in or wrote on, with their consultations, each once."""
    wrote = db.select(Comment.consultation_id, Comment.question_id).where(Comment.author_id == person_id)
    voted = (
        db.select(Comment.consultation_id, Comment.question_id)
        .join(
            CommentVote,
            sa.and_(
                CommentVote.consultation_id == Comment.consultation_id, CommentVote.comment_id == Comment.id
            ),
        )
        .where(CommentVote.person_id == person_id)
    )
    answered = db.select(PropositionVote.consultation_id, PropositionVote.question_id).where(
        PropositionVote.person_id == person_id
    )
    return sa.union(wrote, voted, answered).subquery()


def _answered(person_id: int, keys: Collection[int]) -> dict[int, int]:
    part = _taken_part(person_id)
    rows = db.session.execute(
        sa.select(part.c.consultation_id, sa.func.count())
        .where(part.c.consultation_id.in_(keys))
        .group_by(part.c.consultation_id)
    )
    return dict(rows.all())
