"""How much waits behind an entry of the officials' menu, so that nobody has to look for it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import g

from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, may_somewhere
from consult.queries import appeals, reports
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor

COUNTS: Mapping[str, Callable[[Actor], int]] = {
    "officials.reports": reports.reported_count,
    "officials.appeals": appeals.waiting_count,
}


@bp.app_context_processor
def _waiting() -> dict[str, Any]:
    return {"waiting_at": waiting_at}


def waiting_at(endpoint: str) -> int:
    """What waits behind a menu entry; 0 where nothing is counted. Counted once a request."""
    count = COUNTS.get(endpoint)
    actor = current_actor()
    if count is None or not may_somewhere(actor, may_moderate):
        return 0
    counted: dict[str, int] = g.setdefault("waiting", {})
    if endpoint not in counted:
        counted[endpoint] = count(actor)
    return counted[endpoint]
