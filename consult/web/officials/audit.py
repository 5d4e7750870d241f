"""The audit log, for administrators."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from consult.domain.audit import Act
from consult.domain.permissions import may_read_audit
from consult.queries.audit import log
from consult.web.keys import page_key
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded


@bp.get("/a/audit", endpoint="audit")
@guarded(may_read_audit)
def show_log() -> ResponseReturnValue:
    wanted = request.args.get("act", "")
    before = page_key("before")
    found = log(current_actor(), before=before, act=Act(wanted) if wanted in set(Act) else None)
    return render_template(
        "officials/audit.html", log=found, wanted=wanted, acts=Act, is_first_page=before is None
    )
