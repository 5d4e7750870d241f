"""Undoing a decision while nobody has acted on it."""

from collections.abc import Sequence

from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import CommentState, Move
from consult.domain.errors import Reason, Refused
from consult.domain.mail import Kind
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, require_in, require_somewhere
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import Comment, ModerationAct
from consult.queries.comment_standing import author_answered
from consult.services import audit, indexing, outbox
from consult.services.moderation.acting import about, tell_author

_NEWS = {
    CommentState.PENDING: Kind.COMMENT_WAITS_AGAIN,
    CommentState.PUBLISHED: Kind.COMMENT_RESTORED,
    CommentState.WITHHELD: Kind.COMMENT_WITHHELD,
}
"""What an author is told who has heard of the decision already."""


def undo(actor: Actor, deed_id: int) -> tuple[int, ...]:
    """Put comments back to where a deed found them; answers which, those left out on which somebody acted.

    Messages that have not gone out are dropped; whoever has been told is told again.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, UNDO_TOO_LATE where nothing can be put back.
    """
    require_somewhere(actor, may_moderate)
    with transaction():
        acts = db.session.scalars(
            db.select(ModerationAct).filter_by(deed_id=deed_id).order_by(ModerationAct.comment_id)
        ).all()
        if not acts:
            raise Refused(Reason.NOT_FOUND)
        for act in acts:
            require_in(actor, may_moderate, act.consultation_id)
        undone = [row.id for act, row in _rows(acts) if _is_undoable(act, row) and _put_back(actor, act, row)]
        if not undone:
            raise Refused(Reason.UNDO_TOO_LATE)
    return tuple(undone)


def _rows(acts: Sequence[ModerationAct]) -> list[tuple[ModerationAct, Comment]]:
    """Each act with its comment, locked in the order of their ids as every deed on several does."""
    by_comment = {act.comment_id: act for act in acts}
    found = db.session.scalars(
        db.select(Comment).where(Comment.id.in_(by_comment)).order_by(Comment.id).with_for_update()
    )
    return [(by_comment[row.id], row) for row in found]


def _is_undoable(act: ModerationAct, row: Comment) -> bool:
    """Whether the comment is as the act left it. What others have answered does not vanish again."""
    if act.undone_at is not None or act.was is None or row.version != act.left_version:
        return False
    would_vanish = act.before is CommentState.PENDING and row.state is CommentState.PUBLISHED
    return not (would_vanish and _is_answered(row))


def _is_answered(row: Comment) -> bool:
    answers = db.select(Comment.id).filter_by(consultation_id=row.consultation_id)
    return db.session.scalars(answers.filter_by(replies_to=row.id).limit(1)).first() is not None


def _put_back(actor: Actor, act: ModerationAct, row: Comment) -> bool:
    for name, value in (act.was or {}).items():
        setattr(row, name, value)
    after, row.state = row.state, act.before
    row.version += 1
    act.undone_at = now_in_database()
    db.session.add(
        ModerationAct(
            consultation_id=row.consultation_id,
            comment_id=row.id,
            actor_id=actor.person_id,
            move=Move.UNDO,
            rule=row.publication_rule,
            before=after,
            after=row.state,
            acted_at=act.undone_at,
        )
    )
    detail: dict[str, object] = {"act": act.id, "before": after.value, "after": row.state.value}
    audit.record(actor, Entry(Act.DECISION_UNDONE, Thing.COMMENT, row.id, row.consultation_id, detail))
    _tell(act, row)
    indexing.index_comment(row.consultation_id, row.id)
    return True


def _tell(act: ModerationAct, row: Comment) -> None:
    """Nothing to those whose news could be dropped; the rest of the story to an author who knows the half."""
    people = {row.author_id, author_answered(row.consultation_id, row.id)} - {None}
    dropped = outbox.take_back({key for key in people if key}, about(row), since=act.acted_at)
    if act.move is not Move.KEEP and row.author_id not in dropped:
        tell_author(row, _NEWS[row.state].value)
