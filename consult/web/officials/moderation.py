"""The moderation queue and its acts."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.validators import Optional

from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.moderation import REASON_LONGEST, RULES
from consult.domain.permissions import may_moderate
from consult.queries import moderation as reads
from consult.services import moderation
from consult.web import refusals, words
from consult.web.forms import Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.officials.blueprint import bp
from consult.web.session import arguments, current_actor, guarded


class ActForm(Form):
    """One form for all acts; each act reads the fields that it needs."""

    version = IntegerField(validators=[Optional()])
    state = HiddenField()
    after = HiddenField()
    rule = RadioField(
        _l("Rule that it breaks"),
        choices=choices((code, words.RULE_TITLES[code]) for code in RULES),
        validate_choice=False,
    )
    reason = TextAreaField(_l("Reason for the author"), render_kw={"rows": 2, "maxlength": REASON_LONGEST})
    body = TextAreaField(_l("Text to publish"), render_kw={"rows": 5})

    def seen_version(self) -> int | None:
        """The version that the moderator saw; None where none was sent, 0 where it is no number."""
        return (
            self.version.data if self.version.data is not None or not any(self.version.raw_data or ()) else 0
        )


@bp.get("/o/moderation", endpoint="moderation")
@guarded(may_moderate)
def show_queue() -> ResponseReturnValue:
    return _queue_page()


def _queue_page(
    failed: int | None = None, form: ActForm | None = None, problem: str = "", act: str = ""
) -> str:
    actor = current_actor()
    state = request.values.get("state", "")
    chosen = CommentState(state) if state in set(CommentState) else CommentState.PENDING
    after = page_key("after")
    return render_template(
        "officials/moderation.html",
        queue=reads.queue(actor, page_language(), state=chosen, after=after),
        counts=reads.counts_by_state(actor),
        state=chosen,
        tabs=(CommentState.PENDING, CommentState.PUBLISHED, CommentState.WITHHELD),
        after=after,
        rules=[(code, words.RULE_TITLES[code]) for code in RULES],
        failed=failed,
        act=act,
        form=form,
        problem=problem,
    )


@bp.post("/o/moderation/<int:comment_id>/publish")
@guarded(may_moderate)
def publish(comment_id: int) -> ResponseReturnValue:
    form = ActForm()
    moderation.publish_comment(current_actor(), comment_id, version=form.seen_version())
    return _done(_("Comment %(number)s is published.", number=comment_id), form)


@bp.post("/o/moderation/<int:comment_id>/withhold")
@guarded(may_moderate)
def withhold(comment_id: int) -> ResponseReturnValue:
    form = ActForm()
    try:
        moderation.withhold_comment(
            current_actor(),
            comment_id,
            form.rule.data or "",
            form.reason.data or "",
            version=form.seen_version(),
        )
    except Refused as refused:
        return _again(comment_id, form, refused, "withhold")
    return _done(_("Comment %(number)s is withheld. Its author gets the reason.", number=comment_id), form)


@bp.post("/o/moderation/<int:comment_id>/redact")
@guarded(may_moderate)
def redact(comment_id: int) -> ResponseReturnValue:
    form = ActForm()
    try:
        moderation.redact_comment(
            current_actor(),
            comment_id,
            form.body.data or "",
            form.rule.data or "",
            form.reason.data or "",
            version=form.seen_version(),
        )
    except Refused as refused:
        return _again(comment_id, form, refused, "redact")
    return _done(_("Comment %(number)s is published without the passages.", number=comment_id), form)


@bp.post("/o/moderation/<int:comment_id>/restore")
@guarded(may_moderate)
def restore(comment_id: int) -> ResponseReturnValue:
    form = ActForm()
    moderation.restore_comment(current_actor(), comment_id, version=form.seen_version())
    return _done(_("Comment %(number)s is shown again.", number=comment_id), form)


def _again(comment_id: int, form: ActForm, refused: Refused, act: str) -> ResponseReturnValue:
    """The queue with what was missing; a conflict goes to the error page: there is nothing to correct."""
    if refused.reason not in {Reason.RULE_UNKNOWN, Reason.REASON_MISSING, Reason.TEXT_TOO_LONG,
                              Reason.COMMENT_EMPTY, Reason.COMMENT_TOO_LONG}:  # fmt: skip
        raise refused
    return _queue_page(comment_id, form, refusals.sentence(refused), act), refusals.status(refused)


def _done(said: str, form: ActForm) -> ResponseReturnValue:
    flash(said, "success")
    state = form.state.data if form.state.data in set(CommentState) else None
    return redirect(url_for(".moderation", **arguments(state=state, after=page_key("after"))), 303)
