"""Letters that lie in the instance folder where no mail server is set: finding and burning them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email import policy
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path

FOLDER = "mail"
"""Inside the instance folder; one file `*.eml` a letter."""


def burn_letters_to(address: str, instance: Path) -> int:
    """Delete the letters to an address; answers how many. A letter to several people goes too."""
    forms = {address, _in_ascii(address)}
    return _burn(path for path in _letters(instance) if forms & _recipients(path))


def burn_letters_before(moment: datetime, instance: Path) -> int:
    """Delete the letters that were written before an instant; answers how many."""
    return _burn(path for path in _letters(instance) if _written(path) < moment)


def _letters(instance: Path) -> list[Path]:
    return sorted((instance / FOLDER).glob("*.eml"))


def _recipients(path: Path) -> set[str]:
    try:
        headers = BytesHeaderParser(policy=policy.default).parsebytes(path.read_bytes())
    except FileNotFoundError:
        return set()
    written = [str(value) for name in ("To", "Cc", "Bcc") for value in headers.get_all(name, [])]
    return {address.lower() for _, address in getaddresses(written)}


def _in_ascii(address: str) -> str:
    """The address as mail servers know it, where its domain is written in letters of another alphabet."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def _written(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.now(UTC)


def _burn(paths: Iterable[Path]) -> int:
    burnt: Iterator[Path] = (path for path in paths if _is_gone(path))
    return sum(1 for _ in burnt)


def _is_gone(path: Path) -> bool:
    """Delete a file; False where another process was faster."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
