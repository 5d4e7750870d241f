"""Moderating: publishing, withholding with a rule and a reason, redacting, restoring."""

from dataclasses import dataclass

from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import CommentState, Move, comment_body, state_after
from consult.domain.errors import Reason, Refused
from consult.domain.moderation import moderation_rule, reason_text
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, require
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import Comment, ModerationAct
from consult.queries.comment_standing import author_answered
from consult.services import audit, indexing, outbox

_ACTS = {
    Move.PUBLISH: Act.COMMENT_PUBLISHED,
    Move.WITHHOLD: Act.COMMENT_WITHHELD,
    Move.REDACT: Act.COMMENT_REDACTED,
    Move.RESTORE: Act.COMMENT_RESTORED,
}


@dataclass(frozen=True)
class Ground:
    """Why a moderator acts: a published rule and words for the author; both empty where none is needed."""

    rule: str | None = None
    reason: str = ""


def publish_comment(actor: Actor, comment_id: int, *, version: int | None = None) -> None:
    """Show a comment that waited.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, MOVE_NOT_ALLOWED when it waits no more, VERSION_CONFLICT.
    """
    _move(actor, comment_id, Move.PUBLISH, Ground(), version)


def withhold_comment(
    actor: Actor, comment_id: int, rule: str, reason: str, *, version: int | None = None
) -> None:
    """Hold a comment back; a stub with the rule stays, its replies stay, its author gets the reason.

    Raises:
        Refused: RULE_UNKNOWN, REASON_MISSING, TEXT_TOO_LONG, and as `publish_comment`.
    """
    require(actor, may_moderate)
    ground = Ground(moderation_rule(rule).code, reason_text(reason))
    _move(actor, comment_id, Move.WITHHOLD, ground, version)


def redact_comment(
    actor: Actor, comment_id: int, body: str, rule: str, reason: str, *, version: int | None = None
) -> None:
    """Publish a comment with passages taken out; the author's own words stay kept beside.

    Raises:
        Refused: COMMENT_EMPTY, COMMENT_TOO_LONG, and as `withhold_comment`.
    """
    require(actor, may_moderate)
    ground = Ground(moderation_rule(rule).code, reason_text(reason))
    _move(actor, comment_id, Move.REDACT, ground, version, redacted=comment_body(body))


def restore_comment(actor: Actor, comment_id: int, *, version: int | None = None) -> None:
    """Undo a withholding, or the redaction of a published comment; what was there before is seen again.

    Raises:
        Refused: as `publish_comment`.
    """
    _move(actor, comment_id, Move.RESTORE, Ground(), version)


def _move(
    actor: Actor,
    comment_id: int,
    move: Move,
    ground: Ground,
    version: int | None,
    *,
    redacted: str | None = None,
) -> None:
    require(actor, may_moderate)
    with transaction():
        row = db.session.scalar(db.select(Comment).filter_by(id=comment_id).with_for_update())
        if row is None:
            raise Refused(Reason.NOT_FOUND)
        if version is not None and row.version != version:
            raise Refused(Reason.VERSION_CONFLICT, state=row.state.value)
        before, row.state = row.state, _after(row, move)
        if redacted is not None:
            row.redacted_body = redacted
        elif move is Move.RESTORE:
            ground = _ground_of_redaction(row, was=before)
        row.publication_rule, row.publication_reason = ground.rule, ground.reason
        row.version += 1
        _keep(actor, row, move, ground, before)
        indexing.index_comment(row.consultation_id, row.id)


def _after(row: Comment, move: Move) -> CommentState:
    """The state that the move leads to; a published comment can be restored only from a redaction."""
    is_untouched = row.state is CommentState.PUBLISHED and row.redacted_body is None
    if move is Move.RESTORE and is_untouched:
        raise Refused(Reason.MOVE_NOT_ALLOWED, state=row.state.value)
    return state_after(row.state, move)


def _ground_of_redaction(row: Comment, *, was: CommentState) -> Ground:
    """What a restored comment is left with: its redaction if it was withheld on top of one, else nothing."""
    if row.redacted_body is None:
        return Ground()
    if was is CommentState.PUBLISHED:
        row.redacted_body = None
        return Ground()
    act = db.session.scalars(
        db.select(ModerationAct)
        .filter_by(consultation_id=row.consultation_id, comment_id=row.id, move=Move.REDACT)
        .order_by(ModerationAct.id.desc())
    ).first()
    return Ground(act.rule, act.reason) if act else Ground()


def _keep(actor: Actor, row: Comment, move: Move, ground: Ground, before: CommentState) -> None:
    """The act itself, its line in the log, and the message to the author."""
    db.session.add(
        ModerationAct(
            consultation_id=row.consultation_id,
            comment_id=row.id,
            actor_id=actor.person_id,
            move=move,
            rule=ground.rule,
            reason=ground.reason,
            before=before,
            after=row.state,
            acted_at=now_in_database(),
        )
    )
    detail: dict[str, object] = {"before": before.value, "after": row.state.value}
    if ground.rule:
        detail |= {"rule": ground.rule}
    audit.record(actor, Entry(_ACTS[move], Thing.COMMENT, row.id, row.consultation_id, detail))
    if row.author_id is not None:
        content: dict[str, object] = {"consultation_id": row.consultation_id, "comment_id": row.id}
        outbox.enqueue(_ACTS[move].value, row.author_id, content)
    if before is CommentState.PENDING and row.state is CommentState.PUBLISHED:
        _tell_answered(row)


def _tell_answered(row: Comment) -> None:
    """A message to whoever a reply answers, when it is seen for the first time."""
    earlier = db.select(ModerationAct.id).filter_by(
        consultation_id=row.consultation_id, comment_id=row.id, after=CommentState.PUBLISHED
    )
    answered = author_answered(row.consultation_id, row.id)
    if answered is not None and len(db.session.scalars(earlier.limit(2)).all()) == 1:
        outbox.enqueue(
            "reply_received", answered, {"consultation_id": row.consultation_id, "comment_id": row.id}
        )
