"""My account: another password, another address, and where I am signed in."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField

from consult.domain.errors import Reason, Refused
from consult.domain.people import EMAIL_LONGEST, PASSWORD_LONGEST, LinkPurpose
from consult.domain.permissions import is_signed_in
from consult.queries.accounts import link_owner, own_account, own_sessions
from consult.services import accounts, credentials
from consult.services.sessions import token_hash
from consult.web import refusals
from consult.web.citizens.blueprint import bp
from consult.web.citizens.links import expired_link
from consult.web.devices import device_name
from consult.web.forms import REQUIRED, Form
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext
from consult.web.session import current_actor, current_token, guarded

PASSWORD_FIELDS = {
    Reason.PASSWORD_WRONG: "password",
    Reason.PASSWORD_TOO_SHORT: "new_password",
    Reason.PASSWORD_TOO_LONG: "new_password",
    Reason.PASSWORD_COMMON: "new_password",
}
EMAIL_FIELDS = {
    Reason.PASSWORD_WRONG: "password",
    Reason.EMAIL_INVALID: "email",
    Reason.EMAIL_UNCHANGED: "email",
}
"""The field at which a refusal is shown."""


@dataclass(frozen=True)
class Device:
    """One line of the list of sign-ins; `ref` names it in the form that ends it."""

    name: str
    began_at: datetime
    last_seen_at: datetime
    is_this_one: bool
    ref: str


class PasswordForm(Form):
    password = PasswordField(
        _l("Present password"),
        [REQUIRED],
        render_kw={"autocomplete": "current-password", "maxlength": PASSWORD_LONGEST},
    )
    new_password = PasswordField(
        _l("New password"),
        [REQUIRED],
        description=_l("At least 10 characters; several words are easy to remember."),
        render_kw={"autocomplete": "new-password", "maxlength": PASSWORD_LONGEST},
    )


class EmailForm(Form):
    email = EmailField(
        _l("New e-mail address"),
        [REQUIRED],
        description=_l("We send a letter there. The address changes when you open the link in it."),
        render_kw={"autocomplete": "email", "maxlength": EMAIL_LONGEST},
    )
    password = PasswordField(
        _l("Present password"),
        [REQUIRED],
        render_kw={"autocomplete": "current-password", "maxlength": PASSWORD_LONGEST},
    )


@bp.get("/me/account")
@guarded(is_signed_in)
def account() -> ResponseReturnValue:
    here = current_token()
    devices = [
        Device(
            name=device_name(each.device),
            began_at=each.began_at,
            last_seen_at=each.last_seen_at,
            is_this_one=each.token_hash == token_hash(here),
            ref=each.token_hash.hex(),
        )
        for each in own_sessions(current_actor())
    ]
    devices.sort(key=lambda each: not each.is_this_one)
    mine = own_account(current_actor())
    return render_template("citizens/account.html", mine=mine, devices=devices, form=Form(formdata=None))


@bp.route("/me/account/password", methods=["GET", "POST"])
@guarded(is_signed_in)
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate_on_submit():
        return _page("citizens/change_password.html", form, 422 if form.errors else 200)
    try:
        credentials.change_password(
            current_actor(), current_token(), form.password.data, form.new_password.data
        )
    except Refused as refused:
        form.refuse(refused, PASSWORD_FIELDS.get(refused.reason))
        return _page("citizens/change_password.html", form, refusals.status(refused))
    return _done(_("The new password is set. On every other device you are signed out."))


@bp.route("/me/account/email", methods=["GET", "POST"])
@guarded(is_signed_in)
def change_email() -> ResponseReturnValue:
    form = EmailForm()
    if not form.validate_on_submit():
        return _page("citizens/change_email.html", form, 422 if form.errors else 200)
    try:
        address = credentials.ask_email_change(current_actor(), form.email.data, form.password.data)
    except Refused as refused:
        form.refuse(refused, EMAIL_FIELDS.get(refused.reason))
        return _page("citizens/change_email.html", form, refusals.status(refused))
    return _done(_("We sent a letter to %(address)s. Open the link in it within a day.", address=address))


@bp.route("/email/confirm/<token>", methods=["GET", "POST"])
def confirm_email(token: str) -> ResponseReturnValue:
    """A button, not the link alone: programs that read mail open links."""
    owner = link_owner(token_hash(token), LinkPurpose.CHANGE_EMAIL)
    again = url_for(".change_email"), _("Change the address again")
    if owner is None:
        return expired_link(*again)
    form = Form()
    if not form.validate_on_submit():
        return _page("citizens/confirm_email.html", form, 200, owner=owner)
    try:
        credentials.confirm_email_change(token)
    except Refused:
        return expired_link(*again)
    flash(_("Your account has the new address now. Sign in with it from now on."), "success")
    return redirect(url_for(".account"), 303)


@bp.post("/me/account/sessions/end")
@guarded(is_signed_in)
def end_session() -> ResponseReturnValue:
    try:
        ended = bytes.fromhex(request.form.get("session", ""))
    except ValueError:
        ended = b""
    accounts.end_session(current_actor(), ended)
    return _done(_("You are signed out there."))


@bp.post("/me/account/sessions/end-others")
@guarded(is_signed_in)
def end_other_sessions() -> ResponseReturnValue:
    count = accounts.end_other_sessions(current_actor(), current_token())
    if not count:
        return _done(_("You are signed in nowhere else."))
    return _done(ngettext(
        "You are signed out on %(num)s other device.", "You are signed out on %(num)s other devices.", count
    ))  # fmt: skip


def _page(template: str, form: Form, status: int, **shown: object) -> ResponseReturnValue:
    return render_template(template, form=form, **shown), status


def _done(said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for(".account"), 303)
