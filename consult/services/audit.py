"""Writing the audit log; ground of this floor: every deed records itself in its own transaction."""

from consult.domain.audit import Entry
from consult.domain.people import Actor
from consult.models.audit import AuditEntry
from consult.models.base import database_now, db


def record(actor: Actor, entry: Entry) -> None:
    """Add an entry to the running transaction, at the database's time; a rolled-back deed leaves none."""
    row = AuditEntry(
        actor_id=actor.person_id,
        actor_role="operator" if actor.is_operator else "guest" if actor.is_guest else actor.role.value,
        act=entry.act,
        thing=entry.thing,
        thing_id=entry.thing_id,
        consultation_id=entry.consultation_id,
        detail=entry.detail,
    )
    row.at = database_now()
    db.session.add(row)
