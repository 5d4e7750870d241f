"""My work today."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.domain.permissions import is_official
from consult.queries import consultations, moderation
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded


@bp.get("/o", endpoint="desk")
@guarded(is_official)
def show_desk() -> ResponseReturnValue:
    actor, language = current_actor(), page_language()
    return render_template(
        "officials/desk.html",
        counts=moderation.counts_by_state(actor),
        oldest=moderation.oldest_waiting(actor),
        closing=consultations.closing_next(actor, language),
        listed=consultations.list_consultations(actor, language),
    )
