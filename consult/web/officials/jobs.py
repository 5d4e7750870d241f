"""How the work behind the pages stands: letters, opinion groups, exports, the worker."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.domain.permissions import is_official
from consult.queries import jobs as reads
from consult.services import retrying
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded


@bp.get("/o/jobs", endpoint="jobs")
@guarded(is_official, everywhere=True)
def show_jobs() -> ResponseReturnValue:
    return render_template("officials/jobs.html", jobs=reads.jobs(current_actor(), page_language()))


@bp.post("/o/jobs/letters/<int:message_id>/retry")
@guarded(is_official, everywhere=True)
def try_letter_again(message_id: int) -> ResponseReturnValue:
    retrying.try_letter_again(current_actor(), message_id)
    flash(_("The letter is tried again."), "success")
    return redirect(url_for(".jobs"), 303)
