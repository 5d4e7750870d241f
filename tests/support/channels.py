"""Input from other channels for tests, entered by the deeds themselves."""

from datetime import datetime

from flask import Flask

from consult.domain.channels import Written
from consult.domain.people import OPERATOR, Actor
from consult.models.base import now_in_database
from consult.queries.channels import items_of
from consult.services import channels
from consult.services.channels import BatchIn
from tests.support.cast import Built, within

LETTER = Written("1", "Біздің көшеде ағаш аз. Үлкен үйлердің арасында көлеңке жоқ.", "kk", "KZ-75", "60+")


def batch_in(
    *,
    received_at: datetime | None = None,
    channel: str = "paper",
    announced: int = 1,
    originals: str = "File 12-4",
) -> BatchIn:
    """A batch that arrives just now; needs an application context."""
    return BatchIn(channel, received_at or now_in_database(), originals, announced)


def complete_batch(
    app: Flask, built: Built, *items: Written, by: Actor = OPERATOR, channel: str = "paper"
) -> tuple[int, tuple[int, ...]]:
    """A batch with these items, completed; answers its number and those of the comments."""
    with within(app):
        batch_id = channels.open_batch(by, built.id, batch_in(channel=channel, announced=len(items)))
        for one in items:
            channels.add_item(by, built.id, batch_id, one)
        channels.complete_batch(by, built.id, batch_id)
        keys = (one.comment_id for one in items_of(built.id, batch_id))
        return batch_id, tuple(key for key in keys if key is not None)


def waiting_batch(app: Flask, built: Built) -> int:
    """A batch of two items with one of them entered, and a file that waits for a look; answers its number."""
    with within(app):
        batch_id = channels.open_batch(OPERATOR, built.id, batch_in(announced=2))
        channels.add_item(OPERATOR, built.id, batch_id, LETTER)
        channels.keep_file(OPERATOR, built.id, batch_id, "question,text\n1,Ағаш керек.\n".encode())
        return batch_id
