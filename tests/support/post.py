"""The post of the tests: letters in the instance folder, and a mail server of flesh and blood on loopback."""

import email
import re
from asyncio import Server
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from consult.jobs.schedule import deliver_outbox
from consult.models.base import db, now_in_database, transaction
from consult.models.outbox import OutboxMessage
from tests.support.cast import within

Answer = Callable[[str], str | None]
"""The server's answer to a recipient or to a letter; None takes it."""


def deliver(app: Flask) -> int:
    """Do what the worker does when it is woken; answers how many letters went out."""
    with within(app):
        return deliver_outbox(app)


def let_time_pass(app: Flask) -> None:
    """Let everything that waits in the outbox be due, as if time had passed."""
    with within(app), transaction():
        waiting = sa.update(OutboxMessage).where(OutboxMessage.sent_at.is_(None))
        db.session.execute(waiting.values(due_at=now_in_database() - timedelta(seconds=1)))


def letters_in(folder: Path) -> list[EmailMessage]:
    """The letters of an instance folder, oldest first."""
    return [parsed(path.read_bytes()) for path in sorted((folder / "mail").glob("*.eml"))]


def parsed(letter: bytes) -> EmailMessage:
    message = email.message_from_bytes(letter, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text_of(letter: EmailMessage) -> str:
    return _part(letter, "plain")


def html_of(letter: EmailMessage) -> str:
    return _part(letter, "html")


def _part(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


def link_in(letter: EmailMessage, path: str) -> str:
    """The address in the letter's text that holds `path`."""
    found = [url for url in re.findall(r"https?://\S+", text_of(letter)) if path in url]
    assert found, f"no address with {path} in\n{text_of(letter)}"
    return str(found[0])


@dataclass
class MailServer:
    """A real SMTP server; keeps what it took. `on_recipient` and `on_letter` decide what it answers."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    on_recipient: Answer = lambda _address: None
    on_letter: Answer = lambda _address: None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return [to for _sender, some in self.envelopes for to in some]

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.tried.append(address)
        refusal = self.on_recipient(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        refusal = self.on_letter(envelope.rcpt_tos[0])
        if refusal is None:
            content = envelope.original_content or b""
            self.letters.append(parsed(content))
            self.envelopes.append((str(envelope.mail_from), tuple(map(str, envelope.rcpt_tos))))
        return refusal or "250 OK"


class FreePort(Controller):
    """Listens on a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """A mail server on a free port of loopback for as long as the block runs."""
    server = MailServer()
    controller = FreePort(server, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        server.port = controller.port
        yield server
    finally:
        controller.stop()
