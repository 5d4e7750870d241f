"""Rude words that bring a comment to the moderators earlier."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, StringField

from consult.domain.errors import Refused
from consult.domain.languages import Language, language
from consult.domain.permissions import may_manage_settings
from consult.domain.profanity import WORD_LONGEST
from consult.queries.settings import words_by_language
from consult.services import settings
from consult.web import refusals, words
from consult.web.administration.blueprint import bp
from consult.web.administration.uploads import uploaded_text
from consult.web.forms import REQUIRED, Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext
from consult.web.session import current_actor, guarded

LARGEST_FILE = 1_000_000
"""Octets; 5 000 of the longest words are fewer."""
LANGUAGES = choices((each.value, words.LANGUAGE_NAMES[each]) for each in Language)


class WordForm(Form):
    language = RadioField(_l("Language"), [REQUIRED], choices=LANGUAGES)
    word = StringField(
        _l("Word"),
        [REQUIRED],
        description=_l("One word. Capital letters and accents make no difference."),
        render_kw={"maxlength": WORD_LONGEST, "autocomplete": "off"},
    )


class WordFileForm(Form):
    file_language = RadioField(_l("Language"), [REQUIRED], choices=LANGUAGES)
    table = FileField(
        _l("File with words (CSV)"),
        description=_l("One word a line, in UTF-8; a heading “word” may stand above them."),
        render_kw={"accept": ".csv,text/csv,text/plain"},
    )


@bp.route("/profanity", methods=["GET", "POST"])
@guarded(may_manage_settings, everywhere=True)
def profanity() -> ResponseReturnValue:
    form = WordForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    try:
        settings.add_word(current_actor(), Language(form.language.data), form.word.data)
    except Refused as refused:
        form.refuse(refused, "word")
        return _page(form), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(url_for(".profanity"), 303)


@bp.post("/profanity/import")
@guarded(may_manage_settings, everywhere=True)
def import_profanity() -> ResponseReturnValue:
    form = WordFileForm()
    if not form.validate():
        return _page(WordForm(formdata=None), form), 422
    try:
        text = uploaded_text("table", LARGEST_FILE)
        count = settings.import_words(current_actor(), Language(form.file_language.data), text)
    except Refused as refused:
        form.refuse(refused, "table")
        return _page(WordForm(formdata=None), form), refusals.status(refused)
    flash(ngettext("%(num)s new word is added.", "%(num)s new words are added.", count), "success")
    return redirect(url_for(".profanity"), 303)


@bp.post("/profanity/remove")
@guarded(may_manage_settings, everywhere=True)
def remove_word() -> ResponseReturnValue:
    code = language(request.form.get("language", ""))
    settings.remove_word(current_actor(), code, request.form.get("word", "")[:WORD_LONGEST].replace("\0", ""))
    flash(_("The word is removed."), "success")
    return redirect(url_for(".profanity"), 303)


def _page(form: WordForm, file_form: WordFileForm | None = None) -> str:
    return render_template(
        "administration/profanity.html",
        lists=words_by_language(current_actor()),
        form=form,
        file_form=file_form or WordFileForm(formdata=None),
    )
