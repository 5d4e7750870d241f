"""Whether the installation can answer."""

from sqlalchemy.exc import SQLAlchemyError

from consult.domain.errors import Reason
from consult.models import schema


def why_not_ready() -> Reason | None:
    """DATABASE_AWAY when it does not answer, DATABASE_BEHIND when migrations are missing, else None."""
    try:
        return None if schema.is_current() else Reason.DATABASE_BEHIND
    except SQLAlchemyError:
        return Reason.DATABASE_AWAY
