"""What I reported, and what became of it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.domain.permissions import is_signed_in
from consult.queries.reports import own_reports
from consult.web.citizens.blueprint import bp
from consult.web.keys import page_key
from consult.web.session import current_actor, guarded


@bp.get("/me/reports")
@guarded(is_signed_in)
def reports() -> ResponseReturnValue:
    before = page_key("before")
    found = own_reports(current_actor(), before=before)
    return render_template("citizens/reports.html", mine=found, is_first_page=before is None)
