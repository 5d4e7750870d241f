"""Comments that are not sent yet: where they belong, and how long a guest's are kept."""

import hashlib
from dataclasses import dataclass

GUEST_DRAFT_HOURS = 24
"""Long enough to confirm an address by mail, short enough for a shared computer."""


@dataclass(frozen=True)
class Spot:
    """Where words are to go: on a question, or with `reply_to` under a comment of it."""

    consultation_id: int
    question_id: int
    reply_to: int | None = None


def guest_key(token: str) -> bytes:
    """What is kept of a guest's token: its SHA-256, 32 octets; the token alone is in the browser."""
    return hashlib.sha256(token.encode()).digest()
