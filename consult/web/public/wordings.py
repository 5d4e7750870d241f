"""Every wording of a question that was changed after people could read it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.queries.question_versions import published_versions
from consult.web.public import answering
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable


@bp.get("/c/<slug>/q/<int:number>/wordings", endpoint="question_versions")
def show_versions(slug: str, number: int) -> ResponseReturnValue:
    consultation = readable(slug)
    view = answering.find_question(consultation, number)
    versions = published_versions(consultation.id, view.card.number)
    return render_template(
        "public/wordings.html",
        consultation=consultation,
        card=view.card,
        versions=versions,
    )
