"""What the audit log records: who did what to which thing, with what it was before and after."""

from dataclasses import dataclass, field
from enum import StrEnum


class Act(StrEnum):
    """Names of recorded deeds; stable, since exports and auditors read them."""

    ACCOUNT_CREATED = "account_created"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    CONSULTATION_CREATED = "consultation_created"
    CONSULTATION_EDITED = "consultation_edited"
    CONSULTATION_OPENED = "consultation_opened"
    CONSULTATION_EXTENDED = "consultation_extended"
    CONSULTATION_CLOSED = "consultation_closed"
    CONSULTATION_WITHDRAWN = "consultation_withdrawn"
    AGENDA_IMPORTED = "agenda_imported"
    TOPIC_ADDED = "topic_added"
    TOPIC_EDITED = "topic_edited"
    TOPIC_REMOVED = "topic_removed"
    QUESTION_ADDED = "question_added"
    QUESTION_EDITED = "question_edited"
    QUESTION_REMOVED = "question_removed"
    COMMENT_SUBMITTED = "comment_submitted"
    COMMENT_PUBLISHED = "comment_published"
    COMMENT_WITHHELD = "comment_withheld"
    COMMENT_REDACTED = "comment_redacted"
    COMMENT_RESTORED = "comment_restored"
    EXPORT_MADE = "export_made"


class Thing(StrEnum):
    """Kinds of things that an entry can be about."""

    PERSON = "person"
    CONSULTATION = "consultation"
    TOPIC = "topic"
    QUESTION = "question"
    COMMENT = "comment"


@dataclass(frozen=True)
class Entry:
    """One line of the log before it is written; `detail` holds plain JSON values and no personal data."""

    act: Act
    thing: Thing
    thing_id: int | None
    consultation_id: int | None = None
    detail: dict[str, object] = field(default_factory=dict)
