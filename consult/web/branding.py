"""What the authority shows of itself: its sign and colour at addresses of their own, kept for ever."""

from flask import Flask, Response, abort, g

from consult.domain.branding import Branding, darker
from consult.queries import settings as reads
from consult.web import outside

YEAR_SECONDS = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    app.add_url_rule("/branding/<sha256>.png", "branding_logo", _logo)
    app.add_url_rule("/branding/<colour>.css", "branding_colour", _colour)
    app.jinja_env.globals["branding"] = branding


def branding() -> Branding:
    """For templates; asked once a request."""
    if "branding" not in g:
        g.branding = reads.branding()
    return g.branding  # type: ignore[no-any-return]


def _logo(sha256: str) -> Response:
    """The sign under the hash of its octets, so that a new one has a new address."""
    found = reads.logo()
    if found is None or found.sha256 != sha256:
        abort(404)
    return _for_ever(outside.answer(found.content, "image/png", keep_seconds=YEAR_SECONDS))


def _colour(colour: str) -> Response:
    """The colour that is set, as a style sheet; no other, so that nobody writes our styles."""
    accent = branding().accent
    if not accent or accent != f"#{colour}":
        abort(404)
    rule = f"@layer tokens{{:root{{--brand:{accent};--brand-deep:{darker(accent)}}}}}\n"
    return _for_ever(outside.answer(rule, "text/css", keep_seconds=YEAR_SECONDS))


def _for_ever(response: Response) -> Response:
    response.cache_control.immutable = True
    return response
