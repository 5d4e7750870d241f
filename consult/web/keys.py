"""Addresses: numbers only such as a table can hold, and where a form's address can be read."""

import re

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from consult.domain.comment_orders import CommentKey

LARGEST = 2**63 - 1


class Key(IntegerConverter):
    """`<int:...>` from 0 to 2^63 - 1; anything beyond is no address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Key


def page_key(name: str) -> int | None:
    """A number of the address or the form, such as the key of a page; None where it is missing or none."""
    key = request.values.get(name, type=int)
    return key if key is not None and 0 <= key <= LARGEST else None


def comment_key(name: str) -> CommentKey | None:
    """Where a page of comments ends, of the address or the form; None where it is missing or none."""
    return read_comment_key(request.values.get(name, ""))


def read_comment_key(written: str) -> CommentKey | None:
    """Where a page of comments ends, as an address carries it; None for anything else."""
    found = re.fullmatch(r"(?:(-?[0-9]{1,12})\.)?([0-9]{1,18})", written)
    return CommentKey(int(found[1] or 0), int(found[2])) if found else None


def page_keys(name: str) -> list[int]:
    """All numbers of one name in the address or the form; what is none is left out."""
    return [key for key in request.values.getlist(name, type=int) if 0 <= key <= LARGEST]


def readable_path(path: str) -> str:
    """Where a form's address can also be read; the address itself otherwise."""
    for ending in (
        "/comments",
        "/vote",
        "/replies",
        "/draft",
        "/withdraw",
        "/language",
        "/follow",
        "/unfollow",
        "/mark",
        "/merge",
        "/publish",
    ):
        if path.endswith(ending):
            return path.removesuffix(ending)
    return path
