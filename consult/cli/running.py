"""Ground of the commands: the application around a command, and how it answers."""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

import click
from flask import Flask

from consult.app import create_app
from consult.config import read_settings
from consult.domain.errors import Refused
from consult.domain.languages import Language
from consult.models.base import db
from consult.queries.readiness import why_not_ready
from consult.web.refusals import plain_sentence

as_json = click.option("--json", "is_json", is_flag=True, help="Print one JSON document and nothing else.")


@contextmanager
def application(*, needs_schema: bool = True) -> Iterator[Flask]:
    """The application of this environment, in its context, with no transaction begun.

    A worker stays in it for months; what was begun here would keep SQLite from emptying its log for as long.

    Raises:
        Refused: DATABASE_AWAY, or DATABASE_BEHIND when migrations are missing.
    """
    app = create_app(read_settings())
    with app.app_context():
        reason = why_not_ready() if needs_schema else None
        db.session.rollback()
        if reason is not None:
            raise Refused(reason)
        yield app


def print_json(document: Any) -> None:
    """One document on standard output; letters of all languages as they are."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def terminal_language(environment: Mapping[str, str]) -> Language:
    """Of refusals: CONSULT_LANGUAGE, else the terminal's own (`kk_KZ.UTF-8`); English where it is another."""
    kept = ("CONSULT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    wanted = next((written for name in kept if (written := environment.get(name))), "")
    code = re.split(r"[_.@-]", wanted.lower())[0]
    return Language(code) if code in set(Language) else Language.EN


def failed(error: Exception | str) -> NoReturn:
    """Say on standard error what is wrong, in one sentence, and end with status 1."""
    language = terminal_language(os.environ)
    said = plain_sentence(error, language) if isinstance(error, Refused) else str(error)
    click.echo(said, err=True)
    sys.exit(1)
