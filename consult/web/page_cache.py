"""Pages for everybody, kept as octets for a moment and given out before Flask is asked.

Only the answer to a request that brings no cookie but those of language and colours is kept, and only where
it is a public page that sets none, carries no token and names nobody. It is given out until anything public
changes (`queries.freshness`), for two seconds at most, and never beyond the next opening or closing of a
consultation. See docs/adr/0012.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import Any, cast
from urllib.parse import parse_qsl

from flask import Flask, Response, g, request
from werkzeug.http import parse_cookie

from consult.queries.freshness import KEPT_SECONDS, Freshness, freshness
from consult.queries.timetables import seconds_to_next_change
from consult.web import i18n, themes
from consult.web.wsgi import Application, Environ, Headers

LARGEST_TOGETHER = 32_000_000
"""Octets of all pages that a process keeps; the one that was asked for longest ago goes first."""
LARGEST_PAGE = 500_000
LONGEST_HEADER = 200
"""Octets of each header and query that tells pages apart; no browser of ours sends longer ones."""
ARGUMENTS = frozenset({"before", "sort", "after", "phase", "topic"})
"""Arguments of addresses that are kept; a search is for one person, and other names are nobody's."""
HARMLESS = frozenset({i18n.COOKIE, themes.COOKIE})
"""Cookies that say nothing of who somebody is. The language of these pages stands in their address."""
LANGUAGES = ("/kk/", "/ru/", "/en/")
_KEY = "consult.page_key"


@dataclass(frozen=True)
class Key:
    """What tells two pages apart. The path holds the language."""

    path: str
    query: str
    encodings: str
    theme: str


@dataclass(frozen=True)
class Page:
    """A whole answer, and until when and under which mark it may be given."""

    headers: Headers
    octets: bytes
    mark: bytes
    until: float


@dataclass
class _Visit:
    """A request whose answer may be kept; `mark` and `until` were looked at before anything was read."""

    key: Key
    mark: bytes
    until: float


class Pages:
    """The pages that a process keeps."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._octets = 0
        self._lock = Lock()

    def get(self, key: Key, mark: bytes) -> Page | None:
        page = self._pages.get(key)
        if page is None or page.mark != mark or monotonic() >= page.until:
            return None
        return page

    def keep(self, key: Key, page: Page) -> None:
        if len(page.octets) > LARGEST_PAGE:
            return
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._octets += len(page.octets)
            while self._octets > LARGEST_TOGETHER:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Key) -> None:
        gone = self._pages.pop(key, None)
        self._octets -= len(gone.octets) if gone else 0


class PageCache:
    """Stands before the application and answers what is kept."""

    def __init__(self, pages: Pages, fresh: Freshness, onward: Application) -> None:
        self._pages = pages
        self._fresh = fresh
        self._onward = onward

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        key = _key(environ)
        if key is not None:
            page = self._pages.get(key, self._fresh.mark)
            if page is not None:
                start_response("200 OK", page.headers)
                return [b"" if environ["REQUEST_METHOD"] == "HEAD" else page.octets]
            environ[_KEY] = key
        return self._onward(environ, start_response)


def init_app(app: Flask) -> None:
    """Must come before the rooms whose headers are kept too: what is registered first runs last."""
    pages = Pages()
    with app.app_context():
        fresh = freshness()
        fresh.share(app.extensions["consult_settings"].instance)

    def look_at_the_clock() -> None:
        key = request.environ.get(_KEY)
        if key is not None:
            mark, now = fresh.mark, monotonic()
            left = seconds_to_next_change()
            g.visit_to_keep = _Visit(
                key, mark, now + (KEPT_SECONDS if left is None else min(left, KEPT_SECONDS))
            )

    def keep(response: Response) -> Response:
        visit = cast("_Visit | None", g.get("visit_to_keep"))
        if visit is not None and request.method == "GET" and _is_for_everybody(response):
            response.vary.add("Cookie")  # Flask adds it later, when it looks after the session
            headers = response.headers.to_wsgi_list()
            pages.keep(visit.key, Page(headers, response.get_data(), visit.mark, visit.until))
        return response

    app.before_request(look_at_the_clock)
    app.after_request(keep)
    app.extensions["consult_pages"] = pages
    app.wsgi_app = PageCache(pages, fresh, app.wsgi_app)  # type: ignore[method-assign]


def _key(environ: Environ) -> Key | None:
    """The key of a request whose answer everybody may get; None for all others."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_HX_REQUEST" in environ:
        return None
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    encodings, cookies = environ.get("HTTP_ACCEPT_ENCODING", ""), environ.get("HTTP_COOKIE", "")
    if not path.startswith(LANGUAGES) or max(map(len, (path, query, encodings, cookies))) > LONGEST_HEADER:
        return None
    if query and not ARGUMENTS.issuperset(name for name, _ in parse_qsl(query, keep_blank_values=True)):
        return None
    kept = parse_cookie(cookies) if cookies else {}
    if not HARMLESS.issuperset(kept):
        return None
    return Key(path, query, encodings, kept.get(themes.COOKIE, ""))


def _is_for_everybody(response: Response) -> bool:
    headers = response.headers
    return (
        response.status_code == HTTPStatus.OK
        and response.mimetype == "text/html"
        and not response.is_streamed
        and headers.get("Cache-Control") == "no-cache"
        and "Set-Cookie" not in headers
    )
