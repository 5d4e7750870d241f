"""The identity provider as tests start and use it: a process of its own beside the application's."""

import secrets
import socket
import subprocess
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from consult.config import IdentityProvider
from tests.support.browser import PROJECT
from tests.support.provider import CLIENT_ID

LABEL = "eGov"


def planned_provider() -> IdentityProvider:
    """A provider that does not run yet: the application must know its address, and it the application's."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return IdentityProvider(f"http://127.0.0.1:{port}/o", CLIENT_ID, secrets.token_urlsafe(24), LABEL)


@dataclass
class RunningProvider:
    """The planned provider's process, for a `with` block; `callback` is the application's address for it."""

    planned: IdentityProvider
    callback: str
    _process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        port = self.planned.issuer.split(":")[2].partition("/")[0]
        command = [sys.executable, "-W", "ignore", "-m", "tests.support.provider"]
        self._process = subprocess.Popen(
            [*command, port, self.planned.client_secret, self.callback],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == "ready"
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.communicate(timeout=20)
