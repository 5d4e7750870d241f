"""Reading the public log of moderation: acts, appeals and their decisions in one line of numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.domain.moderation_log import Line, Step
from consult.models.appeals import Appeal
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.queries.exports import stream

PAGE = 50


@dataclass(frozen=True)
class LogPage:
    """Lines, newest first; `next_before` asks for the page behind them, None on the last."""

    lines: tuple[Line, ...]
    next_before: int | None


def moderation_log(consultation_id: int, *, before: int | None = None) -> LogPage:
    """A page of the log of one consultation that everybody may read; one query."""
    parts = [
        (part if before is None else part.where(key < before)).order_by(key.desc()).limit(PAGE + 1).subquery()
        for part, key in _parts(consultation_id)
    ]
    lines = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    rows = db.session.execute(sa.select(lines).order_by(lines.c.id.desc()).limit(PAGE + 1)).all()
    page = tuple(_line(row) for row in rows[:PAGE])
    return LogPage(page, page[-1].id if len(rows) > PAGE else None)


def whole_log(consultation_id: int) -> Iterator[Line]:
    """Every line, oldest first, a few hundred in memory at a time."""
    lines = sa.union_all(*(part for part, _ in _parts(consultation_id))).subquery()
    return (_line(row) for row in stream(sa.select(lines).order_by(lines.c.id)))


def _line(row: sa.Row[*tuple[Any, ...]]) -> Line:
    return Line(
        id=row.id,
        at=row.at,
        step=Step(row.step),
        rule=row.rule,
        language=row.language,
        appeal_of=row.appeal_of,
        is_undone=bool(row.is_undone),
    )


def _parts(consultation_id: int) -> list[tuple[sa.Select[*tuple[Any, ...]], Any]]:
    """Acts, appeals and decisions, each with the column that numbers its lines."""
    carried_out = sa.orm.aliased(Appeal)
    acts = (
        _of_comment(
            ModerationAct, ModerationAct.id, ModerationAct.acted_at, sa.cast(ModerationAct.move, sa.String)
        )
        .add_columns(
            ModerationAct.rule,
            carried_out.act_id.label("appeal_of"),
            sa.case((ModerationAct.undone_at.is_(None), 0), else_=1).label("is_undone"),
        )
        .outerjoin(
            carried_out,
            sa.and_(
                carried_out.consultation_id == ModerationAct.consultation_id,
                carried_out.outcome_id == ModerationAct.id,
            ),
        )
        .where(ModerationAct.consultation_id == consultation_id)
    )
    lodged = _of_appeal(Appeal.id, Appeal.lodged_at, sa.literal(Step.APPEAL.value, sa.String))
    decided = _of_appeal(Appeal.decision_id, Appeal.decided_at, sa.cast(Appeal.verdict, sa.String))
    return [
        (acts, ModerationAct.id),
        (lodged.where(Appeal.consultation_id == consultation_id), Appeal.id),
        (
            decided.where(Appeal.consultation_id == consultation_id, Appeal.verdict.is_not(None)),
            Appeal.decision_id,
        ),
    ]


def _of_comment(table: Any, key: Any, at: Any, step: Any) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(key.label("id"), at.label("at"), step.label("step"), Comment.language.label("language"))
        .select_from(table)
        .join(
            Comment,
            sa.and_(Comment.consultation_id == table.consultation_id, Comment.id == table.comment_id),
        )
    )


def _of_appeal(key: Any, at: Any, step: Any) -> sa.Select[*tuple[Any, ...]]:
    about = sa.orm.aliased(ModerationAct)
    return (
        _of_comment(Appeal, key, at, step)
        .add_columns(about.rule, Appeal.act_id.label("appeal_of"), sa.literal(0).label("is_undone"))
        .join(
            about,
            sa.and_(about.consultation_id == Appeal.consultation_id, about.id == Appeal.act_id),
        )
    )
