"""The files beside a consultation, for those who lay them there."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.permissions import may_edit_consultations
from consult.domain.questions import TITLE_LONGEST
from consult.queries.access import key_at
from consult.queries.attachments import AttachmentCard, attachment_at, attachments_of
from consult.queries.consultations import consultation_at
from consult.services import attachments
from consult.web import refusals, words
from consult.web.forms import Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded

TITLE = {"maxlength": TITLE_LONGEST}
FIELDS = {
    Reason.TITLE_MISSING: "title_kk",
    Reason.TEXT_TOO_LONG: "title_kk",
    Reason.STATE_FORBIDS: None,
    Reason.ATTACHMENT_TOO_MANY: None,
}


class TitlesForm(Form):
    """What a file is called, and the language of its words."""

    title_kk, title_ru, title_en = (
        StringField(words.LANGUAGE_NAMES[language], render_kw=TITLE) for language in Language
    )
    language = SelectField(
        _l("Language of the document"),
        choices=choices(
            [
                ("", _l("No words, or several languages")),
                *((code.value, words.LANGUAGE_NAMES[code]) for code in Language),
            ]
        ),
    )

    def titles(self) -> dict[Language, str]:
        return {language: self[f"title_{language.value}"].data or "" for language in Language}

    def chosen_language(self) -> Language | None:
        return Language(self.language.data) if self.language.data else None


class UploadForm(TitlesForm):
    document = FileField(
        _l("File"),
        description=_l("PDF, Word (.docx), Excel (.xlsx), OpenDocument (.odt), PNG or JPEG, 10 MB at most."),
        render_kw={"accept": ".pdf,.docx,.xlsx,.odt,.png,.jpg,.jpeg"},
    )


@bp.route("/o/consultations/<slug>/documents", methods=["GET", "POST"], endpoint="attachments")
@guarded(may_edit_consultations)
def show_attachments(slug: str) -> ResponseReturnValue:
    key = key_at(current_actor(), may_edit_consultations, slug)
    form = UploadForm()
    if not form.validate_on_submit():
        return _page(slug, key, form), 422 if form.errors else 200
    try:
        attachments.add_attachment(current_actor(), key, *_upload(), form.titles(), form.chosen_language())
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason, "document"))
        return _page(slug, key, form), refusals.status(refused)
    flash(_("The document is added."), "success")
    return redirect(url_for(".attachments", slug=slug), 303)


def _upload() -> tuple[bytes, str]:
    """Content and name of the uploaded file; Raises Refused(DOCUMENT_MISSING) where none was chosen."""
    upload = request.files.get("document")
    if upload is None or not upload.filename:
        raise Refused(Reason.DOCUMENT_MISSING)
    return upload.stream.read(), upload.filename


def _page(slug: str, key: int, form: UploadForm) -> str:
    language = page_language()
    return render_template(
        "officials/attachments.html",
        consultation=consultation_at(current_actor(), slug, language),
        attachments=attachments_of(key, language),
        form=form,
    )


@bp.route("/o/consultations/<slug>/documents/<int:attachment_id>", methods=["GET", "POST"])
@guarded(may_edit_consultations)
def edit_attachment(slug: str, attachment_id: int) -> ResponseReturnValue:
    key = key_at(current_actor(), may_edit_consultations, slug)
    card = attachment_at(key, attachment_id, page_language())
    titles = {f"title_{language.value}": title for language, title in card.titles.items()}
    form = TitlesForm(language=card.language.value if card.language else "", **titles)
    if not form.validate_on_submit():
        return _edit_page(slug, card, form), 422 if form.errors else 200
    try:
        attachments.edit_attachment(
            current_actor(), key, attachment_id, form.titles(), form.chosen_language()
        )
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return _edit_page(slug, card, form), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(url_for(".attachments", slug=slug), 303)


def _edit_page(slug: str, card: AttachmentCard, form: TitlesForm) -> str:
    view = consultation_at(current_actor(), slug, page_language())
    return render_template("officials/attachment.html", consultation=view, attachment=card, form=form)


@bp.post("/o/consultations/<slug>/documents/<int:attachment_id>/up")
@guarded(may_edit_consultations)
def move_attachment_up(slug: str, attachment_id: int) -> ResponseReturnValue:
    key = key_at(current_actor(), may_edit_consultations, slug)
    attachments.move_attachment_up(current_actor(), key, attachment_id)
    return redirect(url_for(".attachments", slug=slug, _anchor=f"document-{attachment_id}"), 303)


@bp.post("/o/consultations/<slug>/documents/<int:attachment_id>/remove")
@guarded(may_edit_consultations)
def remove_attachment(slug: str, attachment_id: int) -> ResponseReturnValue:
    key = key_at(current_actor(), may_edit_consultations, slug)
    attachments.remove_attachment(current_actor(), key, attachment_id)
    flash(_("The document is removed. The audit log keeps its name and checksum."), "success")
    return redirect(url_for(".attachments", slug=slug), 303)
