"""`consult retention apply`."""

import click

from consult.cli.running import application, as_json, print_json
from consult.config import Settings
from consult.services.retention import apply_retention


@click.group()
def retention() -> None:
    """Look after how long what is kept."""


@retention.command("apply")
@as_json
def apply_now(*, is_json: bool) -> None:
    """Delete what was kept long enough; the worker does it each day."""
    with application() as app:
        settings: Settings = app.extensions["consult_settings"]
        applied = apply_retention(instance=settings.instance)
    if is_json:
        print_json({"rows": dict(applied.rows), "letters": applied.letters})
        return
    for table, count in applied.rows.items():
        click.echo(f"{table}, rows deleted: {count}")
    click.echo(f"letters deleted: {applied.letters}")
