"""The themes of a consultation: adding, renaming, merging and removing them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.permissions import may_answer
from consult.domain.themes import DESCRIPTION_LONGEST, TITLE_LONGEST
from consult.queries.consultations import ConsultationView
from consult.queries.themes import ThemeCard, theme_at, themes_of
from consult.services import themes
from consult.services.themes import ThemeIn
from consult.web import refusals, words
from consult.web.forms import Form, titled_choices
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.officials.analysis import under_analysis
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded

TITLE = {"maxlength": TITLE_LONGEST}
DESCRIPTION = {"rows": 2, "maxlength": DESCRIPTION_LONGEST}
VERSION_DIGITS = 10


class ThemeForm(Form):
    title_kk, title_ru, title_en = (
        StringField(words.LANGUAGE_NAMES[language], render_kw=TITLE) for language in Language
    )
    description_kk, description_ru, description_en = (
        TextAreaField(words.LANGUAGE_NAMES[language], render_kw=DESCRIPTION) for language in Language
    )
    version = HiddenField()

    def seen_version(self) -> int:
        """The version that the page showed; 0, which none has, for anything else."""
        written = self.version.data or ""
        return int(written) if written.isdecimal() and len(written) < VERSION_DIGITS else 0

    def theme(self) -> ThemeIn:
        return ThemeIn(self._texts("title"), self._texts("description"))

    def _texts(self, name: str) -> dict[Language, str]:
        return {language: self[f"{name}_{language.value}"].data or "" for language in Language}


class MergeForm(Form):
    into = SelectField(_l("Merge into"), coerce=int, validate_choice=False)


@bp.route("/o/consultations/<slug>/themes", methods=["GET", "POST"], endpoint="themes")
@guarded(may_answer)
def show_themes(slug: str) -> ResponseReturnValue:
    consultation = under_analysis(slug)
    form = ThemeForm()
    if not form.validate_on_submit():
        return _themes_page(consultation, form), 422 if form.errors else 200
    try:
        themes.add_theme(current_actor(), consultation.id, form.theme())
    except Refused as refused:
        form.refuse(refused, _field(refused))
        return _themes_page(consultation, form), refusals.status(refused)
    flash(_("The theme is added."), "success")
    return redirect(url_for(".themes", slug=slug), 303)


@bp.route("/o/consultations/<slug>/themes/<int:theme_id>", methods=["GET", "POST"], endpoint="theme")
@guarded(may_answer)
def edit_theme(slug: str, theme_id: int) -> ResponseReturnValue:
    consultation = under_analysis(slug)
    card = theme_at(consultation.id, theme_id)
    if request.method == "GET":
        return _theme_page(consultation, card, _filled(card))
    form = ThemeForm()
    if not form.validate():
        return _theme_page(consultation, card, form), 422
    try:
        themes.edit_theme(current_actor(), consultation.id, theme_id, form.seen_version(), form.theme())
    except Refused as refused:
        form.refuse(refused, _field(refused))
        is_conflict = refused.reason is Reason.VERSION_CONFLICT
        return _theme_page(consultation, card, form, is_conflict=is_conflict), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(url_for(".themes", slug=slug), 303)


@bp.post("/o/consultations/<slug>/themes/<int:theme_id>/merge")
@guarded(may_answer)
def merge_theme(slug: str, theme_id: int) -> ResponseReturnValue:
    consultation = under_analysis(slug)
    themes.merge_themes(current_actor(), consultation.id, theme_id, page_key("into") or 0)
    flash(_("The themes are merged."), "success")
    return redirect(url_for(".themes", slug=slug), 303)


@bp.get("/o/consultations/<slug>/themes/<int:theme_id>/remove")
@guarded(may_answer)
def ask_before_removing_theme(slug: str, theme_id: int) -> ResponseReturnValue:
    consultation = under_analysis(slug)
    return render_template(
        "officials/remove_theme.html", consultation=consultation, theme=theme_at(consultation.id, theme_id)
    )


@bp.post("/o/consultations/<slug>/themes/<int:theme_id>/remove")
@guarded(may_answer)
def remove_theme(slug: str, theme_id: int) -> ResponseReturnValue:
    themes.remove_theme(current_actor(), under_analysis(slug).id, theme_id)
    flash(_("The theme is removed."), "success")
    return redirect(url_for(".themes", slug=slug), 303)


def _themes_page(consultation: ConsultationView, form: ThemeForm) -> str:
    return render_template(
        "officials/themes.html", consultation=consultation, form=form, themes=themes_of(consultation.id)
    )


def _theme_page(
    consultation: ConsultationView, card: ThemeCard, form: ThemeForm, *, is_conflict: bool = False
) -> str:
    if is_conflict:
        form.version.data = str(card.version)  # whoever saves again has seen what stands there now
    merge_form = MergeForm(formdata=None)
    merge_form.into.choices = titled_choices(
        (str(other.id), other.title(page_language()))
        for other in themes_of(consultation.id)
        if other.id != card.id
    )
    return render_template(
        "officials/theme.html",
        consultation=consultation,
        theme=card,
        form=form,
        merge_form=merge_form,
        is_conflict=is_conflict,
    )


def _filled(card: ThemeCard) -> ThemeForm:
    kept = {f"title_{language.value}": title for language, title in card.titles.items()}
    kept |= {f"description_{language.value}": text for language, text in card.descriptions.items()}
    return ThemeForm(formdata=None, version=str(card.version), **kept)


def _field(refused: Refused) -> str | None:
    return "title_kk" if refused.reason is Reason.TITLE_MISSING else None
