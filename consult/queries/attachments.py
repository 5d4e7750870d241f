"""Reading the files beside a consultation."""

from collections import defaultdict
from dataclasses import dataclass

from consult.domain.attachments import FILE_KINDS
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.models.attachments import Attachment, AttachmentText
from consult.models.base import db


@dataclass(frozen=True)
class AttachmentCard:
    """A file in a list; `kind` is such as PDF, `size` counts bytes, `language` is that of its words."""

    id: int
    title: Shown
    titles: dict[Language, str]
    filename: str
    media_type: str
    kind: str
    language: Language | None
    sha256: str
    size: int


def attachments_of(consultation_id: int, language: Language) -> tuple[AttachmentCard, ...]:
    """The files of a consultation in their order, without their content; two queries."""
    titles: dict[int, dict[Language, str]] = defaultdict(dict)
    for text in db.session.scalars(db.select(AttachmentText).filter_by(consultation_id=consultation_id)):
        titles[text.attachment_id][text.language] = text.title
    rows = db.session.scalars(
        db.select(Attachment)
        .filter_by(consultation_id=consultation_id)
        .order_by(Attachment.position, Attachment.id)
    )
    return tuple(
        AttachmentCard(
            id=row.id,
            title=shown(titles[row.id], language),
            titles=titles[row.id],
            filename=row.filename,
            media_type=row.media_type,
            kind=FILE_KINDS[row.media_type].label,
            language=row.language,
            sha256=row.sha256,
            size=row.size,
        )
        for row in rows
    )


def attachment_at(consultation_id: int, attachment_id: int, language: Language) -> AttachmentCard:
    """One file of this consultation; Raises Refused(NOT_FOUND)."""
    for card in attachments_of(consultation_id, language):
        if card.id == attachment_id:
            return card
    raise Refused(Reason.NOT_FOUND)


def content_of_attachment(consultation_id: int, attachment_id: int) -> bytes:
    """The bytes of a file; Raises Refused(NOT_FOUND)."""
    content: bytes | None = db.session.scalar(
        db.select(Attachment.content).where(
            Attachment.consultation_id == consultation_id, Attachment.id == attachment_id
        )
    )
    if content is None:
        raise Refused(Reason.NOT_FOUND)
    return content


def has_attachments(consultation_id: int) -> bool:
    """Whether there is any file beside the consultation."""
    found = db.select(Attachment.id).where(Attachment.consultation_id == consultation_id).limit(1)
    return db.session.scalar(found) is not None
