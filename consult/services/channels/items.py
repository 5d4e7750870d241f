"""Items of an open batch, typed in one after another."""

import re
from dataclasses import dataclass

from consult.adapters.languages import detect_language
from consult.domain.audit import Act
from consult.domain.channels import ITEMS_MOST, Item, Written, item, twins
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.models.base import db, now_in_database, transaction
from consult.models.channels import InputBatch, InputItem
from consult.services.channels.ground import (
    count_items,
    item_at,
    items_of,
    locked_batch,
    question_keys,
    record,
    require_entry,
)

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True)
class Added:
    """The number of the item, and that of an earlier one with the same words; None where there is none.

    `is_repeat`: this very form had arrived before, and nothing was added.
    """

    number: int
    twin: int | None
    is_repeat: bool = False


def add_item(
    actor: Actor, consultation_id: int, batch_id: int, written: Written, *, idempotency_key: str | None = None
) -> Added:
    """Add an item to an open batch; the same key sent twice adds one.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, CONSULTATION_NOT_OPEN, STATE_FORBIDS, ENTRY_OVER,
            BATCH_COMPLETE, BATCH_FULL, DUPLICATE_KEY_REUSED where the key came with other words, and as
            `domain.channels.item`.
    """
    key = idempotency_key if idempotency_key and _KEY.fullmatch(idempotency_key) else None
    with transaction():
        require_entry(actor, consultation_id)
        batch = locked_batch(consultation_id, batch_id)
        keys = question_keys(consultation_id)
        one = item(written, keys)
        earlier = _of_key(batch, key)
        if earlier is not None:
            return _repeated(batch, earlier, one)
        row = insert_items(batch, [one], keys, idempotency_key=key)[0]
        record(actor, Act.INPUT_ITEM_ADDED, batch, number=row.number)
        return Added(row.number, _twin(batch, row.number))


def edit_item(actor: Actor, consultation_id: int, batch_id: int, number: int, written: Written) -> Added:
    """Replace an item of an open batch.

    Raises:
        Refused: as `add_item`.
    """
    with transaction():
        require_entry(actor, consultation_id)
        batch = locked_batch(consultation_id, batch_id)
        row = item_at(batch, number)
        keys = question_keys(consultation_id)
        fill(row, item(written, keys), keys)
        db.session.flush()
        record(actor, Act.INPUT_ITEM_EDITED, batch, number=number)
        return Added(number, _twin(batch, number))


def remove_item(actor: Actor, consultation_id: int, batch_id: int, number: int) -> None:
    """Take an item out of an open batch; its number is not given again.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, BATCH_COMPLETE, and as `add_item` for the times.
    """
    with transaction():
        require_entry(actor, consultation_id)
        batch = locked_batch(consultation_id, batch_id)
        db.session.delete(item_at(batch, number))
        record(actor, Act.INPUT_ITEM_REMOVED, batch, number=number)


def insert_items(
    batch: InputBatch, items: list[Item], keys: dict[int, int], *, idempotency_key: str | None = None
) -> list[InputItem]:
    """Put items behind those of the batch, which is locked. Raises Refused(BATCH_FULL) over `ITEMS_MOST`."""
    if count_items(batch) + len(items) > ITEMS_MOST:
        raise Refused(Reason.BATCH_FULL, limit=ITEMS_MOST)
    now = now_in_database()
    rows = []
    for one in items:
        batch.last_number += 1
        row = InputItem(
            consultation_id=batch.consultation_id,
            batch_id=batch.id,
            number=batch.last_number,
            entered_at=now,
            idempotency_key=idempotency_key,
        )
        fill(row, one, keys)
        rows.append(row)
    db.session.add_all(rows)
    db.session.flush()
    return rows


def fill(row: InputItem, one: Item, keys: dict[int, int]) -> None:
    row.question_id = keys[one.question]
    row.body = one.body
    row.language = one.language or detect_language(one.body)
    row.region, row.age_band, row.public_name = one.region, one.age_band, one.name


def _of_key(batch: InputBatch, key: str | None) -> InputItem | None:
    if key is None:
        return None
    row: InputItem | None = db.session.scalar(
        db.select(InputItem).filter_by(
            consultation_id=batch.consultation_id, batch_id=batch.id, idempotency_key=key
        )
    )
    return row


def _repeated(batch: InputBatch, earlier: InputItem, one: Item) -> Added:
    if earlier.body != one.body:
        raise Refused(Reason.DUPLICATE_KEY_REUSED)
    return Added(earlier.number, _twin(batch, earlier.number), is_repeat=True)


def _twin(batch: InputBatch, number: int) -> int | None:
    return twins((row.number, row.body) for row in items_of(batch)).get(number)
