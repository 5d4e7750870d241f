"""Submitting comments and replies."""

import re
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from consult.adapters.languages import detect_language
from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import Channel, CommentState, comment_body, first_state
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_take_part, require
from consult.models.base import database_now, db, transaction
from consult.models.comments import COMMENT_IDS, Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.questions import Question
from consult.queries.comment_standing import author_answered, why_held_back
from consult.queries.timetables import is_open, why_not_open
from consult.services import audit, indexing, marking, outbox

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True)
class Submitted:
    """What the author is told: the number of the comment, and whether others see it yet.

    `is_repeat` says that this very form had arrived before, and that nothing was added.
    """

    comment_id: int
    state: CommentState
    is_repeat: bool = False


@dataclass(frozen=True)
class Words:
    """A comment before it is kept; `read_in`: the page's language; `language`: the text's, None to detect.

    `question_version` is the version that the author had before the eyes; None takes the newest.
    """

    body: str
    read_in: Language
    language: Language | None = None
    channel: Channel = Channel.WEB
    question_version: int | None = None


@dataclass(frozen=True)
class _Place:
    """Where a comment goes: `parent_id` is what it stands under, `replies_to` what it answers."""

    consultation_id: int
    question_id: int
    parent_id: int | None = None
    replies_to: int | None = None


def submit_comment(
    actor: Actor, consultation_id: int, question_id: int, words: Words, *, idempotency_key: str | None = None
) -> Submitted:
    """Add a comment to a question; the same key sent twice makes one comment.

    Raises:
        Refused: SIGN_IN_NEEDED, COMMENT_EMPTY, COMMENT_TOO_LONG, NOT_FOUND, CONSULTATION_NOT_OPEN,
            CONSULTATION_CLOSED, ACCOUNT_BLOCKED, DUPLICATE_KEY_REUSED where the key came with other words.
    """
    return _submit(actor, _Place(consultation_id, question_id), words, idempotency_key)


def submit_reply(
    actor: Actor, consultation_id: int, parent_id: int, words: Words, *, idempotency_key: str | None = None
) -> Submitted:
    """Add a reply to a published comment; replies to replies go under the same comment.

    Raises:
        Refused: as `submit_comment`, and COMMENT_NOT_PUBLISHED while the comment is held back.
    """
    require(actor, may_take_part)
    parent = db.session.execute(
        db.select(Comment.question_id, Comment.parent_id).where(
            Comment.consultation_id == consultation_id, Comment.id == parent_id
        )
    ).first()
    if parent is None:
        raise Refused(Reason.NOT_FOUND)
    top = parent.parent_id or parent_id
    place = _Place(consultation_id, parent.question_id, top, replies_to=parent_id)
    return _submit(actor, place, words, idempotency_key)


def _submit(actor: Actor, place: _Place, words: Words, idempotency_key: str | None) -> Submitted:
    require(actor, may_take_part)
    body = comment_body(words.body)
    language = words.language or detect_language(body)
    key = idempotency_key if idempotency_key and _KEY.fullmatch(idempotency_key) else None
    with transaction():
        comment_id = COMMENT_IDS.draw(db.session.connection())
        kept = replace(words, body=body, language=language)
        row = _insert(actor, place, kept, _columns(comment_id, place, kept, key))
        if row is not None:
            detail: dict[str, object] = {"reply_to": place.replies_to} if place.replies_to else {}
            audit.record(
                actor,
                Entry(Act.COMMENT_SUBMITTED, Thing.COMMENT, comment_id, place.consultation_id, detail),
            )
            marking.mark_comment(place.consultation_id, comment_id)
            if CommentState(row.state) is CommentState.PUBLISHED:
                _tell_answered(place, comment_id)
                indexing.index_comment(place.consultation_id, comment_id)
            return Submitted(comment_id, CommentState(row.state))
    return _explained(actor, place, kept, key)


def _tell_answered(place: _Place, comment_id: int) -> None:
    """A message to whoever was answered; a reply that waits sends it when a moderator publishes it."""
    answered = author_answered(place.consultation_id, comment_id)
    if answered is not None:
        content: dict[str, object] = {"consultation_id": place.consultation_id, "comment_id": comment_id}
        outbox.enqueue("reply_received", answered, content)


def _columns(
    comment_id: int, place: _Place, words: Words, key: str | None
) -> dict[str, sa.ColumnElement[Any]]:
    """What the inserted row holds, column by column, in the terms of the select that feeds it."""
    starts_published = sa.case(
        (Consultation.moderation_mode == ModerationMode.PRE, first_state(ModerationMode.PRE).value),
        else_=first_state(ModerationMode.POST).value,
    )
    return {
        "consultation_id": Consultation.id.expression,
        "id": sa.literal(comment_id, sa.BigInteger),
        "question_id": Question.id.expression,
        "parent_id": sa.literal(place.parent_id, sa.BigInteger),
        "replies_to": sa.literal(place.replies_to, sa.BigInteger),
        "author_id": Person.id.expression,
        "body": sa.literal(words.body, sa.Text),
        "language": sa.literal(words.language.value if words.language else None, sa.String),
        "question_version": Question.version.expression,
        "question_language": sa.literal(words.read_in.value, sa.String),
        "channel": sa.literal(words.channel.value, sa.String),
        "state": starts_published,
        "publication_reason": sa.literal("", sa.Text),
        "submitted_at": database_now(),
        "idempotency_key": sa.literal(key, sa.String),
        "version": sa.literal(1),
        "wording": sa.literal(1),
    }


def _insert(
    actor: Actor, place: _Place, words: Words, columns: dict[str, sa.ColumnElement[Any]]
) -> sa.Row[Any] | None:
    """One statement: the row goes in only while the consultation is open by the database's clock.

    And only while what it replies to is published, and the question still has the words that were read.
    """
    row = (
        sa.select(*columns.values())
        .select_from(Question)
        .join(Consultation, Consultation.id == Question.consultation_id)
        .join(Person, Person.id == actor.person_id)
        .where(
            Consultation.id == place.consultation_id,
            Question.id == place.question_id,
            Person.is_active,
            is_open(),
        )
    )
    if words.question_version is not None:
        row = row.where(Question.version == words.question_version)
    if place.replies_to is not None:
        row = row.where(_is_published(place))
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(Comment)
        .from_select(list(columns), row, include_defaults=False)
        .on_conflict_do_nothing(index_elements=["consultation_id", "author_id", "idempotency_key"])
        .returning(Comment.__table__.c.state)
    )
    return db.session.execute(statement).first()


def _is_published(place: _Place) -> sa.ColumnElement[bool]:
    answered = sa.orm.aliased(Comment)
    return sa.exists().where(
        answered.consultation_id == place.consultation_id,
        answered.id == place.replies_to,
        answered.state == CommentState.PUBLISHED,
    )


def _explained(actor: Actor, place: _Place, words: Words, key: str | None) -> Submitted:
    """Nothing was added: the earlier comment of the same key, or the refusal."""
    if key is not None:
        earlier = db.session.execute(
            db.select(Comment.id, Comment.state, Comment.body).where(
                Comment.consultation_id == place.consultation_id,
                Comment.author_id == actor.person_id,
                Comment.idempotency_key == key,
            )
        ).first()
        if earlier and earlier.body != words.body:
            raise Refused(Reason.DUPLICATE_KEY_REUSED)
        if earlier:
            return Submitted(earlier.id, earlier.state, is_repeat=True)
    raise Refused(_why_not(actor, place, words))


def _why_not(actor: Actor, place: _Place, words: Words) -> Reason:
    version = db.session.scalar(
        db.select(Question.version).filter_by(consultation_id=place.consultation_id, id=place.question_id)
    )
    if version is None:
        return Reason.NOT_FOUND
    closed = why_not_open(place.consultation_id)
    if closed is not None:
        return closed
    if place.replies_to is not None:
        hidden = why_held_back(actor, place.consultation_id, place.replies_to)
        if hidden is not None:
            return hidden
    has_other_words = words.question_version not in {None, version}
    return Reason.VERSION_CONFLICT if has_other_words else Reason.ACCOUNT_BLOCKED
