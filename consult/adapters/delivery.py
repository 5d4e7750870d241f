"""Putting finished files into a folder, so that what is half written never looks complete."""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from consult.domain.errors import Reason, Refused

_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""The first instant that a zip file can name; a true one would change its bytes with every making."""
_PLAIN_FILE = 0o100644 << 16


class HashedFile:
    """A file being written; counts its bytes and hashes them on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.bytes = 0

    def write(self, part: bytes) -> None:
        self._file.write(part)
        self._hash.update(part)
        self.bytes += len(part)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class Staging:
    """A hidden folder beside the destination; its files reach the disk before any of them is shown."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def new_file(self, name: str) -> Iterator[HashedFile]:
        with (self.folder / name).open("xb") as file:
            yield HashedFile(file)
            file.flush()
            os.fsync(file.fileno())

    def deliver(self, output: Path, names: Iterable[str], *, manifest: str, ours: frozenset[str]) -> None:
        """Move the files into a folder, the manifest last.

        An earlier export there ends first: its manifest, then those of its files that are in `ours`, so that
        nothing of another package stays beside the new one.
        """
        _withdraw(output / manifest, ours)
        for name in names:
            (self.folder / name).replace(output / name)
        (self.folder / manifest).replace(output / manifest)
        _sync_folder(output)

    def pack(self, archive: Path, names: Iterable[str], *, inside: str) -> None:
        """Make one zip file of the files, in a folder of the given name; same files, same bytes."""
        packed = self.folder / "archive.zip"
        with zipfile.ZipFile(packed, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
            for name in names:
                with (
                    (self.folder / name).open("rb") as source,
                    target.open(_entry(f"{inside}/{name}"), "w", force_zip64=True) as part,
                ):
                    shutil.copyfileobj(source, part, 1 << 16)
        with packed.open("rb") as file:
            os.fsync(file.fileno())
        packed.replace(archive)
        _sync_folder(archive.parent)


@contextmanager
def staging(output: Path) -> Iterator[Staging]:
    """A staging folder inside `output`, made where that is missing; gone at the end with what is in it.

    Raises:
        Refused: FOLDER_NOT_WRITABLE, with `folder` and `why` the system said no.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".export-", dir=output))
        try:
            yield Staging(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refused(Reason.FOLDER_NOT_WRITABLE, folder=str(output), why=why) from error


def _entry(path: str) -> zipfile.ZipInfo:
    """An entry that is the same on every machine: no date, and no system but Unix (3)."""
    entry = zipfile.ZipInfo(path, _FIXED_DATE)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE, 3
    return entry


def _withdraw(manifest: Path, ours: frozenset[str]) -> None:
    try:
        listed = {resource["path"] for resource in json.loads(manifest.read_bytes())["resources"]}
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError):
        listed = set()  # somebody else's file; it gives way like any other of that name
    manifest.unlink()
    for name in sorted(ours & listed):
        with suppress(FileNotFoundError):
            (manifest.parent / name).unlink()


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
