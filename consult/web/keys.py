"""Addresses: numbers only such as a table can hold, and where a form's address can be read."""

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

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


def readable_path(path: str) -> str:
    """Where a form's address can also be read; the address itself otherwise."""
    for ending in ("/comments", "/vote", "/replies"):
        if path.endswith(ending):
            return path.removesuffix(ending)
    return path
