"""Making and editing consultations, and moving them from state to state."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from consult.domain.consultations import ModerationMode, ResultsPolicy, State
from consult.domain.durations import DEFAULT_RULE, DURATION_RULES
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.permissions import consultations_where, may_edit_consultations
from consult.domain.questions import TEXT_LONGEST, TITLE_LONGEST
from consult.queries import consultations as reads
from consult.queries.editing import Editing, editing_of
from consult.services import consultations
from consult.services.drafting import Basics, TextIn
from consult.web import refusals, words
from consult.web.formats import from_local, instant, local
from consult.web.forms import REQUIRED, Form, LocalTimeField, MayWait, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.officials.blueprint import bp
from consult.web.officials.conflicts import conflicts
from consult.web.session import current_actor, guarded

FIELDS = {
    Reason.SLUG_INVALID: "slug",
    Reason.SLUG_TAKEN: "slug",
    Reason.TITLE_MISSING: "title_kk",
    Reason.TIMETABLE_UPSIDE_DOWN: "closes_at",
}
VERSION_DIGITS = 10
TEXT_FIELDS = ("title", "summary", "purpose", "authority")


def _lines() -> list[StringField]:
    """The same one-line field once a language, labelled with the language's own name."""
    kw = {"maxlength": TITLE_LONGEST}
    return [StringField(words.LANGUAGE_NAMES[language], render_kw=kw) for language in Language]


def _areas() -> list[TextAreaField]:
    """The same text field once a language."""
    kw = {"rows": 5, "maxlength": TEXT_LONGEST}
    return [TextAreaField(words.LANGUAGE_NAMES[language], render_kw=kw) for language in Language]


class BasicsForm(Form):
    slug = StringField(
        _l("Address"),
        description=_l("Small Latin letters, digits and hyphens; it stays for ever."),
        render_kw={"maxlength": 60, "autocapitalize": "none", "spellcheck": "false"},
    )
    title_kk, title_ru, title_en = _lines()
    authority_kk, authority_ru, authority_en = _lines()
    summary_kk, summary_ru, summary_en = _areas()
    purpose_kk, purpose_ru, purpose_en = _areas()
    contact = StringField(
        _l("Contact"),
        description=_l("An office address or telephone that answers; not a private one."),
        render_kw={"maxlength": 300},
    )
    opens_at = LocalTimeField(
        _l("Opens"),
        [MayWait()],
        description=_l("Kazakhstan time. Empty: as soon as you press “Open”."),
    )
    closes_at = LocalTimeField(
        _l("Closes"),
        [MayWait()],
        description=_l("Kazakhstan time. Once open it can be moved later, never earlier."),
    )
    answer_due_on = DateField(
        _l("Answer promised for"),
        [MayWait()],
        description=_l("The day by which you say what you did with it."),
    )
    min_days_rule = RadioField(
        _l("Shortest period"),
        choices=choices((code, words.DURATION_RULES[code]) for code in DURATION_RULES),
        default=DEFAULT_RULE,
    )
    short_period_reason = TextAreaField(
        _l("Reason for a shorter period"),
        description=_l("Only where the period is shorter than the rule; it is recorded."),
        render_kw={"rows": 2},
    )
    moderation_mode = RadioField(
        _l("When comments are read by a moderator"),
        choices=choices((mode.value, words.MODERATION_MODES[mode]) for mode in ModerationMode),
        default=ModerationMode.PRE.value,
    )
    results_policy = RadioField(
        _l("When results are shown"),
        choices=choices((policy.value, words.RESULTS_POLICIES[policy]) for policy in ResultsPolicy),
        default=ResultsPolicy.AFTER_VOTING.value,
    )
    version = HiddenField()

    def seen_version(self) -> int:
        """The version that the page showed; 0, which none has, for anything else."""
        written = self.version.data or ""
        return int(written) if written.isdecimal() and len(written) < VERSION_DIGITS else 0

    def basics(self) -> Basics:
        """What the form says, in the terms of the deed."""
        return Basics(
            texts={
                language: TextIn(
                    **{name: self[f"{name}_{language.value}"].data or "" for name in TEXT_FIELDS}
                )
                for language in Language
            },
            contact=self.contact.data or "",
            opens_at=from_local(self.opens_at.data),
            closes_at=from_local(self.closes_at.data),
            answer_due_on=self.answer_due_on.data,
            min_days_rule=self.min_days_rule.data,
            short_period_reason=self.short_period_reason.data or "",
            moderation_mode=ModerationMode(self.moderation_mode.data),
            results_policy=ResultsPolicy(self.results_policy.data),
        )


class ExtendForm(Form):
    new_closing = LocalTimeField(_l("New closing time"), [REQUIRED])
    answer_due_on = DateField(
        _l("New day of the promised answer"),
        [Optional()],
        description=_l("Only if the present one would come before the new closing; it can only be later."),
    )


class WithdrawForm(Form):
    reason = TextAreaField(_l("Reason, shown to everybody"), [REQUIRED], render_kw={"rows": 2})


@bp.get("/o/consultations", endpoint="consultations")
@guarded(may_edit_consultations)
def show_consultations() -> ResponseReturnValue:
    before = page_key("before")
    actor = current_actor()
    only = consultations_where(actor, may_edit_consultations)
    listed = reads.list_consultations(actor, page_language(), before=before, only=only)
    return render_template("officials/consultations.html", listed=listed, is_first_page=before is None)


@bp.route("/o/consultations/new", methods=["GET", "POST"])
@guarded(may_edit_consultations, everywhere=True)
def new_consultation() -> ResponseReturnValue:
    form = BasicsForm()
    if not form.validate_on_submit():
        return render_template("officials/new.html", form=form), 422 if form.errors else 200
    try:
        consultations.create_consultation(current_actor(), form.slug.data or "", form.basics())
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return render_template("officials/new.html", form=form), refusals.status(refused)
    flash(_("The draft is saved. Add topics and questions now."), "success")
    return redirect(url_for(".task_list", slug=form.slug.data), 303)


@bp.route("/o/consultations/<int:consultation_id>/edit", methods=["GET", "POST"])
@guarded(may_edit_consultations)
def edit_consultation(consultation_id: int) -> ResponseReturnValue:
    if request.method == "GET":
        return _edit_page(consultation_id)
    form = BasicsForm()
    if not form.validate():
        return _edit_page(consultation_id, form), 422
    try:
        consultations.edit_consultation(current_actor(), consultation_id, form.seen_version(), form.basics())
    except Refused as refused:
        if refused.reason is Reason.NOT_FOUND:
            raise
        form.refuse(refused, FIELDS.get(refused.reason))
        is_conflict = refused.reason is Reason.VERSION_CONFLICT
        return _edit_page(consultation_id, form, is_conflict=is_conflict), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(url_for(".edit_consultation", consultation_id=consultation_id), 303)


@bp.post("/o/consultations/<int:consultation_id>/open")
@guarded(may_edit_consultations)
def open_consultation(consultation_id: int) -> ResponseReturnValue:
    try:
        state = consultations.open_consultation(current_actor(), consultation_id)
    except Refused as refused:
        return _refused(consultation_id, refused)
    said = (
        _("The consultation is open.")
        if state is State.OPEN
        else _("The consultation is published and will open.")
    )
    flash(said, "success")
    return redirect(url_for(".edit_consultation", consultation_id=consultation_id), 303)


@bp.post("/o/consultations/<int:consultation_id>/extend")
@guarded(may_edit_consultations)
def extend_consultation(consultation_id: int) -> ResponseReturnValue:
    form = ExtendForm()
    new_closing = from_local(form.new_closing.data)
    if new_closing is None:
        return _refused(consultation_id, Refused(Reason.TIMETABLE_INCOMPLETE))
    try:
        consultations.extend_consultation(
            current_actor(), consultation_id, new_closing, form.answer_due_on.data
        )
    except Refused as refused:
        return _refused(consultation_id, refused)
    flash(_("It now closes on %(instant)s.", instant=instant(new_closing)), "success")
    return redirect(url_for(".edit_consultation", consultation_id=consultation_id), 303)


@bp.post("/o/consultations/<int:consultation_id>/close")
@guarded(may_edit_consultations)
def close_consultation(consultation_id: int) -> ResponseReturnValue:
    try:
        consultations.close_consultation(current_actor(), consultation_id)
    except Refused as refused:
        return _refused(consultation_id, refused)
    flash(_("The closing is recorded."), "success")
    return redirect(url_for(".edit_consultation", consultation_id=consultation_id), 303)


@bp.post("/o/consultations/<int:consultation_id>/withdraw")
@guarded(may_edit_consultations)
def withdraw_consultation(consultation_id: int) -> ResponseReturnValue:
    form = WithdrawForm()
    try:
        consultations.withdraw_consultation(current_actor(), consultation_id, form.reason.data or "")
    except Refused as refused:
        return _refused(consultation_id, refused)
    flash(_("The consultation is withdrawn. Its page shows the reason."), "success")
    return redirect(url_for(".edit_consultation", consultation_id=consultation_id), 303)


def _refused(consultation_id: int, refused: Refused) -> ResponseReturnValue:
    """The editing page with the refusal on top; what does not exist goes to the error page."""
    if refused.reason is Reason.NOT_FOUND:
        raise refused
    return _edit_page(consultation_id, problem=refusals.sentence(refused)), refusals.status(refused)


def _edit_page(
    consultation_id: int, form: BasicsForm | None = None, *, problem: str = "", is_conflict: bool = False
) -> str:
    editing = editing_of(current_actor(), consultation_id, page_language())
    kept = _filled(editing)
    if form is None:
        form = kept
    settled = ("slug",) if editing.view.state is State.DRAFT else ("slug", "short_period_reason")
    differing = conflicts(kept, form, but=settled) if is_conflict else []
    if is_conflict:
        form.version.data = kept.version.data  # whoever saves again has seen what stands there now
    return render_template(
        "officials/edit.html",
        editing=editing,
        consultation=editing.view,
        form=form,
        problem=problem,
        differing=differing,
        extend_form=ExtendForm(formdata=None),
        withdraw_form=WithdrawForm(formdata=None),
    )


def _filled(editing: Editing) -> BasicsForm:
    row = editing.row
    kept: dict[str, Any] = {
        f"{name}_{language.value}": getattr(text, name)
        for language, text in editing.texts.items()
        for name in TEXT_FIELDS
    }
    return BasicsForm(
        formdata=None,
        slug=editing.view.slug,
        contact=row.contact,
        opens_at=local(row.opens_at) if row.opens_at else None,
        closes_at=local(row.closes_at) if row.closes_at else None,
        answer_due_on=row.answer_due_on,
        min_days_rule=row.min_days_rule,
        short_period_reason=row.short_period_reason,
        moderation_mode=row.moderation_mode.value,
        results_policy=row.results_policy.value,
        version=str(row.version),
        **kept,
    )
