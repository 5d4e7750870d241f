"""Items of other input one by one, and files of them."""

from dataclasses import asdict

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.channel_files import HEADERS, Fault, Field, template
from consult.domain.errors import Refused
from consult.domain.permissions import may_edit_consultations
from consult.queries import channels as reads
from consult.queries.channels import BatchCard, Place
from consult.services import channels
from consult.web import refusals
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext, page_language
from consult.web.officials.blueprint import bp
from consult.web.officials.channel_forms import ITEM_FIELDS, CorrectionForm, FileForm, ItemForm
from consult.web.officials.channel_ground import address, place_of, refused_page, with_questions
from consult.web.session import current_actor, guarded


@bp.get("/o/consultations/<int:consultation_id>/input/template.csv")
@guarded(may_edit_consultations)
def input_template(consultation_id: int) -> ResponseReturnValue:
    place_of(consultation_id)
    response = Response(template(page_language()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="items.csv"'
    return response


@bp.route(
    "/o/consultations/<int:consultation_id>/input/<int:batch_id>/items/<int:number>", methods=["GET", "POST"]
)
@guarded(may_edit_consultations)
def input_item(consultation_id: int, batch_id: int, number: int) -> ResponseReturnValue:
    place = place_of(consultation_id)
    batch = reads.batch_at(consultation_id, batch_id)
    one = reads.item_at(consultation_id, batch_id, number)
    kind = ItemForm if batch.is_open else CorrectionForm
    form = kind() if request.method == "POST" else kind(formdata=None, **asdict(one.written))
    with_questions(form, place)
    page = {"place": place, "consultation": place.consultation, "batch": batch, "item": one, "form": form}
    if request.method == "GET" or not form.validate():
        return render_template("officials/input_item.html", **page), 422 if form.errors else 200
    try:
        _keep(batch, consultation_id, number, form)
    except Refused as refused:
        form.refuse(refused, ITEM_FIELDS.get(refused.reason))
        return render_template("officials/input_item.html", **page), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(f"{address(consultation_id, batch_id)}#item-{number}", 303)


def _keep(batch: BatchCard, consultation_id: int, number: int, form: ItemForm) -> None:
    if isinstance(form, CorrectionForm):
        channels.correct_item(
            current_actor(), consultation_id, batch.id, number, form.written(), form.reason.data or ""
        )
    else:
        channels.edit_item(current_actor(), consultation_id, batch.id, number, form.written())


@bp.post("/o/consultations/<int:consultation_id>/input/<int:batch_id>/items/<int:number>/remove")
@guarded(may_edit_consultations)
def remove_input_item(consultation_id: int, batch_id: int, number: int) -> ResponseReturnValue:
    channels.remove_item(current_actor(), consultation_id, batch_id, number)
    flash(_("Item %(number)s is removed.", number=number), "success")
    return redirect(address(consultation_id, batch_id), 303)


@bp.route("/o/consultations/<int:consultation_id>/input/<int:batch_id>/file", methods=["GET", "POST"])
@guarded(may_edit_consultations)
def input_file(consultation_id: int, batch_id: int) -> ResponseReturnValue:
    place = place_of(consultation_id)
    batch = reads.batch_at(consultation_id, batch_id)
    form = FileForm()
    if request.method == "GET":
        return _file_page(place, batch, form)
    try:
        read = channels.keep_file(current_actor(), consultation_id, batch_id, form.content())
    except Refused as refused:
        form.refuse(refused, "document")
        return _file_page(place, batch, form), refusals.status(refused)
    if read.faults:
        return _file_page(place, batch, form, read.faults), 422
    return redirect(url_for(".input_file", consultation_id=consultation_id, batch_id=batch_id), 303)


@bp.post("/o/consultations/<int:consultation_id>/input/<int:batch_id>/file/load")
@guarded(may_edit_consultations)
def load_input_file(consultation_id: int, batch_id: int) -> ResponseReturnValue:
    sha256 = request.form.get("sha256", "")
    try:
        loaded = channels.load_file(current_actor(), consultation_id, batch_id, sha256)
    except Refused as refused:
        return refused_page(consultation_id, batch_id, refused)
    flash(ngettext("%(num)s item was loaded.", "%(num)s items were loaded.", loaded), "success")
    return redirect(address(consultation_id, batch_id), 303)


@bp.post("/o/consultations/<int:consultation_id>/input/<int:batch_id>/file/discard")
@guarded(may_edit_consultations)
def let_input_file_go(consultation_id: int, batch_id: int) -> ResponseReturnValue:
    channels.let_file_go(current_actor(), consultation_id, batch_id)
    flash(_("The file was let go. Nothing of it is in the batch."), "success")
    return redirect(address(consultation_id, batch_id), 303)


def _file_page(place: Place, batch: BatchCard, form: FileForm, faults: tuple[Fault, ...] = ()) -> str:
    numbers = (number for number, _title in place.questions)
    waiting = None
    if not faults and not form.errors:
        waiting = reads.waiting_file(place.consultation.id, batch.id, numbers)
    return render_template(
        "officials/input_file.html",
        place=place,
        consultation=place.consultation,
        batch=batch,
        form=form,
        faults=[(fault.line, refusals.sentence(fault.refused)) for fault in faults],
        waiting=waiting,
        headers=tuple(zip(Field, *HEADERS.values(), strict=True)),
    )
