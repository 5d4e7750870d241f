"""The worklist of what readers reported."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import Optional

from consult.domain.errors import Reason, Refused
from consult.domain.moderation import REASON_LONGEST
from consult.domain.permissions import may_moderate
from consult.queries import reports as reads
from consult.services import reports
from consult.web import refusals
from consult.web.forms import Form
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.keys import comment_key
from consult.web.officials.blueprint import bp
from consult.web.session import arguments, current_actor, guarded


class DismissForm(Form):
    reason = TextAreaField(
        _l("Reason for those who reported"), render_kw={"rows": 2, "maxlength": REASON_LONGEST}
    )
    seen = IntegerField(validators=[Optional()])


@bp.get("/o/reports", endpoint="reports")
@guarded(may_moderate)
def show_reports() -> ResponseReturnValue:
    return _page()


@bp.post("/o/reports/<int:comment_id>/dismiss")
@guarded(may_moderate)
def dismiss_reports(comment_id: int) -> ResponseReturnValue:
    form = DismissForm()
    try:
        reports.dismiss_reports(current_actor(), comment_id, form.reason.data or "", seen=form.seen.data or 0)
    except Refused as refused:
        if refused.reason not in {Reason.REASON_MISSING, Reason.TEXT_TOO_LONG}:
            raise
        page = _page(comment_id, form.reason.data or "", refusals.sentence(refused))
        return page, refusals.status(refused)
    flash(_("The reports about comment %(number)s are answered.", number=comment_id), "success")
    return redirect(url_for(".reports", **arguments(after=comment_key("after"))), 303)


def _page(failed: int | None = None, written: str = "", problem: str = "") -> str:
    after = comment_key("after")
    return render_template(
        "officials/reports.html",
        worklist=reads.worklist(current_actor(), page_language(), after=after),
        after=after,
        failed=failed,
        written=written,
        problem=problem,
    )
