"""Typing in what came on paper, by e-mail or at a meeting: batches, and what becomes of them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.permissions import may_edit_consultations
from consult.queries import channels as reads
from consult.queries.channels import BatchCard, Place
from consult.services import channels
from consult.services.channels import Added
from consult.web import refusals
from consult.web.formats import local
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext
from consult.web.officials.blueprint import bp
from consult.web.officials.channel_forms import BATCH_FIELDS, ITEM_FIELDS, BatchForm, ItemForm
from consult.web.officials.channel_ground import address, batch_page, place_of, refused_page, with_questions
from consult.web.session import current_actor, guarded


@bp.route("/o/consultations/<int:consultation_id>/input", methods=["GET", "POST"], endpoint="input")
@guarded(may_edit_consultations)
def show_batches(consultation_id: int) -> ResponseReturnValue:
    place = place_of(consultation_id)
    if place.why_not is not None:
        status = refusals.status(place.why_not) if request.method == "POST" else 200
        return _batches_page(place, BatchForm(formdata=None)), status
    form = BatchForm()
    if not form.validate_on_submit():
        return _batches_page(place, form), 422 if form.errors else 200
    try:
        batch_id = channels.open_batch(current_actor(), consultation_id, form.batch())
    except Refused as refused:
        form.refuse(refused, BATCH_FIELDS.get(refused.reason))
        return _batches_page(place, form), refusals.status(refused)
    flash(_("The batch is begun. Enter its items now."), "success")
    return redirect(address(consultation_id, batch_id), 303)


@bp.route("/o/consultations/<int:consultation_id>/input/<int:batch_id>", methods=["GET", "POST"])
@guarded(may_edit_consultations)
def input_batch(consultation_id: int, batch_id: int) -> ResponseReturnValue:
    place = place_of(consultation_id)
    batch = reads.batch_at(consultation_id, batch_id)
    if request.method == "POST" and not batch.is_open:
        return refused_page(consultation_id, batch_id, Refused(Reason.BATCH_COMPLETE))
    if request.method == "POST" and place.why_not is not None:
        return refused_page(consultation_id, batch_id, place.why_not)
    form = with_questions(ItemForm(), place)
    if not form.validate_on_submit():
        return batch_page(place, batch, form), 422 if form.errors else 200
    try:
        added = channels.add_item(
            current_actor(),
            consultation_id,
            batch_id,
            form.written(),
            idempotency_key=form.idempotency_key.data,
        )
    except Refused as refused:
        form.refuse(refused, ITEM_FIELDS.get(refused.reason))
        return batch_page(place, batch, form), refusals.status(refused)
    _say_added(added)
    url = address(consultation_id, batch_id, question=form.question.data)
    return redirect(f"{url}#item", 303)


@bp.route("/o/consultations/<int:consultation_id>/input/<int:batch_id>/edit", methods=["GET", "POST"])
@guarded(may_edit_consultations)
def edit_batch(consultation_id: int, batch_id: int) -> ResponseReturnValue:
    place = place_of(consultation_id)
    batch = reads.batch_at(consultation_id, batch_id)
    form = BatchForm() if request.method == "POST" else _filled_batch(batch)
    if request.method == "GET" or not form.validate():
        return _edit_batch_page(place, batch, form), 422 if form.errors else 200
    try:
        channels.correct_batch(current_actor(), consultation_id, batch_id, form.batch(batch.received_at))
    except Refused as refused:
        form.refuse(refused, BATCH_FIELDS.get(refused.reason))
        return _edit_batch_page(place, batch, form), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(address(consultation_id, batch_id), 303)


@bp.post("/o/consultations/<int:consultation_id>/input/<int:batch_id>/discard")
@guarded(may_edit_consultations)
def discard_batch(consultation_id: int, batch_id: int) -> ResponseReturnValue:
    channels.discard_batch(current_actor(), consultation_id, batch_id)
    flash(_("The batch is discarded, with everything in it."), "success")
    return redirect(url_for(".input", consultation_id=consultation_id), 303)


@bp.post("/o/consultations/<int:consultation_id>/input/<int:batch_id>/complete")
@guarded(may_edit_consultations)
def complete_batch(consultation_id: int, batch_id: int) -> ResponseReturnValue:
    try:
        made = channels.complete_batch(current_actor(), consultation_id, batch_id)
    except Refused as refused:
        return refused_page(consultation_id, batch_id, refused)
    said = (
        ngettext(
            "%(num)s comment waits for a moderator now.",
            "%(num)s comments wait for a moderator now.",
            made.comments,
        )
        if made.state is CommentState.PENDING
        else ngettext("%(num)s comment is published.", "%(num)s comments are published.", made.comments)
    )
    flash(said, "success")
    return redirect(address(consultation_id, batch_id), 303)


def _say_added(added: Added) -> None:
    if added.twin is None:
        flash(_("Item %(number)s is entered.", number=added.number), "success")
    else:
        flash(
            _(
                "Item %(number)s is entered. It has the same words as item %(twin)s: is it the same sheet?",
                number=added.number,
                twin=added.twin,
            ),
            "warning",
        )


def _filled_batch(batch: BatchCard) -> BatchForm:
    return BatchForm(
        formdata=None,
        channel=batch.channel.value,
        received_at=local(batch.received_at),
        originals=batch.originals,
        announced=batch.announced,
    )


def _batches_page(place: Place, form: BatchForm) -> str:
    return render_template(
        "officials/input.html",
        place=place,
        consultation=place.consultation,
        batches=reads.batches_of(place.consultation.id),
        why_not=refusals.sentence(place.why_not) if place.why_not else "",
        form=form,
    )


def _edit_batch_page(place: Place, batch: BatchCard, form: BatchForm) -> str:
    return render_template(
        "officials/input_edit.html", consultation=place.consultation, batch=batch, form=form
    )
