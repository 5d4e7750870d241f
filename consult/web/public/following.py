"""Following a consultation, and no longer."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.permissions import may_take_part
from consult.services import following
from consult.web.i18n import gettext as _
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable
from consult.web.session import current_actor, guarded


@bp.post("/c/<slug>/follow")
@guarded(may_take_part)
def follow(slug: str) -> ResponseReturnValue:
    following.follow_consultation(current_actor(), readable(slug).id)
    flash(_("You follow this consultation. News of it reaches you by e-mail."), "success")
    return redirect(_back(slug), 303)


@bp.post("/c/<slug>/unfollow")
@guarded(may_take_part)
def unfollow(slug: str) -> ResponseReturnValue:
    following.unfollow_consultation(current_actor(), readable(slug).id)
    flash(_("You no longer follow this consultation."), "success")
    return redirect(_back(slug), 303)


def _back(slug: str) -> str:
    """The person's own page where the button stood there, else the consultation."""
    if request.form.get("from") == "me":
        return url_for("citizens.me")
    return url_for(".consultation", slug=slug)
