"""The second look at moderators' decisions: appeals that wait, and how each is decided."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField

from consult.domain.appeals import Verdict, verdict
from consult.domain.comments import BODY_LONGEST
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.moderation import REASON_LONGEST
from consult.domain.permissions import may_moderate
from consult.queries import appeals as reads
from consult.queries.appeals import Case
from consult.services import appeals
from consult.services.appeals import Decision
from consult.web import refusals, words
from consult.web.forms import Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded

FIELDS = {
    Reason.DECISION_MISSING: "verdict",
    Reason.REASON_MISSING: "reason",
    Reason.TEXT_TOO_LONG: "reason",
    Reason.COMMENT_EMPTY: "body",
    Reason.COMMENT_TOO_LONG: "body",
}
VERSION_DIGITS = 10


class DecisionForm(Form):
    verdict = RadioField(
        _l("Your decision"),
        choices=choices((each.value, words.APPEAL_VERDICTS[each]) for each in Verdict),
        validate_choice=False,
    )
    body = TextAreaField(
        _l("Text to publish without the passages"),
        description=_l("Only where you publish the comment without some passages."),
        render_kw={"rows": 5, "maxlength": BODY_LONGEST},
    )
    reason = TextAreaField(_l("Reason for the author"), render_kw={"rows": 5, "maxlength": REASON_LONGEST})
    version = HiddenField()

    def decision(self) -> Decision:
        """What the form says. Raises Refused(DECISION_MISSING) where nothing is chosen."""
        seen = self.version.data or ""
        return Decision(
            verdict(self.verdict.data or ""),
            self.reason.data or "",
            self.body.data or "",
            version=int(seen) if seen.isdecimal() and len(seen) < VERSION_DIGITS else 0,
        )


@bp.get("/o/appeals", endpoint="appeals")
@guarded(may_moderate)
def show_appeals() -> ResponseReturnValue:
    is_decided, key = request.args.get("state") == "decided", page_key("key")
    listed = reads.list_appeals(current_actor(), page_language(), is_decided=is_decided, key=key)
    return render_template(
        "officials/appeals.html", listed=listed, is_decided=is_decided, is_first_page=key is None
    )


@bp.route("/o/appeals/<int:appeal_id>", methods=["GET", "POST"], endpoint="appeal")
@guarded(may_moderate)
def decide_appeal(appeal_id: int) -> ResponseReturnValue:
    actor, form, status = current_actor(), DecisionForm(), 200
    if form.is_submitted():
        try:
            appeals.decide_appeal(actor, appeal_id, form.decision())
        except Refused as refused:
            if refused.reason in {Reason.NOT_FOUND, Reason.NOT_PERMITTED}:
                raise
            form.refuse(refused, FIELDS.get(refused.reason))
            status = refusals.status(refused)
        else:
            flash(_("The appeal %(number)s is decided. Its author is told.", number=appeal_id), "success")
            return redirect(url_for(".appeals"), 303)
    return _case_page(reads.case_at(actor, appeal_id, page_language()), form), status


def _case_page(case: Case, form: DecisionForm) -> str:
    """The page; a form that was not sent begins with the comment, and with a reply where one was chosen."""
    replies = {language: _replies(language) for language in (case.author_language, *Language)}
    if not form.is_submitted():
        form.body.data = case.redacted_body or case.body
        chosen, _dash, code = request.args.get("reply", "").partition("-")
        if chosen in set(Verdict) and code in set(Language):
            form.verdict.data, form.reason.data = chosen, replies[Language(code)][Verdict(chosen)]
    form.version.data = str(case.version)
    return render_template("officials/appeal.html", case=case, form=form, replies=replies)


def _replies(language: Language) -> dict[Verdict, str]:
    """What a reason can begin with, in a language that may be another than the page's."""
    with force_locale(language.value):
        return {each: str(said) for each, said in words.APPEAL_REPLIES.items()}
