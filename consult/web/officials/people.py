"""Who does what in one consultation."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField

from consult.domain.errors import Reason, Refused
from consult.domain.people import Duty, duty
from consult.domain.permissions import may_appoint
from consult.queries.access import key_at
from consult.queries.consultations import consultation_at
from consult.queries.duties import appointed_in
from consult.services import duties
from consult.web import refusals, words
from consult.web.forms import REQUIRED, Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded


class AppointForm(Form):
    email = EmailField(
        _l("E-mail address"),
        [REQUIRED],
        description=_l("Of an account that is registered here."),
        render_kw={"autocomplete": "off"},
    )
    duty = RadioField(
        _l("What the person does in this consultation"),
        [REQUIRED],
        choices=choices((each.value, words.DUTIES[each]) for each in Duty),
    )


@bp.route("/o/consultations/<slug>/people", methods=["GET", "POST"])
@guarded(may_appoint, everywhere=True)
def people(slug: str) -> ResponseReturnValue:
    key = key_at(current_actor(), may_appoint, slug)
    form = AppointForm()
    if not form.validate_on_submit():
        return _page(slug, key, form), 422 if form.errors else 200
    try:
        duties.appoint(current_actor(), key, form.email.data, Duty(form.duty.data))
    except Refused as refused:
        form.refuse(refused, "duty" if refused.reason is Reason.DUTY_BY_ROLE else "email")
        return _page(slug, key, form), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(url_for(".people", slug=slug), 303)


@bp.post("/o/consultations/<slug>/people/<int:person_id>/<code>/dismiss")
@guarded(may_appoint, everywhere=True)
def dismiss(slug: str, person_id: int, code: str) -> ResponseReturnValue:
    key = key_at(current_actor(), may_appoint, slug)
    duties.dismiss(current_actor(), key, person_id, duty(code))
    flash(_("The duty is taken away."), "success")
    return redirect(url_for(".people", slug=slug), 303)


def _page(slug: str, key: int, form: AppointForm) -> str:
    actor = current_actor()
    return render_template(
        "officials/people.html",
        consultation=consultation_at(actor, slug, page_language()),
        appointed=appointed_in(actor, key),
        form=form,
    )
