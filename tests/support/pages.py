"""A visitor without a browser: a client that checks every page it gets and fills forms as people do.

    page = client.get("/en/c/roads/q/1")
    page = client.submit(page, "/comments", body="More buses")          # follows the redirect
    page = client.submit(page, "/comments", body="", status=422)        # or expects a refusal
    assert page.error_summary == ["Write your comment"]

Hidden fields (csrf_token, idempotency_key) come from the page itself, so protection stays on in tests.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from flask import Flask
from flask.testing import FlaskClient
from lxml.html import FormElement, HtmlElement
from werkzeug.test import TestResponse

from tests.support.application import ERROR_SUMMARY
from tests.support.faults import REDIRECTS, WatchedClient, plain

FieldValue = str | int | bool | Sequence[str]


class Page:
    """One answer; `document` is its parsed page, for HTML only."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response = response
        self.url = url
        self.status = response.status_code

    @property
    def is_html(self) -> bool:
        return self.response.mimetype == "text/html"

    @property
    def document(self) -> HtmlElement:
        assert self.is_html, f"{self.url} answered {self.response.mimetype}, not a page"
        if not hasattr(self, "_document"):
            self._document = lxml.html.document_fromstring(self.response.get_data(as_text=True))
        return self._document

    @property
    def location(self) -> str:
        """Where a redirect leads, as path and query."""
        assert self.status in REDIRECTS, f"{self.url} answered {self.status}, no redirect"
        address = urlsplit(urljoin(self.url, self.response.location or ""))
        return address._replace(scheme="", netloc="").geturl()

    @property
    def title(self) -> str:
        return plain(self.document.find(".//title"))

    @property
    def h1(self) -> str:
        return plain(self.document.find(".//h1"))

    @property
    def text(self) -> str:
        """What `<main>` says (else the whole body), blanks folded."""
        main = self.document.find(".//main")
        return plain(self.document.body if main is None else main)

    @property
    def error_summary(self) -> list[str]:
        """Each sentence of the error summary, in order; empty when the page shows none."""
        return [plain(link) for link in self.select(f"{ERROR_SUMMARY} li")]

    @property
    def links(self) -> dict[str, str]:
        """Text of each link to its address; the last of the same text wins."""
        return {plain(link): link.get("href", "") for link in self.select("a[href]")}

    @property
    def json(self) -> Any:
        return json.loads(self.response.get_data())

    def select(self, css: str) -> list[HtmlElement]:
        return self.document.cssselect(css)

    def texts(self, css: str) -> list[str]:
        return [plain(element) for element in self.select(css)]

    def form(self, action_contains: str) -> FormElement:
        """The form whose action holds this text (the page's own address counts where a form names none).

        Raises:
            AssertionError: there is no such form; the message lists those there are.
        """
        actions = [(form.get("action") or self.url, form) for form in self.document.forms]
        for action, form in actions:
            if action_contains in action:
                return form
        raise AssertionError(
            f"{self.url} has no form for {action_contains!r}, only {[a for a, _ in actions]}"
        )


class PageClient:
    """A visitor with cookies. `language` is what he prefers; `follow=False` leaves a redirect to the test."""

    def __init__(self, app: Flask, *, language: str = "en") -> None:
        self.app = app
        self.language = language
        self.is_signed_in = False
        app.test_client_class = (
            WatchedClient  # judges every page, also those that a test gets past this class
        )
        self.flask: FlaskClient = app.test_client()

    def get(self, url: str, *, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Page:
        return self._page(url, status, self.flask.get(url, headers=self._headers(headers)), is_get=True)

    def post(
        self,
        url: str,
        fields: Mapping[str, Any] | None = None,
        *,
        status: int = HTTPStatus.SEE_OTHER,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Post what no form offered, as an attacker would: nothing is added to `fields`."""
        answer = self.flask.post(url, data=fields, headers=self._headers(headers))
        return self._page(url, status, answer)

    def follow(self, page: Page) -> Page:
        """Where the redirects lead."""
        for _ in range(5):
            if page.status not in REDIRECTS:
                return page
            url = page.location
            answer = self.flask.get(url, headers=self._headers(None))
            page = self._page(url, None, answer, is_get=True)
        raise AssertionError(f"redirects without end at {page.url}")

    def submit(
        self,
        page: Page,
        action_contains: str,
        *,
        status: int = HTTPStatus.OK,
        follow: bool = True,
        headers: Mapping[str, str] | None = None,
        **fields: FieldValue,
    ) -> Page:
        """Send a form of the page, hidden fields and defaults included; `status` is that of the last page.

        With `follow=False` the answer itself is given, whatever redirect it is.
        """
        form = page.form(action_contains)
        url = urljoin(page.url, form.get("action") or page.url)
        data: dict[str, Any] = _values(form)
        data.update({name: _written(value) for name, value in fields.items()})
        unknown = set(fields) - _names(form)
        assert not unknown, f"the form for {url} has no {sorted(unknown)}, only {sorted(_names(form))}"
        if form.method.upper() == "GET":
            answer = self.flask.get(url, query_string=data, headers=self._headers(headers))
        else:
            answer = self.flask.post(url, data=data, headers=self._headers(headers))
        sent = self._page(url, None, answer)
        if not follow:
            return sent
        seen = self.follow(sent)
        assert seen.status == status, _surprise(seen, status)
        return seen

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in through the form, and be known from then on."""
        page = self.get(f"/{self.language}/sign-in")
        seen = self.submit(page, "/sign-in", follow=False, email=email, password=password)
        assert seen.status in REDIRECTS, f"{email} was not let in: {seen.error_summary or seen.text[:300]}"
        self.is_signed_in = True
        return self.follow(seen)

    def _headers(self, headers: Mapping[str, str] | None) -> dict[str, str]:
        return {"Accept-Language": self.language, **(headers or {})}

    def _page(self, url: str, status: int | None, answer: TestResponse, *, is_get: bool = False) -> Page:
        page = Page(answer, url)
        assert status in {None, page.status}, _surprise(page, status)
        if page.is_html and page.status not in REDIRECTS:
            faults = list(self._privacy_faults(page, is_get=is_get))
            assert not faults, f"{url} ({page.status}) is not private:\n" + "\n".join(faults)
        return page

    def _privacy_faults(self, page: Page, *, is_get: bool) -> Iterator[str]:
        caching = page.response.headers.get("Cache-Control", "")
        is_private = {"private", "no-store"} <= {part.strip() for part in caching.split(",")}
        if self.is_signed_in and not is_private:
            yield f"a page for a signed-in person says Cache-Control: {caching!r}"
        posts = page.document.cssselect("form[method=post i]")
        if is_get and not self.is_signed_in and not posts and "Set-Cookie" in page.response.headers:
            yield f"a stranger got a cookie: {page.response.headers['Set-Cookie'].partition('=')[0]}"


def _surprise(page: Page, status: int | None) -> str:
    said = f"{page.h1}: {page.error_summary or page.text[:300]}" if page.is_html else page.response.text[:300]
    return f"{page.url} answered {page.status} instead of {status}. {said}"


def _names(form: FormElement) -> set[str]:
    return {name for control in form.cssselect("[name]") if (name := control.get("name"))}


def _values(form: FormElement) -> dict[str, list[str]]:
    """What a browser would send without any click: no button, no disabled control."""
    values: dict[str, list[str]] = {}
    for name, value in form.form_values():
        values.setdefault(str(name), []).append(str(value))
    return values


def _written(value: FieldValue) -> str | list[str]:
    match value:
        case bool():
            return "y" if value else ""
        case str() | int():
            return str(value)
        case _:
            return list(value)
