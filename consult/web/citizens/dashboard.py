"""One's own page: what is not finished, what became of one's words, who answered, what one follows."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.domain.permissions import is_signed_in
from consult.queries.comment_drafts import drafts_of
from consult.queries.consultations import closing_next
from consult.queries.contributions import own_comments
from consult.queries.dashboard import own_consultations, replies_to
from consult.queries.own_data import is_asked_for_profile
from consult.web.citizens.blueprint import bp
from consult.web.i18n import page_language
from consult.web.session import current_actor, guarded

LATEST = 3
"""Own comments that the page shows; the rest stand on a page of their own."""


@bp.get("/me")
@guarded(is_signed_in)
def me() -> ResponseReturnValue:
    actor, language = current_actor(), page_language()
    mine = own_consultations(actor, language)
    return render_template(
        "citizens/dashboard.html",
        drafts=drafts_of(actor, language),
        unfinished=[own for own in mine if own.is_unfinished],
        followed=[own for own in mine if own.is_followed],
        answers=own_comments(actor, language).comments[:LATEST],
        replies=replies_to(actor),
        is_asked_for_profile=is_asked_for_profile(actor),
        suggestions=() if mine else closing_next(actor, language),
    )
