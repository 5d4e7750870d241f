"""Agendas: reading them, importing them at once, and reviewing what was read before it becomes topics."""

from consult.services.agendas.importing import import_agenda
from consult.services.agendas.reading import MOST_TOPICS, Reading, read
from consult.services.agendas.reviewing import (
    Edits,
    Step,
    discard_review,
    edit_review,
    make_topics,
    start_review,
)
from consult.services.agendas.rows import Imported

__all__ = [
    "MOST_TOPICS",
    "Edits",
    "Imported",
    "Reading",
    "Step",
    "discard_review",
    "edit_review",
    "import_agenda",
    "make_topics",
    "read",
    "start_review",
]
