"""Appealing against a moderator's decision about an own comment."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from consult.domain.appeals import WORDS_LONGEST
from consult.domain.errors import Reason, Refused
from consult.domain.permissions import may_take_part
from consult.queries.own_appeals import own_case
from consult.services import appeals
from consult.web import refusals
from consult.web.citizens.blueprint import bp
from consult.web.forms import Form
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.session import current_actor, guarded

AT_THE_FIELD = {Reason.REASON_MISSING, Reason.TEXT_TOO_LONG}


class AppealForm(Form):
    words = TextAreaField(
        _l("Why the decision is wrong"),
        description=_l("In Kazakh, Russian or English, 2,000 characters at most."),
        render_kw={"rows": 6, "maxlength": WORDS_LONGEST},
    )


@bp.route("/me/answers/<int:comment_id>/appeal", methods=["GET", "POST"])
@guarded(may_take_part)
def appeal(comment_id: int) -> ResponseReturnValue:
    actor, form, status = current_actor(), AppealForm(), 200
    if form.is_submitted():
        try:
            number = appeals.lodge_appeal(actor, comment_id, form.words.data or "")
        except Refused as refused:
            if refused.reason is Reason.NOT_FOUND:
                raise
            form.refuse(refused, "words" if refused.reason in AT_THE_FIELD else None)
            status = refusals.status(refused)
        else:
            flash(_("Your appeal has the number %(number)s.", number=number), "success")
            return redirect(url_for(".appeal", comment_id=comment_id), 303)
    case = own_case(actor, comment_id, page_language())
    return render_template("citizens/appeal.html", case=case, form=form), status
