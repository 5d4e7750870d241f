"""Making another consultation like one that is there."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from consult.domain.errors import Refused
from consult.domain.permissions import may_edit_consultations
from consult.queries.access import key_at
from consult.queries.consultations import consultation_at
from consult.services.duplicates import duplicate_consultation
from consult.web import refusals
from consult.web.forms import REQUIRED, Form
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded


class DuplicateForm(Form):
    slug = StringField(
        _l("Address of the new consultation"),
        [REQUIRED],
        description=_l("Small Latin letters, digits and hyphens; it stays for ever."),
        render_kw={"maxlength": 60, "autocapitalize": "none", "spellcheck": "false"},
    )


@bp.route("/o/consultations/<slug>/duplicate", methods=["GET", "POST"], endpoint="duplicate_consultation")
@guarded(may_edit_consultations, everywhere=True)
def duplicate(slug: str) -> ResponseReturnValue:
    key = key_at(current_actor(), may_edit_consultations, slug)
    form = DuplicateForm()
    if not form.validate_on_submit():
        return _page(slug, form), 422 if form.errors else 200
    try:
        duplicate_consultation(current_actor(), key, form.slug.data)
    except Refused as refused:
        form.refuse(refused, "slug")
        return _page(slug, form), refusals.status(refused)
    flash(_("The copy is a draft. Its dates are empty."), "success")
    return redirect(url_for(".task_list", slug=form.slug.data), 303)


def _page(slug: str, form: DuplicateForm) -> str:
    view = consultation_at(current_actor(), slug, page_language())
    return render_template("officials/duplicate.html", consultation=view, form=form)
