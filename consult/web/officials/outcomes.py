"""Writing, publishing and correcting the outcome of a consultation: we asked, you said, we did."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.outcomes import NOTE_LONGEST, PART_LONGEST, OutcomePart
from consult.domain.permissions import may_answer
from consult.domain.visibility import are_positions_shown
from consult.queries.consultations import ConsultationView
from consult.queries.outcomes import OutcomeVersion, coverage_of, outcome_versions
from consult.services import outcomes
from consult.web import refusals, words
from consult.web.forms import Form
from consult.web.i18n import gettext as _
from consult.web.officials.analysis import under_analysis
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded

VERSION_DIGITS = 10


def _areas(longest: int, rows: int) -> list[TextAreaField]:
    """The same text field once a language, labelled with the language's own name."""
    kw = {"rows": rows, "maxlength": longest}
    return [TextAreaField(words.LANGUAGE_NAMES[language], render_kw=kw) for language in Language]


class OutcomeForm(Form):
    asked_kk, asked_ru, asked_en = _areas(PART_LONGEST, 4)
    said_kk, said_ru, said_en = _areas(PART_LONGEST, 6)
    did_kk, did_ru, did_en = _areas(PART_LONGEST, 6)
    note_kk, note_ru, note_en = _areas(NOTE_LONGEST, 2)
    edits = HiddenField(default="0")

    def seen_edits(self) -> int:
        """How many edits the page showed, 0 for none; -1, which there are never, for anything else."""
        written = self.edits.data or ""
        return int(written) if written.isdecimal() and len(written) < VERSION_DIGITS else -1

    def texts(self, name: str) -> dict[Language, str]:
        return {language: self[f"{name}_{language.value}"].data or "" for language in Language}


@bp.route("/o/consultations/<slug>/outcome", methods=["GET", "POST"], endpoint="outcome")
@guarded(may_answer)
def write_outcome(slug: str) -> ResponseReturnValue:
    consultation = under_analysis(slug)
    if request.method == "GET":
        return _page(consultation)
    form = OutcomeForm()
    parts = {part: form.texts(part.value) for part in OutcomePart}
    try:
        outcomes.save_outcome(
            current_actor(), consultation.id, form.seen_edits(), parts, notes=form.texts("note")
        )
    except Refused as refused:
        form.refuse(refused, "note_kk" if refused.reason is Reason.NOTE_MISSING else None)
        is_conflict = refused.reason is Reason.VERSION_CONFLICT
        return _page(consultation, form, is_conflict=is_conflict), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(url_for(".outcome", slug=slug), 303)


@bp.post("/o/consultations/<slug>/outcome/publish")
@guarded(may_answer)
def publish_outcome(slug: str) -> ResponseReturnValue:
    consultation = under_analysis(slug)
    try:
        outcomes.publish_outcome(current_actor(), consultation.id)
    except Refused as refused:
        return _page(consultation, problem=refusals.sentence(refused)), refusals.status(refused)
    flash(_("The outcome is published. Everybody who took part or follows is told."), "success")
    return redirect(url_for(".outcome", slug=slug), 303)


def _page(
    consultation: ConsultationView,
    form: OutcomeForm | None = None,
    *,
    problem: str = "",
    is_conflict: bool = False,
) -> str:
    versions = outcome_versions(consultation.id)
    kept = _filled(versions[0] if versions else None)
    if is_conflict and form is not None:
        form.edits.data = kept.edits.data  # whoever saves again has seen what stands there now
    return render_template(
        "officials/outcome.html",
        consultation=consultation,
        form=form or kept,
        problem=problem,
        parts=OutcomePart,
        versions=versions,
        differing=[f for f in kept if is_conflict and form and (f.data or "") != (form[f.name].data or "")],
        coverage=coverage_of(consultation.id),
        is_published=are_positions_shown(consultation.state),
    )


def _filled(last: OutcomeVersion | None) -> OutcomeForm:
    if last is None:
        return OutcomeForm(formdata=None)
    texts = {
        f"{part.value}_{language.value}": text
        for part, in_each in last.parts.items()
        for language, text in in_each.items()
    }
    return OutcomeForm(formdata=None, edits=str(last.edits), **texts)
