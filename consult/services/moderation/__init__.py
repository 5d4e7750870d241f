"""Moderating: decisions one by one and together, undoing them, and what goes on around them."""

from consult.services.moderation.deciding import (
    Left,
    Seen,
    Together,
    keep_comment,
    publish_comment,
    publish_together,
    redact_comment,
    restore_comment,
    withhold_comment,
    withhold_together,
)
from consult.services.moderation.handling import (
    escalate_comment,
    let_comment_go,
    note_on_comment,
    switch_keys,
    take_comment,
    write_usual_reason,
)
from consult.services.moderation.undoing import undo

__all__ = [
    "Left",
    "Seen",
    "Together",
    "escalate_comment",
    "keep_comment",
    "let_comment_go",
    "note_on_comment",
    "publish_comment",
    "publish_together",
    "redact_comment",
    "restore_comment",
    "switch_keys",
    "take_comment",
    "undo",
    "withhold_comment",
    "withhold_together",
    "write_usual_reason",
]
