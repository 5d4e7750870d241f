"""`consult db upgrade` and `consult doctor`."""

import logging
import os
import sys

import click

from consult.cli.running import application
from consult.config import SettingError, read_settings
from consult.domain.errors import Reason
from consult.models.schema import upgrade
from consult.queries.appeals import without_decider
from consult.queries.mail import GIVEN_UP_LATELY, LATE, mail_health
from consult.queries.readiness import why_not_ready


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
def upgrade_database() -> None:
    """Bring the schema to the newest migration."""
    with application(needs_schema=False) as app:
        upgrade(app)
    click.echo("The database has every migration.")


@click.command()
def doctor() -> None:
    """Say in words what is misconfigured; status 1 if anything is."""
    complaints = list(_complaints())
    for complaint in complaints:
        click.echo(complaint)
    if complaints:
        sys.exit(1)
    click.echo("Nothing to complain of.")


def _complaints() -> list[str]:
    try:
        settings = read_settings()
    except SettingError as error:
        return [str(error)]
    found = []
    if not os.access(settings.instance, os.W_OK):
        found.append(f"The folder {settings.instance} cannot be written to.")
    if settings.is_secure and not settings.trusted_proxies:
        found.append(
            "Served by https without CONSULT_TRUSTED_PROXIES: set it to the number of proxies in front, "
            "or limits by network count nobody."
        )
    if settings.is_secure and settings.is_sqlite:
        found.append(
            "Served to the public from SQLite: fine for one node; for several set CONSULT_DATABASE_URL."
        )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with application(needs_schema=False):
        match why_not_ready():
            case Reason.DATABASE_AWAY:
                found.append("The database of CONSULT_DATABASE_URL does not answer.")
            case Reason.DATABASE_BEHIND:
                found.append("The database lacks migrations. Run: consult db upgrade")
            case _:
                found += [*_mail_complaints(), *_appeal_complaints()]
    return found


def _mail_complaints() -> list[str]:
    health = mail_health()
    found = []
    if health.late:
        found.append(
            f"{health.late} letters have been due for over {LATE.seconds // 60} minutes. Does a worker run? "
            "Start one with: consult worker"
        )
    if health.given_up:
        found.append(
            f"{health.given_up} letters were given up in the last {GIVEN_UP_LATELY.days} days. "
            f"The last error: {health.last_error}"
        )
    return found


def _appeal_complaints() -> list[str]:
    """Whoever ruled on a comment decides no appeal about it; somebody else must be there."""
    stuck = without_decider()
    if not stuck:
        return []
    told = (
        f"{stuck} appeals wait although nobody may decide them: everybody who moderates there had a part in "
        "the decision. Make another official with: consult account create EMAIL --role official"
    )
    return [told]
