"""Signing in by an identity provider, and linking an identity to one's account."""

from dataclasses import asdict
from urllib.parse import urlencode

import flask
from flask import Flask, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from consult.config import IdentityProvider, Settings
from consult.domain.errors import Reason, Refused
from consult.domain.identities import Claims, Journey
from consult.domain.languages import Language
from consult.domain.permissions import is_signed_in
from consult.services import identities
from consult.web import refusals, session
from consult.web.citizens.blueprint import bp
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.session import current_actor, guarded, safe_next, settings

CALLBACK = "/identity/callback"
"""One address for all languages, since providers want to know it in advance."""


def init_app(app: Flask) -> None:
    app.add_url_rule(CALLBACK, "identity_callback", identity_callback)
    given: Settings = app.extensions["consult_settings"]
    app.jinja_env.globals["identity_provider"] = given.identity_provider
    app.jinja_env.globals["takes_passkeys"] = given.takes_passkeys


@bp.get("/identity/begin")
def begin_identity() -> ResponseReturnValue:
    """Off to the provider; by a link, since the policy keeps forms from leading to another site."""
    journey = identities.begin_journey(_provider(), _callback_address())
    flask.session["journey"] = asdict(journey) | {
        "language": page_language().value,
        "next": safe_next(request.args.get("next")) or "",
    }
    return redirect(journey.address, 303)


def identity_callback() -> ResponseReturnValue:
    """Back from the provider: a signed-in person links the identity, anybody else signs in with it."""
    kept = flask.session.pop("journey", None)
    if not isinstance(kept, dict):
        raise Refused(Reason.STEP_EXPIRED)
    g.language = Language(kept.pop("language"))
    target = kept.pop("next")
    returned = f"{_callback_address()}?{urlencode(request.args)}"
    try:
        claims = identities.end_journey(_provider(), _callback_address(), Journey(**kept), returned)
        return _link(claims) if is_signed_in(current_actor()) else _sign_in(claims, target)
    except Refused as refused:
        return _turned_back(refused)


def _link(claims: Claims) -> ResponseReturnValue:
    identities.link_identity(current_actor(), claims)
    flash(_("Your identity is linked to this account."), "success")
    return redirect(url_for("citizens.security"), 303)


def _sign_in(claims: Claims, target: str) -> ResponseReturnValue:
    signed_in = identities.sign_in_with(claims, page_language(), device=session.device())
    onward = session.arguments(next=target or None)
    if signed_in.awaits_code:
        session.await_code(signed_in)
        return redirect(url_for("citizens.second_factor", **onward), 303)
    session.begin(signed_in)
    return redirect(target or url_for("public.consultations"), 303)


def _turned_back(refused: Refused) -> ResponseReturnValue:
    """To where the person came from, with what went wrong."""
    said = refusals.sentence(refused)
    if refused.reason is Reason.EMAIL_TAKEN:
        said = _(
            "There is an account with your address. Sign in with its password, then link the identity "
            "under “Ways to sign in”."
        )
    flash(said, "error")
    is_linking = is_signed_in(current_actor())
    return redirect(url_for("citizens.security" if is_linking else "citizens.sign_in"), 303)


@bp.post("/me/security/identities/remove")
@guarded(is_signed_in)
def unlink_identities() -> ResponseReturnValue:
    identities.unlink_identities(current_actor())
    flash(_("Your identity is no longer linked to this account."), "success")
    return redirect(url_for(".security"), 303)


def _provider() -> IdentityProvider:
    """Raises Refused(NOT_FOUND) where the operator has set none up."""
    provider = settings().identity_provider
    if provider is None:
        raise Refused(Reason.NOT_FOUND)
    return provider


def _callback_address() -> str:
    return settings().base_url + CALLBACK
