"""Decisions about several comments in one act, and undoing whatever was decided last."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.permissions import may_moderate
from consult.queries import moderation as reads
from consult.services import moderation
from consult.services.moderation import Together
from consult.web import refusals
from consult.web.i18n import ngettext
from consult.web.officials.blueprint import bp
from consult.web.officials.moderation import phrases
from consult.web.officials.moderation.acts import done_part
from consult.web.officials.moderation.forms import ActForm, picked
from consult.web.officials.moderation.queue import queue_page
from consult.web.session import current_actor, guarded, is_htmx


@bp.post("/o/moderation/bulk")
@guarded(may_moderate)
def decide_together() -> ResponseReturnValue:
    form, is_withholding = ActForm(), request.form.get("move") == "withhold"
    try:
        result = _withheld(form) if is_withholding else _published(form)
    except Refused as refused:
        return _again(form, refused)
    said = _said(len(result.done), is_withholding=is_withholding)
    if is_htmx() and not result.left:
        return done_part(form, said, result.done)
    if result.left:
        return _with_rest(form, said, result)
    flash(said, "success")
    return redirect(form.list_address(), 303)


def _published(form: ActForm) -> Together:
    if request.form.get("move") != "publish":
        raise Refused(Reason.NOTHING_CHOSEN)
    return moderation.publish_together(current_actor(), picked(), despite_lock=form.despite.data)


def _withheld(form: ActForm) -> Together:
    rule, written = form.rule.data or "", (form.reason.data or "").strip()
    reasons = dict.fromkeys(Language, written)
    if not written and rule in phrases.USUAL_REASONS:
        reasons = phrases.all_usual_reasons()[rule]
    return moderation.withhold_together(
        current_actor(), picked(), rule, reasons, despite_lock=form.despite.data
    )


def _said(number: int, *, is_withholding: bool) -> str:
    if is_withholding:
        return ngettext(
            "%(num)s comment is withheld. The author gets the reason.",
            "%(num)s comments are withheld. Their authors get the reason.",
            number,
        )
    return ngettext("%(num)s comment is published.", "%(num)s comments are published.", number)


def _again(form: ActForm, refused: Refused) -> ResponseReturnValue:
    """The list with what was missing."""
    if refused.reason in {Reason.NOT_PERMITTED, Reason.SIGN_IN_NEEDED}:
        raise refused
    said, status = refusals.sentence(refused), refusals.status(refused)
    if is_htmx():
        return render_template("parts/refusal.html", explanation=said), status
    return queue_page(None, form, said, "together"), status


def _with_rest(form: ActForm, said: str, result: Together) -> ResponseReturnValue:
    """What was done, and each comment that was left with the reason; 409 where nothing was done."""
    actor = current_actor()
    page = render_template(
        "officials/desk_together_part.html" if is_htmx() else "officials/desk_together.html",
        said=said if result.done else "",
        done=result.done,
        left=[
            (one.comment_id, refusals.sentence(one.refused), reads.decision_by_other(actor, one.comment_id))
            for one in result.left
        ],
        last=reads.last_deed(actor) if result.done else None,
        back=form.back.data or "",
        list_address=form.list_address(),
        phrases=phrases,
    )
    return page, 200 if result.done else 409


@bp.post("/o/moderation/undo/<int:deed_id>")
@guarded(may_moderate)
def undo_decision(deed_id: int) -> ResponseReturnValue:
    form = ActForm()
    undone = moderation.undo(current_actor(), deed_id)
    said = ngettext(
        "The decision about %(num)s comment is undone.",
        "The decisions about %(num)s comments are undone.",
        len(undone),
    )
    if is_htmx():
        return done_part(form, said, undone)
    flash(said, "success")
    return redirect(form.list_address(), 303)
