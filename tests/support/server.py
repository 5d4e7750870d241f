"""A live server for browser tests: `python -m tests.support.server DATABASE_URL INSTANCE`.

Binds a free loopback port, prints its address and serves until standard input closes, so that it ends with
the test run even when that is killed.
"""

import contextlib
import os
import socket
import sys
import threading
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.application import make_application


class QuietHandler(WSGIRequestHandler):
    """Errors go to standard error; answered requests are not worth a line."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def _end_with_the_run() -> None:
    with contextlib.suppress(OSError):
        sys.stdin.read()
    os._exit(0)


def main(database_url: str, instance: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    app = make_application(database_url, Path(instance), base_url=address)
    server = make_server(
        "127.0.0.1", port, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno()
    )
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    print(address, flush=True)  # noqa: T201 - the answer the tests wait for
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
