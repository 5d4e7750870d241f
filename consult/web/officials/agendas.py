"""Importing an agenda into a draft."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.permissions import may_edit_consultations
from consult.services import agendas
from consult.web import refusals, words
from consult.web.forms import REQUIRED, Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded

FIELDS = {Reason.SLUG_INVALID: "slug", Reason.STATE_FORBIDS: "slug", Reason.LANGUAGE_UNKNOWN: "language"}


class ImportForm(Form):
    document = FileField(
        _l("Agenda"),
        description=_l("Plain text, Markdown or HTML, 10 MB at most."),
        render_kw={"accept": ".txt,.md,.html,.htm"},
    )
    slug = StringField(
        _l("Address of the consultation"),
        [REQUIRED],
        description=_l("A draft with this address takes the topics; where there is none, one is made."),
        render_kw={"maxlength": 60, "autocapitalize": "none", "spellcheck": "false"},
    )
    language = SelectField(
        _l("Language of the agenda"),
        choices=choices(
            [
                ("", _l("Tell it from the text")),
                *((code.value, words.LANGUAGE_NAMES[code]) for code in Language),
            ]
        ),
    )


@bp.route("/o/consultations/import", methods=["GET", "POST"])
@guarded(may_edit_consultations)
def import_agenda() -> ResponseReturnValue:
    form = ImportForm()
    if not form.validate_on_submit():
        return render_template("officials/import.html", form=form), 422 if form.errors else 200
    try:
        imported = agendas.import_agenda(
            current_actor(),
            form.slug.data,
            *_upload(),
            Language(form.language.data) if form.language.data else None,
        )
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason, "document"))
        return render_template("officials/import.html", form=form), refusals.status(refused)
    found = ngettext("%(num)s topic was found.", "%(num)s topics were found.", imported.topics)
    flash(_("%(found)s Read them against the agenda before you publish.", found=found), "success")
    left_out = len(imported.reading.agenda.left_out)
    if left_out:
        flash(
            ngettext(
                "%(num)s entry was left out as organisational.",
                "%(num)s entries were left out as organisational.",
                left_out,
            )
        )
    return redirect(url_for(".edit_consultation", consultation_id=imported.consultation_id), 303)


def _upload() -> tuple[bytes, str]:
    """Content and name of the uploaded file; Raises Refused(DOCUMENT_MISSING) where none was chosen."""
    upload = request.files.get("document")
    if upload is None or not upload.filename:
        raise Refused(Reason.DOCUMENT_MISSING)
    return upload.stream.read(), upload.filename.replace("\\", "/").rpartition("/")[2]
