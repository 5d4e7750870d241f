"""Reporting a comment to the moderators."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import Optional

from consult.domain.errors import Reason, Refused
from consult.domain.moderation import REASON_LONGEST
from consult.domain.permissions import may_take_part
from consult.queries.comments import one_comment
from consult.queries.reports import has_reported
from consult.queries.rules import codes_in
from consult.services import reports
from consult.web import refusals, words
from consult.web.forms import Form, choices
from consult.web.i18n import gettext as _
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable
from consult.web.session import current_actor, guarded

FIELDS = {Reason.RULE_UNKNOWN: "rule", Reason.TEXT_TOO_LONG: "words"}


class ReportForm(Form):
    rule = RadioField(
        _l("Which rule does the comment break?"),
        choices=(),
        validate_choice=False,
    )
    words = TextAreaField(
        _l("What should the moderators know?"),
        [Optional()],
        description=_l("The author does not see who reported, nor these words."),
        render_kw={"rows": 4, "maxlength": REASON_LONGEST},
    )


@bp.route("/c/<slug>/comments/<int:comment_id>/report", methods=["GET", "POST"])
@guarded(may_take_part)
def report_comment(slug: str, comment_id: int) -> ResponseReturnValue:
    consultation, actor, form = readable(slug), current_actor(), ReportForm()
    form.rule.choices = choices((code, words.RULE_TITLES[code]) for code in codes_in(consultation.id))
    comment = one_comment(actor, consultation, comment_id)
    status = 200
    if form.is_submitted():
        try:
            reports.report_comment(
                actor, consultation.id, comment_id, form.rule.data or "", form.words.data or ""
            )
        except Refused as refused:
            if refused.reason not in FIELDS:
                raise
            form.refuse(refused, FIELDS[refused.reason])
            status = refusals.status(refused)
        else:
            flash(_("Thank you. The moderators will read comment %(number)s.", number=comment_id), "success")
            return redirect(
                url_for(".comment", slug=slug, comment_id=comment_id, _anchor=f"comment-{comment_id}"), 303
            )
    page = render_template(
        "public/report.html",
        consultation=consultation,
        comment=comment,
        form=form,
        is_reported=has_reported(actor, consultation.id, comment_id),
    )
    return page, status
