"""Wires everything: settings, database, sign-in, languages, pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix

from consult.config import Settings, read_settings
from consult.domain.errors import Reason, Refused
from consult.jobs import schedule
from consult.models.base import db
from consult.models.schema import migrate
from consult.web import (
    administration,
    assets,
    ballots,
    branding,
    citizens,
    compression,
    errors,
    formats,
    forms,
    headers,
    health,
    i18n,
    keys,
    layout,
    letters,
    limits,
    officials,
    page_cache,
    public,
    quick_pages,
    quick_votes,
    session,
    wellknown,
)

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent
"""Templates and static files lie in the package of a wheel, beside it in a checkout."""

LARGEST_REQUEST = 12 * 1024 * 1024
"""Octets; an agenda may have 10 MB, the rest is room for the form around it."""
LARGEST_FIELDS = 2 * 1024 * 1024
"""Octets of all fields but files; a comment of 100 000 Cyrillic letters must arrive to be answered kindly."""


class Application(Flask):
    """Flask, without asking of each function in each request whether it is a coroutine; none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings) -> Flask:
    """An application of its own for these settings; nothing is shared with another one in the process."""
    app = Application(
        "consult",
        template_folder=str(_ROOT / "templates"),
        static_folder=None,
        instance_path=str(settings.instance),
    )
    app.config.update(_flask_settings(settings))
    app.extensions["consult_settings"] = settings
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    migrate.init_app(app, db)
    for room in (page_cache, quick_pages, keys, i18n, session, forms, compression, headers, errors):
        room.init_app(app)
    for room in (formats, layout):
        room.init_app(app)
    for room in (health, wellknown, branding):
        room.init_app(app)
    assets.init_app(app, _ROOT / "static", settings.instance / "static")
    citizens.identity.init_app(app)
    for blueprint in (public.bp, citizens.bp, officials.bp, administration.bp):
        app.register_blueprint(blueprint)
    schedule.init_app(app, letters.write)
    app.register_error_handler(OperationalError, _database_away)
    limits.init_app(app)
    ballots.init_app(app)
    public.listing.init_app(app)
    quick_votes.init_app(app)
    if settings.trusted_proxies:
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return app


def application() -> Flask:
    """The application of this process's environment; what the production server loads."""
    return create_app(read_settings())


def _database_away(error: OperationalError) -> ResponseReturnValue:
    """The database does not answer or is too busy: say so, and give the person's text back."""
    db.session.rollback()
    current_app.logger.error("the database does not answer", exc_info=error)
    return errors.refusal_page(Refused(Reason.DATABASE_AWAY))


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "SESSION_COOKIE_NAME": "__Host-consult" if settings.is_secure else "consult",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        # Pages behind links of letters send no Referer, and some browsers never do. The token is bound to a
        # cookie that no other host can set (`__Host-`), so there is nothing left for a Referer to prove.
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FIELDS,
        "PREFERRED_URL_SCHEME": "https" if settings.is_secure else "http",
    }


def _engine_options(settings: Settings) -> dict[str, object]:
    """Errors are logged without the values of the statement, which may be tokens and addresses."""
    options: dict[str, object] = {"hide_parameters": True}
    return options if settings.is_sqlite else {**options, "pool_pre_ping": True, "pool_size": 10}
