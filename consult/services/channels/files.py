"""Files of items: kept for a look, then loaded whole or let go."""

import hashlib

from consult.domain.audit import Act
from consult.domain.channel_files import ItemFile, read_items
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.models.base import db, now_in_database, transaction
from consult.models.channels import InputBatch, InputFile
from consult.services.channels.ground import locked_batch, question_keys, record, require_entry
from consult.services.channels.items import insert_items


def keep_file(actor: Actor, consultation_id: int, batch_id: int, content: bytes) -> ItemFile:
    """Read a file, and keep it for a look unless a line of it is broken; an earlier one is replaced.

    Nothing is in the batch yet. The faults are in the answer.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, CONSULTATION_NOT_OPEN, STATE_FORBIDS, ENTRY_OVER,
            BATCH_COMPLETE, and as `domain.channel_files.read_items`.
    """
    with transaction():
        require_entry(actor, consultation_id)
        batch = locked_batch(consultation_id, batch_id)
        read = read_items(content, question_keys(consultation_id))
        if not read.faults:
            row = InputFile(
                consultation_id=consultation_id,
                batch_id=batch.id,
                content=content,
                sha256=hashlib.sha256(content).hexdigest(),
                uploaded_at=now_in_database(),
            )
            db.session.merge(row)
        return read


def load_file(actor: Actor, consultation_id: int, batch_id: int, sha256: str) -> int:
    """Put all items of the kept file into the batch; answers how many.

    `sha256` is that of the file which the official looked at.

    Raises:
        Refused: as `keep_file`, VERSION_CONFLICT where another file was put there meanwhile, BATCH_FULL.
    """
    with transaction():
        require_entry(actor, consultation_id)
        batch = locked_batch(consultation_id, batch_id)
        row = _kept(batch)
        if row.sha256 != sha256:
            raise Refused(Reason.VERSION_CONFLICT)
        keys = question_keys(consultation_id)
        read = read_items(row.content, keys)
        if read.faults:
            raise read.faults[0].refused
        rows = insert_items(batch, [one for _, one in read.items], keys)
        db.session.delete(row)
        numbers = [rows[0].number, rows[-1].number]
        record(actor, Act.INPUT_FILE_LOADED, batch, sha256=sha256, items=len(rows), numbers=numbers)
        return len(rows)


def let_file_go(actor: Actor, consultation_id: int, batch_id: int) -> None:
    """Forget the kept file.

    Raises:
        Refused: as `keep_file`; NOT_FOUND where none is kept.
    """
    with transaction():
        require_entry(actor, consultation_id)
        db.session.delete(_kept(locked_batch(consultation_id, batch_id)))


def _kept(batch: InputBatch) -> InputFile:
    row = db.session.get(InputFile, (batch.consultation_id, batch.id))
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return row
