"""`consult search reindex`."""

import sys

import click

from consult.cli.running import application, as_json, print_json
from consult.domain.people import OPERATOR
from consult.services import search_index


@click.group()
def search() -> None:
    """Look after the search."""


def _tell_progress(done: int, total: int) -> None:
    """One line that grows, on a terminal only; in a file it would be noise."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{done} of {total} comments", nl=False, err=True)


@search.command()
@as_json
def reindex(*, is_json: bool) -> None:
    """Write the search index anew from all public texts; safe to repeat, also while people write."""
    with application():
        rebuilt = search_index.rebuild(OPERATOR, progress=_tell_progress)
    if is_json:
        print_json({"consultations": rebuilt.consultations, "comments": rebuilt.comments})
        return
    if sys.stderr.isatty():
        click.echo(err=True)
    click.echo(f"{rebuilt.comments} comments of {rebuilt.consultations} consultations can be found.")
