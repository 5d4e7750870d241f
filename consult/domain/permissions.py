"""Who may do what: small predicates, composed; `require` turns a no into a refusal."""

from collections.abc import Callable

from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor

Predicate = Callable[[Actor], bool]


def is_signed_in(actor: Actor) -> bool:
    return not actor.is_guest


def is_official(actor: Actor) -> bool:
    return actor.is_official


def is_administrator(actor: Actor) -> bool:
    return actor.is_administrator


may_take_part: Predicate = is_signed_in
may_edit_consultations: Predicate = is_official
may_moderate: Predicate = is_official
may_export_restricted: Predicate = is_official
may_read_drafts: Predicate = is_official
may_read_audit: Predicate = is_administrator
may_manage_accounts: Predicate = is_administrator


def require(actor: Actor, may: Predicate) -> None:
    """Raises Refused: SIGN_IN_NEEDED for a guest, NOT_PERMITTED for anybody else the predicate turns away."""
    if not may(actor):
        raise Refused(Reason.SIGN_IN_NEEDED if actor.is_guest else Reason.NOT_PERMITTED)
