"""Ways to sign in: the second step, passkeys, and the page on which a person keeps them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from consult.domain.errors import Reason, Refused
from consult.domain.people import NAME_LONGEST
from consult.domain.permissions import is_signed_in
from consult.queries.second_factors import is_fresh, ways_to_sign_in
from consult.services.second_factors import apps, codes, passkeys, steps
from consult.services.sessions import token_hash
from consult.web import refusals, session
from consult.web.citizens.blueprint import bp
from consult.web.forms import REQUIRED, Form
from consult.web.i18n import gettext as _
from consult.web.session import arguments, current_token, guarded, safe_next, settings


class CodeForm(Form):
    code = StringField(
        _l("Code"),
        [REQUIRED],
        description=_l("Six digits from your app, or one of your recovery codes."),
        render_kw={"autocomplete": "one-time-code", "maxlength": 30, "autocapitalize": "none"},
    )


class PasskeyForm(Form):
    """What the script puts in: the browser's answer, for the step with this token."""

    answer = HiddenField()
    step = HiddenField()


class NewPasskeyForm(PasskeyForm):
    name = StringField(
        _l("Name of the passkey"),
        [REQUIRED],
        description=_l("So that you know it later, such as “my telephone”."),
        render_kw={"maxlength": NAME_LONGEST, "autocomplete": "off"},
    )


@bp.route("/sign-in/verify", methods=["GET", "POST"])
def second_factor() -> ResponseReturnValue:
    """The second step after a right password."""
    if not session.awaited_step():
        return redirect(url_for(".sign_in", **_next()), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form, 422 if form.errors else 200)
    try:
        signed_in = steps.answer_code(
            session.awaited_step(), form.code.data, settings().secret_key, session.device()
        )
    except Refused as refused:
        if refused.reason is Reason.STEP_EXPIRED:
            return _begin_again(refused)
        form.refuse(refused, "code")
        return _code_page(form, refusals.status(refused))
    session.begin(signed_in)
    return _onward()


def _code_page(form: CodeForm, status: int) -> ResponseReturnValue:
    return render_template("citizens/second_factor.html", form=form, **_given_next()), status


def _begin_again(refused: Refused) -> ResponseReturnValue:
    session.forget_step()
    flash(refusals.sentence(refused), "error")
    return redirect(url_for(".sign_in", **_next()), 303)


@bp.post("/sign-in/passkey/ask")
def ask_for_passkey() -> ResponseReturnValue:
    """The page whose script asks the browser for a passkey, after a password or instead of one."""
    step = session.awaited_step()
    base_url = settings().base_url
    try:
        asked = steps.ask_for_passkey(step, base_url) if step else steps.ask_for_any_passkey(base_url)
    except Refused as refused:
        return _begin_again(refused)
    form = PasskeyForm(formdata=None, step=asked.token)
    return render_template("citizens/passkey.html", form=form, options=asked.options, **_given_next())


@bp.post("/sign-in/passkey")
def sign_in_with_passkey() -> ResponseReturnValue:
    form = PasskeyForm()
    try:
        signed_in = steps.answer_passkey(
            form.step.data or "", form.answer.data or "", settings().base_url, session.device()
        )
    except Refused as refused:
        return _begin_again(refused)
    session.begin(signed_in)
    return _onward()


@bp.get("/me/security")
@guarded(is_signed_in)
def security() -> ResponseReturnValue:
    return _security_page()


def _security_page(made: tuple[str, ...] = ()) -> ResponseReturnValue:
    """Everything by which the person signs in; fresh recovery codes are shown this once."""
    return render_template(
        "citizens/security.html",
        ways=ways_to_sign_in(session.current_actor()),
        codes=made,
        provider=settings().identity_provider,
        is_fresh=is_fresh(token_hash(current_token())),
    )


def _stale() -> ResponseReturnValue | None:
    """The way to sign in again, where that was too long ago for a change of this kind."""
    if is_fresh(token_hash(current_token())):
        return None
    flash(_("Sign in again before you change how you sign in."), "info")
    return redirect(url_for(".sign_in", next=url_for(".security")), 303)


@bp.post("/me/security/app")
@guarded(is_signed_in)
def set_up_app() -> ResponseReturnValue:
    return _stale() or _app_page(CodeForm(formdata=None), 200)


@bp.post("/me/security/app/confirm")
@guarded(is_signed_in)
def confirm_app() -> ResponseReturnValue:
    stale = _stale()
    if stale:
        return stale
    form = CodeForm()
    if not form.validate():
        return _app_page(form, 422)
    try:
        made = apps.confirm_app(current_token(), form.code.data, settings().secret_key)
    except Refused as refused:
        if refused.reason is not Reason.CODE_WRONG:
            raise
        form.refuse(refused, "code")
        return _app_page(form, refusals.status(refused))
    return _changed(_("The app is set up."), made)


def _app_page(form: CodeForm, status: int) -> ResponseReturnValue:
    form.code.description = _("Six digits that the app shows now.")
    enrolment = apps.start_app(current_token(), settings().secret_key)
    return render_template("citizens/app.html", form=form, enrolment=enrolment), status


@bp.post("/me/security/app/remove")
@guarded(is_signed_in)
def remove_app() -> ResponseReturnValue:
    stale = _stale()
    if stale:
        return stale
    apps.remove_app(current_token(), staff_needs_one=settings().staff_needs_second_factor)
    return _changed(_("The app is removed."))


@bp.post("/me/security/passkeys/ask")
@guarded(is_signed_in)
def ask_for_new_passkey() -> ResponseReturnValue:
    return _stale() or _new_passkey_page(NewPasskeyForm(formdata=None), 200)


@bp.post("/me/security/passkeys")
@guarded(is_signed_in)
def add_passkey() -> ResponseReturnValue:
    stale = _stale()
    if stale:
        return stale
    form = NewPasskeyForm()
    if not form.validate():
        return _new_passkey_page(form, 422)
    try:
        made = passkeys.add_passkey(
            current_token(), form.step.data or "", form.answer.data or "", form.name.data, settings().base_url
        )
    except Refused as refused:
        form.refuse(refused)
        return _new_passkey_page(form, refusals.status(refused))
    return _changed(_("The passkey is added."), made)


def _new_passkey_page(form: NewPasskeyForm, status: int) -> ResponseReturnValue:
    asked = passkeys.ask_for_new_passkey(current_token(), settings().base_url)
    form.step.data, form.answer.data = asked.token, ""
    return render_template("citizens/new_passkey.html", form=form, options=asked.options), status


@bp.post("/me/security/passkeys/<int:passkey_id>/remove")
@guarded(is_signed_in)
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    stale = _stale()
    if stale:
        return stale
    needs = settings().staff_needs_second_factor
    passkeys.remove_passkey(current_token(), passkey_id, staff_needs_one=needs)
    return _changed(_("The passkey is removed."))


@bp.post("/me/security/codes")
@guarded(is_signed_in)
def new_recovery_codes() -> ResponseReturnValue:
    return _stale() or _security_page(codes.new_codes(session.current_actor()))


def _changed(said: str, made: tuple[str, ...] = ()) -> ResponseReturnValue:
    flash(said, "success")
    return _security_page(made) if made else redirect(url_for(".security"), 303)


def _next() -> dict[str, Any]:
    return arguments(next=safe_next(request.args.get("next")))


def _given_next() -> dict[str, str | None]:
    return {"next": safe_next(request.args.get("next"))}


def _onward() -> ResponseReturnValue:
    return redirect(safe_next(request.args.get("next")) or url_for("public.consultations"), 303)
