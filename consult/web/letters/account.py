"""Letters about an account: they always go at once, and nobody can unsubscribe from them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from consult.domain.mail import Kind
from consult.services.administration import INVITATION_LASTS
from consult.services.credentials import CHANGE_LASTS, RESET_LASTS
from consult.services.registration import REGISTRATION_LASTS
from consult.web import words
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext
from consult.web.letters.phrasing import Button, Link, Phrased

Content = Mapping[str, Any]


def phrase(kind: Kind, content: Content, link: Link) -> Phrased:
    """The sentences of a letter about an account, in the language of the moment."""
    return PHRASES[kind](content, link)


def _confirm_registration(content: Content, link: Link) -> Phrased:
    url = link("citizens.confirm_registration", token=content["token"])
    return Phrased(
        subject=_("Confirm your e-mail address"),
        before=(_("Somebody, probably you, registered with this address. Confirm it to use your account."),),
        button=Button(_("Confirm the address"), url),
        after=(
            _works_for(REGISTRATION_LASTS),
            _("If it was not you, do nothing: without the confirmation there will be no account."),
        ),
    )


def _already_registered(_content: Content, link: Link) -> Phrased:
    return Phrased(
        subject=_("You have an account already"),
        before=(
            _("Somebody, probably you, wanted this address for an account. It has one already: sign in."),
            _("If you do not remember the password, choose “Forgotten password” on the sign-in page."),
        ),
        button=Button(_("Sign in"), link("citizens.sign_in")),
        after=(_("If it was not you, do nothing. Nobody has learnt that you have an account."),),
    )


def _no_account(_content: Content, link: Link) -> Phrased:
    return Phrased(
        subject=_("There is no account with this address"),
        before=(
            _("Somebody, probably you, asked for a new password, but this address has no account here."),
            _("Perhaps you registered with another address."),
        ),
        button=Button(_("Register"), link("citizens.register")),
        after=(_("If it was not you, you need not do anything."),),
    )


def _reset_password(content: Content, link: Link) -> Phrased:
    return Phrased(
        subject=_("Choose a new password"),
        before=(_("Somebody, probably you, asked for a new password for the account with this address."),),
        button=Button(_("Choose a new password"), link("citizens.reset_password", token=content["token"])),
        after=(
            _works_for(RESET_LASTS),
            _("If it was not you, do nothing: your password stays as it is."),
        ),
    )


def _works_for(lasts: timedelta) -> str:
    hours = int(lasts.total_seconds() // 3600)
    return ngettext(
        "The link works once, for %(num)s hour.", "The link works once, for %(num)s hours.", hours
    )


def _password_changed(_content: Content, link: Link) -> Phrased:
    return Phrased(
        subject=_("Your password was changed"),
        before=(_("The password of your account was changed."),),
        button=Button(_("Sign in"), link("citizens.sign_in")),
        after=(_not_you(),),
    )


def _change_email(content: Content, link: Link) -> Phrased:
    return Phrased(
        subject=_("Confirm your new e-mail address"),
        before=(_("Somebody, probably you, wants to use this address for an account."),),
        button=Button(_("Confirm the address"), link("citizens.confirm_email", token=content["token"])),
        after=(
            _works_for(CHANGE_LASTS),
            _("If it was not you, do nothing: without the confirmation nothing changes."),
        ),
    )


def _email_change_asked(content: Content, link: Link) -> Phrased:
    return Phrased(
        subject=_("A new e-mail address for your account"),
        before=(
            _("Somebody, probably you, asked to use %(email)s for your account.", email=content["email"]),
            _("It changes when the link that was sent to the other address is followed."),
        ),
        button=Button(_("Sign in"), link("citizens.sign_in")),
        after=(_not_you(),),
    )


def _email_changed(content: Content, link: Link) -> Phrased:
    return Phrased(
        subject=_("Your e-mail address was changed"),
        before=(_("Your account uses %(email)s from now on. Sign in with it.", email=content["email"]),),
        button=Button(_("Sign in"), link("citizens.sign_in")),
        after=(_("If it was not you, write to the contact of the consultation you take part in at once."),),
    )


def _second_factor_changed(content: Content, link: Link) -> Phrased:
    told: dict[tuple[object, object], str] = {
        ("app", "added"): _("An authenticator app was added to your account."),
        ("app", "removed"): _("The authenticator app was removed from your account."),
        ("passkey", "added"): _("A passkey was added to your account."),
        ("passkey", "removed"): _("A passkey was removed from your account."),
        ("all", "removed"): _(
            "An administrator took the app, the passkeys and the recovery codes off your account. You are"
            " signed out everywhere."
        ),
        ("identity", "added"): _("An identity service was linked to your account."),
        ("identity", "removed"): _("The link of an identity service to your account was removed."),
    }
    otherwise = _("The ways to confirm your sign-in were changed.")
    return Phrased(
        subject=_("Your sign-in was changed"),
        before=(told.get((content.get("kind"), content.get("change")), otherwise),),
        button=Button(_("Sign in"), link("citizens.sign_in")),
        after=(_not_you(),),
    )


def _recovery_code_used(_content: Content, link: Link) -> Phrased:
    return Phrased(
        subject=_("A recovery code was used"),
        before=(
            _("Somebody, probably you, signed in to your account with one of your recovery codes."),
            _("Each code works once. Make new ones before they run out."),
        ),
        button=Button(_("Sign in"), link("citizens.sign_in")),
        after=(_not_you(),),
    )


def _invited(content: Content, link: Link) -> Phrased:
    return Phrased(
        subject=_("An account for you"),
        before=(
            _("An administrator made an account for you."),
            _("Choose a password, and you can sign in with this address."),
            _("Your role: %(role)s", role=words.ROLES[content["role"]]),
        ),
        button=Button(_("Choose a password"), link("citizens.reset_password", token=content["token"])),
        after=(
            _works_for(INVITATION_LASTS),
            _("If you expected nothing of the kind, do nothing: without a password nobody can sign in."),
        ),
    )


def _not_you() -> str:
    return _("If it was not you, choose a new password at once: “Forgotten password” on the sign-in page.")


PHRASES: Mapping[Kind, Callable[[Content, Link], Phrased]] = {
    Kind.CONFIRM_REGISTRATION: _confirm_registration,
    Kind.ALREADY_REGISTERED: _already_registered,
    Kind.NO_ACCOUNT: _no_account,
    Kind.RESET_PASSWORD: _reset_password,
    Kind.PASSWORD_CHANGED: _password_changed,
    Kind.CHANGE_EMAIL: _change_email,
    Kind.EMAIL_CHANGE_ASKED: _email_change_asked,
    Kind.EMAIL_CHANGED: _email_changed,
    Kind.SECOND_FACTOR_CHANGED: _second_factor_changed,
    Kind.RECOVERY_CODE_USED: _recovery_code_used,
    Kind.INVITED: _invited,
}
