"""Languages of pages: which one a request is in, and the sentences of each."""

from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from consult.domain.languages import DEFAULT, Language

COOKIE = "language"
CATALOGUES = Path(__file__).parent.parent / "translations"
TIMEZONE = "Asia/Almaty"
"""Kazakhstan has one time, UTC+05:00 since 1 March 2024; every printed hour is in it."""
LABELS = {Language.KK: "ҚАЗ", Language.RU: "РУС", Language.EN: "ENG"}


class WrittenCatalogues(Domain):  # type: ignore[misc]
    """Reads the catalogues as they are written (.po): there is no compiled file to forget.

    English stands in the code itself and has no catalogue.
    """

    def get_translations(self) -> NullTranslations:
        """The sentences of the request's language; each catalogue is read once a process."""
        locale = get_locale()
        code = locale.language if locale else Language.EN.value
        if code not in self.cache:
            self.cache[code] = read_catalogue(code, current_app.config["CATALOGUES"])
        return cast("NullTranslations", self.cache[code])


def read_catalogue(code: str, folder: Path = CATALOGUES) -> NullTranslations:
    """The catalogue of a language code; an empty one, which answers English, where there is no file."""
    path = folder / code / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return Translations()
    compiled = BytesIO()
    with path.open("rb") as written:
        write_mo(compiled, read_po(written, locale=code))
    compiled.seek(0)
    return Translations(compiled)


class PageLanguages(Babel):  # type: ignore[misc]
    @cached_property
    def domain_instance(self) -> Any:
        return WrittenCatalogues()


def gettext(sentence: str, **values: object) -> str:
    """The sentence in the request's language, with the values in its places."""
    return str(flask_babel.gettext(sentence, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The form of a sentence that fits a number, given as `num`."""
    return str(flask_babel.ngettext(one, many, num, **values))


def init_app(app: Flask) -> None:
    """Speak the page's language, out of the folder that the application's setting `CATALOGUES` names."""
    app.config.setdefault("CATALOGUES", CATALOGUES)
    PageLanguages().init_app(
        app,
        default_locale=Language.EN.value,
        default_timezone=TIMEZONE,
        locale_selector=lambda: page_language().value,
    )
    _say_quickly(app)


def _say_quickly(app: Flask) -> None:
    """Let templates look each sentence up once a process and language, rather than once a use.

    A page says fifty and more; Jinja and Flask-Babel ask request, locale and catalogue anew for each.
    """
    known: dict[tuple[str, str], Markup] = {}
    plain: dict[tuple[str, str], Markup] = {}

    @pass_eval_context
    def say(context: EvalContext, sentence: str, **values: object) -> str:
        locale = get_locale()
        key = (locale.language if locale else Language.EN.value, sentence)
        if not values and context.autoescape and key in plain:
            return plain[key]
        pattern = known.get(key)
        if pattern is None:
            pattern = Markup(flask_babel.get_translations().ugettext(sentence))  # noqa: S704 - our own words
            known[key] = pattern
        if not context.autoescape:
            return str(pattern) % values
        said = pattern % values
        if not values:
            plain[key] = said
        return said

    app.jinja_env.globals.update(gettext=say, _=say)


def page_language() -> Language:
    """The request's language: from its address, else as `preferred_language`; English outside a request."""
    if not has_request_context():
        return Language.EN
    if "language" not in g:
        first = request.path.split("/")[1]
        g.language = Language(first) if first in set(Language) else preferred_language()
    return cast("Language", g.language)


def preferred_language() -> Language:
    """Of the visitor: the cookie, then Accept-Language, then Kazakh."""
    kept = request.cookies.get(COOKIE, "")
    if kept in set(Language):
        return Language(kept)
    wanted = request.accept_languages.best_match([language.value for language in Language])
    return Language(wanted) if wanted else DEFAULT
