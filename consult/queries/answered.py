"""Conditions: whether a comment asks for an answer of the authority, and whether it has one."""

from typing import Any

import sqlalchemy as sa

from consult.domain.comments import Channel, CommentState
from consult.domain.people import Role
from consult.models.comments import Comment
from consult.models.outcomes import CommentTheme, OfficialPosition
from consult.models.people import Person


def asks_for_an_answer() -> sa.ColumnElement[bool]:
    """Condition: a published comment, but for what officials wrote themselves; needs `Person` joined."""
    by_official = sa.and_(
        Comment.channel == Channel.WEB,
        Comment.author_id.is_not(None),
        Person.role.in_((Role.OFFICIAL, Role.ADMINISTRATOR)),
    )
    return sa.and_(Comment.state == CommentState.PUBLISHED, ~sa.func.coalesce(by_official, sa.false()))


def is_answered() -> sa.ColumnElement[bool]:
    """Condition: a position reaches the comment of the statement, by itself or through its thread."""
    above = sa.orm.aliased(Comment)
    in_thread = (
        sa.select(above.id)
        .where(
            above.consultation_id == Comment.consultation_id,
            above.id == Comment.parent_id,
            above.state == CommentState.PUBLISHED,
            _is_reached(above),
        )
        .correlate(Comment)
    )
    return sa.or_(_is_reached(Comment), in_thread.exists())


def _is_reached(comment: Any) -> sa.ColumnElement[bool]:
    """Condition: a position is about this comment, a theme of it, or its group."""
    here = OfficialPosition.consultation_id == comment.consultation_id
    own = sa.select(OfficialPosition.id).where(here, OfficialPosition.comment_id == comment.id)
    by_group = sa.select(OfficialPosition.id).where(here, OfficialPosition.alike_id == comment.alike_id)
    by_theme = (
        sa.select(OfficialPosition.id)
        .join(
            CommentTheme,
            sa.and_(
                CommentTheme.consultation_id == OfficialPosition.consultation_id,
                CommentTheme.theme_id == OfficialPosition.theme_id,
            ),
        )
        .where(here, CommentTheme.comment_id == comment.id)
    )
    return sa.or_(*(way.correlate(comment).exists() for way in (own, by_theme, by_group)))
