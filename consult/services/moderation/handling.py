"""Around a decision: taking a comment, passing it on, notes, the usual reasons, and one's own keys."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.moderation import LOCK, reason_text
from consult.domain.people import Actor, Duty, Role
from consult.domain.permissions import may_moderate, require, require_in, require_somewhere
from consult.domain.texts import is_blank
from consult.models.base import database_now, db, now_in_database, transaction
from consult.models.comments import Comment
from consult.models.desk import ModerationLock, ModerationNote, ReasonTemplate
from consult.models.duties import ConsultationDuty
from consult.models.people import Person
from consult.queries.rules import known_rule
from consult.services import audit
from consult.services.moderation.acting import refuse_if_taken


def take_comment(actor: Actor, comment_id: int) -> None:
    """Tell others for five minutes that the actor reads a comment; a second call begins them anew.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, TAKEN_BY_ANOTHER with `name`.
    """
    require_somewhere(actor, may_moderate)
    with transaction():
        row = _comment(actor, comment_id)
        db.session.execute(sa.delete(ModerationLock).where(ModerationLock.until <= database_now()))
        insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        until = now_in_database() + LOCK
        statement = insert(ModerationLock).values(
            consultation_id=row.consultation_id, comment_id=row.id, person_id=actor.person_id, until=until
        )
        kept = statement.on_conflict_do_update(
            index_elements=["consultation_id", "comment_id"],
            set_={"until": until},
            where=ModerationLock.person_id == actor.person_id,
        ).returning(ModerationLock.__table__.c.person_id)
        if db.session.execute(kept).first() is None:
            refuse_if_taken(actor, row)


def let_comment_go(actor: Actor, comment_id: int) -> None:
    """End one's own reading; nothing happens to a comment that one has not taken.

    Raises:
        Refused: as `take_comment`, but for the last.
    """
    require_somewhere(actor, may_moderate)
    with transaction():
        row = _comment(actor, comment_id)
        key = {"consultation_id": row.consultation_id, "comment_id": row.id}
        db.session.execute(sa.delete(ModerationLock).filter_by(person_id=actor.person_id, **key))


def escalate_comment(actor: Actor, comment_id: int, words: str, to_id: int | None = None) -> None:
    """Ask somebody else to decide: a moderator of this consultation, or any administrator if none is named.

    Raises:
        Refused: REASON_MISSING, TEXT_TOO_LONG, PERSON_UNKNOWN for oneself and for whoever may not moderate,
            and as `let_comment_go`.
    """
    require_somewhere(actor, may_moderate)
    kept = reason_text(words)
    with transaction():
        row = _comment(actor, comment_id)
        if to_id is not None and (to_id == actor.person_id or not _may_be_asked(to_id, row.consultation_id)):
            raise Refused(Reason.PERSON_UNKNOWN)
        _write_note(actor, row, kept, to_id=to_id, is_escalation=True)
        key = {"consultation_id": row.consultation_id, "comment_id": row.id}
        db.session.execute(sa.delete(ModerationLock).filter_by(person_id=actor.person_id, **key))
        detail: dict[str, object] = {} if to_id is None else {"to": to_id}
        _record(actor, row, Act.COMMENT_ESCALATED, detail)


def note_on_comment(actor: Actor, comment_id: int, words: str) -> None:
    """Write something for other moderators; the author never sees it.

    Raises:
        Refused: REASON_MISSING, TEXT_TOO_LONG, and as `let_comment_go`.
    """
    require_somewhere(actor, may_moderate)
    kept = reason_text(words)
    with transaction():
        row = _comment(actor, comment_id)
        _write_note(actor, row, kept, to_id=None, is_escalation=False)
        _record(actor, row, Act.COMMENT_NOTED, {})


def write_usual_reason(actor: Actor, rule: str, language: Language, words: str) -> None:
    """Keep what authors are usually told for a rule; empty words bring back those of the catalogue.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, RULE_UNKNOWN, TEXT_TOO_LONG.
    """
    require(actor, may_moderate)
    code = known_rule(rule)
    kept = "" if is_blank(words) else reason_text(words)
    with transaction():
        row = db.session.get(ReasonTemplate, (code, language))
        if kept == (row.words if row else ""):
            return
        db.session.execute(sa.delete(ReasonTemplate).filter_by(rule=code, language=language))
        if kept:
            values = {"words": kept, "written_by": actor.person_id, "written_at": now_in_database()}
            db.session.execute(sa.insert(ReasonTemplate).values(rule=code, language=language, **values))
        detail: dict[str, object] = {"rule": code, "language": language.value}
        audit.record(actor, Entry(Act.USUAL_REASON_WRITTEN, Thing.INSTALLATION, None, detail=detail))


def switch_keys(actor: Actor, *, on: bool) -> None:
    """Let single letters work as keys at the desk, or not; for this person, wherever signed in.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(actor, may_moderate)
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == actor.person_id).values(desk_keys=on))


def _comment(actor: Actor, comment_id: int) -> Comment:
    row: Comment | None = db.session.scalar(db.select(Comment).filter_by(id=comment_id))
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    require_in(actor, may_moderate, row.consultation_id)
    return row


def _may_be_asked(person_id: int, consultation_id: int) -> bool:
    duty = db.select(ConsultationDuty.person_id).filter_by(
        consultation_id=consultation_id, duty=Duty.MODERATOR
    )
    is_moderator = sa.or_(Person.role.in_([Role.OFFICIAL, Role.ADMINISTRATOR]), Person.id.in_(duty))
    query = db.select(Person.id).where(Person.id == person_id, Person.is_active, is_moderator)
    return db.session.scalar(query) is not None


def _write_note(actor: Actor, row: Comment, words: str, *, to_id: int | None, is_escalation: bool) -> None:
    db.session.add(
        ModerationNote(
            consultation_id=row.consultation_id,
            comment_id=row.id,
            author_id=actor.person_id,
            to_id=to_id,
            is_escalation=is_escalation,
            words=words,
            written_at=now_in_database(),
        )
    )


def _record(actor: Actor, row: Comment, act: Act, detail: dict[str, object]) -> None:
    audit.record(actor, Entry(act, Thing.COMMENT, row.id, row.consultation_id, detail))
