"""Accounts: finding one, its role, blocking, sessions, second factors, links, invitations."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, StringField, TextAreaField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.moderation import REASON_LONGEST
from consult.domain.people import NAME_LONGEST, Role
from consult.domain.permissions import may_manage_accounts
from consult.queries import directory as reads
from consult.services import administration
from consult.web import refusals, words
from consult.web.administration.blueprint import bp
from consult.web.forms import REQUIRED, Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext, page_language
from consult.web.keys import page_key
from consult.web.session import current_actor, guarded

ROLES = choices((role.value, words.ROLES[role.value]) for role in Role)
HASH_DIGITS = 64


class RoleForm(Form):
    role = RadioField(_l("Role"), choices=ROLES)


class BlockForm(Form):
    reason = TextAreaField(
        _l("Why the account is blocked"),
        [REQUIRED],
        description=_l("Administrators read it here, and the person in the download of the own data."),
        render_kw={"rows": 3, "maxlength": REASON_LONGEST},
    )


class InviteForm(Form):
    email = EmailField(_l("E-mail address"), [REQUIRED], render_kw={"autocomplete": "off"})
    name = StringField(_l("Name"), [REQUIRED], render_kw={"maxlength": NAME_LONGEST, "autocomplete": "off"})
    role = RadioField(_l("Role"), choices=ROLES, default=Role.OFFICIAL.value)
    language = RadioField(
        _l("Language of the letter"),
        choices=choices((each.value, words.LANGUAGE_NAMES[each]) for each in Language),
        default=lambda: page_language().value,
    )


@bp.get("/users", endpoint="people")
@guarded(may_manage_accounts, everywhere=True)
def show_people() -> ResponseReturnValue:
    wanted, role = request.args.get("q", ""), request.args.get("role", "")
    blocked, before = request.args.get("blocked") == "1", page_key("before")
    found = reads.directory(
        current_actor(),
        words=wanted,
        role=Role(role) if role in set(Role) else None,
        blocked=blocked,
        before=before,
    )
    return render_template(
        "administration/people.html",
        found=found,
        wanted=wanted,
        role=role,
        roles=ROLES,
        blocked=blocked,
        is_first_page=before is None,
    )


@bp.route("/users/new", methods=["GET", "POST"])
@guarded(may_manage_accounts, everywhere=True)
def invite() -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate_on_submit():
        return render_template("administration/invite.html", form=form), 422 if form.errors else 200
    try:
        person_id = administration.invite(
            current_actor(),
            form.email.data,
            form.name.data,
            Role(form.role.data),
            Language(form.language.data),
        )
    except Refused as refused:
        if refused.reason is Reason.EMAIL_TAKEN:
            form.email.errors = [_("There is an account with this address. Change its role on its page.")]
        else:
            form.refuse(refused, "email" if refused.reason is Reason.EMAIL_INVALID else "name")
        return render_template("administration/invite.html", form=form), refusals.status(refused)
    flash(_("The invitation is on its way."), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


@bp.get("/users/<int:person_id>", endpoint="person")
@guarded(may_manage_accounts, everywhere=True)
def show_person(person_id: int) -> ResponseReturnValue:
    return _page(person_id)


@bp.post("/users/<int:person_id>/role")
@guarded(may_manage_accounts, everywhere=True)
def change_role(person_id: int) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate():
        return _page(person_id, role_form=form), 422
    try:
        administration.change_role(current_actor(), person_id, Role(form.role.data))
    except Refused as refused:
        if refused.reason is not Reason.LAST_ADMINISTRATOR:
            raise
        form.role.errors = [_("This is the last administrator. Make somebody else an administrator first.")]
        return _page(person_id, role_form=form), refusals.status(refused)
    flash(_("The role is changed. The person has to sign in again."), "success")
    if person_id == current_actor().person_id:
        return redirect(url_for("citizens.sign_in"), 303)
    return _back(person_id)


@bp.post("/users/<int:person_id>/block")
@guarded(may_manage_accounts, everywhere=True)
def block(person_id: int) -> ResponseReturnValue:
    form = BlockForm()
    if not form.validate():
        return _page(person_id, block_form=form), 422
    try:
        administration.block_account(current_actor(), person_id, form.reason.data)
    except Refused as refused:
        if refused.reason not in {Reason.OWN_ACCOUNT, Reason.TEXT_TOO_LONG, Reason.REASON_MISSING}:
            raise
        form.refuse(refused, "reason")
        return _page(person_id, block_form=form), refusals.status(refused)
    flash(_("The account is blocked and signed out everywhere."), "success")
    return _back(person_id)


@bp.post("/users/<int:person_id>/unblock")
@guarded(may_manage_accounts, everywhere=True)
def unblock(person_id: int) -> ResponseReturnValue:
    administration.unblock_account(current_actor(), person_id)
    flash(_("The account can be used again."), "success")
    return _back(person_id)


@bp.post("/users/<int:person_id>/sessions/end")
@guarded(may_manage_accounts, everywhere=True)
def end_sessions(person_id: int) -> ResponseReturnValue:
    """One session where the form names it, else all."""
    written = request.form.get("session", "")
    try:
        key = bytes.fromhex(written) if written and len(written) == HASH_DIGITS else None
    except ValueError:
        raise Refused(Reason.NOT_FOUND) from None
    if written and key is None:
        raise Refused(Reason.NOT_FOUND)
    ended = administration.end_sessions(current_actor(), person_id, key)
    flash(ngettext("%(num)s session is ended.", "%(num)s sessions are ended.", ended), "success")
    return _back(person_id)


@bp.post("/users/<int:person_id>/second-factors/reset")
@guarded(may_manage_accounts, everywhere=True)
def reset_second_factors(person_id: int) -> ResponseReturnValue:
    administration.reset_second_factors(current_actor(), person_id)
    flash(_("App, passkeys and recovery codes are taken off. The person is told by mail."), "success")
    return _back(person_id)


@bp.post("/users/<int:person_id>/password-link")
@guarded(may_manage_accounts, everywhere=True)
def send_password_link(person_id: int) -> ResponseReturnValue:
    administration.send_reset_link(current_actor(), person_id)
    flash(_("The letter with the link is on its way."), "success")
    return _back(person_id)


def _back(person_id: int) -> ResponseReturnValue:
    return redirect(url_for(".person", person_id=person_id), 303)


def _page(person_id: int, *, role_form: RoleForm | None = None, block_form: BlockForm | None = None) -> str:
    account = reads.account(current_actor(), person_id)
    return render_template(
        "administration/person.html",
        account=account,
        role_form=role_form or RoleForm(formdata=None, role=account.role.value),
        block_form=block_form or BlockForm(formdata=None),
        is_own=account.id == current_actor().person_id,
    )
