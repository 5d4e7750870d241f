"""What authors do to their own comments: other words, another language tag, taking them back."""

from dataclasses import dataclass

from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import (
    CommentState,
    comment_body,
    state_after_edit,
    why_not_editable,
    why_not_withdrawable,
)
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_take_part, require
from consult.domain.visibility import Sight, comment_sight
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.taking_part import CommentRevision
from consult.models.votes import CommentVote
from consult.queries.timetables import why_not_open
from consult.services import audit, indexing, marking


@dataclass(frozen=True)
class Edited:
    """What the author is told: the state now, and whether the page names the change and shows old words."""

    state: CommentState
    is_correction: bool


def edit_comment(
    actor: Actor, consultation_id: int, comment_id: int, body: str, *, version: int | None = None
) -> Edited:
    """Replace the words of an own comment; what they were is kept.

    Nobody is told while nobody else has voted on them or answered them. After that it is a correction: it is
    named on the page, the earlier wording stays readable, votes stay. Where moderators read first, they read
    again.
    `version` is the one that the author had before the eyes; None takes the newest.

    Raises:
        Refused: SIGN_IN_NEEDED, COMMENT_EMPTY, COMMENT_TOO_LONG, NOT_FOUND, NOT_PERMITTED for another's
            comment, ACCOUNT_BLOCKED, CONSULTATION_CLOSED, VERSION_CONFLICT where a moderator was quicker,
            COMMENT_HELD_BACK once a moderator has ruled on it, COMMENT_GONE.
    """
    require(actor, may_take_part)
    words = comment_body(body)
    with transaction():
        row = _own(actor, consultation_id, comment_id, version)
        reason = why_not_editable(row.state, is_redacted=row.redacted_body is not None)
        if reason is not None:
            raise Refused(reason)
        if words == row.body:
            return Edited(row.state, is_correction=False)
        is_correction = row.state is CommentState.PUBLISHED and _is_taken_up(row)
        _replace(row, words, is_correction=is_correction)
        marking.mark_comment(consultation_id, comment_id)
        act = Act.COMMENT_CORRECTED if is_correction else Act.COMMENT_EDITED
        _record(actor, row, act, {"wording": row.wording, "after": row.state.value})
        return Edited(row.state, is_correction)


def withdraw_comment(
    actor: Actor, consultation_id: int, comment_id: int, *, version: int | None = None
) -> None:
    """Take an own comment back for good: a stub stays in its place, and so do its replies and votes.

    Raises:
        Refused: as `edit_comment`, but for what is said of the words.
    """
    require(actor, may_take_part)
    with transaction():
        row = _own(actor, consultation_id, comment_id, version)
        reason = why_not_withdrawable(row.state)
        if reason is not None:
            raise Refused(reason)
        before, row.state = row.state, CommentState.WITHDRAWN
        row.version += 1
        _record(actor, row, Act.COMMENT_WITHDRAWN, {"before": before.value})


def change_language(actor: Actor, consultation_id: int, comment_id: int, language: Language) -> None:
    """Say which language an own comment is in, where it was detected wrongly. The words stay as they are.

    Raises:
        Refused: as `withdraw_comment`; a moderator's ruling on the words is no hindrance.
    """
    require(actor, may_take_part)
    with transaction():
        row = _own(actor, consultation_id, comment_id, None)
        if row.state in {CommentState.WITHDRAWN, CommentState.ERASED}:
            raise Refused(Reason.COMMENT_GONE)
        if row.language is language:
            return
        before = row.language.value if row.language else None
        row.language = language
        detail: dict[str, object] = {"before": before, "after": language.value}
        _record(actor, row, Act.COMMENT_LANGUAGE_CHANGED, detail)


def _own(actor: Actor, consultation_id: int, comment_id: int, version: int | None) -> Comment:
    """The actor's comment, locked against moderators, voters and replies, while its consultation is open."""
    row: Comment | None = db.session.scalar(
        db.select(Comment).filter_by(consultation_id=consultation_id, id=comment_id).with_for_update()
    )
    if row is None or _is_unknown_to(actor, row):
        raise Refused(Reason.NOT_FOUND)
    if row.author_id != actor.person_id:
        raise Refused(Reason.NOT_PERMITTED)
    if not db.session.scalar(db.select(Person.is_active).filter_by(id=actor.person_id)):
        raise Refused(Reason.ACCOUNT_BLOCKED)
    closed = why_not_open(consultation_id)
    if closed is not None:
        raise Refused(closed)
    if version is not None and row.version != version:
        raise Refused(Reason.VERSION_CONFLICT, state=row.state.value)
    return row


def _is_unknown_to(actor: Actor, row: Comment) -> bool:
    sight = comment_sight(actor, row.state, row.author_id, is_corrected=row.corrected_at is not None)
    return sight is Sight.NOTHING


def _is_taken_up(row: Comment) -> bool:
    """Whether somebody else voted on it or answered it; the lock on its row holds back those who would."""
    key = {"consultation_id": row.consultation_id}
    voted = db.select(CommentVote.person_id).filter_by(comment_id=row.id, **key)
    answered = db.select(Comment.id).filter_by(parent_id=row.parent_id or row.id, **key)
    if row.parent_id is not None:
        answered = answered.filter_by(replies_to=row.id)
    by_others = (
        voted.where(CommentVote.person_id != row.author_id),
        answered.where(Comment.author_id.is_distinct_from(row.author_id)),
    )
    return any(db.session.scalars(query.limit(1)).first() is not None for query in by_others)


def _replace(row: Comment, words: str, *, is_correction: bool) -> None:
    now = now_in_database()
    db.session.add(
        CommentRevision(
            consultation_id=row.consultation_id,
            comment_id=row.id,
            number=row.wording,
            body=row.body,
            language=row.language,
            is_public=is_correction,
            replaced_at=now,
        )
    )
    if is_correction:
        row.corrected_at = now
    mode = db.session.scalar(db.select(Consultation.moderation_mode).filter_by(id=row.consultation_id))
    row.state = state_after_edit(mode or ModerationMode.PRE, row.state)
    row.body = words
    row.wording += 1
    row.version += 1


def _record(actor: Actor, row: Comment, act: Act, detail: dict[str, object]) -> None:
    audit.record(actor, Entry(act, Thing.COMMENT, row.id, row.consultation_id, detail))
    indexing.index_comment(row.consultation_id, row.id)
