"""Handing letters over: to a mail server by SMTP, or into a folder where none is set."""

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from consult.adapters.letters import FOLDER
from consult.config import Settings
from consult.domain.mail import Letter, ServerAway, Undelivered

SENDER_NAME = "Consult"
TIMEOUT_SECONDS = 15
"""For each answer of the mail server."""
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
WHOLE = frozenset({"List-Unsubscribe", "Message-ID"})


class WholeAddresses(EmailPolicy):
    """Writes headers that are one long address as they are; the library would encode them past 78 letters."""

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name in WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii") if name in WHOLE else super().fold_binary(name, value)


POLICY = WholeAddresses(linesep="\r\n", cte_type="7bit")
"""Letters of 7-bit lines pass every server on the way."""


class Post(Protocol):
    """Takes letters; open for as long as several are handed over."""

    def hand_over(self, letter: Letter, now: datetime) -> None:
        """Raises Undelivered, or ServerAway where no other letter has a chance either."""
        ...


@contextmanager
def open_post(settings: Settings) -> Iterator[Post]:
    """The way out that the settings name."""
    if settings.smtp_url is None:
        yield Folder(settings.instance / FOLDER, settings.sender_address)
        return
    server = Server(server_at(settings.smtp_url), settings.sender_address)
    try:
        yield server
    finally:
        server.close()


def envelope(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """The letter with its headers, as text and as HTML.

    Raises:
        Undelivered: for ever, where the address cannot stand in a header.
    """
    message = EmailMessage(policy=POLICY)
    host = sender.rpartition("@")[2]
    message["From"] = Address(SENDER_NAME, addr_spec=sender)
    message["To"] = _address(letter.to)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = now
    message["Message-ID"] = f"<{letter.name}@{host}>"
    # RFC 3834: no out-of-office answers, please.
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop_url:
        message["List-Unsubscribe"] = f"<{letter.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    message["Content-Language"] = letter.language.value
    return message


def _address(written: str) -> Address:
    """An address as mail servers know it: a domain in letters of any alphabet becomes its ASCII form."""
    local, at, domain = written.rpartition("@")
    impossible = Undelivered("the address cannot stand in a header", is_permanent=True)
    if not at or not local:
        raise impossible
    try:
        return Address(username=local, domain=domain.encode("idna").decode("ascii"))
    except ValueError:
        raise impossible from None


def _one_line(words: str) -> str:
    """Words without anything that could end a header: blanks folded, no control character."""
    return "".join(character for character in " ".join(words.split()) if character.isprintable())


class Folder:
    """Puts letters into a folder; the same letter handed over twice is one file."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def hand_over(self, letter: Letter, now: datetime) -> None:
        message = envelope(letter, self._sender, now)
        target = self._folder / f"{letter.name}.eml"
        hidden = target.with_name(f".{target.name}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # A letter can hold the link that opens an account.
            descriptor = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(message.as_bytes())
            hidden.replace(target)
        except OSError as error:
            raise ServerAway(f"{self._folder.name}: {error.strerror}") from error


@dataclass(frozen=True)
class ServerAddress:
    """A mail server: `scheme` is one of `PORTS`."""

    scheme: str
    host: str
    port: int
    user: str
    password: str


def server_at(url: str) -> ServerAddress:
    """The server of an address such as `smtp+starttls://user:password@mail.example.kz:587`."""
    parts = urlsplit(url)
    return ServerAddress(
        parts.scheme,
        parts.hostname or "",
        parts.port or PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


class Server:
    """Hands letters to a mail server over one connection, which is made anew when it was lost."""

    def __init__(
        self, address: ServerAddress, sender: str, *, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._address = address
        self._sender = sender
        self._timeout_seconds = timeout_seconds
        self._connection: smtplib.SMTP | None = None

    def hand_over(self, letter: Letter, now: datetime) -> None:
        message = envelope(letter, self._sender, now)
        connection = self._connected()
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise self._refusal(letter, code, words) from None
        except smtplib.SMTPDataError as refused:
            raise self._refusal(letter, refused.smtp_code, refused.smtp_error) from None
        except smtplib.SMTPNotSupportedError:
            why = "the mail server takes no address with letters beyond ASCII"
            raise Undelivered(why, is_permanent=True) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise ServerAway(_said(error)) from None

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except (smtplib.SMTPException, OSError) as error:
                raise ServerAway(_said(error)) from None
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        at = self._address
        context = ssl.create_default_context()
        connection = (
            smtplib.SMTP_SSL(at.host, at.port, timeout=self._timeout_seconds, context=context)
            if at.scheme == "smtps"
            else smtplib.SMTP(at.host, at.port, timeout=self._timeout_seconds)
        )
        try:
            if at.scheme == "smtp+starttls":
                connection.starttls(context=context)
            if at.user:
                connection.login(at.user, at.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _refusal(self, letter: Letter, code: int, words: bytes | str) -> Undelivered:
        """A refusal of this letter alone; without the address, which somebody may want forgotten."""
        said = words.decode(errors="replace") if isinstance(words, bytes) else words
        if code == 421:  # noqa: PLR2004 - RFC 5321 section 4.2.3: the server closes the channel
            self.close()
            return ServerAway(f"{code} {said}")
        with suppress(smtplib.SMTPException, OSError):
            if self._connection is not None:
                self._connection.rset()
        said = f"{code} {said}".replace(letter.to, "…")
        return Undelivered(said, is_permanent=500 <= code < 600)  # noqa: PLR2004

    def close(self) -> None:
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection = None


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
