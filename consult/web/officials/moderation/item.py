"""A hard case: one comment with its history, its author's history here, notes, and passing it on."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.errors import Reason, Refused
from consult.domain.moderation import REASON_LONGEST
from consult.domain.permissions import may_moderate
from consult.queries import moderation as reads
from consult.services import moderation
from consult.web import refusals
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.officials.blueprint import bp
from consult.web.officials.moderation.forms import ActForm
from consult.web.officials.moderation.queue import row_words
from consult.web.session import current_actor, guarded, is_htmx

WORDS_FAULTS = frozenset({Reason.REASON_MISSING, Reason.TEXT_TOO_LONG, Reason.PERSON_UNKNOWN})


@bp.get("/o/moderation/<int:comment_id>")
@guarded(may_moderate)
def moderated_comment(comment_id: int) -> ResponseReturnValue:
    return item_page(comment_id)


def item_page(
    comment_id: int, form: ActForm | None = None, problem: str = "", act: str = "", written: str = ""
) -> str:
    """Everything about one comment, with what was wrong where something was."""
    found = reads.moderated_comment(current_actor(), comment_id, page_language())
    return render_template(
        "officials/moderated_comment.html",
        found=found,
        comment=found.comment,
        failed=comment_id if form else None,
        act=act,
        form=form,
        problem=problem,
        written=written,
        longest=REASON_LONGEST,
        **row_words(""),
    )


@bp.post("/o/moderation/<int:comment_id>/lock")
@guarded(may_moderate)
def take_comment(comment_id: int) -> ResponseReturnValue:
    form = ActForm()
    moderation.take_comment(current_actor(), comment_id)
    if is_htmx():
        return "", 204
    flash(_("You have taken comment %(number)s. Others see that you read it.", number=comment_id), "success")
    return _back(form, comment_id)


@bp.post("/o/moderation/<int:comment_id>/unlock")
@guarded(may_moderate)
def let_comment_go(comment_id: int) -> ResponseReturnValue:
    form = ActForm()
    moderation.let_comment_go(current_actor(), comment_id)
    flash(_("Comment %(number)s is free for others again.", number=comment_id), "success")
    return _back(form, comment_id)


@bp.post("/o/moderation/<int:comment_id>/escalate")
@guarded(may_moderate)
def escalate(comment_id: int) -> ResponseReturnValue:
    written = request.form.get("words", "")
    try:
        moderation.escalate_comment(current_actor(), comment_id, written, page_key("to") or None)
    except Refused as refused:
        return _again(comment_id, refused, "escalate", written)
    flash(_("Comment %(number)s is passed on.", number=comment_id), "success")
    return redirect(url_for(".moderation"), 303)


@bp.post("/o/moderation/<int:comment_id>/note")
@guarded(may_moderate)
def write_note(comment_id: int) -> ResponseReturnValue:
    written = request.form.get("words", "")
    try:
        moderation.note_on_comment(current_actor(), comment_id, written)
    except Refused as refused:
        return _again(comment_id, refused, "note", written)
    flash(_("The note is kept."), "success")
    return redirect(url_for(".moderated_comment", comment_id=comment_id), 303)


def _again(comment_id: int, refused: Refused, act: str, written: str) -> ResponseReturnValue:
    if refused.reason not in WORDS_FAULTS:
        raise refused
    page = item_page(comment_id, None, refusals.sentence(refused), act, written[:REASON_LONGEST])
    return page, refusals.status(refused)


def _back(form: ActForm, comment_id: int) -> ResponseReturnValue:
    if form.item.data:
        return redirect(url_for(".moderated_comment", comment_id=comment_id), 303)
    return redirect(f"{form.list_address()}#comment-{comment_id}", 303)
