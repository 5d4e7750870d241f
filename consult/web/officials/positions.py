"""Giving an official position to a comment, several comments, a theme, or near-identical comments."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.outcomes import AUTHORITY_LONGEST, NOTE_LONGEST, REASON_LONGEST, Decision, Target
from consult.domain.permissions import may_answer
from consult.domain.themes import COMMENTS_AT_ONCE
from consult.domain.visibility import are_positions_shown
from consult.queries.consultations import ConsultationView
from consult.queries.positions import PositionView, position_for
from consult.queries.themes import alike_to, chosen_texts, theme_at
from consult.services import outcomes
from consult.services.outcomes import PositionIn
from consult.web import refusals, words
from consult.web.forms import Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext
from consult.web.keys import page_key, page_keys
from consult.web.officials.analysis import under_analysis
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded

FIELDS = {
    Reason.DECISION_MISSING: "decision",
    Reason.REASON_MISSING: "reason_kk",
    Reason.NOTE_MISSING: "note_kk",
}
VERSION_DIGITS = 10


def _areas(longest: int, rows: int) -> list[TextAreaField]:
    """The same text field once a language, labelled with the language's own name."""
    kw = {"rows": rows, "maxlength": longest}
    return [TextAreaField(words.LANGUAGE_NAMES[language], render_kw=kw) for language in Language]


class PositionForm(Form):
    decision = RadioField(
        _l("Decision"),
        choices=choices((decision.value, words.DECISIONS[decision]) for decision in Decision),
        validate_choice=False,
    )
    reason_kk, reason_ru, reason_en = _areas(REASON_LONGEST, 5)
    authority_kk, authority_ru, authority_en = (
        StringField(words.LANGUAGE_NAMES[language], render_kw={"maxlength": AUTHORITY_LONGEST})
        for language in Language
    )
    note_kk, note_ru, note_en = _areas(NOTE_LONGEST, 2)
    version = HiddenField(default="0")

    def seen_version(self) -> int:
        """The version that the page showed, 0 for none; -1, which there is none of, for anything else."""
        written = self.version.data or ""
        return int(written) if written.isdecimal() and len(written) < VERSION_DIGITS else -1

    def position(self) -> PositionIn:
        texts = (self._texts(name) for name in ("reason", "authority", "note"))
        return PositionIn(self.decision.data or "", *texts)

    def _texts(self, name: str) -> dict[Language, str]:
        return {language: self[f"{name}_{language.value}"].data or "" for language in Language}


@bp.get("/o/consultations/<slug>/positions")
@guarded(may_answer)
def position(slug: str) -> ResponseReturnValue:
    consultation = under_analysis(slug)
    target = _target()
    kept = position_for(consultation.id, target) if target else None
    return _page(consultation, target, _filled(kept) if kept else PositionForm(formdata=None))


@bp.post("/o/consultations/<slug>/positions")
@guarded(may_answer)
def give_position(slug: str) -> ResponseReturnValue:
    consultation = under_analysis(slug)
    target, form = _target(), PositionForm()
    try:
        if target is None:
            comments = page_keys("comment")[:COMMENTS_AT_ONCE]
            count = outcomes.answer_comments(current_actor(), consultation.id, comments, form.position())
        else:
            version = form.seen_version()
            outcomes.give_position(current_actor(), consultation.id, target, form.position(), version=version)
            count = 0
    except Refused as refused:
        if refused.reason is Reason.NOT_FOUND:
            raise
        return _again(consultation, target, form, refused), refusals.status(refused)
    flash(
        ngettext(
            "The position is given to %(num)s comment.", "The position is given to %(num)s comments.", count
        )
        if count
        else _("The position is saved."),
        "success",
    )
    return redirect(url_for(".analysis", slug=slug), 303)


@bp.post("/o/consultations/<slug>/positions/remove")
@guarded(may_answer)
def remove_position(slug: str) -> ResponseReturnValue:
    consultation = under_analysis(slug)
    target = _target()
    if target is None:
        raise Refused(Reason.NOT_FOUND)
    outcomes.remove_position(current_actor(), consultation.id, target, PositionForm().seen_version())
    flash(_("The position is taken back."), "success")
    return redirect(url_for(".analysis", slug=slug), 303)


def _target() -> Target | None:
    """What the address or the form names; None for several comments, each of which is answered by itself."""
    theme_id, alike_id, comments = page_key("theme"), page_key("alike"), page_keys("comment")
    if theme_id is not None:
        return Target(theme_id=theme_id)
    if alike_id is not None:
        return Target(alike_id=alike_id)
    return Target(comment_id=comments[0]) if len(set(comments)) == 1 else None


def _again(
    consultation: ConsultationView, target: Target | None, form: PositionForm, refused: Refused
) -> str:
    """The page with every word that was written; after a conflict also with what stands there now."""
    form.refuse(refused, FIELDS.get(refused.reason))
    differing = None
    if refused.reason is Reason.VERSION_CONFLICT and target is not None:
        differing = position_for(consultation.id, target)
        # Whoever saves again has seen what stands there now.
        form.version.data = str(differing.version if differing else 0)
    return _page(consultation, target, form, differing)


def _page(
    consultation: ConsultationView,
    target: Target | None,
    form: PositionForm,
    differing: PositionView | None = None,
) -> str:
    keys = page_keys("comment")[:COMMENTS_AT_ONCE]
    if target is not None and target.alike_id is not None:
        keys = alike_to(consultation.id, target.alike_id)
    theme = None if target is None or target.theme_id is None else theme_at(consultation.id, target.theme_id)
    texts = chosen_texts(consultation.id, keys)
    if theme is None and not texts:
        raise Refused(Reason.NOT_FOUND)
    kept = position_for(consultation.id, target) if target else None
    return render_template(
        "officials/position.html",
        consultation=consultation,
        form=form,
        target=target,
        theme=theme,
        texts=texts,
        kept=kept,
        differing=differing,
        is_published=are_positions_shown(consultation.state),
        same=request.path,
    )


def _filled(kept: PositionView) -> PositionForm:
    texts = {f"reason_{language.value}": text for language, text in kept.reasons.items()}
    texts |= {f"authority_{language.value}": text for language, text in kept.authorities.items()}
    return PositionForm(formdata=None, decision=kept.decision.value, version=str(kept.version), **texts)
