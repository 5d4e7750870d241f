"""Headers of every answer: what a page may load, and who may keep it."""

from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_app(app: Flask) -> None:
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer" if _has_token_in_address() else "same-origin")
    if not g.get("may_be_framed"):
        headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if _is_personal():
        headers["Cache-Control"] = "private, no-store"
    headers.setdefault("Cache-Control", "no-cache")
    return response


def _has_token_in_address() -> bool:
    """Whether the page is behind a link of a letter; no page reached from it is to learn the address."""
    return "token" in (request.view_args or {})


def _is_personal() -> bool:
    """Whether the answer was made for one person, carries a token, or gives or takes a cookie."""
    if g.get("is_for_everybody"):
        return False
    if g.get("is_for_one") or _has_token_in_address():
        return True
    return "csrf_token" in g or session.modified or bool(current_user and current_user.is_authenticated)
