"""Laying files beside a consultation, naming and ordering them, and taking them away."""

import hashlib
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from consult.adapters.attachments import media_type_of
from consult.domain.attachments import MOST_ATTACHMENTS, clean_filename
from consult.domain.audit import Act, Entry, Thing
from consult.domain.consultations import Stage
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require_in
from consult.domain.questions import TITLE_LONGEST
from consult.domain.texts import is_blank, kept_text
from consult.models.attachments import Attachment, AttachmentText
from consult.models.base import db, now_in_database, transaction
from consult.services import audit
from consult.services.drafting import Texts, check_length, locked


def add_attachment(
    actor: Actor,
    consultation_id: int,
    content: bytes,
    filename: str,
    titles: Texts,
    language: Language | None = None,
) -> int:
    """Lay a file behind the others of a consultation; answers its id. `language` is that of its words.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, TITLE_MISSING, TEXT_TOO_LONG, STATE_FORBIDS when it
            is withdrawn or archived, ATTACHMENT_TWICE, ATTACHMENT_TOO_MANY, and as `media_type_of`.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    _check_titles(titles)
    media_type = media_type_of(content)
    row = Attachment(
        consultation_id=consultation_id,
        filename=clean_filename(filename, media_type),
        media_type=media_type,
        language=language,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
        uploaded_by=actor.person_id,
    )
    try:
        with transaction():
            _check_stage(consultation_id)
            row.position = _next_position(consultation_id)
            row.uploaded_at = now_in_database()
            db.session.add(row)
            db.session.flush()
            _write_titles(row, titles)
            _record(actor, Act.ATTACHMENT_ADDED, row)
    except IntegrityError:
        raise Refused(Reason.ATTACHMENT_TWICE) from None
    return row.id


def _check_stage(consultation_id: int) -> None:
    stage = locked(consultation_id).stage
    if stage in {Stage.ARCHIVED, Stage.WITHDRAWN}:
        raise Refused(Reason.STATE_FORBIDS, state=stage.value)


def _next_position(consultation_id: int) -> int:
    """Behind the last; Raises Refused(ATTACHMENT_TOO_MANY) where there are 50."""
    count, last = db.session.execute(
        db.select(sa.func.count(), sa.func.max(Attachment.position)).where(
            Attachment.consultation_id == consultation_id
        )
    ).one()
    if count >= MOST_ATTACHMENTS:
        raise Refused(Reason.ATTACHMENT_TOO_MANY, limit=MOST_ATTACHMENTS)
    return (last or 0) + 1


def edit_attachment(
    actor: Actor, consultation_id: int, attachment_id: int, titles: Texts, language: Language | None
) -> None:
    """Name a file anew; the file itself never changes.

    Raises:
        Refused: as `add_attachment`.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    _check_titles(titles)
    with transaction():
        _check_stage(consultation_id)
        row = _attachment(consultation_id, attachment_id)
        row.language = language
        _write_titles(row, titles)
        _record(actor, Act.ATTACHMENT_EDITED, row)


def move_attachment_up(actor: Actor, consultation_id: int, attachment_id: int) -> None:
    """Let a file change places with the one before it; the first stays where it is.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    with transaction():
        _check_stage(consultation_id)
        row = _attachment(consultation_id, attachment_id)
        before: Attachment | None = db.session.scalar(
            db.select(Attachment)
            .where(Attachment.consultation_id == consultation_id, Attachment.position < row.position)
            .order_by(Attachment.position.desc())
            .limit(1)
        )
        if before is not None:
            before.position, row.position = row.position, before.position


def remove_attachment(actor: Actor, consultation_id: int, attachment_id: int) -> None:
    """Take a file away; the log keeps its name and its SHA-256.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS when it is archived.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    with transaction():
        stage = locked(consultation_id).stage
        if stage is Stage.ARCHIVED:
            raise Refused(Reason.STATE_FORBIDS, state=stage.value)
        row = _attachment(consultation_id, attachment_id)
        _record(actor, Act.ATTACHMENT_REMOVED, row)
        db.session.execute(sa.delete(Attachment).where(Attachment.id == attachment_id))


def _attachment(consultation_id: int, attachment_id: int) -> Attachment:
    row: Attachment | None = db.session.scalar(
        db.select(Attachment).filter_by(consultation_id=consultation_id, id=attachment_id)
    )
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return row


def _check_titles(titles: Texts) -> None:
    if all(is_blank(words) for words in titles.values()):
        raise Refused(Reason.TITLE_MISSING)
    for words in titles.values():
        check_length(words, TITLE_LONGEST)


def _write_titles(row: Attachment, titles: Mapping[Language, str]) -> None:
    for language, words in titles.items():
        db.session.merge(
            AttachmentText(
                consultation_id=row.consultation_id,
                attachment_id=row.id,
                language=language,
                title=kept_text(words),
            )
        )


def _record(actor: Actor, act: Act, row: Attachment) -> None:
    detail: dict[str, object] = {"filename": row.filename, "sha256": row.sha256}
    audit.record(actor, Entry(act, Thing.ATTACHMENT, row.id, row.consultation_id, detail))
