"""The blueprint on which this audience's views hang, and its guard."""

from flask import Blueprint

from consult.domain.permissions import is_administrator, require
from consult.web.session import current_actor

bp = Blueprint("administration", __name__, url_prefix="/<any(kk,ru,en):lang>/a")


@bp.before_request
def _check() -> None:
    """Every view names what it needs as well; this holds for one that forgot to."""
    require(current_actor(), is_administrator)
