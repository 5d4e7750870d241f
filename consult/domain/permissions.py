"""Who may do what: small predicates, composed; `require` turns a no into a refusal."""

from collections.abc import Callable

from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor

Predicate = Callable[[Actor], bool]


def is_signed_in(actor: Actor) -> bool:
    return not actor.is_guest


def is_fully_signed_in(actor: Actor) -> bool:
    """Signed in with everything that the role asks for; a stolen password alone is not enough for staff."""
    return is_signed_in(actor) and not actor.awaits_second_factor


def is_official(actor: Actor) -> bool:
    return actor.is_official


def is_administrator(actor: Actor) -> bool:
    return actor.is_administrator


may_take_own_data: Predicate = is_fully_signed_in
may_leave: Predicate = is_fully_signed_in
may_take_part: Predicate = is_signed_in
may_edit_consultations: Predicate = is_official
may_moderate: Predicate = is_official
may_export_restricted: Predicate = is_official
may_read_drafts: Predicate = is_official
may_read_audit: Predicate = is_administrator
may_manage_accounts: Predicate = is_administrator
may_rebuild_search: Predicate = is_administrator


def require(actor: Actor, may: Predicate) -> None:
    """Refuse an actor whom the predicate turns away.

    Raises:
        Refused: SIGN_IN_NEEDED for a guest, SECOND_FACTOR_NEEDED for staff without one, else NOT_PERMITTED.
    """
    reason = why_not(actor, may)
    if reason is not None:
        raise Refused(reason)


def why_not(actor: Actor, may: Predicate) -> Reason | None:
    """Why the predicate turns an actor away, as `require` would say it; None where it does not."""
    if may(actor):
        return None
    if actor.is_guest:
        return Reason.SIGN_IN_NEEDED
    return Reason.SECOND_FACTOR_NEEDED if actor.awaits_second_factor else Reason.NOT_PERMITTED
