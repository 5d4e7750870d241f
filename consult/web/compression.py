"""Pages go out compressed, except where their size could betray a secret.

An answer that holds a secret (a token, an address) beside words of somebody else's choice tells by its size
how alike they are: the BREACH attack. Another site can choose words only through the address of a page
that it makes a browser open, or through a form that it makes the browser send. A personal answer is therefore
compressed only when it is the plain page of an address without a query; and tokens, signed anew each second,
never stand still long enough to be guessed letter by letter.
"""

import gzip
from http import HTTPStatus

import brotli
from flask import Flask, Response, request

TEXTS = frozenset({
    "application/atom+xml",
    "application/json",
    "application/xml",
    "image/svg+xml",
    "text/calendar",
    "text/html",
    "text/plain",
})  # fmt: skip
SHORTEST = 500
"""Octets; below them compression saves less than a packet."""
BROTLI_QUALITY = 5
GZIP_LEVEL = 5
"""Both where the next step costs more time than it saves octets: `docs/benchmarks.md`."""


def init_app(app: Flask) -> None:
    """Must come before the room that sets `Cache-Control`: what is registered last runs first."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in TEXTS or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    encoding = request.accept_encodings.best_match(["br", "gzip"])
    if encoding and "Content-Encoding" not in response.headers and _may_shrink(response):
        plain = response.get_data()
        packed = (
            brotli.compress(plain, brotli.MODE_TEXT, BROTLI_QUALITY)
            if encoding == "br"
            else gzip.compress(plain, GZIP_LEVEL, mtime=0)
        )
        response.set_data(packed)
        response.headers["Content-Encoding"] = encoding
    return response


def _may_shrink(response: Response) -> bool:
    if len(response.get_data()) < SHORTEST:
        return False
    is_personal = "no-store" in response.headers.get("Cache-Control", "")
    is_plain_page = (
        request.method == "GET" and not request.query_string and response.status_code == HTTPStatus.OK
    )
    return is_plain_page or not is_personal
