"""Pages go out compressed, except where their size could betray a secret.

An answer that holds a secret (a token, an address) beside words of somebody else's choice tells by its size
how alike they are: the BREACH attack. Another site can choose words only through the address of a page
that it makes a browser open, or through a form that it makes the browser send. A personal answer is therefore
compressed only when it is the plain page of an address without a query; and tokens, signed anew each second,
never stand still long enough to be guessed letter by letter.
"""

import gzip
import sys
from functools import lru_cache
from http import HTTPStatus

import brotli
from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

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
ZSTD_LEVEL = 4
"""For what is sent once: a tenth of the time of brotli, a sixth more octets."""
FOR_MANY = ("br", "zstd", "gzip")
FOR_ONE = ("zstd", "br", "gzip")
"""What we like best first: an answer that is kept is compressed once for many, one for somebody each time."""


def init_app(app: Flask) -> None:
    """Must come before the room that sets `Cache-Control`: what is registered last runs first."""
    app.after_request(_compress)


@lru_cache(maxsize=256)
def best_encoding(accepted: str, *, is_for_one: bool) -> str | None:
    """The encoding of ours that a browser takes, by its `Accept-Encoding`; None where it takes none."""
    found: str | None = parse_accept_header(accepted, Accept).best_match(FOR_ONE if is_for_one else FOR_MANY)
    return found


def packed(octets: bytes, encoding: str) -> bytes:
    """Octets in one of our encodings."""
    if encoding == "zstd":
        return zstd.compress(octets, ZSTD_LEVEL)
    if encoding == "br":
        return bytes(brotli.compress(octets, brotli.MODE_TEXT, BROTLI_QUALITY))
    return gzip.compress(octets, GZIP_LEVEL, mtime=0)


def _compress(response: Response) -> Response:
    if response.mimetype not in TEXTS or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    is_personal = "no-store" in response.headers.get("Cache-Control", "")
    encoding = best_encoding(request.headers.get("Accept-Encoding", ""), is_for_one=is_personal)
    if encoding and "Content-Encoding" not in response.headers and _may_shrink(response, is_personal):
        response.set_data(packed(response.get_data(), encoding))
        response.headers["Content-Encoding"] = encoding
    return response


def _may_shrink(response: Response, is_personal: bool) -> bool:  # noqa: FBT001 - asked in one place
    if len(response.get_data()) < SHORTEST:
        return False
    is_plain_page = (
        request.method == "GET" and not request.query_string and response.status_code == HTTPStatus.OK
    )
    return is_plain_page or not is_personal
