"""Casting votes: each is one upsert whose own conditions hold the rules, judged by the database's clock.

The statements are built once for each kind of database and go to its driver as text: building one costs more
than running it, and a vote is what a consultation's last hour consists of. Each is a transaction by itself.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor, Role
from consult.domain.permissions import may_take_part, require
from consult.domain.questions import QuestionKind
from consult.domain.votes import Choice
from consult.models.base import Base, database_now, db
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.duties import ConsultationDuty
from consult.models.people import Person, SignInSession
from consult.models.prepared import Prepared
from consult.models.questions import Question
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.comment_standing import why_held_back
from consult.queries.timetables import is_open, why_not_open

COMMENT_COLUMNS = ("consultation_id", "comment_id", "person_id", "choice", "cast_at")
PROPOSITION_COLUMNS = (
    "consultation_id", "question_id", "person_id", "choice", "question_version", "question_language",
    "cast_at",
)  # fmt: skip


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
    db.session.rollback()  # what was read before is old, and its connection is free for the vote
    kept = _COMMENT_VOTE.run(
        person_id=actor.person_id,
        consultation_id=consultation_id,
        comment_id=comment_id,
        choice=choice.value,
        wording=wording,
    )
    if not kept:
        raise Refused(_why_no_comment_vote(actor, consultation_id, comment_id, wording))


@dataclass(frozen=True)
class Kept:
    """A vote that was kept: in which consultation, and what all others chose, where that was counted."""

    consultation_id: int
    others: dict[int, int] | None


def cast_vote_in_session(
    token_hash: bytes,
    slug: str,
    comment_id: int,
    choice: Choice,
    *,
    wording: int | None,
    counts: bool = False,
) -> Kept | None:
    """As `cast_vote`, by whoever a live session belongs to; `counts` asks what all others chose.

    Only PostgreSQL counts them in the same statement, where that saves a journey to the server. None where
    the vote was held back, and also where it is for `cast_vote` to decide: for staff, whose sessions end when
    they are idle. That the session is in use is for the caller to note now and then.
    """
    is_counted = counts and db.engine.dialect.name == "postgresql"
    rows = (_VOTE_AND_COUNT if is_counted else _VOTE_IN_SESSION).run(
        token_hash=token_hash, slug=slug, comment_id=comment_id, choice=choice.value, wording=wording
    )
    if not rows:
        return None
    if not is_counted:
        return Kept(rows[0][0], None)
    return Kept(
        rows[0][0],
        {made: number - (made == own) for _, made, number, own in rows if made is not None},
    )


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
    db.session.rollback()
    kept = _PROPOSITION_VOTE.run(
        person_id=actor.person_id,
        consultation_id=consultation_id,
        question_id=question_id,
        choice=choice.value,
        language=language.value,
        version=question_version,
    )
    if not kept:
        raise Refused(_why_no_proposition_vote(consultation_id, question_id, question_version))


def _comment_vote() -> sa.Select[*tuple[Any, ...]]:
    """The row of a vote on a comment that takes one now, by a person who may."""
    return (
        sa.select(
            Comment.consultation_id, Comment.id, Person.id, sa.bindparam("choice", type_=sa.SmallInteger)
        )
        .add_columns(database_now())
        .select_from(Comment)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .where(
            Comment.id == sa.bindparam("comment_id"),
            Comment.state == CommentState.PUBLISHED,
            _is_as_read(Comment.wording, "wording"),
            Person.is_active,
            is_open(),
        )
        # The weakest lock, which the foreign key takes anyway: an edit and a vote wait for each other.
        .with_for_update(read=True, key_share=True, of=Comment)
    )


def _by_person() -> sa.Select[*tuple[Any, ...]]:
    is_here = Comment.consultation_id == sa.bindparam("consultation_id")
    return _comment_vote().join(Person, Person.id == sa.bindparam("person_id")).where(is_here)


def _in_session() -> sa.Select[*tuple[Any, ...]]:
    now, session = database_now(), SignInSession
    has_duties = sa.exists().where(ConsultationDuty.person_id == Person.id)
    return (
        _comment_vote()
        .join(session, session.token_hash == sa.bindparam("token_hash"))
        .join(Person, Person.id == session.person_id)
        .where(
            Consultation.slug == sa.bindparam("slug"),
            session.revoked_at.is_(None),
            session.expires_at > now,
            Person.role == Role.CITIZEN,
            ~has_duties,
        )
    )


def _proposition_vote() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Question.consultation_id,
            Question.id,
            Person.id,
            sa.bindparam("choice", type_=sa.SmallInteger),
            Question.version,
            sa.bindparam("language", type_=sa.String),
            database_now(),
        )
        .select_from(Question)
        .join(Consultation, Consultation.id == Question.consultation_id)
        .join(Person, Person.id == sa.bindparam("person_id"))
        .where(
            Question.consultation_id == sa.bindparam("consultation_id"),
            Question.id == sa.bindparam("question_id"),
            Question.kind == QuestionKind.PROPOSITION,
            _is_as_read(Question.version, "version"),
            Person.is_active,
            is_open(),
        )
    )


def _is_as_read(column: sa.orm.InstrumentedAttribute[int], name: str) -> sa.ColumnElement[bool]:
    """Whether the words are still those that were read; true where it is not told which those were."""
    return column == sa.func.coalesce(sa.cast(sa.bindparam(name), sa.BigInteger), column)


def _upsert(table: type[Base], columns: tuple[str, ...], row: sa.Select[*tuple[Any, ...]]) -> Any:
    """Builds what inserts the selected row or replaces the earlier choice, and answers the row's key.

    No row comes where the conditions held it back.
    """

    def build(dialect: Dialect) -> Any:
        insert: Any = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
        statement = insert(table).from_select(list(columns), row, include_defaults=False)
        key = sa.inspect(table).primary_key
        names = [column.name for column in key]
        replaced = {name: statement.excluded[name] for name in columns if name not in names}
        return statement.on_conflict_do_update(index_elements=names, set_=replaced).returning(*key)

    return build


def _with_counts(dialect: Dialect) -> sa.Select[*tuple[Any, ...]]:
    """The vote, of each choice how many had made it before, and what the voter had chosen then.

    The statement sees the votes from before itself. All are counted, the voter's too: leaving that one out
    would keep the count from being a look at the index alone.
    """
    kept = _upsert(CommentVote, COMMENT_COLUMNS, _in_session())(dialect).cte("kept")
    earlier = sa.orm.aliased(CommentVote)
    own = (
        sa.select(earlier.choice)
        .where(
            earlier.consultation_id == kept.c.consultation_id,
            earlier.comment_id == kept.c.comment_id,
            earlier.person_id == kept.c.person_id,
        )
        .scalar_subquery()
    )
    is_here = sa.and_(
        CommentVote.consultation_id == kept.c.consultation_id, CommentVote.comment_id == kept.c.comment_id
    )
    return (
        sa.select(kept.c.consultation_id, CommentVote.choice, sa.func.count(CommentVote.choice), own)
        .select_from(kept)
        .outerjoin(CommentVote, is_here)
        .group_by(kept.c.consultation_id, kept.c.comment_id, kept.c.person_id, CommentVote.choice)
    )


_COMMENT_VOTE = Prepared(_upsert(CommentVote, COMMENT_COLUMNS, _by_person()), writes=True)
_VOTE_IN_SESSION = Prepared(_upsert(CommentVote, COMMENT_COLUMNS, _in_session()), writes=True)
_VOTE_AND_COUNT = Prepared(_with_counts, writes=True)
_PROPOSITION_VOTE = Prepared(_upsert(PropositionVote, PROPOSITION_COLUMNS, _proposition_vote()), writes=True)


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
