"""`consult agenda read` and `consult agenda import`."""

from pathlib import Path

import click

from consult.cli.running import application, as_json, print_json
from consult.domain.agenda.summary import summary
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, language
from consult.domain.people import OPERATOR
from consult.services import agendas

LARGEST_READ = 11 * 1024 * 1024
"""Octets; one more than may be imported is enough to refuse a file without reading all of it."""

file_argument = click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)
)
language_option = click.option(
    "--language", "language_code", help="kk, ru or en; told from the text if not given."
)


@click.group()
def agenda() -> None:
    """Read agendas and make drafts of them."""


@agenda.command()
@file_argument
@language_option
@as_json
def read(file: Path, language_code: str | None, *, is_json: bool) -> None:
    """Show what an import of FILE would propose; needs no database."""
    reading = agendas.read(_content(file), file.name, _language(language_code))
    found = summary(reading.agenda, sha256=reading.document.sha256, place_name=reading.document.place_name)
    if is_json:
        print_json(found)
        return
    click.echo(found["title"] or file.name)
    for number, topic in enumerate(reading.agenda.topics, start=1):
        when = f" ({topic.day})" if topic.day else ""
        click.echo(f"{number}. {topic.title}{when}")
    if not reading.agenda.topics:
        click.echo("No topic was found.")


@agenda.command("import")
@file_argument
@click.option("--consultation", "slug", required=True, help="Address of a draft; made where there is none.")
@language_option
def import_(file: Path, slug: str, language_code: str | None) -> None:
    """Put the topics of FILE, with their citations, into a draft consultation."""
    content = _content(file)
    with application():
        imported = agendas.import_agenda(OPERATOR, slug, content, file.name, _language(language_code))
    click.echo(
        f"{imported.topics} topics and {imported.questions} questions are in the draft {slug}; "
        f"{imported.left_out} entries were left out."
    )


def _content(file: Path) -> bytes:
    """The bytes of a file, not many more than may be imported; Raises Refused where there is none to read."""
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST_READ)
    except OSError:
        raise Refused(Reason.DOCUMENT_MISSING) from None


def _language(code: str | None) -> Language | None:
    return language(code) if code else None
