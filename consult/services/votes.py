"""Casting votes: each is one upsert whose own conditions hold the rules, judged by the database's clock."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_take_part, require
from consult.domain.questions import QuestionKind
from consult.domain.votes import Choice
from consult.models.base import Base, database_now, db, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.questions import Question
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.comment_standing import why_held_back
from consult.queries.timetables import is_open, why_not_open


def cast_vote(
    actor: Actor, consultation_id: int, comment_id: int, choice: Choice, *, wording: int | None = None
) -> None:
    """Record the actor's answer to a comment; a second answer replaces the first.

    `wording` is the one that the actor had before the eyes; None takes the newest.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_FOUND, COMMENT_NOT_PUBLISHED while it is held back,
            CONSULTATION_NOT_OPEN or CONSULTATION_CLOSED outside its timetable, ACCOUNT_BLOCKED,
            COMMENT_REWORDED where its author has changed it since it was read.
    """
    require(actor, may_take_part)
    row = (
        sa.select(Comment.consultation_id, Comment.id, Person.id, sa.literal(choice.value), database_now())
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .join(Person, Person.id == actor.person_id)
        .where(
            Comment.consultation_id == consultation_id,
            Comment.id == comment_id,
            Comment.state == CommentState.PUBLISHED,
            Person.is_active,
            is_open(),
        )
        # The weakest lock, which the foreign key takes anyway: an edit and a vote wait for each other.
        .with_for_update(read=True, key_share=True, of=Comment)
    )
    if wording is not None:
        row = row.where(Comment.wording == wording)
    if not _upsert(CommentVote, ["consultation_id", "comment_id", "person_id", "choice", "cast_at"], row):
        raise Refused(_why_no_comment_vote(actor, consultation_id, comment_id, wording))


def vote_on_proposition(
    actor: Actor,
    consultation_id: int,
    question_id: int,
    choice: Choice,
    language: Language,
    *,
    question_version: int | None = None,
) -> None:
    """Record the actor's answer to a proposition, with the version and language that was read.

    `question_version` is the version that the actor had before the eyes; None takes the newest.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_FOUND, VOTE_NOT_ASKED for an open question,
            CONSULTATION_NOT_OPEN or CONSULTATION_CLOSED outside its timetable, ACCOUNT_BLOCKED,
            VERSION_CONFLICT where the words have changed since they were read.
    """
    require(actor, may_take_part)
    columns = [
        "consultation_id", "question_id", "person_id", "choice",
        "question_version", "question_language", "cast_at",
    ]  # fmt: skip
    row = (
        sa.select(
            Question.consultation_id,
            Question.id,
            Person.id,
            sa.literal(choice.value),
            Question.version,
            sa.literal(language.value),
            database_now(),
        )
        .join(Consultation, Consultation.id == Question.consultation_id)
        .join(Person, Person.id == actor.person_id)
        .where(
            Question.consultation_id == consultation_id,
            Question.id == question_id,
            Question.kind == QuestionKind.PROPOSITION,
            Person.is_active,
            is_open(),
        )
    )
    if question_version is not None:
        row = row.where(Question.version == question_version)
    if not _upsert(PropositionVote, columns, row):
        raise Refused(_why_no_proposition_vote(consultation_id, question_id, question_version))


def _upsert(table: type[Base], columns: list[str], row: sa.Select[*tuple[Any, ...]]) -> bool:
    """Insert the selected row or replace the earlier choice; False when the conditions held it back."""
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).from_select(columns, row, include_defaults=False)
    key = [column.name for column in sa.inspect(table).primary_key]
    replaced = {name: statement.excluded[name] for name in columns if name not in key}
    with transaction():
        result = db.session.execute(
            statement.on_conflict_do_update(index_elements=key, set_=replaced).returning(sa.literal(1))
        )
        return result.first() is not None


def _why_no_comment_vote(actor: Actor, consultation_id: int, comment_id: int, read: int | None) -> Reason:
    held_back = why_held_back(actor, consultation_id, comment_id)
    if held_back is Reason.NOT_FOUND:
        return held_back
    reason = why_not_open(consultation_id) or held_back
    if reason is not None:
        return reason
    wording = db.session.scalar(
        db.select(Comment.wording).filter_by(consultation_id=consultation_id, id=comment_id)
    )
    return Reason.COMMENT_REWORDED if read not in {None, wording} else Reason.ACCOUNT_BLOCKED


def _why_no_proposition_vote(consultation_id: int, question_id: int, read: int | None) -> Reason:
    question = db.session.execute(
        db.select(Question.kind, Question.version).where(
            Question.consultation_id == consultation_id, Question.id == question_id
        )
    ).first()
    if question is None:
        return Reason.NOT_FOUND
    if question.kind is not QuestionKind.PROPOSITION:
        return Reason.VOTE_NOT_ASKED
    closed = why_not_open(consultation_id)
    if closed is not None:
        return closed
    return Reason.VERSION_CONFLICT if read not in {None, question.version} else Reason.ACCOUNT_BLOCKED
