"""My work today."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.domain.languages import Language
from consult.domain.people import Actor, Duty
from consult.domain.permissions import is_staff
from consult.queries.consultations import ConsultationView, consultations_of
from consult.queries.work import work_of
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded


@bp.get("/o", endpoint="desk")
@guarded(is_staff)
def show_desk() -> ResponseReturnValue:
    actor, language = current_actor(), page_language()
    return render_template(
        "officials/desk.html", work=work_of(actor, language), served=_served(actor, language)
    )


def _served(actor: Actor, language: Language) -> list[tuple[ConsultationView, list[Duty]]]:
    """The consultations in which the actor has duties, with these."""
    found = consultations_of(actor, {number for number, _ in actor.duties}, language)
    return [(each, sorted(duty for number, duty in actor.duties if number == each.id)) for each in found]
