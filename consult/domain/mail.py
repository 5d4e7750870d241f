"""Mail: its kinds, how often people want it, when a message is due, and when to try again."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from consult.domain.consultations import ZONE
from consult.domain.languages import Language

DIGEST_AT = time(8)
"""On Kazakhstan's clocks; one mail a day with all the news."""
TRIES = 12
"""After the last one nobody tries any more: some twenty hours after the first."""
LEASE = timedelta(minutes=10)
"""For so long a message belongs to the worker that took it; longer than any mail server keeps one waiting."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
CLOSING_SOON = timedelta(days=3)
"""How long before the closing those who have not finished are reminded."""
OPENED_LATELY = timedelta(days=2)
"""An opening that is longer ago is no news any more; workers may have been away."""


class Frequency(StrEnum):
    """How a person wants news by mail; messages about the account itself always go at once."""

    DIGEST = "digest"
    IMMEDIATE = "immediate"
    NONE = "none"


class Kind(StrEnum):
    """Every kind of message; stable, since rows of the outbox hold them."""

    CONFIRM_REGISTRATION = "confirm_registration"
    ALREADY_REGISTERED = "already_registered"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a code, not a password
    NO_ACCOUNT = "no_account"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    CHANGE_EMAIL = "change_email"
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    RECOVERY_CODE_USED = "recovery_code_used"
    INVITED = "invited"

    COMMENT_PUBLISHED = "comment_published"
    COMMENT_WITHHELD = "comment_withheld"
    COMMENT_REDACTED = "comment_redacted"
    COMMENT_RESTORED = "comment_restored"
    COMMENT_WAITS_AGAIN = "comment_waits_again"
    REPLY_RECEIVED = "reply_received"
    APPEAL_DECIDED = "appeal_decided"
    CONSULTATION_OPENED = "consultation_opened"
    CONSULTATION_CLOSING_SOON = "consultation_closing_soon"
    CONSULTATION_EXTENDED = "consultation_extended"
    OUTCOME_PUBLISHED = "outcome_published"

    ANSWER_DUE = "answer_due"


COMMENT_NEWS = frozenset({
    Kind.COMMENT_PUBLISHED, Kind.COMMENT_WITHHELD, Kind.COMMENT_REDACTED, Kind.COMMENT_RESTORED,
    Kind.COMMENT_WAITS_AGAIN, Kind.REPLY_RECEIVED,
})  # fmt: skip
CONSULTATION_NEWS = frozenset({
    Kind.CONSULTATION_OPENED, Kind.CONSULTATION_CLOSING_SOON, Kind.CONSULTATION_EXTENDED,
    Kind.OUTCOME_PUBLISHED,
})  # fmt: skip
APPEAL_NEWS = frozenset({Kind.APPEAL_DECIDED})
NEWS = COMMENT_NEWS | CONSULTATION_NEWS | APPEAL_NEWS
"""Kinds that people can have daily, at once or not at all; all others are about the account or a duty."""
DUTY_LETTERS = frozenset({Kind.ANSWER_DUE})
"""Letters to officials about what they owe; they go at once, and nobody can unsubscribe from them."""
TO_PARTICIPANTS = CONSULTATION_NEWS - {Kind.CONSULTATION_OPENED}
"""News for those who take part as well as for those who follow; before the opening nobody takes part."""


def is_news(kind: str) -> bool:
    return kind in NEWS


@dataclass(frozen=True)
class Letter:
    """A letter as it is written, before it is put into an envelope.

    `name` tells letters apart and stays the same however often one is sent: letters, digits, `-` and `_`.
    `stop_url` ends news by mail with one request, and is empty for letters about the account.
    """

    name: str
    to: str
    language: Language
    subject: str
    text: str
    html: str
    stop_url: str = ""


class Undelivered(Exception):  # noqa: N818 - the word of the trade
    """A letter that the mail server did not take; `is_permanent` where it never will."""

    def __init__(self, why: str, *, is_permanent: bool = False) -> None:
        super().__init__(why)
        self.is_permanent = is_permanent


class ServerAway(Undelivered):
    """No letter can be handed over now: the mail server does not answer, or not as it should."""


def next_digest(now: datetime) -> datetime:
    """The first 08:00 in Kazakhstan after an instant."""
    local = now.astimezone(ZONE)
    today = local.replace(hour=DIGEST_AT.hour, minute=DIGEST_AT.minute, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)


def pause_after(attempts: int, chance: float) -> timedelta:
    """Time until the next try after so many: doubling from a minute to six hours, and up to half of it more.

    `chance` from 0 to 1 spreads the tries, so that letters that failed together do not come back together.
    """
    pause = min(FIRST_PAUSE * 2.0 ** min(attempts - 1, 10), LONGEST_PAUSE)
    return pause * (1 + chance / 2)
