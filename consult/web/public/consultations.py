"""The list of consultations, one consultation, its documents."""

from io import BytesIO

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from consult.domain.errors import Reason, Refused
from consult.domain.visibility import Sight
from consult.queries import consultations, documents, questions
from consult.queries.consultations import ConsultationView, Phase
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.public.blueprint import bp
from consult.web.session import current_actor


@bp.get("/consultations", endpoint="consultations")
def show_list() -> ResponseReturnValue:
    phase = request.args.get("phase", "")
    listed = consultations.list_consultations(
        current_actor(),
        page_language(),
        phase=Phase(phase) if phase in set(Phase) else None,
        before=page_key("before"),
    )
    return render_template("public/consultations.html", listed=listed, phase=phase, phases=Phase)


@bp.get("/c/<slug>")
def consultation(slug: str) -> ResponseReturnValue:
    actor, language = current_actor(), page_language()
    found = consultations.consultation_at(actor, slug, language)
    if found.sight is not Sight.FULL:
        return render_template("public/withdrawn.html", consultation=found), 410
    cards = questions.questions_of(actor, found.id, language)
    return render_template(
        "public/consultation.html",
        consultation=found,
        questions=cards,
        documents=documents.documents_of(found.id),
        participants=consultations.participants(found.id),
        done=sum(card.has_taken_part for card in cards),
    )


@bp.get("/c/<slug>/documents/<int:document_id>")
def document(slug: str, document_id: int) -> ResponseReturnValue:
    """The cited file itself, only ever as a download: what is in it must not run on our pages."""
    found = readable(slug)
    filename, content = documents.content_of(found.id, document_id)
    response = send_file(
        BytesIO(content), mimetype="application/octet-stream", as_attachment=True, download_name=filename
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def readable(slug: str) -> ConsultationView:
    """The consultation at an address, where this reader may read all of it.

    Raises:
        Refused: NOT_FOUND, also for what lies within a withdrawn one.
    """
    found = consultations.consultation_at(current_actor(), slug, page_language())
    if found.sight is not Sight.FULL:
        raise Refused(Reason.NOT_FOUND)
    return found
