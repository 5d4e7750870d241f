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
    EMAIL_UNCHANGED = "email_unchanged"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NAME_MISLEADING = "name_misleading"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - a code, not a password
    PASSWORD_TOO_LONG = "password_too_long"  # noqa: S105
    PASSWORD_COMMON = "password_common"  # noqa: S105
    ROLE_UNKNOWN = "role_unknown"
    DUTY_UNKNOWN = "duty_unknown"
    DUTY_OWN = "duty_own"
    DUTY_BY_ROLE = "duty_by_role"
    PERSON_UNKNOWN = "person_unknown"
    SECOND_FACTOR_NEEDED = "second_factor_needed"
    CODE_WRONG = "code_wrong"
    STEP_EXPIRED = "step_expired"
    LINK_EXPIRED = "link_expired"
    PASSKEY_REFUSED = "passkey_refused"
    FACTOR_UNKNOWN = "factor_unknown"
    FACTOR_LIMIT = "factor_limit"
    FACTOR_NEEDED_TO_SIGN_IN = "factor_needed_to_sign_in"
    FACTOR_NEEDED_BY_ROLE = "factor_needed_by_role"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    PROVIDER_REFUSED = "provider_refused"
    IDENTITY_TAKEN = "identity_taken"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    PASSWORD_WRONG = "password_wrong"  # noqa: S105
    SIGN_IN_AGAIN = "sign_in_again"
    CONSENT_MISSING = "consent_missing"
    CONFIRMATION_WRONG = "confirmation_wrong"
    LAST_ADMINISTRATOR = "last_administrator"
    OWN_ACCOUNT = "own_account"
    LETTER_FORGOTTEN = "letter_forgotten"

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
    HOLIDAYS_UNREADABLE = "holidays_unreadable"
    HOLIDAYS_TOO_MANY = "holidays_too_many"

    # taking part
    CONSULTATION_NOT_OPEN = "consultation_not_open"
    CONSULTATION_CLOSED = "consultation_closed"
    COMMENT_NOT_PUBLISHED = "comment_not_published"
    COMMENT_EMPTY = "comment_empty"
    COMMENT_TOO_LONG = "comment_too_long"
    VOTE_NOT_ASKED = "vote_not_asked"
    DUPLICATE_KEY_REUSED = "duplicate_key_reused"
    COMMENT_HELD_BACK = "comment_held_back"
    COMMENT_GONE = "comment_gone"
    COMMENT_REWORDED = "comment_reworded"
    REPORTED_ALREADY = "reported_already"

    # moderation
    RULE_UNKNOWN = "rule_unknown"
    MOVE_NOT_ALLOWED = "move_not_allowed"
    NOTHING_TO_APPEAL = "nothing_to_appeal"
    APPEALED_ALREADY = "appealed_already"
    APPEAL_FINAL = "appeal_final"
    APPEAL_TOO_LATE = "appeal_too_late"
    APPEAL_DECIDED = "appeal_decided"
    OWN_DECISION = "own_decision"
    TAKEN_BY_ANOTHER = "taken_by_another"
    UNDO_TOO_LATE = "undo_too_late"

    # settings
    WORD_UNUSABLE = "word_unusable"
    WORDS_UNREADABLE = "words_unreadable"
    WORDS_TOO_MANY = "words_too_many"
    RULE_CODE_INVALID = "rule_code_invalid"
    RULE_CODE_TAKEN = "rule_code_taken"
    RULE_WORDS_MISSING = "rule_words_missing"
    RULE_LIMIT = "rule_limit"
    LAST_RULE = "last_rule"
    COLOUR_INVALID = "colour_invalid"
    COLOUR_TOO_LIGHT = "colour_too_light"
    LOGO_UNREADABLE = "logo_unreadable"
    LOGO_TOO_LARGE = "logo_too_large"

    # answering
    DECISION_MISSING = "decision_missing"
    NOTE_MISSING = "note_missing"
    THEME_IN_USE = "theme_in_use"
    THEME_LIMIT = "theme_limit"
    OUTCOME_INCOMPLETE = "outcome_incomplete"
    NOTHING_CHOSEN = "nothing_chosen"

    # documents
    DOCUMENT_MISSING = "document_missing"
    DOCUMENT_EMPTY = "document_empty"
    DOCUMENT_TOO_LARGE = "document_too_large"
    DOCUMENT_NOT_TEXT = "document_not_text"
    DOCUMENT_TYPE_UNSUPPORTED = "document_type_unsupported"
    AGENDA_TOO_LONG = "agenda_too_long"
    DOCUMENT_UNREADABLE = "document_unreadable"
    DOCUMENT_ENCRYPTED = "document_encrypted"
    DOCUMENT_DAMAGED = "document_damaged"
    DOCUMENT_AMBIGUOUS = "document_ambiguous"
    DOCUMENT_UNPACKS_TOO_LARGE = "document_unpacks_too_large"
    DOCUMENT_UNSAFE = "document_unsafe"
    DOCUMENT_WITH_MACROS = "document_with_macros"
    DOCUMENT_WITHOUT_TEXT = "document_without_text"
    DOCUMENT_TOO_MANY_PAGES = "document_too_many_pages"
    DOCUMENT_TOO_COMPLEX = "document_too_complex"
    ATTACHMENT_TYPE_UNSUPPORTED = "attachment_type_unsupported"
    ATTACHMENT_TWICE = "attachment_twice"
    ATTACHMENT_TOO_MANY = "attachment_too_many"
    AGENDA_WITHOUT_TOPICS = "agenda_without_topics"
    AGENDA_IMPORTED_ALREADY = "agenda_imported_already"
    AGENDA_NOTHING_CHOSEN = "agenda_nothing_chosen"
    AGENDA_NOTHING_TO_SPLIT = "agenda_nothing_to_split"
    AGENDA_TOPICS_APART = "agenda_topics_apart"

    # imports and opinion groups
    IMPORT_FILE_MISSING = "import_file_missing"
    IMPORT_FILE_UNREADABLE = "import_file_unreadable"
    IMPORT_ROW_BROKEN = "import_row_broken"
    IMPORT_DIFFERS = "import_differs"
    OPINION_TOO_FEW = "opinion_too_few"

    # weighting
    MARGINS_UNREADABLE = "margins_unreadable"
    MARGINS_ROW_BROKEN = "margins_row_broken"
    MARGINS_SUM_WRONG = "margins_sum_wrong"
    MARGINS_SOURCE_MISSING = "margins_source_missing"
    WEIGHTING_TOO_FEW = "weighting_too_few"
    WEIGHTING_CELL_EMPTY = "weighting_cell_empty"
    WEIGHTING_UNSETTLED = "weighting_unsettled"

    # input from other channels
    CHANNEL_UNKNOWN = "channel_unknown"
    RECEIVED_OUTSIDE_PERIOD = "received_outside_period"
    RECEIVED_IN_FUTURE = "received_in_future"
    ENTRY_OVER = "entry_over"
    ORIGINALS_MISSING = "originals_missing"
    TOTAL_IMPOSSIBLE = "total_impossible"
    TOTAL_DIFFERS = "total_differs"
    BATCH_COMPLETE = "batch_complete"
    BATCH_NOT_COMPLETE = "batch_not_complete"
    BATCH_FULL = "batch_full"
    INPUT_UNFINISHED = "input_unfinished"
    ITEM_QUESTION_UNKNOWN = "item_question_unknown"
    ITEM_LANGUAGE_UNKNOWN = "item_language_unknown"
    ITEM_REGION_UNKNOWN = "item_region_unknown"
    ITEM_AGE_UNKNOWN = "item_age_unknown"
    ITEM_NAME_IS_CONTACT = "item_name_is_contact"
    ITEM_FILE_TOO_LARGE = "item_file_too_large"
    ITEM_FILE_NOT_TEXT = "item_file_not_text"
    ITEM_FILE_QUOTES = "item_file_quotes"
    ITEM_FILE_EMPTY = "item_file_empty"
    ITEM_FILE_TOO_MANY = "item_file_too_many"
    ITEM_FILE_CELLS = "item_file_cells"
    ITEM_FILE_COLUMN_MISSING = "item_file_column_missing"
    ITEM_FILE_COLUMN_UNKNOWN = "item_file_column_unknown"
    ITEM_FILE_COLUMN_TWICE = "item_file_column_twice"

    # the report
    REPORT_TOO_LONG = "report_too_long"

    # exports
    PACKAGE_UNKNOWN = "package_unknown"
    FORMAT_UNKNOWN = "format_unknown"
    DELIMITER_INVALID = "delimiter_invalid"
    FOLDER_NOT_WRITABLE = "folder_not_writable"
    BACKUP_EXISTS = "backup_exists"
    BACKUP_UNREADABLE = "backup_unreadable"
    BACKUP_FAILED = "backup_failed"
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
