"""The command line: `consult`. Errors are one sentence on standard error, never a traceback."""

import sys

import click
from dotenv import load_dotenv

from consult import __version__
from consult.cli import (
    accounts,
    agendas,
    backups,
    consultations,
    databases,
    exports,
    imports,
    opinion,
    retention,
    search,
    serving,
    worker,
)
from consult.cli.running import failed
from consult.config import SettingError
from consult.domain.errors import Refused


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__)
def commands() -> None:
    """Run a consultation platform: the topics of an agenda become questions that citizens answer."""


commands.add_command(databases.db)
commands.add_command(databases.doctor)
commands.add_command(backups.backup)
commands.add_command(backups.restore)
commands.add_command(serving.serve)
commands.add_command(serving.demo)
commands.add_command(accounts.account)
commands.add_command(agendas.agenda)
commands.add_command(consultations.consultation)
commands.add_command(exports.export)
commands.add_command(imports.import_)
commands.add_command(opinion.opinion)
commands.add_command(search.search)
commands.add_command(retention.retention)
commands.add_command(worker.worker)


def main() -> None:
    """Entry point: status 0 when done, 1 when refused, 2 when used wrongly."""
    load_dotenv(".env")
    try:
        commands.main(standalone_mode=False)
    except click.exceptions.Abort:
        failed("Stopped.")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except (Refused, SettingError) as error:
        failed(error)
