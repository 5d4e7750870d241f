"""Signing in and out."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField

from consult.domain.errors import Refused
from consult.domain.people import EMAIL_LONGEST, PASSWORD_LONGEST
from consult.domain.permissions import is_signed_in
from consult.services import accounts
from consult.services.sessions import SignedIn
from consult.web import refusals, session
from consult.web.citizens.blueprint import bp
from consult.web.forms import REQUIRED, Form
from consult.web.i18n import gettext as _


class SignInForm(Form):
    email = EmailField(
        _l("E-mail address"), [REQUIRED], render_kw={"autocomplete": "username", "maxlength": EMAIL_LONGEST}
    )
    password = PasswordField(
        _l("Password"),
        [REQUIRED],
        render_kw={"autocomplete": "current-password", "maxlength": PASSWORD_LONGEST},
    )


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form, 422 if form.errors else 200)
    try:
        signed_in = accounts.sign_in(form.email.data, form.password.data, device=session.device())
    except Refused as refused:
        form.refuse(refused, "email")
        return _page(form, refusals.status(refused))
    return admitted(signed_in, request.args.get("next"))


def admitted(signed_in: SignedIn, target: str | None) -> ResponseReturnValue:
    """On to where the person wanted to go, or to the second factor that is asked for first."""
    onward = session.safe_next(target)
    if signed_in.awaits_code:
        session.await_code(signed_in)
        return redirect(url_for("citizens.second_factor", **session.arguments(next=onward)), 303)
    session.begin(signed_in)
    return redirect(onward or url_for("public.consultations"), 303)


@bp.post("/sign-out")
@session.guarded(is_signed_in)
def sign_out() -> ResponseReturnValue:
    accounts.sign_out(session.current_actor(), session.current_token())
    session.end()
    flash(_("You are signed out."), "success")
    return redirect(url_for("public.home"), 303)


def _page(form: Form, status: int) -> ResponseReturnValue:
    target = session.safe_next(request.args.get("next"))
    return render_template("citizens/sign_in.html", form=form, next=target), status
