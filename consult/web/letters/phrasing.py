"""What a letter is made of before it is laid out, and the addresses in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.routing import MapAdapter

from consult.domain.languages import Language
from consult.web.session import settings

Link = Callable[..., str]
"""From an endpoint and its values to a whole address in the recipient's language."""


@dataclass(frozen=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True)
class Quote:
    """Somebody's words, in the language they are in; None where nobody knows it."""

    text: str
    language: Language | None


@dataclass(frozen=True)
class Phrased:
    """Sentences of a letter, or of an item of the daily one: `before` quote and button, and `after` them."""

    subject: str
    before: tuple[str, ...]
    button: Button | None = None
    quote: Quote | None = None
    after: tuple[str, ...] = field(default=())


def links_in(language: Language) -> Link:
    """Makes whole addresses that begin with the base address of the settings; needs no request."""
    base = urlsplit(settings().base_url)
    adapter: MapAdapter = current_app.url_map.bind(base.netloc, base.path or "/", url_scheme=base.scheme)

    def link(endpoint: str, **values: object) -> str:
        return adapter.build(endpoint, {"lang": language.value, **values}, force_external=True)

    return link


def stop_token(person_id: int) -> str:
    """What ends somebody's news by mail without signing in; it is good for nothing else, and for ever."""
    return str(_signer().dumps(person_id))


def person_of_stop_token(token: str) -> int | None:
    """Whose news a token ends; None where it was never given out."""
    try:
        person_id = _signer().loads(token)
    except BadSignature:
        return None
    return person_id if isinstance(person_id, int) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="consult.mail.stop")
