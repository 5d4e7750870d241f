"""Conditions on comments: what a selection at the desk asks for, and what an actor may moderate."""

from typing import Any

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.moderation import DeskOrder, Selection, View
from consult.domain.people import Actor
from consult.domain.permissions import consultations_where, may_moderate
from consult.models.base import database_now, db
from consult.models.comments import Comment
from consult.models.desk import ModerationLock, ModerationNote
from consult.models.questions import Question

Condition = sa.ColumnElement[bool]
AnyComment = Any
"""`Comment` or an alias of it."""

_STATES = {
    View.PENDING: CommentState.PENDING,
    View.PUBLISHED: CommentState.PUBLISHED,
    View.WITHHELD: CommentState.WITHHELD,
}


def is_moderated_by(reader: Actor, of: AnyComment = Comment) -> Condition:
    """Condition: a comment of a consultation in which the reader may moderate."""
    numbers = consultations_where(reader, may_moderate)
    return sa.true() if numbers is None else of.consultation_id.in_(numbers)


def is_selected(reader: Actor, selection: Selection, of: AnyComment = Comment) -> Condition:
    """Condition: a comment that the selection asks for, and that the reader may moderate."""
    wanted = [is_moderated_by(reader, of), _is_in_view(reader, selection.view, of)]
    if selection.consultation_id is not None:
        wanted.append(of.consultation_id == selection.consultation_id)
        if selection.question is not None:
            number = db.select(Question.id).filter_by(
                consultation_id=selection.consultation_id, number=selection.question
            )
            wanted.append(of.question_id.in_(number))
    if selection.language is not None:
        wanted.append(of.language == selection.language)
    if selection.mark is not None:
        wanted.append(of.marks.contains(f" {selection.mark.value} ", autoescape=True))
    return sa.and_(*wanted)


def _is_in_view(reader: Actor, view: View, of: AnyComment) -> Condition:
    key = sa.tuple_(of.consultation_id, of.id)
    match view:
        case View.REPORTED:
            # Written out, so that SQLite sees that its index holds all of them.
            return sa.and_(of.state == CommentState.PUBLISHED, of.open_reports > sa.literal_column("0"))
        case View.ESCALATED:
            asked = sa.select(ModerationNote.consultation_id, ModerationNote.comment_id)
            return key.in_(asked.where(ModerationNote.is_escalation, ModerationNote.settled_at.is_(None)))
        case View.MINE:
            taken = sa.select(ModerationLock.consultation_id, ModerationLock.comment_id)
            return key.in_(
                taken.where(
                    ModerationLock.person_id == reader.person_id, ModerationLock.until > database_now()
                )
            )
        case View.PENDING | View.PUBLISHED | View.WITHHELD:
            return sa.and_(of.state == _STATES[view])


def is_first_of_group(reader: Actor, selection: Selection) -> Condition:
    """Condition: no selected comment whose words are nearly the same stands before this one."""
    other = sa.orm.aliased(Comment)
    earlier = sa.tuple_(*_order(selection.order, other)) < sa.tuple_(*_order(selection.order, Comment))
    return sa.not_(
        sa.exists().where(
            other.consultation_id == Comment.consultation_id,
            other.alike_id == Comment.alike_id,
            earlier,
            is_selected(reader, selection, other),
        )
    )


def _order(order: DeskOrder, of: AnyComment) -> tuple[Any, ...]:
    return (of.desk_rank, of.id) if order is DeskOrder.RISK else (of.id,)


def in_order(order: DeskOrder) -> tuple[Any, ...]:
    """Columns by which a list of comments is sorted and paged."""
    return _order(order, Comment)
