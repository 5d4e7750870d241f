"""Registering: the form, the word that a letter is on its way, and the link in it."""

import flask
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, StringField

from consult.domain.errors import Reason, Refused
from consult.domain.people import EMAIL_LONGEST, NAME_LONGEST, PASSWORD_LONGEST, email_address
from consult.queries.accounts import WaitingRegistration, waiting_registration
from consult.services import registration
from consult.services.registration import Confirmed
from consult.services.sessions import token_hash
from consult.web import refusals, session
from consult.web.citizens.blueprint import bp
from consult.web.citizens.links import expired_link
from consult.web.citizens.sign_in import admitted
from consult.web.forms import REQUIRED, Form
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language

FIELDS = {
    Reason.EMAIL_INVALID: "email",
    Reason.NAME_MISSING: "name",
    Reason.NAME_TOO_LONG: "name",
    Reason.NAME_MISLEADING: "name",
    Reason.PASSWORD_TOO_SHORT: "password",
    Reason.PASSWORD_TOO_LONG: "password",
    Reason.PASSWORD_COMMON: "password",
}
"""The field at which a refusal is shown."""
MARKS_KEPT = 5
"""Registrations that one browser is known by: every letter is one."""


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


class ConfirmForm(Form):
    password = PasswordField(
        _l("Password"),
        [REQUIRED],
        description=_l("The one you chose when you registered."),
        render_kw={"autocomplete": "current-password", "maxlength": PASSWORD_LONGEST},
    )


@bp.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    form = RegisterForm()
    target = session.safe_next(request.values.get("next"))
    if not form.validate_on_submit():
        return _form_page(form, target, 422 if form.errors else 200)
    try:
        mark = registration.register(
            form.email.data, form.name.data, form.password.data, page_language(), next_path=target or ""
        )
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return _form_page(form, target, refusals.status(refused))
    _remember(mark)
    flask.session["letter_to"] = email_address(form.email.data)
    return redirect(url_for(".registered", **session.arguments(next=target)), 303)


def _form_page(form: Form, target: str | None, status: int) -> ResponseReturnValue:
    return render_template("citizens/register.html", form=form, next=target), status


@bp.get("/register/sent")
def registered() -> ResponseReturnValue:
    """The same page whether the address has an account or not."""
    address, target = flask.session.get("letter_to"), session.safe_next(request.args.get("next"))
    if not address or not _marks():
        return redirect(url_for(".register", **session.arguments(next=target)), 303)
    return render_template("citizens/registered.html", address=address, next=target, form=Form(formdata=None))


@bp.post("/register/resend")
def send_again() -> ResponseReturnValue:
    target = session.safe_next(request.args.get("next"))
    marks = _marks()
    try:
        _remember(registration.send_again(bytes.fromhex(marks[-1]) if marks else b""))
    except Refused as refused:
        flash(refusals.sentence(refused), "error")
        return redirect(url_for(".register", **session.arguments(next=target)), 303)
    flash(_("We sent another letter. The link in each of them works."), "success")
    return redirect(url_for(".registered", **session.arguments(next=target)), 303)


@bp.route("/register/confirm/<token>", methods=["GET", "POST"])
def confirm_registration(token: str) -> ResponseReturnValue:
    """In the browser that registered the link is enough; in any other it asks for the password.

    So a mail scanner that opens links confirms nothing, and nobody's click confirms what somebody else wrote.
    """
    waiting, device = waiting_registration(token_hash(token)), session.device()
    if waiting is None:
        return _expired()
    form, is_known_here = ConfirmForm(), token_hash(token).hex() in _marks()
    if not is_known_here and not form.validate_on_submit():
        return _password_page(waiting, form, 422 if form.errors else 200)
    try:
        if is_known_here:
            return _welcomed(registration.confirm_here(token, device=device))
        return _welcomed(registration.confirm_with_password(token, form.password.data, device=device))
    except Refused as refused:
        if refused.reason is Reason.LINK_EXPIRED:
            return _expired()
        form.refuse(refused, "password")
        return _password_page(waiting, form, refusals.status(refused))


def _password_page(waiting: WaitingRegistration, form: Form, status: int) -> ResponseReturnValue:
    return render_template("citizens/confirm.html", form=form, waiting=waiting), status


def _welcomed(confirmed: Confirmed) -> ResponseReturnValue:
    answer = admitted(confirmed.signed_in, confirmed.next_path)
    name = confirmed.signed_in.actor.name
    flash(_("Welcome, %(name)s. You can vote and comment now.", name=name), "success")
    return answer


def _expired() -> ResponseReturnValue:
    return expired_link(url_for(".register"), _("Register again"))


def _marks() -> list[str]:
    """What this browser registered, the newest last; hashes, by which nothing can be confirmed."""
    kept = flask.session.get("registrations", [])
    return [str(mark) for mark in kept]


def _remember(mark: bytes) -> None:
    flask.session["registrations"] = [*_marks(), mark.hex()][-MARKS_KEPT:]
