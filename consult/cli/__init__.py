"""The command line: `consult`. Errors are one sentence on standard error, never a traceback."""

import sys
from importlib import import_module
from typing import NoReturn

import click
from dotenv import load_dotenv

from consult import __version__
from consult.config import SettingError
from consult.domain.errors import Refused

COMMANDS = {
    "account": "accounts:account",
    "agenda": "agendas:agenda",
    "backup": "backups:backup",
    "consultation": "consultations:consultation",
    "db": "databases:db",
    "demo": "serving:demo",
    "doctor": "databases:doctor",
    "export": "exports:export",
    "import": "imports:import_",
    "opinion": "opinion:opinion",
    "restore": "backups:restore",
    "retention": "retention:retention",
    "search": "search:search",
    "serve": "serving:serve",
    "worker": "worker:worker",
}
"""Each command's room and name in it; a room is imported when its command is asked for."""


class Commands(click.Group):
    """The commands, loaded one at a time: numerical libraries alone take a second to import."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        room, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"consult.cli.{room}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__)
def commands() -> None:
    """Run a consultation platform: the topics of an agenda become questions that citizens answer."""


def main() -> None:
    """Entry point: status 0 when done, 1 when refused, 2 when used wrongly."""
    load_dotenv(".env")
    try:
        commands.main(standalone_mode=False)
    except click.exceptions.Abort:
        _failed("Stopped.")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except (Refused, SettingError) as error:
        _failed(error)


def _failed(error: Exception | str) -> NoReturn:
    """Say it and end; the sentences are loaded only when there is something to say."""
    from consult.cli.running import failed  # noqa: PLC0415

    failed(error)
