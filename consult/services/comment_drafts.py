"""Words that are not sent yet: kept for a person, or for a guest who is about to sign in."""

import secrets
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from consult.domain.comment_drafts import GUEST_DRAFT_HOURS, Spot, guest_key
from consult.domain.comments import comment_body
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.permissions import may_take_part, require
from consult.domain.texts import is_blank, kept_text
from consult.models.base import Base, db, now_in_database, transaction
from consult.models.questions import Question
from consult.models.taking_part import CommentDraft, GuestDraft
from consult.queries.timetables import why_not_open


def save_draft(actor: Actor, spot: Spot, body: str, *, guest_token: str = "") -> None:
    """Keep a person's words for a spot, instead of those kept there before; no words forget the draft.

    `guest_token`: what the same browser kept before signing in; it goes, since these words are newer.

    Raises:
        Refused: SIGN_IN_NEEDED, COMMENT_TOO_LONG, NOT_FOUND, CONSULTATION_NOT_OPEN, CONSULTATION_CLOSED.
    """
    require(actor, may_take_part)
    if is_blank(kept_text(body)):
        discard_draft(actor, spot, guest_token=guest_token)
        return
    words = comment_body(body)
    with transaction(is_private=True):
        _check_open(spot)
        own = {"person_id": actor.person_id, "body": words, "saved_at": now_in_database()}
        _upsert(CommentDraft, _columns(spot) | own)
        _forget_guest(spot, guest_token)


def save_guest_draft(spot: Spot, body: str, *, token: str = "") -> str:
    """Keep a guest's words for a day, and give the token by which they are found again.

    A browser has one such draft: with its `token` the words kept before are replaced. What has expired goes.

    Raises:
        Refused: COMMENT_EMPTY, COMMENT_TOO_LONG, NOT_FOUND, CONSULTATION_NOT_OPEN, CONSULTATION_CLOSED.
    """
    words = comment_body(body)
    with transaction(is_private=True):
        _check_open(spot)
        now = now_in_database()
        _delete_expired()
        is_known = bool(token) and db.session.get(GuestDraft, guest_key(token)) is not None
        kept_by = token if is_known else secrets.token_urlsafe(32)
        until = now + timedelta(hours=GUEST_DRAFT_HOURS)
        own = {"token_hash": guest_key(kept_by), "body": words, "saved_at": now, "expires_at": until}
        _upsert(GuestDraft, _columns(spot) | own)
        return kept_by


def discard_draft(actor: Actor, spot: Spot, *, guest_token: str = "") -> None:
    """Forget what was kept for a spot: it has been sent, or is not wanted any more.

    Raises:
        Refused: SIGN_IN_NEEDED.
    """
    require(actor, may_take_part)
    with transaction(is_private=True):
        db.session.execute(sa.delete(CommentDraft).filter_by(**_columns(spot), person_id=actor.person_id))
        _forget_guest(spot, guest_token)


def forget_expired_drafts() -> int:
    """Delete what guests left for longer than a day; how many there were."""
    with transaction(is_private=True):
        return _delete_expired()


def _delete_expired() -> int:
    expired = sa.delete(GuestDraft).where(GuestDraft.expires_at <= now_in_database())
    return len(db.session.scalars(expired.returning(GuestDraft.token_hash)).all())


def _check_open(spot: Spot) -> None:
    key = {"consultation_id": spot.consultation_id, "id": spot.question_id}
    if db.session.scalar(db.select(Question.id).filter_by(**key)) is None:
        raise Refused(Reason.NOT_FOUND)
    closed = why_not_open(spot.consultation_id)
    if closed is not None:
        raise Refused(closed)


def _forget_guest(spot: Spot, token: str) -> None:
    if token:
        key = _columns(spot) | {"token_hash": guest_key(token)}
        db.session.execute(sa.delete(GuestDraft).filter_by(**key))


def _columns(spot: Spot) -> dict[str, Any]:
    return {
        "consultation_id": spot.consultation_id,
        "question_id": spot.question_id,
        "reply_to": spot.reply_to or 0,
    }


def _upsert(table: type[Base], row: dict[str, Any]) -> None:
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(row)
    key = [column.name for column in sa.inspect(table).primary_key]
    replaced = {name: statement.excluded[name] for name in row if name not in key}
    db.session.execute(statement.on_conflict_do_update(index_elements=key, set_=replaced))
