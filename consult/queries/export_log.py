"""What an export holds of moderation: acts, appeals and their decisions, by number."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from consult.domain.appeals import Verdict
from consult.domain.audit import Thing
from consult.domain.exports import Record, exported_states
from consult.domain.people import Role
from consult.domain.privacy import official_ref
from consult.models.appeals import Appeal
from consult.models.comments import Comment, ModerationAct
from consult.models.people import Person
from consult.queries.exports import Scope, stream

_COLUMNS = (
    "id", "at", "actor_id", "comment_id", "action", "rule", "reason", "before", "after", "appeal_of"
)  # fmt: skip
_AUTHOR = "author"


def moderation_log(scope: Scope) -> Iterator[Record]:
    """Every line about a comment that the package has a row of; numbers of all three kinds never meet."""
    lines = sa.union_all(_acts(scope), _lodged(scope), _decided(scope)).subquery()
    statement = (
        sa.select(lines, Person.role, Person.name)
        .join(
            Comment,
            sa.and_(Comment.consultation_id == scope.consultation_id, Comment.id == lines.c.comment_id),
        )
        .outerjoin(Person, Person.id == lines.c.actor_id)
        .where(Comment.state.in_(exported_states(scope.package)))
        .order_by(lines.c.id)
    )
    for row in stream(statement):
        yield {
            "entry_id": row.id,
            "at": row.at,
            "actor_role": _AUTHOR if row.action == "appeal" else _acting_role(row),
            "actor_ref": official_ref(scope.secret, row.actor_id) if row.actor_id is not None else None,
            "object_type": Thing.COMMENT.value,
            "object_id": str(row.comment_id),
            "action": row.action,
            "rule": row.rule,
            "reason": None if scope.is_public else row.reason,
            "before": row.before,
            "after": row.after,
            "appeal_of": row.appeal_of,
            "actor_name": row.name,
        }


def _acts(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    """Acts of moderators; those that carried out what an appeal decided name the act appealed against."""
    return _labelled(
        ModerationAct.id,
        ModerationAct.acted_at,
        ModerationAct.actor_id,
        ModerationAct.comment_id,
        sa.cast(ModerationAct.move, sa.String),
        ModerationAct.rule,
        ModerationAct.reason,
        sa.cast(ModerationAct.before, sa.String),
        sa.cast(ModerationAct.after, sa.String),
        Appeal.act_id,
    ).outerjoin(
        Appeal,
        sa.and_(
            Appeal.consultation_id == ModerationAct.consultation_id, Appeal.outcome_id == ModerationAct.id
        ),
    ).where(ModerationAct.consultation_id == scope.consultation_id)  # fmt: skip


def _lodged(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    """Appeals; who lodged one is the comment's author, and its words are in no package."""
    nobody, nothing = sa.cast(sa.null(), sa.BigInteger), sa.cast(sa.null(), sa.String)
    state = sa.cast(ModerationAct.after, sa.String)
    return _of_appeals(
        scope, Appeal.id, Appeal.lodged_at, nobody, Appeal.comment_id, sa.literal("appeal", sa.String),
        ModerationAct.rule, nothing, state, state, Appeal.act_id,
    )  # fmt: skip


def _decided(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    """Decisions about appeals; before and after tell whether the comment's state changed."""
    outcome = sa.orm.aliased(ModerationAct)
    kept = sa.case((Appeal.verdict == Verdict.UPHELD, sa.cast(ModerationAct.after, sa.String)), else_=None)
    before, after = (
        sa.func.coalesce(sa.cast(column, sa.String), kept) for column in (outcome.before, outcome.after)
    )
    query = _of_appeals(
        scope, Appeal.decision_id, Appeal.decided_at, Appeal.decided_by, Appeal.comment_id,
        sa.literal("decide", sa.String), ModerationAct.rule, Appeal.reason, before, after, Appeal.act_id,
    )  # fmt: skip
    return query.outerjoin(
        outcome,
        sa.and_(outcome.consultation_id == Appeal.consultation_id, outcome.id == Appeal.outcome_id),
    ).where(Appeal.verdict.is_not(None))


def _of_appeals(scope: Scope, *columns: Any) -> sa.Select[*tuple[Any, ...]]:
    return (
        _labelled(*columns)
        .select_from(Appeal)
        .join(
            ModerationAct,
            sa.and_(
                ModerationAct.consultation_id == Appeal.consultation_id, ModerationAct.id == Appeal.act_id
            ),
        )
        .where(Appeal.consultation_id == scope.consultation_id)
    )


def _labelled(*columns: Any) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*(column.label(name) for column, name in zip(columns, _COLUMNS, strict=True)))


def _acting_role(row: sa.Row[*tuple[Any, ...]]) -> str:
    """SYSTEM where nobody signed in acted; whoever moderated and is no official any more was a moderator."""
    match row.role:
        case None:
            return "system"
        case Role.CITIZEN:
            return "moderator"
        case role:
            return str(role.value)
