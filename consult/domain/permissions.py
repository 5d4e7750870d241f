"""Who may do what: small predicates, composed; `require` turns a no into a refusal.

A predicate says what the account may do everywhere. What it may do in one consultation through a duty there
is asked with `require_in`; `consultations_where` tells a list which consultations it may show.
"""

from collections.abc import Callable, Mapping

from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor, Duty

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


def is_staff(actor: Actor) -> bool:
    """Anybody with powers somewhere; opens the desk, which then shows each only what is theirs."""
    return actor.is_staff


def may_rehearse(actor: Actor) -> bool:
    """Play a consultation through with imagined people: whoever holds the machine, and no account."""
    return actor.is_operator


may_take_own_data: Predicate = is_fully_signed_in
may_leave: Predicate = is_fully_signed_in
may_take_part: Predicate = is_signed_in


def may_edit_consultations(actor: Actor) -> bool:
    return actor.is_official


def may_moderate(actor: Actor) -> bool:
    return actor.is_official


def may_answer(actor: Actor) -> bool:
    """Put themes on comments, give official positions and publish the outcome."""
    return actor.is_official


def may_export_restricted(actor: Actor) -> bool:
    return actor.is_official


def may_read_drafts(actor: Actor) -> bool:
    return actor.is_official


def may_appoint(actor: Actor) -> bool:
    """Give people duties in a consultation, and take them back; no duty gives this."""
    return actor.is_official


may_read_audit: Predicate = is_administrator
may_manage_accounts: Predicate = is_administrator
may_manage_settings: Predicate = is_administrator
may_rebuild_search: Predicate = is_administrator

DUTIES: Mapping[Predicate, frozenset[Duty]] = {
    may_edit_consultations: frozenset({Duty.EDITOR}),
    may_moderate: frozenset({Duty.MODERATOR}),
    may_answer: frozenset({Duty.ANALYST}),
    may_export_restricted: frozenset({Duty.ANALYST}),
    may_read_drafts: frozenset(Duty),
}
"""Which duties in a consultation give what the predicate asks for; a predicate that is missing, none."""


def may_in(actor: Actor, may: Predicate, consultation_id: int) -> bool:
    """Whether the actor may in this consultation, by role or by a duty there."""
    return may(actor) or consultation_id in _by_duty(actor, may)


def may_somewhere(actor: Actor, may: Predicate) -> bool:
    """Whether there is any consultation in which the actor may: who is let through the door of a page."""
    return may(actor) or bool(_by_duty(actor, may))


def consultations_where(actor: Actor, may: Predicate) -> frozenset[int] | None:
    """Numbers of the consultations in which the actor may; None means all of them."""
    return None if may(actor) else _by_duty(actor, may)


def _by_duty(actor: Actor, may: Predicate) -> frozenset[int]:
    return actor.consultations_with(DUTIES.get(may, frozenset()))


def require(actor: Actor, may: Predicate) -> None:
    """Refuse an actor whom the predicate turns away.

    Raises:
        Refused: SIGN_IN_NEEDED for a guest, SECOND_FACTOR_NEEDED for staff without one, else NOT_PERMITTED.
    """
    reason = why_not(actor, may)
    if reason is not None:
        raise Refused(reason)


def require_in(actor: Actor, may: Predicate, consultation_id: int) -> None:
    """As `require`, where a duty in this consultation is enough."""
    if not may_in(actor, may, consultation_id):
        require(actor, may)


def require_somewhere(actor: Actor, may: Predicate) -> None:
    """As `require`, where a duty in any consultation is enough; the deed then asks about its own."""
    if not may_somewhere(actor, may):
        require(actor, may)


def why_not(actor: Actor, may: Predicate) -> Reason | None:
    """Why the predicate turns an actor away, as `require` would say it; None where it does not."""
    if may(actor):
        return None
    if actor.is_guest:
        return Reason.SIGN_IN_NEEDED
    return Reason.SECOND_FACTOR_NEEDED if actor.awaits_second_factor else Reason.NOT_PERMITTED
