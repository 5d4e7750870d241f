"""`consult export`."""

import sys
from pathlib import Path

import click

from consult.cli.running import application, as_json, print_json
from consult.config import Settings
from consult.domain.people import OPERATOR
from consult.services import exports


def _tell_progress(name: str, rows: int) -> None:
    """One line that grows, on a terminal only; in a file it would be noise."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{name}: {rows} rows", nl=False, err=True)


@click.command()
@click.argument("slug")
@click.option("--package", required=True, type=click.Choice(["public", "restricted"]))
@click.option("--format", "format_code", default="csv", show_default=True, help="csv or jsonl.")
@click.option("--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder.")
@click.option("--bom", is_flag=True, help="Begin CSV files with the mark by which Excel knows UTF-8.")
@click.option("--delimiter", default=",", show_default=True, help="Comma, semicolon or tab.")
@as_json
def export(
    slug: str, package: str, format_code: str, output: Path, *, bom: bool, delimiter: str, is_json: bool
) -> None:
    """Write a package of a consultation: its files, and datapackage.json with their SHA-256."""
    with application() as app:
        settings: Settings = app.extensions["consult_settings"]
        made = exports.export_consultation(
            OPERATOR,
            slug,
            package=package,
            format=format_code,
            output=output,
            smallest_group=settings.smallest_group,
            bom=bom,
            delimiter=delimiter,
            progress=_tell_progress,
        )
    if is_json:
        print_json({
            "slug": made.slug,
            "package": made.package.value,
            "format": made.format,
            "folder": str(made.path),
            "files": [
                {"name": file.name, "rows": file.rows, "bytes": file.bytes, "sha256": file.sha256}
                for file in made.files
            ],
        })  # fmt: skip
        return
    for file in made.files:
        click.echo(f"{file.name}: {file.rows} rows")
