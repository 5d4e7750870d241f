"""Registering, signing in, signing out."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, StringField

from consult.domain.errors import Reason, Refused
from consult.domain.people import EMAIL_LONGEST, NAME_LONGEST, PASSWORD_LONGEST
from consult.domain.permissions import is_signed_in
from consult.services import accounts
from consult.web import refusals, session
from consult.web.citizens.blueprint import bp
from consult.web.forms import REQUIRED, Form
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language

FIELDS = {
    Reason.EMAIL_INVALID: "email",
    Reason.EMAIL_TAKEN: "email",
    Reason.NAME_MISSING: "name",
    Reason.NAME_TOO_LONG: "name",
    Reason.NAME_MISLEADING: "name",
    Reason.PASSWORD_TOO_SHORT: "password",
    Reason.PASSWORD_TOO_LONG: "password",
    Reason.PASSWORD_COMMON: "password",
    Reason.SIGN_IN_FAILED: "email",
}
"""The field at which a refusal is shown."""


class RegisterForm(Form):
    email = EmailField(
        _l("E-mail address"),
        [REQUIRED],
        description=_l("You sign in with it. Nobody else sees it."),
        render_kw={"autocomplete": "email", "maxlength": EMAIL_LONGEST},
    )
    name = StringField(
        _l("Name"),
        [REQUIRED],
        description=_l("Others see it beside your comments. It need not be your full name."),
        render_kw={"autocomplete": "name", "maxlength": NAME_LONGEST},
    )
    password = PasswordField(
        _l("Password"),
        [REQUIRED],
        description=_l("At least 10 characters; several words are easy to remember."),
        render_kw={"autocomplete": "new-password", "maxlength": PASSWORD_LONGEST},
    )


class SignInForm(Form):
    email = EmailField(
        _l("E-mail address"), [REQUIRED], render_kw={"autocomplete": "username", "maxlength": EMAIL_LONGEST}
    )
    password = PasswordField(
        _l("Password"),
        [REQUIRED],
        render_kw={"autocomplete": "current-password", "maxlength": PASSWORD_LONGEST},
    )


@bp.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    form = RegisterForm()
    if not form.validate_on_submit():
        return _page("citizens/register.html", form)
    try:
        signed_in = accounts.register(
            form.email.data, form.name.data, form.password.data, page_language(), device=session.device()
        )
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return _page("citizens/register.html", form, refused)
    session.begin(signed_in)
    flash(_("Welcome, %(name)s. You can vote and comment now.", name=signed_in.actor.name), "success")
    return _onward()


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return _page("citizens/sign_in.html", form)
    try:
        signed_in = accounts.sign_in(form.email.data, form.password.data, device=session.device())
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return _page("citizens/sign_in.html", form, refused)
    session.begin(signed_in)
    return _onward()


@bp.post("/sign-out")
@session.guarded(is_signed_in)
def sign_out() -> ResponseReturnValue:
    accounts.sign_out(session.current_actor(), session.current_token())
    session.end()
    flash(_("You are signed out."), "success")
    return redirect(url_for("public.home"), 303)


def _page(template: str, form: Form, refused: Refused | None = None) -> ResponseReturnValue:
    status = refusals.status(refused) if refused else 422 if form.errors else 200
    return render_template(template, form=form, next=session.safe_next(request.args.get("next"))), status


def _onward() -> ResponseReturnValue:
    """Back to where the person was asked to sign in."""
    return redirect(session.safe_next(request.args.get("next")) or url_for("public.consultations"), 303)
