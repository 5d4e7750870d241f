"""What every act of a moderator does to a comment, in the transaction of the deed that calls it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import CommentState, Move, state_after
from consult.domain.errors import Reason, Refused
from consult.domain.moderation import UNDO_WINDOW
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, require_in
from consult.domain.risk import LAST_RANK, Mark, read_marks, written_marks
from consult.models.base import database_now, db, now_in_database
from consult.models.comments import ACT_IDS, Comment, ModerationAct
from consult.models.desk import ModerationLock, ModerationNote
from consult.models.people import Person
from consult.queries.comment_standing import author_answered
from consult.queries.rules import rule_in
from consult.services import audit, outbox

ACTS = {
    Move.PUBLISH: Act.COMMENT_PUBLISHED,
    Move.WITHHOLD: Act.COMMENT_WITHHELD,
    Move.REDACT: Act.COMMENT_REDACTED,
    Move.RESTORE: Act.COMMENT_RESTORED,
    Move.KEEP: Act.COMMENT_KEPT,
}


@dataclass(frozen=True)
class Ground:
    """Why a moderator acts: a published rule and words for the author; both empty where none is needed."""

    rule: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Decision:
    """What is done; `redacted` are the words to publish instead. `despite_lock`: though another reads it."""

    move: Move
    ground: Ground = Ground()
    redacted: str | None = None
    despite_lock: bool = False


def draw_deed() -> int:
    """The number of a deed, which is that of its first act."""
    return ACT_IDS.draw(db.session.connection())


def check(actor: Actor, row: Comment, decision: Decision, version: int | None) -> None:
    """Refuse, before anything is written, an act that this actor cannot do to this comment as it is now.

    Raises:
        Refused: NOT_PERMITTED, VERSION_CONFLICT, TAKEN_BY_ANOTHER with `name`, MOVE_NOT_ALLOWED.
    """
    require_in(actor, may_moderate, row.consultation_id)
    if version is not None and row.version != version:
        raise Refused(Reason.VERSION_CONFLICT, state=row.state.value)
    if not decision.despite_lock:
        refuse_if_taken(actor, row)
    if decision.ground.rule is not None:
        rule_in(row.consultation_id, decision.ground.rule)
    state_after(row.state, decision.move)
    is_untouched = row.state is CommentState.PUBLISHED and row.redacted_body is None
    is_answered = row.open_reports == 0 and row.desk_rank == LAST_RANK
    if (decision.move is Move.RESTORE and is_untouched) or (decision.move is Move.KEEP and is_answered):
        raise Refused(Reason.MOVE_NOT_ALLOWED, state=row.state.value)


def refuse_if_taken(actor: Actor, row: Comment) -> None:
    """Raises Refused(TAKEN_BY_ANOTHER), with the name, while somebody else has taken the comment."""
    name = db.session.scalar(
        db.select(Person.name)
        .join(ModerationLock, ModerationLock.person_id == Person.id)
        .where(
            ModerationLock.consultation_id == row.consultation_id,
            ModerationLock.comment_id == row.id,
            ModerationLock.until > database_now(),
            Person.id.is_distinct_from(actor.person_id),
        )
    )
    if name is not None:
        raise Refused(Reason.TAKEN_BY_ANOTHER, name=name)


def act_on(actor: Actor, row: Comment, decision: Decision, deed_id: int, act_id: int | None = None) -> None:
    """Do it: the comment, the act, its line in the log, the message to the author; nothing waits any more."""
    was = as_it_is(row)
    before, row.state = row.state, state_after(row.state, decision.move)
    ground = _apply(row, decision, before)
    row.version += 1
    row.desk_rank, row.open_reports = LAST_RANK, 0
    row.marks = written_marks({*read_marks(row.marks)} - {Mark.REPORTED})
    _keep(actor, row, Move(decision.move), ground, before, was, deed_id, act_id)
    let_go(row)
    if decision.move is not Move.KEEP:
        tell_author(row, ACTS[decision.move].value)
    if before is CommentState.PENDING and row.state is CommentState.PUBLISHED:
        _tell_answered(row)


def as_it_is(row: Comment) -> dict[str, Any]:
    """What an act may replace, as it is put back when the act is undone."""
    return {
        "redacted_body": row.redacted_body,
        "publication_rule": row.publication_rule,
        "publication_reason": row.publication_reason,
        "desk_rank": row.desk_rank,
        "open_reports": row.open_reports,
        "marks": row.marks,
    }


def _apply(row: Comment, decision: Decision, before: CommentState) -> Ground:
    """Change what readers see; answers the ground that stands in the act."""
    ground = decision.ground
    if decision.redacted is not None:
        row.redacted_body = decision.redacted
    elif decision.move is Move.RESTORE:
        ground = _ground_of_redaction(row, was=before)
    if decision.move is not Move.KEEP:
        row.publication_rule, row.publication_reason = ground.rule, ground.reason
    return ground


def _ground_of_redaction(row: Comment, *, was: CommentState) -> Ground:
    """What a restored comment is left with: its redaction if it was withheld on top of one, else nothing."""
    if row.redacted_body is None:
        return Ground()
    if was is CommentState.PUBLISHED:
        row.redacted_body = None
        return Ground()
    act = db.session.scalars(
        db.select(ModerationAct)
        .filter_by(consultation_id=row.consultation_id, comment_id=row.id, move=Move.REDACT, undone_at=None)
        .order_by(ModerationAct.id.desc())
    ).first()
    return Ground(act.rule, act.reason) if act else Ground()


def _keep(
    actor: Actor,
    row: Comment,
    move: Move,
    ground: Ground,
    before: CommentState,
    was: dict[str, Any],
    deed_id: int,
    act_id: int | None,
) -> None:
    """The act itself and its line in the log."""
    act = ModerationAct(
        consultation_id=row.consultation_id,
        comment_id=row.id,
        actor_id=actor.person_id,
        move=move,
        rule=ground.rule,
        reason=ground.reason,
        before=before,
        after=row.state,
        acted_at=now_in_database(),
        deed_id=deed_id,
        left_version=row.version,
        was=was,
    )
    if act_id is not None:
        act.id = act_id
    db.session.add(act)
    detail: dict[str, object] = {"before": before.value, "after": row.state.value}
    if ground.rule:
        detail |= {"rule": ground.rule}
    audit.record(actor, Entry(ACTS[move], Thing.COMMENT, row.id, row.consultation_id, detail))


def let_go(row: Comment) -> None:
    """Nobody has the comment any more, and what was asked of somebody else is done."""
    key = {"consultation_id": row.consultation_id, "comment_id": row.id}
    db.session.execute(sa.delete(ModerationLock).filter_by(**key))
    db.session.execute(
        sa.update(ModerationNote)
        .filter_by(is_escalation=True, settled_at=None, **key)
        .values(settled_at=database_now())
    )


def about(row: Comment) -> dict[str, object]:
    """What a message about a comment holds."""
    return {"consultation_id": row.consultation_id, "comment_id": row.id}


def tell_author(row: Comment, kind: str) -> None:
    """A message to the author, held back while the act may be undone at once."""
    if row.author_id is not None:
        outbox.enqueue(kind, row.author_id, about(row), hold=UNDO_WINDOW)


def _tell_answered(row: Comment) -> None:
    """A message to whoever a reply answers, when it is seen for the first time."""
    earlier = db.select(ModerationAct.id).filter_by(
        consultation_id=row.consultation_id,
        comment_id=row.id,
        after=CommentState.PUBLISHED,
        undone_at=None,
    )
    answered = author_answered(row.consultation_id, row.id)
    if answered is not None and len(db.session.scalars(earlier.limit(2)).all()) == 1:
        outbox.enqueue("reply_received", answered, about(row), hold=UNDO_WINDOW)
