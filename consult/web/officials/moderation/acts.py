"""Decisions about one comment; addresses that people and scripts rely on."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.errors import Reason, Refused
from consult.domain.permissions import may_moderate
from consult.queries import moderation as reads
from consult.services import moderation
from consult.web import refusals
from consult.web.i18n import gettext as _
from consult.web.officials.blueprint import bp
from consult.web.officials.moderation import phrases
from consult.web.officials.moderation.forms import ActForm
from consult.web.officials.moderation.item import item_page
from consult.web.officials.moderation.queue import queue_page
from consult.web.session import current_actor, guarded, is_htmx

INPUT_FAULTS = frozenset({
    Reason.RULE_UNKNOWN, Reason.REASON_MISSING, Reason.TEXT_TOO_LONG, Reason.COMMENT_EMPTY,
    Reason.COMMENT_TOO_LONG,
})  # fmt: skip
CONFLICTS = frozenset({Reason.VERSION_CONFLICT, Reason.MOVE_NOT_ALLOWED, Reason.TAKEN_BY_ANOTHER})
Deed = Callable[[ActForm], None]


@bp.post("/o/moderation/<int:comment_id>/publish")
@guarded(may_moderate)
def publish(comment_id: int) -> ResponseReturnValue:
    def deed(form: ActForm) -> None:
        moderation.publish_comment(
            current_actor(), comment_id, version=form.seen_version(), despite_lock=form.despite.data
        )

    return _answer(comment_id, deed, _("Comment %(number)s is published.", number=comment_id), "publish")


@bp.post("/o/moderation/<int:comment_id>/withhold")
@guarded(may_moderate)
def withhold(comment_id: int) -> ResponseReturnValue:
    def deed(form: ActForm) -> None:
        moderation.withhold_comment(
            current_actor(), comment_id, form.rule.data or "", reason_of(form, comment_id),
            version=form.seen_version(), despite_lock=form.despite.data,
        )  # fmt: skip

    said = _("Comment %(number)s is withheld. Its author gets the reason.", number=comment_id)
    return _answer(comment_id, deed, said, "withhold")


@bp.post("/o/moderation/<int:comment_id>/redact")
@guarded(may_moderate)
def redact(comment_id: int) -> ResponseReturnValue:
    def deed(form: ActForm) -> None:
        moderation.redact_comment(
            current_actor(), comment_id, form.body.data or "", form.rule.data or "",
            reason_of(form, comment_id), version=form.seen_version(), despite_lock=form.despite.data,
        )  # fmt: skip

    said = _("Comment %(number)s is published without the passages.", number=comment_id)
    return _answer(comment_id, deed, said, "redact")


@bp.post("/o/moderation/<int:comment_id>/restore")
@guarded(may_moderate)
def restore(comment_id: int) -> ResponseReturnValue:
    def deed(form: ActForm) -> None:
        moderation.restore_comment(
            current_actor(), comment_id, version=form.seen_version(), despite_lock=form.despite.data
        )

    return _answer(comment_id, deed, _("Comment %(number)s is shown again.", number=comment_id), "restore")


@bp.post("/o/moderation/<int:comment_id>/keep")
@guarded(may_moderate)
def keep_published(comment_id: int) -> ResponseReturnValue:
    def deed(form: ActForm) -> None:
        moderation.keep_comment(
            current_actor(), comment_id, version=form.seen_version(), despite_lock=form.despite.data
        )

    return _answer(comment_id, deed, _("Comment %(number)s stays published.", number=comment_id), "keep")


def reason_of(form: ActForm, comment_id: int) -> str:
    """What was written for the author; the usual words of the rule where nothing was."""
    written, rule = (form.reason.data or "").strip(), form.rule.data or ""
    if written or rule not in phrases.USUAL_REASONS:
        return written
    language = reads.language_of_author(current_actor(), comment_id)
    return phrases.all_usual_reasons()[rule][language]


def _answer(comment_id: int, deed: Deed, said: str, act: str) -> ResponseReturnValue:
    form = ActForm()
    try:
        deed(form)
    except Refused as refused:
        return _refused(comment_id, form, refused, act)
    if is_htmx():
        return done_part(form, said, (comment_id,))
    flash(said, "success")
    if form.item.data:
        return redirect(url_for(".moderated_comment", comment_id=comment_id), 303)
    return redirect(form.list_address(), 303)


def done_part(form: ActForm, said: str, comments: tuple[int, ...]) -> ResponseReturnValue:
    """For scripts: what takes the place of a decided row, with the button that undoes it."""
    last = reads.last_deed(current_actor())
    return render_template(
        "officials/desk_done.html", said=said, comments=comments, last=last, back=form.back.data or ""
    )


def _refused(comment_id: int, form: ActForm, refused: Refused, act: str) -> ResponseReturnValue:
    """The page with what was missing, or with what somebody else decided; anything else is an error page."""
    if refused.reason in CONFLICTS:
        return conflict_page(comment_id, form, refused)
    if refused.reason not in INPUT_FAULTS:
        raise refused
    said, status = refusals.sentence(refused), refusals.status(refused)
    if is_htmx():
        return render_template("parts/refusal.html", explanation=said), status
    page = item_page if form.item.data else queue_page
    return page(comment_id, form, said, act), status


def conflict_page(comment_id: int, form: ActForm, refused: Refused) -> ResponseReturnValue:
    """What stands in the way: another's decision, or that somebody reads it; there one may go on."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    template = "officials/desk_conflict_part.html" if is_htmx() else "officials/desk_conflict.html"
    page = render_template(
        template,
        said=refusals.sentence(refused),
        other=reads.decision_by_other(current_actor(), comment_id),
        is_taken=refused.reason is Reason.TAKEN_BY_ANOTHER,
        sent=[pair for pair in sent if pair[0] != "despite"],
        comment_id=comment_id,
        list_address=form.list_address(),
        phrases=phrases,
    )
    return page, refusals.status(refused)
