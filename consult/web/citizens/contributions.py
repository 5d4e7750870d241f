"""What I have sent, and what became of it."""

from datetime import UTC, datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from consult.domain.permissions import is_signed_in
from consult.queries.contributions import VoteKey, own_comments, own_votes
from consult.queries.own_appeals import own_appeals
from consult.web.citizens.blueprint import bp
from consult.web.i18n import page_language
from consult.web.keys import LARGEST, page_key
from consult.web.session import current_actor, guarded


@bp.get("/me/answers")
@guarded(is_signed_in)
def contributions() -> ResponseReturnValue:
    actor, language = current_actor(), page_language()
    before = page_key("before")
    mine = own_comments(actor, language, before=before)
    return render_template(
        "citizens/contributions.html",
        mine=mine,
        appeals=own_appeals(actor, [comment.id for comment in mine.comments]),
        voted=own_votes(actor, language, before=_vote_key()),
        is_first_page=before is None,
        is_first_vote_page=_vote_key() is None,
    )


def _vote_key() -> VoteKey | None:
    """The key in the address, an instant, a tilde and a number; None where there is no such."""
    instant, _, target = request.args.get("votes_before", "").partition("~")
    try:
        key = VoteKey(datetime.fromisoformat(instant).astimezone(UTC), int(target))
    except (ValueError, OverflowError):
        return None
    return key if abs(int(target)) <= LARGEST else None
