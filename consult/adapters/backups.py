"""Copies of the whole database that are consistent while it serves, and putting one back.

SQLite: `VACUUM INTO`, and the online backup interface on the way back. PostgreSQL: its own `pg_dump` and
`pg_restore`, which must be on the machine and not older than the server.
"""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from consult.domain.errors import Reason, Refused

VERSIONS = "alembic_version"


def back_up(database_url: str, target: Path) -> int:
    """Write a copy into a new file; answers its octets.

    Raises:
        Refused: BACKUP_EXISTS, FOLDER_NOT_WRITABLE, BACKUP_FAILED with the `tool`'s words.
    """
    if target.exists():
        raise Refused(Reason.BACKUP_EXISTS, path=str(target))
    if not target.parent.is_dir():
        raise Refused(Reason.FOLDER_NOT_WRITABLE)
    url = make_url(database_url)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        if url.get_backend_name() == "sqlite":
            _copy_sqlite(Path(url.database or ""), partial)
        else:
            _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={partial}")
        partial.replace(target)  # whoever sees the file sees all of it
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def put_back(database_url: str, source: Path) -> None:
    """Replace what the database holds by a copy; all of it or nothing.

    Raises:
        Refused: DOCUMENT_MISSING, BACKUP_UNREADABLE for a file that is no such copy, BACKUP_FAILED.
    """
    if not source.is_file():
        raise Refused(Reason.DOCUMENT_MISSING)
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        _check_sqlite(source)
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            _pour(copy, Path(url.database or ""))
        return
    if source.read_bytes()[:5] != b"PGDMP":
        raise Refused(Reason.BACKUP_UNREADABLE)
    _run(
        "pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error",
        str(source), names_database=True,
    )  # fmt: skip


def _copy_sqlite(database: Path, target: Path) -> None:
    try:
        with closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True, timeout=30)
        ) as live:
            live.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise Refused(Reason.BACKUP_FAILED, tool=str(error)) from error


def _check_sqlite(source: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            is_whole = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            is_ours = copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (VERSIONS,)).fetchone()
    except sqlite3.Error as error:
        raise Refused(Reason.BACKUP_UNREADABLE) from error
    if not is_whole or not is_ours:
        raise Refused(Reason.BACKUP_UNREADABLE)


def _pour(copy: sqlite3.Connection, database: Path) -> None:
    """One write transaction of the live database: readers see the old rows until it is done."""
    try:
        with closing(sqlite3.connect(database, timeout=30)) as live:
            copy.backup(live)
            live.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        raise Refused(Reason.BACKUP_FAILED, tool=str(error)) from error


def _run(tool: str, url: URL, *options: str, names_database: bool = False) -> None:
    """One of PostgreSQL's programs; the password goes by its environment, where `ps` does not show it."""
    found = shutil.which(tool)
    if found is None:
        raise Refused(Reason.BACKUP_FAILED, tool=f"{tool} is not on this machine")
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    target = [f"--dbname={address}"] if names_database else [address]
    environment = {"PGPASSWORD": str(url.password)} if url.password else {}
    ended = subprocess.run(  # noqa: S603 - a fixed program with arguments of our own
        [found, *options, *target],
        env=environment | {"PATH": "/usr/bin:/bin:/usr/local/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        said = (ended.stderr.strip().splitlines() or [tool])[-1]
        raise Refused(Reason.BACKUP_FAILED, tool=said[:300])
