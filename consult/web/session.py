"""Sign-in sessions behind Flask-Login: the cookie holds a random token, the database whose it is."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ParamSpec, cast

import flask
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from consult.config import Settings
from consult.domain.errors import Refused
from consult.domain.people import GUEST, Actor
from consult.domain.permissions import Predicate, require, require_somewhere
from consult.queries.people import live_session
from consult.services import accounts
from consult.services.sessions import SignedIn, token_hash

P = ParamSpec("P")


class SessionUser(UserMixin):  # type: ignore[misc]
    """Flask-Login's user: the actor, and the token by which its session can be ended."""

    def __init__(self, actor: Actor, token: str) -> None:
        self.actor = actor
        self.token = token

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None  # telephones change networks; the token is the proof
    manager.user_loader(_load)
    manager.init_app(app)
    app.after_request(_note_presence)


def _load(token: str) -> SessionUser | None:
    live = live_session(token_hash(token), staff_needs_second_factor=settings().staff_needs_second_factor)
    if live is None:
        return None
    if live.is_to_be_noted:
        flask.g.token_to_be_noted = token
    return SessionUser(live.actor, token)


def _note_presence(response: Response) -> Response:
    """Keep that the session is in use, once the answer is on its way: nobody waits for it."""
    token = flask.g.pop("token_to_be_noted", None)
    if token is not None:
        response.call_on_close(partial(_note, current_app._get_current_object(), token))  # type: ignore[attr-defined]  # noqa: SLF001
    return response


def _note(app: Flask, token: str) -> None:
    try:
        with app.app_context():
            accounts.note_presence(token)
    except Exception:  # the answer has been given, nothing of it may break now
        app.logger.warning("the last use of a session was not kept", exc_info=True)


def current_actor() -> Actor:
    """Who makes this request."""
    return current_user.actor if current_user.is_authenticated else GUEST


def current_token() -> str:
    """Token of this request's session; empty for a guest."""
    return cast("str", current_user.token) if current_user.is_authenticated else ""


def begin(signed_in: SignedIn) -> None:
    """Give the browser a fresh session: what an attacker may have planted there before is gone."""
    flask.session.clear()
    flask.session.permanent = True
    login_user(SessionUser(signed_in.actor, signed_in.token))


def await_code(signed_in: SignedIn) -> None:
    """Keep the token of a sign-in that a second factor has yet to end."""
    flask.session.clear()
    flask.session["step"] = signed_in.token


def awaited_step() -> str:
    """Token of the sign-in that waits for its second factor; empty where none waits."""
    return str(flask.session.get("step", ""))


def forget_step() -> None:
    """Give up a sign-in that waited; a session that was there already stays."""
    flask.session.pop("step", None)


def end() -> None:
    logout_user()
    flask.session.clear()


def settings() -> Settings:
    """Settings of the running application."""
    return cast("Settings", current_app.extensions["consult_settings"])


def device() -> str:
    """What the browser says of itself, for the list of sessions."""
    return request.user_agent.string


def guarded(
    may: Predicate, *, everywhere: bool = False
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Refuse a view to those whom the predicate turns away, before the view reads anything.

    Who may in one consultation only is let in, and the deed or question then asks about its own; not so where
    the page belongs to no consultation (`everywhere`).
    """
    check = partial(require if everywhere else require_somewhere, may=may)

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            check(current_actor())
            return view(*args, **kwargs)

        checked.__dict__.update(may=may, check=check)
        return checked

    return decorate


def may_visit(endpoint: str) -> bool:
    """Whether the guard of a view lets the present actor in; for menus."""
    check = getattr(current_app.view_functions[endpoint], "check", None)
    if check is None:
        return True
    try:
        check(current_actor())
    except Refused:
        return False
    return True


def safe_next(target: str | None) -> str | None:
    """A path of this site to return to; None for anything that could lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 0x20 or ord(character) == 0x7F for character in target):  # noqa: PLR2004
        return None
    return target


def is_htmx() -> bool:
    """Whether htmx asks for a fragment rather than a page."""
    return request.headers.get("HX-Request") == "true"


def arguments(**wanted: Any) -> dict[str, Any]:
    """Those of the given address arguments that are set, for `url_for`."""
    return {name: value for name, value in wanted.items() if value is not None}
