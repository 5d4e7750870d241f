"""Letters that were given up, once more."""

from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.permissions import is_official, require
from consult.models.base import db, now_in_database, transaction
from consult.models.outbox import OutboxMessage
from consult.services import audit, outbox


def try_letter_again(actor: Actor, message_id: int) -> None:
    """Let a letter that was given up be tried as if it were new; only what was kept of it can be said.

    Raises:
        Refused: SIGN_IN_NEEDED, SECOND_FACTOR_NEEDED, NOT_PERMITTED; NOT_FOUND where there is no such letter,
            LETTER_FORGOTTEN where it was sent, waits, or is forgotten.
    """
    require(actor, is_official)
    with transaction(is_private=True):
        row = db.session.get(OutboxMessage, message_id, with_for_update=True)
        if row is None:
            raise Refused(Reason.NOT_FOUND)
        if row.given_up_at is None or not row.content:
            raise Refused(Reason.LETTER_FORGOTTEN)
        row.given_up_at, row.attempts, row.last_error = None, 0, ""
        row.due_at = now_in_database()
        outbox.mark_new()
        detail: dict[str, object] = {"kind": row.kind}
        audit.record(actor, Entry(Act.MAIL_TRIED_AGAIN, Thing.MESSAGE, row.id, detail=detail))
