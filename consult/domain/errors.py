"""Why a deed was refused. The doors turn a Reason into a sentence in the person's language."""

from enum import StrEnum


class Reason(StrEnum):
    """Stable codes of refusals; the API shows them as `code`."""

    # who you are
    SIGN_IN_NEEDED = "sign_in_needed"
    SIGN_IN_FAILED = "sign_in_failed"
    ACCOUNT_BLOCKED = "account_blocked"
    NOT_PERMITTED = "not_permitted"
    EMAIL_INVALID = "email_invalid"
    EMAIL_TAKEN = "email_taken"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NAME_MISLEADING = "name_misleading"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - a code, not a password
    PASSWORD_TOO_LONG = "password_too_long"  # noqa: S105
    PASSWORD_COMMON = "password_common"  # noqa: S105
    ROLE_UNKNOWN = "role_unknown"

    # what you asked for
    NOT_FOUND = "not_found"
    LANGUAGE_UNKNOWN = "language_unknown"
    CHOICE_UNKNOWN = "choice_unknown"
    VERSION_CONFLICT = "version_conflict"
    FORM_EXPIRED = "form_expired"

    # consultations
    SLUG_INVALID = "slug_invalid"
    SLUG_TAKEN = "slug_taken"
    TITLE_MISSING = "title_missing"
    TEXT_TOO_LONG = "text_too_long"
    TIMETABLE_INCOMPLETE = "timetable_incomplete"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    TIMETABLE_UPSIDE_DOWN = "timetable_upside_down"
    CLOSING_ONLY_EXTENDED = "closing_only_extended"
    CLOSING_NOT_REACHED = "closing_not_reached"
    ANSWER_BEFORE_CLOSING = "answer_before_closing"
    OPENING_INCOMPLETE = "opening_incomplete"
    STATE_FORBIDS = "state_forbids"
    REASON_MISSING = "reason_missing"
    QUESTION_FROZEN = "question_frozen"
    QUESTION_ANSWERED = "question_answered"
    TOPIC_NOT_EMPTY = "topic_not_empty"

    # taking part
    CONSULTATION_NOT_OPEN = "consultation_not_open"
    CONSULTATION_CLOSED = "consultation_closed"
    COMMENT_NOT_PUBLISHED = "comment_not_published"
    COMMENT_EMPTY = "comment_empty"
    COMMENT_TOO_LONG = "comment_too_long"
    VOTE_NOT_ASKED = "vote_not_asked"
    DUPLICATE_KEY_REUSED = "duplicate_key_reused"

    # moderation
    RULE_UNKNOWN = "rule_unknown"
    MOVE_NOT_ALLOWED = "move_not_allowed"

    # documents
    DOCUMENT_MISSING = "document_missing"
    DOCUMENT_EMPTY = "document_empty"
    DOCUMENT_TOO_LARGE = "document_too_large"
    DOCUMENT_NOT_TEXT = "document_not_text"
    DOCUMENT_TYPE_UNSUPPORTED = "document_type_unsupported"
    AGENDA_TOO_LONG = "agenda_too_long"
    DOCUMENT_UNREADABLE = "document_unreadable"
    AGENDA_WITHOUT_TOPICS = "agenda_without_topics"
    AGENDA_IMPORTED_ALREADY = "agenda_imported_already"

    # exports
    PACKAGE_UNKNOWN = "package_unknown"
    FORMAT_UNKNOWN = "format_unknown"
    DELIMITER_INVALID = "delimiter_invalid"
    FOLDER_NOT_WRITABLE = "folder_not_writable"
    DATABASE_BEHIND = "database_behind"
    DATABASE_AWAY = "database_away"


class Refused(Exception):  # noqa: N818 - the word the whole house uses
    """A deed that a rule forbids, or an input that cannot be used.

    `details` fill the sentence that the doors say, such as `limit=5000`; they never hold secrets.
    """

    def __init__(self, reason: Reason, **details: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.details = details

    def __str__(self) -> str:
        return f"{self.reason.value} {self.details}" if self.details else self.reason.value
