"""Numbers in addresses: only such as a table can hold, so that none is an error of the database."""

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
    """Key of a page of a list, from the address or the form; None where it is missing or no such number."""
    key = request.values.get(name, type=int)
    return key if key is not None and 0 <= key <= LARGEST else None
