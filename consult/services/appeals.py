"""Appealing against a moderator's decision, and deciding appeals."""

from dataclasses import dataclass
from datetime import datetime

from consult.domain.appeals import (
    Verdict,
    appeal_words,
    is_involved,
    move_of,
    state_after_appeal,
    why_no_appeal,
)
from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import Channel, CommentState, Move, comment_body
from consult.domain.errors import Reason, Refused
from consult.domain.languages import DEFAULT
from consult.domain.mail import Kind
from consult.domain.moderation import reason_text
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, may_take_part, require, require_in, require_somewhere
from consult.models.appeals import Appeal
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import ACT_IDS, Comment, ModerationAct
from consult.models.people import Person
from consult.queries.rulings import involved_in, standing_ruling
from consult.services import audit, indexing, outbox

_ACTS = {Move.REDACT: Act.COMMENT_REDACTED, Move.RESTORE: Act.COMMENT_RESTORED}


@dataclass(frozen=True)
class Decision:
    """What an official decides: `reason` is for the author, `body` what PARTLY publishes.

    `version` is that of the comment which the official read; None takes the newest.
    """

    verdict: Verdict
    reason: str
    body: str = ""
    version: int | None = None


def lodge_appeal(actor: Actor, comment_id: int, words: str) -> int:
    """Ask for a second look at the decision about an own comment; answers the number of the appeal.

    Raises:
        Refused: SIGN_IN_NEEDED, REASON_MISSING, TEXT_TOO_LONG, NOT_FOUND also for another's comment,
            NOTHING_TO_APPEAL, APPEALED_ALREADY, APPEAL_FINAL, APPEAL_TOO_LATE.
    """
    require(actor, may_take_part)
    kept = appeal_words(words)
    with transaction():
        comment = _locked(Comment.id == comment_id, Comment.author_id == actor.person_id)
        now = now_in_database()
        ruling = standing_ruling(comment)
        reason = why_no_appeal(ruling, now)
        if ruling is None or reason is not None:
            raise Refused(reason or Reason.NOTHING_TO_APPEAL)
        row = Appeal(
            consultation_id=comment.consultation_id,
            comment_id=comment.id,
            act_id=ruling.act_id,
            person_id=actor.person_id,
            words=kept,
            lodged_at=now,
        )
        db.session.add(row)
        db.session.flush()
        _record(actor, Act.APPEAL_LODGED, row, rule=ruling.rule)
        return row.id


def decide_appeal(actor: Actor, appeal_id: int, decision: Decision) -> None:
    """Uphold the decision about a comment, or reverse it in whole or in part; its author is told.

    Only a new act of moderation changes what this leads to.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, REASON_MISSING, TEXT_TOO_LONG; OWN_DECISION for the
            author and for whoever ruled on the comment; APPEAL_DECIDED with the `verdict` where somebody was
            quicker; VERSION_CONFLICT; COMMENT_EMPTY and COMMENT_TOO_LONG of the redacted text;
            MOVE_NOT_ALLOWED where the decision was taken back at the desk or the comment is gone.
    """
    require_somewhere(actor, may_moderate)
    reason = reason_text(decision.reason)
    with transaction():
        row, comment = _locked_appeal(actor, appeal_id)
        if decision.version is not None and comment.version != decision.version:
            raise Refused(Reason.VERSION_CONFLICT, state=comment.state.value)
        row.decided_at = now_in_database()
        move = move_of(decision.verdict, comment.state, is_redacted=comment.redacted_body is not None)
        if move is not None:
            row.outcome_id = _carry_out(actor, row, comment, move, decision, reason)
        row.verdict, row.reason, row.decided_by = decision.verdict, reason, actor.person_id
        row.reason_language = db.session.scalar(db.select(Person.language).filter_by(id=row.person_id))
        row.reason_language = row.reason_language or DEFAULT
        row.decision_id = ACT_IDS.draw(db.session.connection())
        _record(actor, Act.APPEAL_DECIDED, row, verdict=decision.verdict.value)
        _tell_author(row)


def _locked(*conditions: object) -> Comment:
    """A comment that was written here, locked until the transaction ends; Raises Refused(NOT_FOUND)."""
    found: Comment | None = db.session.scalar(
        db.select(Comment).where(*conditions, Comment.channel == Channel.WEB).with_for_update()
    )
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found


def _locked_appeal(actor: Actor, appeal_id: int) -> tuple[Appeal, Comment]:
    """An appeal that the actor may decide, with its comment: the comment is locked first, as at the desk."""
    row = db.session.scalar(db.select(Appeal).filter_by(id=appeal_id))
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    require_in(actor, may_moderate, row.consultation_id)
    comment = _locked(Comment.consultation_id == row.consultation_id, Comment.id == row.comment_id)
    db.session.refresh(row, with_for_update=True)
    if row.verdict is not None:
        raise Refused(Reason.APPEAL_DECIDED, verdict=row.verdict)
    if is_involved(actor, involved_in(comment)):
        raise Refused(Reason.OWN_DECISION)
    return row, comment


def _carry_out(
    actor: Actor, row: Appeal, comment: Comment, move: Move, decision: Decision, reason: str
) -> int:
    """Change the comment as was decided; answers the number of the act."""
    ruling, before = standing_ruling(comment), comment.state
    comment.state = state_after_appeal(before, move)
    if move is Move.REDACT:
        comment.redacted_body = comment_body(decision.body)
        ground = (ruling.rule if ruling else None, reason)
    else:
        ground = _ground_left(comment, was=before)
    comment.publication_rule, comment.publication_reason = ground
    comment.version += 1
    act_id = _keep_act(actor, comment, move, before, ground, row.decided_at or now_in_database())
    detail: dict[str, object] = {"before": before.value, "after": comment.state.value, "appeal": row.id}
    audit.record(actor, Entry(_ACTS[move], Thing.COMMENT, comment.id, comment.consultation_id, detail))
    indexing.index_comment(comment.consultation_id, comment.id)
    return act_id


def _ground_left(comment: Comment, *, was: CommentState) -> tuple[str | None, str]:
    """Rule and reason of a redaction that a restored comment keeps; of a published one it is taken back."""
    if was is CommentState.PUBLISHED:
        comment.redacted_body = None
    redaction = standing_ruling(comment)
    return (redaction.rule, redaction.reason) if redaction else (None, "")


def _keep_act(
    actor: Actor,
    comment: Comment,
    move: Move,
    before: CommentState,
    ground: tuple[str | None, str],
    acted_at: datetime,
) -> int:
    act = ModerationAct(
        consultation_id=comment.consultation_id,
        comment_id=comment.id,
        actor_id=actor.person_id,
        move=move,
        rule=ground[0],
        reason=ground[1],
        before=before,
        after=comment.state,
        acted_at=acted_at,
    )
    db.session.add(act)
    db.session.flush()
    return act.id


def _record(actor: Actor, act: Act, row: Appeal, **detail: object) -> None:
    told = {"appeal": row.id, **{name: value for name, value in detail.items() if value is not None}}
    audit.record(actor, Entry(act, Thing.COMMENT, row.comment_id, row.consultation_id, told))


def _tell_author(row: Appeal) -> None:
    content: dict[str, object] = {
        "consultation_id": row.consultation_id,
        "comment_id": row.comment_id,
        "appeal_id": row.id,
    }
    outbox.enqueue(Kind.APPEAL_DECIDED.value, row.person_id, content)
