"""What every template may use: the actor, the page's language, links to the other languages."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.languages import Language
from consult.web import outside, words
from consult.web.i18n import LABELS, page_language, preferred_language
from consult.web.keys import readable_path
from consult.web.session import current_actor, may_visit
from consult.web.themes import Theme, chosen_theme

MOST_ADDRESSES = 20_000
LONGEST_ADDRESS = 300
"""Of those that are remembered; longer ones hold words of the visitor's own, such as where to go next."""


@dataclass(frozen=True)
class LanguageLink:
    code: str
    label: str
    href: str
    current: bool


def init_app(app: Flask) -> None:
    app.context_processor(_context)
    app.add_url_rule("/", "root", _root)
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    _remember_addresses(app)


def _remember_addresses(app: Flask) -> None:
    """Let templates build each address once a process: a page holds some fifty, mostly the same."""
    known: dict[tuple[object, ...], str] = {}

    def address(endpoint: str, **values: Any) -> str:
        if endpoint.startswith(".") or "_external" in values or not has_request_context():
            return app.url_for(endpoint, **values)
        key = (endpoint, page_language(), *values.items())
        try:
            found = known.get(key)
        except TypeError:  # a list of numbers, which each page has its own of
            return app.url_for(endpoint, **values)
        if found is None:
            found = app.url_for(endpoint, **values)
            if len(known) >= MOST_ADDRESSES:
                known.clear()
            if len(found) <= LONGEST_ADDRESS:
                known[key] = found
        return found

    app.jinja_env.globals["url_for"] = address
    app.extensions["consult_addresses"] = address


def _root() -> ResponseReturnValue:
    return redirect(url_for("public.home", lang=preferred_language().value), 302)


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "lang" in values:
        g.language = Language(values.pop("lang"))


def _give_language(_endpoint: str, values: dict[str, Any]) -> None:
    values.setdefault("lang", page_language().value)


def _context() -> dict[str, Any]:
    theme = chosen_theme()
    return {
        "lang": page_language().value,
        "actor": current_actor(),
        "may_visit": may_visit,
        "language_links": [_link(language) for language in Language],
        "words": words,
        "page_addresses": outside.addresses_of_page(),
        "outside_url": outside.address,
        "theme": None if theme is Theme.AUTO else theme.value,
    }


def _link(language: Language) -> LanguageLink:
    """The way to the same page in a language; going it keeps the choice, see `home.choose_language`."""
    parts = request.path.split("/")
    path = "/".join(["", language.value, *parts[2:]]) if parts[1] in set(Language) else f"/{language.value}/"
    if request.url_rule and "GET" not in (request.url_rule.methods or ()):
        readable = readable_path(path)
        path = readable if readable != path else f"/{language.value}/"
    query = f"?{urlencode(request.args)}" if request.args else ""
    href = url_for("public.choose_language", lang=language.value, next=path + query)
    return LanguageLink(language.value, LABELS[language], href, language is page_language())
