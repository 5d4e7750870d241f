"""How the authority shows itself: names, colour, sign, contact."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import EmailField, StringField, TextAreaField

from consult.domain.branding import ADDRESS_LONGEST, LOGO_LARGEST, NAME_LONGEST, Branding
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import EMAIL_LONGEST
from consult.domain.permissions import may_manage_settings
from consult.queries.settings import branding
from consult.services import settings
from consult.web import refusals, words
from consult.web.administration.blueprint import bp
from consult.web.administration.uploads import uploaded
from consult.web.forms import Form
from consult.web.i18n import gettext as _
from consult.web.session import current_actor, guarded

FIELDS = {
    Reason.COLOUR_INVALID: "accent",
    Reason.COLOUR_TOO_LIGHT: "accent",
    Reason.EMAIL_INVALID: "contact_email",
}


class BrandingForm(Form):
    name_kk, name_ru, name_en = (
        StringField(words.LANGUAGE_NAMES[language], render_kw={"maxlength": NAME_LONGEST})
        for language in Language
    )
    accent = StringField(
        _l("Colour"),
        description=_l("As # and six digits, such as #0b5a73. White letters must be readable on it."),
        render_kw={"maxlength": 7, "autocomplete": "off"},
    )
    contact_email = EmailField(
        _l("E-mail address for questions"), render_kw={"maxlength": EMAIL_LONGEST, "autocomplete": "off"}
    )
    postal_address = TextAreaField(
        _l("Postal address"), render_kw={"rows": 3, "maxlength": ADDRESS_LONGEST, "autocomplete": "off"}
    )

    def branding(self) -> Branding:
        names = {each: self[f"name_{each.value}"].data or "" for each in Language}
        return Branding(
            names, self.accent.data or "", self.postal_address.data or "", self.contact_email.data or ""
        )


class LogoForm(Form):
    picture = FileField(
        _l("Sign (PNG or JPEG)"),
        description=_l("It is made anew and made smaller: 480 by 96 pixels at most."),
        render_kw={"accept": ".png,.jpg,.jpeg,image/png,image/jpeg"},
    )


@bp.route("/settings", methods=["GET", "POST"], endpoint="settings")
@guarded(may_manage_settings, everywhere=True)
def show_settings() -> ResponseReturnValue:
    form = BrandingForm(**_present())
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    try:
        settings.set_branding(current_actor(), form.branding())
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return _page(form), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(url_for(".settings"), 303)


@bp.post("/settings/logo")
@guarded(may_manage_settings, everywhere=True)
def set_logo() -> ResponseReturnValue:
    form = LogoForm()
    try:
        settings.set_logo(current_actor(), uploaded("picture", LOGO_LARGEST))
    except Refused as refused:
        form.refuse(refused, "picture")
        return _page(BrandingForm(formdata=None, **_present()), form), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(url_for(".settings"), 303)


@bp.post("/settings/logo/remove")
@guarded(may_manage_settings, everywhere=True)
def remove_logo() -> ResponseReturnValue:
    settings.remove_logo(current_actor())
    flash(_("The sign is removed."), "success")
    return redirect(url_for(".settings"), 303)


def _present() -> dict[str, str]:
    shown = branding()
    names = {f"name_{each.value}": shown.names.get(each, "") for each in Language}
    return {
        **names,
        "accent": shown.accent,
        "contact_email": shown.contact_email,
        "postal_address": shown.postal_address,
    }


def _page(form: BrandingForm, logo_form: LogoForm | None = None) -> str:
    return render_template(
        "administration/settings.html",
        form=form,
        logo_form=logo_form or LogoForm(formdata=None),
        shown=branding(),
    )
