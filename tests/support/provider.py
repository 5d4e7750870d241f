"""A real identity provider by django-oauth-toolkit: `python -m tests.support.provider PORT SECRET CALLBACK`.

Speaks OpenID Connect and demands PKCE. Says `ready`, then serves until standard input closes. It knows one
person, `dana`, and one client, `consult-tests`, with the secret given.
"""

import contextlib
import secrets
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

CLIENT_ID = "consult-tests"
USER, PASSWORD, EMAIL = "dana", "correct horse battery", "dana@example.kz"


class QuietHandler(WSGIRequestHandler):
    """Answered requests are not worth a line."""

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


def settings(folder: Path) -> dict[str, Any]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {
        "SECRET_KEY": secrets.token_hex(32),
        "ALLOWED_HOSTS": ["127.0.0.1"],
        "ROOT_URLCONF": "tests.support.provider_pages",
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "p.sqlite")}},
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        "MIDDLEWARE": [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "LOGIN_URL": "/login",
        "USE_TZ": True,
        "OAUTH2_PROVIDER": {
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": pem,
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "openid", "email": "email", "profile": "profile"},
            "OAUTH2_VALIDATOR_CLASS": "tests.support.provider_pages.Validator",
        },
    }


def fill(secret: str, redirect_uri: str) -> None:
    """The person and the client."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - Django wants its settings first
    from django.core.management import call_command  # noqa: PLC0415
    from oauth2_provider.models import get_application_model  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user(USER, EMAIL, PASSWORD, first_name="Дана", last_name="Ахметова")
    get_application_model().objects.create(
        client_id=CLIENT_ID,
        client_secret=secret,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=redirect_uri,
        algorithm="RS256",
        skip_authorization=True,
    )


def main(port: str, secret: str, redirect_uri: str) -> None:
    import django  # noqa: PLC0415
    from django.conf import settings as django_settings  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        django_settings.configure(**settings(Path(folder)))
        django.setup()
        fill(secret, redirect_uri)
        server = make_server("127.0.0.1", int(port), get_wsgi_application(), handler_class=QuietHandler)
        threading.Thread(target=_end_with_the_run, args=[server], daemon=True).start()
        print("ready", flush=True)  # noqa: T201 - what the tests wait for
        server.serve_forever()


def _end_with_the_run(server: Any) -> None:
    with contextlib.suppress(OSError):
        sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
