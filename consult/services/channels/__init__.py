"""Entering what came on paper, by e-mail or at a meeting: batches, items, files, and what becomes of them."""

from consult.services.channels.batches import BatchIn, correct_batch, discard_batch, open_batch
from consult.services.channels.completing import Completed, complete_batch, correct_item
from consult.services.channels.files import keep_file, let_file_go, load_file
from consult.services.channels.items import Added, add_item, edit_item, remove_item

__all__ = [
    "Added",
    "BatchIn",
    "Completed",
    "add_item",
    "complete_batch",
    "correct_batch",
    "correct_item",
    "discard_batch",
    "edit_item",
    "keep_file",
    "let_file_go",
    "load_file",
    "open_batch",
    "remove_item",
]
