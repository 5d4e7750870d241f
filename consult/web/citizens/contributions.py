"""What I have sent, and what became of it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.domain.permissions import is_signed_in
from consult.queries.contributions import own_comments, own_votes
from consult.web.citizens.blueprint import bp
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.session import current_actor, guarded


@bp.get("/me/answers")
@guarded(is_signed_in)
def contributions() -> ResponseReturnValue:
    actor, language = current_actor(), page_language()
    before = page_key("before")
    return render_template(
        "citizens/contributions.html",
        mine=own_comments(actor, language, before=before),
        votes=own_votes(actor, language) if before is None else (),
        is_first_page=before is None,
    )


@bp.get("/me")
@guarded(is_signed_in)
def me() -> ResponseReturnValue:
    return redirect(url_for(".contributions"), 303)
