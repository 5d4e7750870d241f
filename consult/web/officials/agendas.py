"""Importing an agenda: a file is read, a person reviews what was found, and then it becomes a draft."""

import re

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.permissions import may_edit_consultations
from consult.queries.agenda_reviews import ReviewView, review_at
from consult.services import agendas
from consult.web import refusals, words
from consult.web.forms import REQUIRED, Form, choices, without_nul
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded

FIELDS = {Reason.SLUG_INVALID: "slug", Reason.STATE_FORBIDS: "slug", Reason.LANGUAGE_UNKNOWN: "language"}
ACT = re.compile(r"(?P<step>save|make|merge|split)(?:-(?P<at>\d{1,4}))?\Z")
MOST_PROPOSALS = 1_000


class ImportForm(Form):
    document = FileField(
        _l("Agenda"),
        description=_l("Word (.docx), PDF with text, HTML, Markdown or plain text, 10 MB at most."),
        render_kw={"accept": ".docx,.pdf,.txt,.md,.html,.htm"},
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
        if not form.errors:
            form.slug.data = request.args.get("slug", "")
        return render_template("officials/import.html", form=form), 422 if form.errors else 200
    try:
        review_id = agendas.start_review(
            current_actor(),
            form.slug.data,
            *_upload(),
            Language(form.language.data) if form.language.data else None,
        )
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason, "document"))
        return render_template("officials/import.html", form=form), refusals.status(refused)
    return redirect(url_for(".review_agenda", review_id=review_id), 303)


def _upload() -> tuple[bytes, str]:
    """Content and name of the uploaded file; Raises Refused(DOCUMENT_MISSING) where none was chosen."""
    upload = request.files.get("document")
    if upload is None or not upload.filename:
        raise Refused(Reason.DOCUMENT_MISSING)
    return upload.stream.read(), upload.filename.replace("\\", "/").rpartition("/")[2]


@bp.route("/o/consultations/import/<int:review_id>", methods=["GET", "POST"])
@guarded(may_edit_consultations)
def review_agenda(review_id: int) -> ResponseReturnValue:
    view = review_at(current_actor(), review_id)
    if request.method == "GET":
        return _page(view)
    act = ACT.match(request.form.get("act", ""))
    if act is None:
        abort(400)
    at = int(act["at"] or 0)
    try:
        if act["step"] == "make":
            return _made(agendas.make_topics(current_actor(), review_id, _number("version"), _edits()))
        step = agendas.Step(act["step"])
        agendas.edit_review(current_actor(), review_id, _number("version"), _edits(), step, at)
    except Refused as refused:
        if refused.reason is Reason.NOT_FOUND:
            raise
        return _page(review_at(current_actor(), review_id), refused)
    if step is agendas.Step.SAVE:
        flash(_("The review is kept. Nothing is in the consultation yet."), "success")
        return redirect(url_for(".review_agenda", review_id=review_id), 303)
    shown = at if step is agendas.Step.MERGE else at + 1
    return redirect(url_for(".review_agenda", review_id=review_id, _anchor=f"topic-{shown}"), 303)


def _number(field: str) -> int:
    """A whole number from the form; 0, which no row has, where there is none."""
    written = request.form.get(field, "")
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else 0


def _edits() -> agendas.Edits:
    """What the form says: `title-0`, `chosen` and `taken` with numbers from 0, `replaces`."""
    titles: list[str] = []
    while f"title-{len(titles)}" in request.form and len(titles) < MOST_PROPOSALS:
        titles.append(without_nul(request.form[f"title-{len(titles)}"]))
    return agendas.Edits(tuple(titles), _ticked("chosen"), _ticked("taken"), _number("replaces") or None)


def _ticked(field: str) -> frozenset[int]:
    return frozenset(int(each) for each in request.form.getlist(field) if re.fullmatch(r"[0-9]{1,4}", each))


def _page(view: ReviewView, refused: Refused | None = None) -> ResponseReturnValue:
    """The page; after a refusal with the titles and ticks as they were sent."""
    edits = _edits() if refused else None
    is_same = edits is not None and len(edits.titles) == len(view.proposals)
    page = render_template(
        "officials/review.html",
        view=view,
        problem=refusals.sentence(refused) if refused else None,
        sent=edits if is_same else None,
    )
    return page, refusals.status(refused) if refused else 200


def _made(imported: agendas.Imported) -> ResponseReturnValue:
    if imported.topics:
        flash(
            ngettext(
                "%(num)s topic with its citation is in the draft.",
                "%(num)s topics with their citations are in the draft.",
                imported.topics,
            ),
            "success",
        )
    if imported.cited_anew:
        flash(
            ngettext(
                "%(num)s topic that was there now cites the newer version.",
                "%(num)s topics that were there now cite the newer version.",
                imported.cited_anew,
            ),
            "success",
        )
    return redirect(url_for(".edit_consultation", consultation_id=imported.consultation_id), 303)


@bp.post("/o/consultations/import/<int:review_id>/discard")
@guarded(may_edit_consultations)
def discard_agenda_review(review_id: int) -> ResponseReturnValue:
    agendas.discard_review(current_actor(), review_id)
    flash(_("The agenda was let go. No consultation has changed."), "success")
    return redirect(url_for(".import_agenda"), 303)
