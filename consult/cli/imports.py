"""`consult import polis`."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from consult.cli.running import application, as_json, print_json
from consult.domain.languages import language
from consult.domain.people import OPERATOR
from consult.services import imports


@click.group("import")
def import_() -> None:
    """Bring in conversations that were held elsewhere."""


@import_.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--consultation", "slug", required=True, help="Address that the consultation gets.")
@click.option("--language", "language_code", help="Of its topic: kk, ru or en; by default told from it.")
@as_json
def polis(folder: Path, slug: str, language_code: str | None, *, is_json: bool) -> None:
    """Make a closed consultation of a Pol.is export: FOLDER holds its CSV files, plain or gzipped."""
    spoken = language(language_code) if language_code else None
    with application():
        made = imports.import_polis(OPERATOR, folder, slug, language=spoken, progress=_tell_progress)
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    if is_json:
        print_json({"slug": slug, **asdict(made)})
        return
    counts = ", ".join(f"{number} {state}" for state, number in made.comments.items())
    click.echo(
        f"{made.participants} participants, {made.votes} current votes ({made.events} in the files), "
        f"comments: {counts}."
    )
    if made.is_turned:
        click.echo("In these files 1 means disagree: the signs were turned round.")
    if not made.is_new:
        click.echo(f"These files were imported into {slug} before: nothing has changed.")


def _tell_progress(what: str, done: int, total: int) -> None:
    """One line that grows, on a terminal only; in a file it would be noise."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{what}: {done} of {total}", nl=False, err=True)
