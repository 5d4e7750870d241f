"""Where a visitor chooses light or dark; a page of its own, so that no other carries its token."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from consult.web.forms import REQUIRED, Form, choices
from consult.web.i18n import gettext as _
from consult.web.public.blueprint import bp
from consult.web.public.home import YEAR_SECONDS
from consult.web.session import settings
from consult.web.themes import COOKIE, Theme, chosen_theme

LABELS = {
    Theme.AUTO: _l("As on this device"),
    Theme.LIGHT: _l("Light: dark letters on white"),
    Theme.DARK: _l("Dark: light letters on black"),
}


class AppearanceForm(Form):
    theme = RadioField(
        _l("Colours"),
        [REQUIRED],
        choices=choices((theme.value, label) for theme, label in LABELS.items()),
        default=lambda: chosen_theme().value,
    )


@bp.route("/appearance", methods=["GET", "POST"])
def appearance() -> ResponseReturnValue:
    form = AppearanceForm()
    if not form.validate_on_submit():
        return render_template("public/appearance.html", form=form), 422 if form.errors else 200
    flash(_("Kept for this browser."), "success")
    response = redirect(url_for(".appearance"), 303)
    response.set_cookie(
        COOKIE,
        form.theme.data,
        max_age=YEAR_SECONDS,
        secure=settings().is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
