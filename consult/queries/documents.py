"""Reading source documents of a consultation."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.models.base import db
from consult.models.documents import SourceDocument


@dataclass(frozen=True)
class DocumentCard:
    """A document in a list; `size` counts bytes."""

    id: int
    title: str
    filename: str
    media_type: str
    language: Language | None
    sha256: str
    size: int
    source_url: str


def documents_of(consultation_id: int) -> tuple[DocumentCard, ...]:
    """The documents that a consultation cites, in the order in which they came."""
    rows = db.session.execute(
        db.select(
            SourceDocument.id,
            SourceDocument.title,
            SourceDocument.filename,
            SourceDocument.media_type,
            SourceDocument.language,
            SourceDocument.sha256,
            sa.func.length(SourceDocument.content),
            SourceDocument.source_url,
        )
        .where(SourceDocument.consultation_id == consultation_id)
        .order_by(SourceDocument.id)
    )
    return tuple(DocumentCard(*row) for row in rows)


def content_of(consultation_id: int, document_id: int) -> tuple[str, bytes]:
    """File name and bytes of a document of this consultation; Raises Refused(NOT_FOUND)."""
    row = db.session.execute(
        db.select(SourceDocument.filename, SourceDocument.content).where(
            SourceDocument.consultation_id == consultation_id, SourceDocument.id == document_id
        )
    ).first()
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return row.filename, row.content
