"""The documents of a consultation: the agendas that it comes from, and the files that lie beside it."""

from http import HTTPStatus
from io import BytesIO

from flask import Response, g, render_template, request, send_file
from flask.typing import ResponseReturnValue

from consult.domain.people import GUEST
from consult.domain.visibility import Sight, consultation_sight
from consult.queries.attachments import AttachmentCard, attachment_at, attachments_of, content_of_attachment
from consult.queries.consultations import ConsultationView
from consult.queries.documents import documents_of
from consult.web.i18n import page_language
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable


@bp.get("/c/<slug>/documents", endpoint="documents")
def show_documents(slug: str) -> ResponseReturnValue:
    found = readable(slug)
    return render_template(
        "public/documents.html",
        consultation=found,
        attachments=attachments_of(found.id, page_language()),
        sources=documents_of(found.id),
    )


@bp.get("/c/<slug>/files/<int:attachment_id>", endpoint="attachment")
def download(slug: str, attachment_id: int) -> ResponseReturnValue:
    """A file, only ever as a download, and under a policy that lets nothing in it run.

    Caches keep it under its SHA-256 and ask each time: one that was removed is gone at once.
    """
    found = readable(slug)
    card = attachment_at(found.id, attachment_id, page_language())
    g.is_for_everybody = _is_for_everybody(found)
    if request.if_none_match.contains(card.sha256):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = _file(card, content_of_attachment(found.id, attachment_id))
    response.set_etag(card.sha256)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _is_for_everybody(found: ConsultationView) -> bool:
    return consultation_sight(GUEST, found.state) is Sight.FULL


def _file(card: AttachmentCard, content: bytes) -> Response:
    return send_file(
        BytesIO(content),
        mimetype=card.media_type,
        as_attachment=True,
        download_name=card.filename,
        etag=False,
    )
