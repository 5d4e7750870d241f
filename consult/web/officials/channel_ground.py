"""What the pages of other input share: where they are, and the page of a batch with a refusal on top."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.errors import Reason, Refused
from consult.queries import channels as reads
from consult.queries.channels import BatchCard, Place
from consult.web import refusals
from consult.web.forms import choices
from consult.web.i18n import page_language
from consult.web.officials.channel_forms import ItemForm
from consult.web.session import current_actor


def place_of(consultation_id: int) -> Place:
    return reads.place_at(current_actor(), consultation_id, page_language())


def address(consultation_id: int, batch_id: int, question: str | None = None) -> str:
    return url_for(".input_batch", consultation_id=consultation_id, batch_id=batch_id, question=question)


def with_questions(form: ItemForm, place: Place) -> ItemForm:
    form.question.choices = choices((str(n), f"{n}. {title}") for n, title in place.questions)
    asked = request.args.get("question", "")
    if request.method == "GET" and form.question.data is None and asked.isdecimal():
        form.question.data = asked
    return form


def batch_page(place: Place, batch: BatchCard, form: ItemForm, problem: str = "") -> str:
    return render_template(
        "officials/input_batch.html",
        place=place,
        consultation=place.consultation,
        batch=batch,
        items=reads.items_of(place.consultation.id, batch.id),
        why_not=refusals.sentence(place.why_not) if place.why_not else "",
        form=form,
        problem=problem,
    )


def refused_page(consultation_id: int, batch_id: int, refused: Refused) -> ResponseReturnValue:
    """The batch with the refusal on top; what does not exist goes to the error page."""
    if refused.reason is Reason.NOT_FOUND:
        raise refused
    place = place_of(consultation_id)
    batch = reads.batch_at(consultation_id, batch_id)
    form = with_questions(ItemForm(formdata=None), place)
    return batch_page(place, batch, form, refusals.sentence(refused)), refusals.status(refused)
