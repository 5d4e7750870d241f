"""Casting votes: each is one upsert whose own conditions hold the rules, judged by the database's clock.

The statements are built once for each kind of database and go to its driver as text: building one costs more
than running it, and a vote is what a consultation's last hour consists of. Each is a transaction by itself.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from consult.domain.comments import CommentState
from consult.domain.consultations import ResultsPolicy
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor, Role
from consult.domain.permissions import may_take_part, require
from consult.domain.questions import QuestionKind
from consult.domain.votes import Choice, Tally
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
_AGREE, _DISAGREE, _PASS = Choice.AGREE.value, Choice.DISAGREE.value, Choice.PASS.value
_POLICIES = {policy.value: policy for policy in ResultsPolicy}
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


class Kept(NamedTuple):
    """A vote that was kept: in which consultation, and all votes on the comment, where they were counted."""

    consultation_id: int
    policy: ResultsPolicy
    tally: Tally | None


def cast_vote_in_session(
    token_hash: bytes,
    slug: str,
    comment_id: int,
    choice: Choice,
    *,
    wording: int | None,
    counts: bool = False,
) -> Kept | None:
    """As `cast_vote`, by whoever a live session belongs to; `counts` asks for the votes on the comment.

    Counting with the vote saves a journey to the server, and SQLite a second look at the disk's pages. None
    where the vote was held back, and also where it is for `cast_vote` to decide: for staff, whose sessions
    end when they are idle. That the session is in use is for the caller to note now and then.
    """
    rows = (_VOTE_AND_COUNT if counts else _VOTE_IN_SESSION).run(
        token_hash=token_hash, slug=slug, comment_id=comment_id, choice=choice.value, wording=wording
    )
    if not rows:
        return None
    ((consultation_id, policy, *counted),) = rows
    return Kept(consultation_id, _POLICIES[policy], _with(choice, *counted) if counts else None)


def _with(choice: Choice, agree: int, disagree: int, passed: int, seen: int | None) -> Tally:
    """All votes with this one; `seen` is what the count saw of the voter, whom it may have seen or not."""
    return Tally(
        agree + (choice == _AGREE) - (seen == _AGREE),
        disagree + (choice == _DISAGREE) - (seen == _DISAGREE),
        passed + (choice == _PASS) - (seen == _PASS),
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
    return lambda dialect: _kept(dialect, table, columns, row).returning(*sa.inspect(table).primary_key)


def _kept(
    dialect: Dialect, table: type[Base], columns: tuple[str, ...], row: sa.Select[*tuple[Any, ...]]
) -> Any:
    insert: Any = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).from_select(list(columns), row, include_defaults=False)
    names = [column.name for column in sa.inspect(table).primary_key]
    replaced = {name: statement.excluded[name] for name in columns if name not in names}
    return statement.on_conflict_do_update(index_elements=names, set_=replaced)


def _in_session_answering(answer: Callable[[str], Sequence[str]]) -> Any:
    """Builds the vote in a session, which answers with the consultation and what else is asked beside it.

    `answer` makes questions about the vote from what stands for it. They are text, since SQLAlchemy takes the
    tables' names away in SQLite's RETURNING.
    """

    def build(dialect: Dialect) -> Any:
        kept = _kept(dialect, CommentVote, COMMENT_COLUMNS, _in_session())
        if dialect.name == "sqlite":
            return kept.returning(
                CommentVote.consultation_id, *map(sa.literal_column, answer("comment_vote"))
            )
        written = kept.returning(*sa.inspect(CommentVote).primary_key).cte("kept")
        return sa.select(written.c.consultation_id, *map(sa.literal_column, answer("kept")))

    return build


def _policy(written: str) -> list[str]:
    here = f"FROM consultation WHERE consultation.id = {written}.consultation_id"
    return [f"(SELECT results_policy {here})"]


def _policy_and_counts(written: str) -> list[str]:
    """The policy, how often each choice was made, and which of those the voter's is.

    PostgreSQL sees the votes from before this one, SQLite those with it: the voter's own tells which. All are
    counted: to leave one out, the count would have to look at more than an index.
    """
    here = (
        f"FROM comment_vote AS seen WHERE seen.consultation_id = {written}.consultation_id"
        f" AND seen.comment_id = {written}.comment_id AND seen"
    )
    numbers = (f"(SELECT count(*) {here}.choice = {choice:d})" for choice in (_AGREE, _DISAGREE, _PASS))
    return [*_policy(written), *numbers, f"(SELECT seen.choice {here}.person_id = {written}.person_id)"]


_COMMENT_VOTE = Prepared(_upsert(CommentVote, COMMENT_COLUMNS, _by_person()), writes=True)
_VOTE_IN_SESSION = Prepared(_in_session_answering(_policy), writes=True)
_VOTE_AND_COUNT = Prepared(_in_session_answering(_policy_and_counts), writes=True)
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
