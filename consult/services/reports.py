"""Reporting comments to the moderators, and answering reports that lead to nothing."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.moderation import reason_text, report_words
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, may_take_part, require, require_in, require_somewhere
from consult.domain.visibility import READABLE_STAGES
from consult.models.base import database_now, db, now_in_database, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.taking_part import CommentReport
from consult.queries.comment_standing import why_held_back
from consult.queries.reports import is_open
from consult.queries.rules import rule_in
from consult.services import audit, marking


def report_comment(actor: Actor, consultation_id: int, comment_id: int, rule: str, words: str = "") -> None:
    """Tell the moderators which rule a comment breaks; once a person. Closing does not end it.

    Raises:
        Refused: SIGN_IN_NEEDED, RULE_UNKNOWN, TEXT_TOO_LONG, NOT_FOUND, COMMENT_NOT_PUBLISHED,
            REPORTED_ALREADY, ACCOUNT_BLOCKED.
    """
    require(actor, may_take_part)
    code, kept = rule_in(consultation_id, rule), report_words(words)
    columns = {
        "consultation_id": Comment.consultation_id,
        "comment_id": Comment.id,
        "person_id": Person.id,
        "rule": sa.literal(code, sa.String),
        "words": sa.literal(kept, sa.Text),
        "reported_at": database_now(),
    }
    row = (
        sa.select(*columns.values())
        .select_from(Comment)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .join(Person, Person.id == actor.person_id)
        .where(
            Comment.consultation_id == consultation_id,
            Comment.id == comment_id,
            Comment.state == CommentState.PUBLISHED,
            Consultation.stage.in_(READABLE_STAGES),
            Person.is_active,
        )
    )
    with transaction():
        if not _insert(list(columns), row):
            raise Refused(_why_not(actor, consultation_id, comment_id))
        marking.count_report(consultation_id, comment_id)
        entry = Entry(Act.COMMENT_REPORTED, Thing.COMMENT, comment_id, consultation_id, {"rule": code})
        audit.record(actor, entry)


def dismiss_reports(actor: Actor, comment_id: int, reason: str, *, seen: int) -> None:
    """Answer the reports about a comment that stays as it is; who reported reads the reason.

    `seen` is how many the moderator had before the eyes: none is dismissed unread.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, REASON_MISSING, TEXT_TOO_LONG, MOVE_NOT_ALLOWED
            where no report waits any more, VERSION_CONFLICT where another number of them waits.
    """
    require_somewhere(actor, may_moderate)
    kept = reason_text(reason)
    with transaction():
        row = db.session.scalar(db.select(Comment).filter_by(id=comment_id).with_for_update())
        if row is None:
            raise Refused(Reason.NOT_FOUND)
        require_in(actor, may_moderate, row.consultation_id)
        waiting = _waiting(row)
        if not waiting or row.state is not CommentState.PUBLISHED:
            raise Refused(Reason.MOVE_NOT_ALLOWED, state=row.state.value)
        if len(waiting) != seen:
            raise Refused(Reason.VERSION_CONFLICT, state=row.state.value)
        now = now_in_database()
        for report in waiting:
            report.answered_at, report.answer = now, kept
        marking.forget_reports(row)
        detail: dict[str, object] = {"reports": seen}
        audit.record(actor, Entry(Act.REPORTS_DISMISSED, Thing.COMMENT, row.id, row.consultation_id, detail))


def _waiting(row: Comment) -> Sequence[CommentReport]:
    return db.session.scalars(
        db.select(CommentReport)
        .filter_by(consultation_id=row.consultation_id, comment_id=row.id)
        .where(is_open())
        .order_by(CommentReport.person_id)
    ).all()


def _insert(columns: list[str], row: sa.Select[*tuple[Any, ...]]) -> bool:
    """Whether the report is new and its conditions held."""
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(CommentReport).from_select(columns, row, include_defaults=False)
    key = ["consultation_id", "comment_id", "person_id"]
    kept = statement.on_conflict_do_nothing(index_elements=key).returning(sa.literal(1))
    return db.session.execute(kept).first() is not None


def _why_not(actor: Actor, consultation_id: int, comment_id: int) -> Reason:
    hidden = why_held_back(actor, consultation_id, comment_id)
    if hidden is not None:
        return hidden
    key = (consultation_id, comment_id, actor.person_id)
    if db.session.get(CommentReport, key):
        return Reason.REPORTED_ALREADY
    stage = db.session.scalar(db.select(Consultation.stage).filter_by(id=consultation_id))
    return Reason.ACCOUNT_BLOCKED if stage in READABLE_STAGES else Reason.NOT_FOUND
