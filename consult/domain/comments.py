"""Comments and replies: their states, the allowed moves, and what a body may hold."""

from collections.abc import Mapping
from enum import StrEnum

from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason, Refused
from consult.domain.texts import is_blank, kept_text

BODY_LONGEST = 5_000
"""Characters of a comment or reply after normalisation."""


class CommentState(StrEnum):
    PENDING = "pending"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Channel(StrEnum):
    """How the words reached us; anything but WEB was typed in by an official."""

    WEB = "web"
    PAPER = "paper"
    EMAIL = "email"
    MEETING = "meeting"


class Move(StrEnum):
    """What a moderator does to a comment."""

    PUBLISH = "publish"
    WITHHOLD = "withhold"
    REDACT = "redact"
    RESTORE = "restore"
    KEEP = "keep"
    UNDO = "undo"


MOVES: Mapping[tuple[CommentState, Move], CommentState] = {
    (CommentState.PENDING, Move.PUBLISH): CommentState.PUBLISHED,
    (CommentState.PENDING, Move.WITHHOLD): CommentState.WITHHELD,
    (CommentState.PENDING, Move.REDACT): CommentState.PUBLISHED,
    (CommentState.PUBLISHED, Move.WITHHOLD): CommentState.WITHHELD,
    (CommentState.PUBLISHED, Move.REDACT): CommentState.PUBLISHED,
    (CommentState.PUBLISHED, Move.RESTORE): CommentState.PUBLISHED,
    (CommentState.PUBLISHED, Move.KEEP): CommentState.PUBLISHED,
    (CommentState.WITHHELD, Move.RESTORE): CommentState.PUBLISHED,
    (CommentState.WITHHELD, Move.WITHHOLD): CommentState.WITHHELD,
}
"""State before and move: state after. What is not here is not allowed.

RESTORE of a published comment takes a redaction back; WITHHOLD of a withheld one corrects rule and reason.
KEEP leaves a published one as it is, and answers what was reported. UNDO leads back to where an act began.
"""


def state_after(state: CommentState, move: Move) -> CommentState:
    """Raises Refused(MOVE_NOT_ALLOWED), with the state in its details, where the move does not fit."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise Refused(Reason.MOVE_NOT_ALLOWED, state=state.value) from None


def first_state(mode: ModerationMode) -> CommentState:
    """The state in which a new comment begins."""
    return CommentState.PENDING if mode is ModerationMode.PRE else CommentState.PUBLISHED


def why_not_editable(state: CommentState, *, is_redacted: bool) -> Reason | None:
    """Why an author may not replace the own words; None while nobody has ruled on them.

    COMMENT_HELD_BACK where a moderator withheld the comment or took passages out: another wording would go
    round that. COMMENT_GONE where it was withdrawn or erased.
    """
    if state in {CommentState.WITHDRAWN, CommentState.ERASED}:
        return Reason.COMMENT_GONE
    if state is CommentState.WITHHELD or is_redacted:
        return Reason.COMMENT_HELD_BACK
    return None


def why_not_withdrawable(state: CommentState) -> Reason | None:
    """Why an author may not take a comment back. A withheld one stays, and stays counted as withheld."""
    if state is CommentState.WITHHELD:
        return Reason.COMMENT_HELD_BACK
    return Reason.COMMENT_GONE if state in {CommentState.WITHDRAWN, CommentState.ERASED} else None


def state_after_edit(mode: ModerationMode, state: CommentState) -> CommentState:
    """The state of a comment with new words: where moderators read first, they read again."""
    return CommentState.PENDING if state is CommentState.PENDING else first_state(mode)


def comment_body(written: str) -> str:
    """The body as it is kept: NFC, LF line ends, no control or direction-changing characters, trimmed.

    Raises:
        Refused: COMMENT_EMPTY, or COMMENT_TOO_LONG with `limit` and `length` in characters.
    """
    body = kept_text(written)
    if is_blank(body):
        raise Refused(Reason.COMMENT_EMPTY)
    if len(body) > BODY_LONGEST:
        raise Refused(Reason.COMMENT_TOO_LONG, limit=BODY_LONGEST, length=len(body))
    return body
