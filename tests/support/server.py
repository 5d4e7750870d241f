"""A live server for browser tests: `python -m tests.support.server DATABASE_URL INSTANCE [HOST [SETTINGS]]`.

HOST is the name in its address, 127.0.0.1 or localhost; SETTINGS are more of them, as JSON.

Binds a free loopback port, prints its address and serves until standard input closes, so that it ends with
the test run even when that is killed.
"""

import contextlib
import json
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from consult.config import IdentityProvider
from tests.support.application import forget_limits, make_application
from tests.support.faults import watched


class QuietHandler(WSGIRequestHandler):
    """Errors go to standard error; answered requests are not worth a line."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def _listen(app: Flask) -> None:
    """Each line forgets the limits' counts, and is answered by one; the end of the run ends the server."""
    with contextlib.suppress(OSError):
        for _line in sys.stdin:
            forget_limits(app)
            print("forgotten", flush=True)  # noqa: T201 - the answer the tests wait for
    os._exit(0)


def _read(settings: str) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(settings)
    if "identity_provider" in given:
        given["identity_provider"] = IdentityProvider(**given["identity_provider"])
    return given


def main(database_url: str, instance: str, host: str = "127.0.0.1", settings: str = "{}") -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = listener.getsockname()[1]
    address = f"http://{host}:{port}"
    app = make_application(database_url, Path(instance), base_url=address, **_read(settings))
    app.wsgi_app = watched(app.wsgi_app)  # type: ignore[method-assign, assignment]
    server = make_server(
        "127.0.0.1", port, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno()
    )
    threading.Thread(target=_listen, args=(app,), daemon=True).start()
    print(address, flush=True)  # noqa: T201 - the answer the tests wait for
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
