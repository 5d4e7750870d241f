"""Reporting comments to the moderators."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.moderation import moderation_rule, report_words
from consult.domain.people import Actor
from consult.domain.permissions import may_take_part, require
from consult.domain.visibility import READABLE_STAGES
from consult.models.base import database_now, db, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.taking_part import CommentReport
from consult.queries.comment_standing import why_held_back
from consult.services import audit


def report_comment(actor: Actor, consultation_id: int, comment_id: int, rule: str, words: str = "") -> None:
    """Tell the moderators which rule a comment breaks; once a person. Closing does not end it.

    Raises:
        Refused: SIGN_IN_NEEDED, RULE_UNKNOWN, TEXT_TOO_LONG, NOT_FOUND, COMMENT_NOT_PUBLISHED,
            REPORTED_ALREADY, ACCOUNT_BLOCKED.
    """
    require(actor, may_take_part)
    code, kept = moderation_rule(rule).code, report_words(words)
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
        entry = Entry(Act.COMMENT_REPORTED, Thing.COMMENT, comment_id, consultation_id, {"rule": code})
        audit.record(actor, entry)


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
