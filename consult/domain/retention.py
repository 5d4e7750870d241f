"""How long what is kept: one table for the page about privacy and for the job that deletes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Period(StrEnum):
    """For how long, by kind of thing."""

    ACCOUNT = "account"
    STATISTICS = "statistics"
    RECORD = "record"
    SESSION = "session"
    REGISTRATION = "registration"
    LINK = "link"
    STEP = "step"
    DRAFT = "draft"
    GUEST_DRAFT = "guest_draft"
    MESSAGE = "message"
    LETTER = "letter"
    LOG = "log"


LASTS: Mapping[Period, timedelta] = {
    Period.SESSION: timedelta(days=30),
    Period.REGISTRATION: timedelta(days=7),
    Period.LINK: timedelta(days=7),
    Period.STEP: timedelta(days=1),
    Period.DRAFT: timedelta(days=180),
    Period.GUEST_DRAFT: timedelta(days=1),
    Period.MESSAGE: timedelta(days=30),
    Period.LETTER: timedelta(days=30),
}
"""Time after the end of its use. Of the other periods, which have no number of days, `web.privacy_words` says
when they end."""


@dataclass(frozen=True)
class Sweep:
    """Rows that the daily job deletes: those whose first filled column of `ended` lies `LASTS[period]` back.

    `key` is the primary key. A row with none of the columns filled is still in use.
    """

    table: str
    key: tuple[str, ...]
    ended: tuple[str, ...]
    period: Period


SWEEPS = (
    Sweep("sign_in_session", ("token_hash",), ("revoked_at", "expires_at"), Period.SESSION),
    Sweep("registration", ("token_hash",), ("expires_at",), Period.REGISTRATION),
    Sweep("account_link", ("token_hash",), ("used_at", "expires_at"), Period.LINK),
    Sweep("sign_in_step", ("token_hash",), ("expires_at",), Period.STEP),
    Sweep(
        "comment_draft",
        ("consultation_id", "person_id", "question_id", "reply_to"),
        ("saved_at",),
        Period.DRAFT,
    ),
    Sweep("guest_draft", ("token_hash",), ("expires_at",), Period.GUEST_DRAFT),
    Sweep("outbox_message", ("id",), ("sent_at", "given_up_at"), Period.MESSAGE),
)
