"""From the address of a consultation to its number, for those who may; others do not learn of it."""

from consult.domain.consultations import is_slug
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.permissions import Predicate, require, require_in
from consult.models.base import db
from consult.models.consultations import Consultation


def key_at(actor: Actor, may: Predicate, slug: str) -> int:
    """The number of the consultation at an address.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED; NOT_FOUND for those who may everywhere.
    """
    key = require_at(actor, may, slug)
    if key is None:
        raise Refused(Reason.NOT_FOUND)
    return key


def require_at(actor: Actor, may: Predicate, slug: str) -> int | None:
    """As `permissions.require_in`, by address; answers the number, None where there is none yet.

    What is not there yet is for those only who may everywhere.
    """
    key: int | None = (
        db.session.scalar(db.select(Consultation.id).filter_by(slug=slug)) if is_slug(slug) else None
    )
    if key is None:
        require(actor, may)
    else:
        require_in(actor, may, key)
    return key
