"""What becomes of a batch: its comments, and the corrections of its items afterwards."""

from dataclasses import dataclass

from consult.adapters.languages import detect_language
from consult.domain.audit import Act, Entry, Thing
from consult.domain.channels import BatchState, Item, Written, check_total, correction_reason, item
from consult.domain.comments import CommentState, first_state, state_after_edit, why_not_editable
from consult.domain.consultations import ModerationMode, Stage
from consult.domain.errors import Reason, Refused
from consult.domain.languages import DEFAULT
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require_in
from consult.models.base import db, now_in_database, transaction
from consult.models.channels import InputBatch, InputFile, InputItem
from consult.models.comments import COMMENT_IDS, Comment
from consult.models.consultations import Consultation
from consult.models.questions import Question
from consult.models.taking_part import CommentRevision
from consult.models.votes import CommentVote
from consult.services import audit, indexing, marking
from consult.services.channels.ground import (
    item_at,
    items_of,
    locked_batch,
    question_keys,
    record,
    require_entry,
)


@dataclass(frozen=True)
class Completed:
    """How many comments a batch has become, and the state in which they began."""

    comments: int
    state: CommentState


def complete_batch(actor: Actor, consultation_id: int, batch_id: int) -> Completed:
    """Make comments of a batch that holds as many items as announced; they count from when it was received.

    They wait for a moderator where the consultation's comments do. A file that waits to be loaded is let go.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, CONSULTATION_NOT_OPEN, STATE_FORBIDS, ENTRY_OVER,
            BATCH_COMPLETE, TOTAL_DIFFERS with the numbers `announced` and `entered`.
    """
    with transaction():
        require_entry(actor, consultation_id)
        batch = locked_batch(consultation_id, batch_id)
        items = items_of(batch)
        check_total(batch.announced, len(items))
        state = first_state(_mode(consultation_id))
        keys = _write_comments(batch, items, state)
        batch.state, batch.completed_at = BatchState.COMPLETE, now_in_database()
        waiting = db.session.get(InputFile, (consultation_id, batch_id))
        if waiting is not None:
            db.session.delete(waiting)
        _record_comments(actor, batch, items)
        if state is CommentState.PUBLISHED:
            indexing.index_comments(consultation_id, keys)
        return Completed(len(items), state)


def correct_item(
    actor: Actor, consultation_id: int, batch_id: int, number: int, written: Written, reason: str
) -> None:
    """Correct an item that has become a comment, against its original; its question stays.

    The wording before is kept, and stays readable where people had voted on it or answered it. Where
    moderators read first, they read again. There is no last day: a wrong transcription never was right.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, BATCH_NOT_COMPLETE, REASON_MISSING, TEXT_TOO_LONG,
            COMMENT_HELD_BACK where a moderator withheld or redacted the words, COMMENT_GONE, STATE_FORBIDS
            once answered or withdrawn, and as `domain.channels.item`.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    why = correction_reason(reason)
    with transaction():
        batch = locked_batch(consultation_id, batch_id, BatchState.COMPLETE)
        _check_correctable(consultation_id)
        row = item_at(batch, number)
        one = item(written, question_keys(consultation_id))
        changed = _correct(row, one)
        if changed:
            entry = {"batch": batch.id, "number": number, "changed": changed, "reason": why}
            audit.record(
                actor,
                Entry(Act.INPUT_ITEM_CORRECTED, Thing.COMMENT, row.comment_id, consultation_id, entry),
            )


def _mode(consultation_id: int) -> ModerationMode:
    mode = db.session.scalar(db.select(Consultation.moderation_mode).filter_by(id=consultation_id))
    return mode or ModerationMode.PRE


def _write_comments(batch: InputBatch, items: list[InputItem], state: CommentState) -> list[int]:
    """The comments of the items, whose words now stand there alone; answers their numbers."""
    keys = COMMENT_IDS.draw_many(db.session.connection(), len(items))
    versions = dict(
        db.session.execute(
            db.select(Question.id, Question.version).filter_by(consultation_id=batch.consultation_id)
        ).all()
    )
    for row, key in zip(items, keys, strict=True):
        db.session.add(_comment(batch, row, key, versions[row.question_id], state))
    db.session.flush()
    for row, key in zip(items, keys, strict=True):
        row.comment_id, row.body = key, ""
        marking.mark_comment(batch.consultation_id, key)
    return keys


def _comment(batch: InputBatch, row: InputItem, key: int, version: int, state: CommentState) -> Comment:
    return Comment(
        consultation_id=batch.consultation_id,
        id=key,
        question_id=row.question_id,
        author_id=None,
        body=row.body,
        language=row.language,
        question_version=version,
        question_language=row.language or DEFAULT,
        channel=batch.channel,
        state=state,
        submitted_at=batch.received_at,
    )


def _record_comments(actor: Actor, batch: InputBatch, items: list[InputItem]) -> None:
    """One line for the batch, and one a comment, so that each leads back to its original."""
    received = batch.received_at.isoformat()
    record(
        actor,
        Act.INPUT_BATCH_COMPLETED,
        batch,
        channel=batch.channel.value,
        received_at=received,
        announced=batch.announced,
        entered=len(items),
    )
    for row in items:
        detail: dict[str, object] = {
            "channel": batch.channel.value,
            "batch": batch.id,
            "item": row.number,
            "received_at": received,
        }
        entry = Entry(Act.COMMENT_SUBMITTED, Thing.COMMENT, row.comment_id, batch.consultation_id, detail)
        audit.record(actor, entry)


def _check_correctable(consultation_id: int) -> None:
    row = db.session.get_one(Consultation, consultation_id, with_for_update={"read": True})
    if row.stage is not Stage.PUBLISHED:
        raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)


def _correct(row: InputItem, one: Item) -> list[str]:
    """Write what differs; answers the names of what did."""
    comment = db.session.scalars(
        db.select(Comment).filter_by(consultation_id=row.consultation_id, id=row.comment_id).with_for_update()
    ).one()
    reason = why_not_editable(comment.state, is_redacted=comment.redacted_body is not None)
    if reason is not None:
        raise Refused(reason)
    language = one.language or detect_language(one.body)
    wanted = {"region": one.region, "age_band": one.age_band, "public_name": one.name, "language": language}
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    row.region, row.age_band, row.public_name, row.language = one.region, one.age_band, one.name, language
    if one.body != comment.body:
        _reword(comment, one.body)
        changed.insert(0, "text")
    comment.language = language
    marking.mark_comment(row.consultation_id, comment.id)
    indexing.index_comment(row.consultation_id, comment.id)
    return changed


def _reword(comment: Comment, words: str) -> None:
    is_taken_up = comment.state is CommentState.PUBLISHED and _is_taken_up(comment)
    now = now_in_database()
    db.session.add(
        CommentRevision(
            consultation_id=comment.consultation_id,
            comment_id=comment.id,
            number=comment.wording,
            body=comment.body,
            language=comment.language,
            is_public=is_taken_up,
            replaced_at=now,
        )
    )
    if is_taken_up:
        comment.corrected_at = now
    comment.state = state_after_edit(_mode(comment.consultation_id), comment.state)
    comment.body = words
    comment.wording += 1
    comment.version += 1


def _is_taken_up(comment: Comment) -> bool:
    key = {"consultation_id": comment.consultation_id}
    voted = db.select(CommentVote.person_id).filter_by(comment_id=comment.id, **key)
    answered = db.select(Comment.id).filter_by(parent_id=comment.id, **key)
    return any(db.session.scalars(query.limit(1)).first() is not None for query in (voted, answered))
