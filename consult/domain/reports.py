"""What becomes of a reader's report about a comment."""

from enum import StrEnum

from consult.domain.comments import CommentState, Move


class Fate(StrEnum):
    """What the person who reported is told. GONE: the author took the comment back before anybody decided."""

    WAITING = "waiting"
    DISMISSED = "dismissed"
    KEPT = "kept"
    REDACTED = "redacted"
    WITHHELD = "withheld"
    GONE = "gone"


ANSWERING_MOVES = {Move.KEEP: Fate.KEPT, Move.REDACT: Fate.REDACTED, Move.WITHHOLD: Fate.WITHHELD}
"""Acts at the desk that answer the reports from before them, and what each means for the comment."""


def fate_of(state: CommentState, decided: Move | None, *, is_dismissed: bool) -> Fate:
    """What became of a report; `decided` is the last act at the desk that came after it and still stands."""
    if is_dismissed:
        return Fate.DISMISSED
    if decided is not None:
        return ANSWERING_MOVES[decided]
    is_gone = state in {CommentState.WITHDRAWN, CommentState.ERASED}
    return Fate.GONE if is_gone else Fate.WAITING
