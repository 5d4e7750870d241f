"""The least that a Flask application can do, on the server that Consult uses: `python -m bench._hello`."""

import argparse

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from bench._ground import HOST


def application() -> Flask:
    app = Flask("hello")
    app.add_url_rule("/<path:_anything>", view_func=_hello)
    return app


def _hello(_anything: str) -> str:
    return "Hello"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    Granian(
        "bench._hello:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=HOST,
        port=options.port,
        blocking_threads=options.threads,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
