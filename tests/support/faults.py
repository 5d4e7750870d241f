"""What is wrong with a page of ours: one sentence a fault, for every HTML answer that any test gets.

A fragment, which htmx puts into a page, is judged by the same rules but those of the whole page.
"""

import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import brotli
import lxml.html
from flask.testing import FlaskClient
from lxml.html import HtmlElement
from werkzeug.test import TestResponse, run_wsgi_app

from consult.domain.languages import Language
from consult.web.i18n import read_catalogue
from tests.support.application import SERVICE_NAMES
from tests.support.cast import OPEN_QUESTION, PROPOSITION, TEXTS

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REDIRECTS = frozenset({301, 302, 303, 307, 308})
UNLABELLED_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})
SCRIPT_DATA = frozenset({"application/json", "application/ld+json"})
REFERENCES = (
    "for",
    "form",
    "list",
    "headers",
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-labelledby",
    "aria-owns",
)
SAID = ("title", "aria-label", "aria-description", "aria-roledescription", "alt", "placeholder")
"""Attributes that people read or hear."""
LOADED = (
    "script[src], img[src], iframe[src], source[src], video[src], audio[src], embed[src], object[data], "
    "use[href], image[href], form[action], link[rel~=stylesheet], link[rel~=preload], link[rel~=icon], "
    "link[rel~=manifest], link[rel~=modulepreload], link[rel~=prefetch], link[rel~=preconnect], "
    "link[rel~=dns-prefetch]"
)
UNFINISHED = re.compile(r"%\(\w{3,}\)|\bNone\b|\bUndefined\b|<[A-Z]\w+\.[A-Z_]+|\b[A-Z]\w+\.[A-Z]{2,}")
"""What no sentence holds: a place without its value, a code, an object of Python."""
CONTENT = {
    text: language for asked in (OPEN_QUESTION, PROPOSITION) for language, text in asked.texts.items()
} | {
    text: language
    for language, texts in TEXTS.items()
    for text in (texts.title, texts.purpose, texts.authority)
}
"""Sentences of the test cast, and the language each is in."""


class WatchedClient(FlaskClient):
    """Flask's test client; every HTML answer it gets is judged, whatever the test looks at."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **{"buffered": True, **kwargs})
        if answer.mimetype == "text/html" and answer.status_code not in REDIRECTS:
            path, headers = answer.request.path, dict(answer.headers)
            asked = {"HX-Request": answer.request.headers.get("HX-Request", "")}
            faults = list(answer_faults(path, headers, unpacked(answer.get_data(), headers), asked))
            assert not faults, _verdict(path, answer.status_code, faults)
        return answer


def watched(application: "WSGIApplication") -> "WSGIApplication":
    """A WSGI application that answers 500 and says why instead of handing out an improper page."""

    def watch(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        body, status, headers = run_wsgi_app(application, environ, buffered=True)
        octets, given = b"".join(body), dict(headers)
        is_page = given.get("Content-Type", "").startswith("text/html")
        if is_page and int(status.split()[0]) not in REDIRECTS and environ["REQUEST_METHOD"] != "HEAD":
            path = str(environ["PATH_INFO"]).encode("latin-1").decode("utf-8", "replace")
            asked = {"HX-Request": str(environ.get("HTTP_HX_REQUEST", ""))}
            faults = list(answer_faults(path, given, unpacked(octets, given), asked))
            if faults:
                octets, status = _verdict(path, 500, faults).encode(), "500 Improper Page"
                headers.set("Content-Type", "text/plain; charset=utf-8")
                headers.remove("Content-Encoding")
                headers.set("Content-Length", str(len(octets)))
        start_response(status, headers.to_wsgi_list())
        return [octets]

    return watch


def unpacked(octets: bytes, headers: Mapping[str, str]) -> bytes:
    """What a browser reads out of a body."""
    match headers.get("Content-Encoding"):
        case "br":
            return bytes(brotli.decompress(octets))
        case "zstd":
            return bytes(zstd.decompress(octets))
        case "gzip":
            return gzip.decompress(octets)
        case _:
            return octets


def _verdict(path: str, status: int, faults: list[str]) -> str:
    return f"{path} ({status}) is no proper page:\n" + "\n".join(faults)


def answer_faults(
    path: str, headers: Mapping[str, str], body: bytes, asked: Mapping[str, str]
) -> Iterator[str]:
    """Everything that is wrong with one HTML answer; `asked` are the headers of the request."""
    text = body.decode()
    if not text.strip():
        return
    if asked.get("HX-Request") == "true":
        document = lxml.html.fragment_fromstring(text, create_parent="div")
    else:
        document = lxml.html.document_fromstring(text)
        yield from _head_faults(document, path)
        yield from _outline_faults(document)
        yield from _script_faults(document)
        yield from _reference_faults(document)
    yield from _header_faults(document, headers)
    for judge in (_id_faults, _label_faults, _name_faults, _inline_faults, _foreign_faults, _sentence_faults):
        yield from judge(document)
    yield from _language_faults(document, path)


def _head_faults(document: HtmlElement, path: str) -> Iterator[str]:
    prefix = path.split("/")[1]
    language = document.get("lang")
    if language not in SERVICE_NAMES or (prefix in SERVICE_NAMES and language != prefix):
        yield f"the page at /{prefix}/ has lang={language!r}"
    service = SERVICE_NAMES.get(language or "", "")
    title = plain(document.find(".//title"))
    if not title.endswith(service) or title.strip(" –") == service:
        yield f"the title {title!r} does not say the page and then {service!r}"
    if not document.cssselect("meta[name=viewport]"):
        yield "no viewport: a telephone would shrink the page"


def _outline_faults(document: HtmlElement) -> Iterator[str]:
    headings = document.cssselect("h1")
    if len(headings) != 1 or not plain(headings[0]):
        yield f"{len(headings)} h1 instead of one: {[plain(heading) for heading in headings]}"
    if len(document.cssselect("main")) != 1:
        yield "not exactly one <main>"
    before = 0
    for heading in document.cssselect("main :is(h1, h2, h3, h4, h5, h6)"):
        level = int(str(heading.tag)[1])
        if before and level > before + 1:
            yield f"h{level} {plain(heading)!r} follows h{before}"
        if not plain(heading):
            yield f"an empty heading: {_source(heading)}"
        before = level


def _script_faults(document: HtmlElement) -> Iterator[str]:
    uses_htmx = bool(document.xpath("//*[@hx-get or @hx-post or @hx-put or @hx-patch or @hx-delete]"))
    loads_htmx = bool(document.cssselect("script[src*=htmx]"))
    if uses_htmx is not loads_htmx:
        yield f"htmx is {'loaded' if loads_htmx else 'not loaded'} and {'used' if uses_htmx else 'not used'}"
    for script in document.cssselect("script[src]:not([defer]):not([type=module])"):
        yield f"a script that the page waits for: {_source(script)}"


def _reference_faults(document: HtmlElement) -> Iterator[str]:
    ids = set(document.xpath("//@id"))
    for attribute in REFERENCES:
        for element in document.xpath(f"//*[@{attribute}]"):
            missing = set(element.get(attribute, "").split()) - ids
            if missing:
                yield f"<{element.tag!s} {attribute}> points to {sorted(missing)}, which is not there"
    for link in document.xpath("//a[starts-with(@href, '#')]"):
        if link.get("href") != "#" and link.get("href")[1:] not in ids:
            yield f"a link leads to {link.get('href')}, which is not there"


def _header_faults(document: HtmlElement, headers: Mapping[str, str]) -> Iterator[str]:
    policy = headers.get("Content-Security-Policy", "")
    for needed in ("default-src 'none'", "base-uri 'none'", "script-src 'self'", "style-src 'self'"):
        if needed not in {part.strip() for part in policy.split(";")}:
            yield f"the Content-Security-Policy lacks {needed}: {policy!r}"
    if "unsafe" in policy or "http" in policy:
        yield f"the Content-Security-Policy is lax: {policy!r}"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "no X-Content-Type-Options: nosniff"
    yield from _caching_faults(document, headers)


def _caching_faults(document: HtmlElement, headers: Mapping[str, str]) -> Iterator[str]:
    caching = headers.get("Cache-Control", "")
    is_private = {"private", "no-store"} <= {part.strip() for part in caching.split(",")}
    if document.cssselect("form[action*=sign-out]") and not is_private:
        yield f"a page for a signed-in person says Cache-Control: {caching!r}"
    if document.cssselect("input[name=csrf_token]") and not is_private:
        yield f"a page with a token may be cached: Cache-Control: {caching!r}"
    if not caching:
        yield "no Cache-Control"
    vary = {part.strip() for part in headers.get("Vary", "").split(",")}
    if not {"Accept-Encoding", "Cookie"} <= vary:
        yield f"Vary names only {sorted(vary)}"


def _id_faults(document: HtmlElement) -> Iterator[str]:
    counts: Counter[str] = Counter(document.xpath("//@id"))
    yield from (f"id {name!r} stands {count} times" for name, count in counts.items() if count > 1)
    for element in document.xpath("//*[@tabindex > 0]"):
        yield f"a tabindex above 0: {_source(element)}"


def _label_faults(document: HtmlElement) -> Iterator[str]:
    labelled = {label.get("for") for label in document.cssselect("label[for]") if plain(label)}
    for control in document.cssselect("input, select, textarea"):
        kind = control.get("type", "text").lower()
        if control.tag == "input" and kind in UNLABELLED_INPUTS:
            continue
        has_label = (
            (control.get("id") is not None and control.get("id") in labelled)
            or control.get("aria-label")
            or control.get("aria-labelledby")
            or any(plain(label) for label in control.iterancestors("label"))
        )
        if not has_label:
            yield f"<{control.tag!s} name={control.get('name')!r}> has no label"
    for form in document.cssselect("form[method=post i]"):
        if not form.cssselect("input[name=csrf_token][value]:not([value=''])"):
            yield f"a form without a token: {_source(form)}"
    for group in document.cssselect("fieldset"):
        if not any(plain(legend) for legend in group.cssselect("legend")):
            yield f"a fieldset without a legend: {_source(group)}"


def _name_faults(document: HtmlElement) -> Iterator[str]:
    for element in document.cssselect("button, a[href], summary, th"):
        pictures = [image.get("alt", "") for image in element.cssselect("img")]
        if not (
            plain(element) or element.get("aria-label") or element.get("aria-labelledby") or any(pictures)
        ):
            yield f"without a name: {_source(element)}"
    for image in document.cssselect("img:not([alt])"):
        yield f"a picture without alt: {_source(image)}"
    for picture in document.cssselect("svg:not([aria-hidden=true])"):
        if not (picture.get("aria-label") or picture.get("aria-labelledby")):
            yield f"a drawing that is neither hidden nor named: {_source(picture)}"
    for region in document.cssselect("nav, [role=region], [role=group]"):
        if not (region.get("aria-label") or region.get("aria-labelledby")):
            yield f"a region without a name: {_source(region)}"


def _inline_faults(document: HtmlElement) -> Iterator[str]:
    for element in document.iter("*"):
        for name, value in element.items():
            is_script = str(value).lstrip().lower().startswith("javascript:")
            if is_script or name == "style" or name.startswith(("on", "hx-on")):
                yield f"inline {name}= on {_source(element)}"
    if document.cssselect("style"):
        yield "a <style> element"
    for script in document.cssselect("script:not([src])"):
        if script.get("type") not in SCRIPT_DATA:
            yield f"an inline script: {_source(script)}"


def _foreign_faults(document: HtmlElement) -> Iterator[str]:
    for element in document.cssselect(LOADED):
        address = (
            element.get("src") or element.get("href") or element.get("action") or element.get("data") or ""
        )
        if urlsplit(address).netloc:
            yield f"something from another host: {_source(element)}"


def _sentence_faults(document: HtmlElement) -> Iterator[str]:
    """Places without values and codes in what the page itself says; people's own words may hold anything."""
    for element, said in spoken(document):
        if found := UNFINISHED.search(said):
            yield f"{found[0]!r} in {said[:80]!r} of {_source(element)}"


def _language_faults(document: HtmlElement, path: str) -> Iterator[str]:
    """Content in another language than the page's must say so, and a sentence of ours must be translated."""
    page = document.get("lang") or path.split("/")[1]
    if page not in SERVICE_NAMES:
        return
    translated = _translated(page)
    for element, said in spoken(document):
        language = _language_of(element) or page
        for known, its in CONTENT.items():
            if known in said and its.value != language:
                yield f"{known!r} is in {its.value} and stands as {language}: {_source(element)}"
        if language == page and said in translated:
            yield f"{said!r} is translated, and the page says it in English: {_source(element)}"


@cache
def _translated(language: str) -> frozenset[str]:
    """English sentences that the catalogue says otherwise in a language; none for English."""
    sentences = getattr(read_catalogue(language), "_catalog", {})
    if language == Language.EN.value:
        return frozenset()
    return frozenset(key for key, said in sentences.items() if isinstance(key, str) and key and said != key)


def spoken(document: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Each piece of text that a person reads or hears, blanks folded, and the element that it stands in.

    What somebody else wrote (`.prose`, quotations, what is in a text field) is left out.
    """
    for element in document.iter("*"):
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "textarea"}:
            continue
        pieces = [element.get(name) for name in SAID]
        pieces += [element.text, *(child.tail for child in element)]
        if not _is_quoted(element):
            yield from (
                (element, folded) for piece in pieces if piece and (folded := " ".join(piece.split()))
            )


def _is_quoted(element: HtmlElement) -> bool:
    chain = (element, *element.iterancestors())
    return any(each.tag == "blockquote" or "prose" in (each.get("class") or "").split() for each in chain)


def _language_of(element: HtmlElement) -> str | None:
    return next((found for each in (element, *element.iterancestors()) if (found := each.get("lang"))), None)


def _source(element: HtmlElement) -> str:
    return str(lxml.html.tostring(element, encoding="unicode", with_tail=False))[:120]


def plain(element: HtmlElement | None) -> str:
    """The text of an element with blanks folded; empty when there is no element."""
    return "" if element is None else " ".join(element.text_content().split())
