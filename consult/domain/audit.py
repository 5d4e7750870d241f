"""What the audit log records: who did what to which thing, with what it was before and after."""

from dataclasses import dataclass, field
from enum import StrEnum


class Act(StrEnum):
    """Names of recorded deeds; stable, since exports and auditors read them."""

    ACCOUNT_CREATED = "account_created"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PASSWORD_RESET_ASKED = "password_reset_asked"  # noqa: S105 - a code, not a password
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    SESSIONS_ENDED = "sessions_ended"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
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
    COMMENT_EDITED = "comment_edited"
    COMMENT_CORRECTED = "comment_corrected"
    COMMENT_WITHDRAWN = "comment_withdrawn"
    COMMENT_LANGUAGE_CHANGED = "comment_language_changed"
    COMMENT_REPORTED = "comment_reported"
    EXPORT_MADE = "export_made"
    CONVERSATION_IMPORTED = "conversation_imported"
    OPINION_COMPUTED = "opinion_computed"
    ACCOUNT_CORRECTED = "account_corrected"
    ACCOUNT_ERASED = "account_erased"
    OWN_DATA_DOWNLOADED = "own_data_downloaded"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    RETENTION_APPLIED = "retention_applied"
    MAIL_GIVEN_UP = "mail_given_up"


class Thing(StrEnum):
    """Kinds of things that an entry can be about."""

    PERSON = "person"
    CONSULTATION = "consultation"
    TOPIC = "topic"
    QUESTION = "question"
    COMMENT = "comment"
    INSTALLATION = "installation"
    MESSAGE = "message"


@dataclass(frozen=True)
class Entry:
    """One line of the log before it is written; `detail` holds plain JSON values and no personal data."""

    act: Act
    thing: Thing
    thing_id: int | None
    consultation_id: int | None = None
    detail: dict[str, object] = field(default_factory=dict)
