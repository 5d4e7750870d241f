"""`consult account create`."""

import sys

import click

from consult.cli.running import application
from consult.domain.languages import language
from consult.domain.people import OPERATOR, Role
from consult.services import accounts


@click.group()
def account() -> None:
    """Look after accounts."""


@account.command()
@click.argument("email")
@click.option("--role", "role_code", type=click.Choice([each.value for each in Role]), required=True)
@click.option("--name", required=True, help="The name that others see.")
@click.option("--language", "language_code", default="kk", show_default=True, help="kk, ru or en.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
def create(email: str, role_code: str, name: str, language_code: str, *, password_stdin: bool) -> None:
    """Make an account."""
    del password_stdin  # there is no other way: an argument would stay in the shell's history
    password = _password()
    with application():
        person_id = accounts.create_account(
            OPERATOR, email, name, password, Role(role_code), language(language_code)
        )
    click.echo(f"Account {person_id} is made.")


def _password() -> str:
    """The first line of standard input."""
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.ClickException("The password on standard input is no UTF-8 text.") from None
