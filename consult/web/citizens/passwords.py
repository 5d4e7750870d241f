"""A forgotten password: asking for the letter, and the link in it."""

import flask
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField

from consult.domain.errors import Reason, Refused
from consult.domain.people import EMAIL_LONGEST, PASSWORD_LONGEST, LinkPurpose, email_address
from consult.queries.accounts import LinkOwner, link_owner
from consult.services import credentials
from consult.services.sessions import token_hash
from consult.web import refusals, session
from consult.web.citizens.blueprint import bp
from consult.web.citizens.links import expired_link
from consult.web.forms import REQUIRED, Form
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language


class ForgottenForm(Form):
    email = EmailField(
        _l("E-mail address"),
        [REQUIRED],
        description=_l("The one you registered with."),
        render_kw={"autocomplete": "username", "maxlength": EMAIL_LONGEST},
    )


class NewPasswordForm(Form):
    new_password = PasswordField(
        _l("New password"),
        [REQUIRED],
        description=_l("At least 10 characters; several words are easy to remember."),
        render_kw={"autocomplete": "new-password", "maxlength": PASSWORD_LONGEST},
    )


@bp.route("/password/forgotten", methods=["GET", "POST"])
def forgotten_password() -> ResponseReturnValue:
    form = ForgottenForm()
    if not form.validate_on_submit():
        return _page(form, 422 if form.errors else 200)
    try:
        credentials.ask_reset(form.email.data, page_language())
    except Refused as refused:
        form.refuse(refused, "email")
        return _page(form, refusals.status(refused))
    flask.session["letter_to"] = email_address(form.email.data)
    return redirect(url_for(".reset_letter_sent"), 303)


def _page(form: Form, status: int) -> ResponseReturnValue:
    return render_template("citizens/forgotten_password.html", form=form), status


@bp.get("/password/sent")
def reset_letter_sent() -> ResponseReturnValue:
    """The same page whether the address has an account or not."""
    address = flask.session.get("letter_to")
    if not address:
        return redirect(url_for(".forgotten_password"), 303)
    return render_template("citizens/reset_letter_sent.html", address=address)


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
def reset_password(token: str) -> ResponseReturnValue:
    owner = link_owner(token_hash(token), LinkPurpose.RESET_PASSWORD)
    if owner is None:
        return _expired()
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return _new_password_page(owner, form, 422 if form.errors else 200)
    try:
        credentials.reset_password(token, form.new_password.data)
    except Refused as refused:
        if refused.reason is Reason.LINK_EXPIRED:
            return _expired()
        form.refuse(refused, "new_password")
        return _new_password_page(owner, form, refusals.status(refused))
    session.end()
    flash(_("The new password is set, and you are signed out everywhere. Sign in with it."), "success")
    return redirect(url_for(".sign_in"), 303)


def _new_password_page(owner: LinkOwner, form: Form, status: int) -> ResponseReturnValue:
    return render_template("citizens/reset_password.html", form=form, owner=owner), status


def _expired() -> ResponseReturnValue:
    return expired_link(url_for(".forgotten_password"), _("Ask for another letter"))
