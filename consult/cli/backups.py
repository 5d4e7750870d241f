"""`consult backup` and `consult restore`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from consult.adapters import backups
from consult.config import read_settings

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
@file_argument
def backup(file: Path) -> None:
    """Write a consistent copy of the database into a new FILE; the site goes on serving.

    Keep the secret key of the instance folder with it: authenticator apps are worth nothing without.
    """
    size = backups.back_up(read_settings().database_url, file)
    click.echo(f"{file}: {size} bytes")


@click.command()
@file_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, *, yes: bool) -> None:
    """Put the copy in FILE in the place of what the database holds now.

    What it holds now is copied into the instance folder first, except where it is empty.
    """
    settings = read_settings()
    is_asked = sys.stdin.isatty() and not yes
    if is_asked:
        click.confirm("Everything written since that copy was made will be gone. Go on?", abort=True)
    if not settings.is_sqlite or _sqlite_file(settings.database_url).is_file():
        kept = settings.instance / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.backup"
        backups.back_up(settings.database_url, kept)
        click.echo(f"What was there is kept in {kept}")
    backups.put_back(settings.database_url, file)
    click.echo(f"The database holds what {file} holds. If that is of an earlier release: consult db upgrade")


def _sqlite_file(database_url: str) -> Path:
    return Path(database_url.removeprefix("sqlite:///"))
