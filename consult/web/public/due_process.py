"""What everybody may know of moderation: the rules of a consultation, the log, and figures."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO

from flask import render_template, send_file
from flask.typing import ResponseReturnValue

from consult.domain.moderation_statistics import Table
from consult.queries.moderation_log import moderation_log
from consult.queries.moderation_statistics import UNKNOWN, tables_of, tables_of_all
from consult.queries.rules import rules_of
from consult.services import moderation_files
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.public.blueprint import bp
from consult.web.public.consultations import public_consultation, readable
from consult.web.session import settings


@bp.get("/c/<slug>/rules")
def consultation_rules(slug: str) -> ResponseReturnValue:
    found = readable(slug)
    rules = rules_of(found.id, page_language())
    return render_template("public/consultation_rules.html", consultation=found, rules=rules)


@bp.get("/c/<slug>/moderation", endpoint="moderation_log")
def show_log(slug: str) -> ResponseReturnValue:
    found, before = public_consultation(slug), page_key("before")
    return render_template(
        "public/moderation_log.html",
        consultation=found,
        log=moderation_log(found.id, before=before),
        is_first_page=before is None,
    )


@bp.get("/c/<slug>/moderation.csv")
def moderation_log_file(slug: str) -> ResponseReturnValue:
    found = public_consultation(slug)
    return _csv(f"{slug}-moderation.csv", lambda file: moderation_files.write_log(found.id, file))


@bp.get("/moderation", endpoint="moderation_figures")
def show_figures() -> ResponseReturnValue:
    tables = tables_of_all(settings().smallest_group)
    return render_template("public/moderation_figures.html", consultation=None, **_shown(tables))


@bp.get("/moderation.csv")
def moderation_figures_file() -> ResponseReturnValue:
    tables = tables_of_all(settings().smallest_group)
    return _csv("moderation.csv", lambda file: moderation_files.write_figures(tables, file))


@bp.get("/c/<slug>/moderation/figures")
def consultation_figures(slug: str) -> ResponseReturnValue:
    found = public_consultation(slug)
    tables = tables_of(found.id, settings().smallest_group)
    return render_template("public/moderation_figures.html", consultation=found, **_shown(tables))


@bp.get("/c/<slug>/moderation/figures.csv")
def consultation_figures_file(slug: str) -> ResponseReturnValue:
    tables = tables_of(public_consultation(slug).id, settings().smallest_group)
    name = f"{slug}-moderation-figures.csv"
    return _csv(name, lambda file: moderation_files.write_figures(tables, file))


def _shown(tables: tuple[Table, ...]) -> dict[str, object]:
    return {
        "tables": tables,
        "unknown": UNKNOWN,
        "smallest_group": settings().smallest_group,
    }


def _csv(name: str, write: Callable[[IO[bytes]], None]) -> ResponseReturnValue:
    """A file to download; it stands on the disk without a name until it is sent."""
    file = TemporaryFile()  # noqa: SIM115 - closed with the answer
    write(file)
    file.seek(0)
    return send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)
