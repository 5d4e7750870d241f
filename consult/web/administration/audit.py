"""The audit log: filters, pages, and a file."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from tempfile import TemporaryFile
from typing import TypeVar

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from consult.domain.audit import Act, Thing
from consult.domain.permissions import may_read_audit
from consult.queries.audit import Wanted, log
from consult.services import log_files
from consult.web.administration.blueprint import bp
from consult.web.keys import page_key
from consult.web.session import current_actor, guarded

Code = TypeVar("Code", bound=StrEnum)


@bp.get("/audit", endpoint="audit")
@guarded(may_read_audit, everywhere=True)
def show_log() -> ResponseReturnValue:
    before, wanted = page_key("before"), _wanted()
    return render_template(
        "administration/audit.html",
        log=log(current_actor(), wanted, before=before),
        wanted=wanted,
        query=_query(wanted),
        acts=Act,
        things=Thing,
        is_first_page=before is None,
    )


@bp.post("/audit.csv")
@guarded(may_read_audit, everywhere=True)
def log_file() -> ResponseReturnValue:
    """A deed, since it leaves its own line; the form carries the filters."""
    file = TemporaryFile()  # noqa: SIM115 - closed with the answer
    log_files.write_log(current_actor(), _wanted(), file)
    file.seek(0)
    return send_file(file, mimetype="text/csv", as_attachment=True, download_name="audit-log.csv")


def _wanted() -> Wanted:
    """What the address or the form asks for; what is no code, number or day counts as not asked."""
    return Wanted(
        act=_code(Act, "act"),
        actor_id=page_key("actor"),
        thing=_code(Thing, "thing"),
        thing_id=page_key("number"),
        consultation_id=page_key("consultation"),
        since=_day("since"),
        until=_day("until"),
    )


def _query(wanted: Wanted) -> dict[str, str]:
    """The address arguments of a filter, without what is not asked."""
    given = {
        "act": wanted.act,
        "actor": wanted.actor_id,
        "thing": wanted.thing,
        "number": wanted.thing_id,
        "consultation": wanted.consultation_id,
        "since": wanted.since,
        "until": wanted.until,
    }
    return {name: str(value) for name, value in given.items() if value is not None}


def _code(kind: Callable[[str], Code], name: str) -> Code | None:
    try:
        return kind(request.values.get(name, ""))
    except ValueError:
        return None


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return None
