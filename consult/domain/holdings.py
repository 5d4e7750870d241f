"""What we hold about people: every table that knows somebody, and what is decided about each of its columns.

The download of one's own data and the deletion of an account read this one description. A test holds it
against the tables: a new table, or a new column, without a decision fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from consult.domain.retention import Period

Blank = str | bool | None


class Link(StrEnum):
    """How a row is known to be somebody's, by the columns in `Holding.by`.

    PERSON: one of them holds the person's id. MAILBOX: the person's id, or the e-mail address. AUTHOR: the
    person wrote it here, and did not type it in for somebody else. COMMENT: the row is about such a comment.
    LOG: the person acted, or was acted on.
    """

    PERSON = "person"
    MAILBOX = "mailbox"
    AUTHOR = "author"
    COMMENT = "comment"
    LOG = "log"


class Ending(StrEnum):
    """What becomes of the rows when the account is deleted.

    GO: they are deleted. EMPTIED: they stay, with `Holding.emptied` blank. CHOSEN: the same, or where nothing
    is in `emptied` they are deleted, but only with the comments that are removed: see `Farewell`. STAY: they
    hold numbers and times only, or nothing of the person's own.
    """

    GO = "go"
    EMPTIED = "emptied"
    CHOSEN = "chosen"
    STAY = "stay"


class Farewell(StrEnum):
    """What a person who leaves wants for the own comments.

    REMOVE: a note stays in their place. KEEP: their words stay, by "Former participant"; those that the
    person had withdrawn are removed all the same.
    """

    REMOVE = "remove"
    KEEP = "keep"


@dataclass(frozen=True)
class Holding:
    """Rows of one table. Every column stands in exactly one of `by`, `given`, `secret` and `others`.

    `given` is in the download; `secret` proves who somebody is and leaves the database never; `others` says
    something about another person or about the thing, not about its owner. `by` is not in the download unless
    it stands in `given` too. `emptied` are the blanks that are left of a row that stays.
    """

    name: str
    table: str
    link: Link
    by: tuple[str, ...]
    ending: Ending
    period: Period
    given: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    emptied: Mapping[str, Blank] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        """Every column that is decided about."""
        return frozenset((*self.by, *self.given, *self.secret, *self.others))


_OWN = ("person_id",)
_COMMENT = ("consultation_id", "comment_id")

ACCOUNT = Holding(
    name="account",
    table="person",
    link=Link.PERSON,
    by=("id",),
    given=(
        "id", "email", "name", "role", "language", "is_active", "created_at", "verification",
        "email_frequency", "erased_at", "desk_keys", "blocked_reason",
    ),
    secret=("password_hash",),
    ending=Ending.EMPTIED,
    emptied={
        "name": "", "password_hash": "", "is_active": False, "email_frequency": "none", "blocked_reason": "",
    },
    period=Period.ACCOUNT,
)  # fmt: skip
"""The row stays as an empty shell; its address becomes `erased:<id>`, and `erased_at` is set."""

COMMENTS = Holding(
    name="comments",
    table="comment",
    link=Link.AUTHOR,
    by=("author_id",),
    given=(
        "consultation_id", "id", "question_id", "parent_id", "replies_to", "body", "redacted_body",
        "language", "question_version", "question_language", "channel", "state", "publication_rule",
        "publication_reason", "submitted_at", "version", "wording", "corrected_at",
    ),
    others=("idempotency_key", "desk_rank", "marks", "alike_id", "open_reports"),
    ending=Ending.CHOSEN,
    emptied={
        "body": "", "redacted_body": None, "publication_rule": None, "publication_reason": "",
        "idempotency_key": None, "marks": "", "alike_id": None,
    },
    period=Period.RECORD,
)  # fmt: skip

HOLDINGS: tuple[Holding, ...] = (
    ACCOUNT,
    Holding(
        "sessions", "sign_in_session", Link.PERSON, _OWN, Ending.GO, Period.SESSION,
        given=("created_at", "expires_at", "revoked_at", "device", "last_seen_at", "has_second_factor"),
        secret=("token_hash",),
    ),
    Holding(
        "registrations", "registration", Link.MAILBOX, ("email",), Ending.GO, Period.REGISTRATION,
        given=("email", "name", "language", "next_path", "created_at", "expires_at"),
        secret=("token_hash", "password_hash"),
    ),
    Holding(
        "links", "account_link", Link.MAILBOX, ("person_id", "email"), Ending.GO, Period.LINK,
        given=("purpose", "email", "created_at", "expires_at", "used_at"),
        secret=("token_hash",),
    ),
    Holding(
        "sign_in_steps", "sign_in_step", Link.PERSON, _OWN, Ending.GO, Period.STEP,
        given=("attempts", "created_at", "expires_at"),
        secret=("token_hash", "challenge"),
    ),
    Holding(
        "authenticator_app", "totp_device", Link.PERSON, _OWN, Ending.GO, Period.ACCOUNT,
        given=("created_at", "confirmed_at"),
        secret=("secret", "last_step"),
    ),
    Holding(
        "passkeys", "passkey", Link.PERSON, _OWN, Ending.GO, Period.ACCOUNT,
        given=("name", "created_at", "last_used_at", "sign_count"),
        secret=("id", "credential_id", "public_key"),
    ),
    Holding(
        "recovery_codes", "recovery_code", Link.PERSON, _OWN, Ending.GO, Period.ACCOUNT,
        given=("person_id", "used_at"),
        secret=("code_hash",),
    ),
    Holding(
        "identities", "identity", Link.PERSON, _OWN, Ending.GO, Period.ACCOUNT,
        given=("issuer", "subject", "linked_at"),
    ),
    Holding(
        "consents", "consent", Link.PERSON, _OWN, Ending.GO, Period.ACCOUNT,
        given=("purpose", "version", "language", "given_at", "withdrawn_at"),
        others=("id",),
    ),
    Holding(
        "profile", "person_profile", Link.PERSON, _OWN, Ending.GO, Period.STATISTICS,
        given=("region", "age_band", "gender", "declined_at", "updated_at"),
    ),
    COMMENTS,
    Holding(
        "earlier_wordings", "comment_revision", Link.COMMENT, _COMMENT, Ending.CHOSEN, Period.RECORD,
        given=(*_COMMENT, "number", "body", "language", "is_public", "replaced_at"),
    ),
    Holding(
        "reports_by_me", "comment_report", Link.PERSON, _OWN, Ending.EMPTIED, Period.RECORD,
        given=(*_COMMENT, "rule", "words", "reported_at", "answered_at", "answer"),
        emptied={"words": "", "answer": ""},
    ),
    Holding(
        "reports_about_comments", "comment_report", Link.COMMENT, _COMMENT, Ending.CHOSEN, Period.RECORD,
        given=(*_COMMENT, "rule", "reported_at"),
        others=("person_id", "words", "answered_at", "answer"),
        emptied={"words": "", "answer": ""},
    ),
    Holding(
        "drafts", "comment_draft", Link.PERSON, _OWN, Ending.GO, Period.DRAFT,
        given=("consultation_id", "question_id", "reply_to", "body", "saved_at"),
    ),
    Holding(
        "duties", "consultation_duty", Link.PERSON, _OWN, Ending.GO, Period.ACCOUNT,
        given=("consultation_id", "duty", "appointed_at"),
    ),
    Holding(
        "follows", "follow", Link.PERSON, _OWN, Ending.GO, Period.ACCOUNT,
        given=("consultation_id", "followed_at"),
    ),
    Holding(
        "moderation_of_comments", "moderation_act", Link.COMMENT, _COMMENT, Ending.EMPTIED, Period.RECORD,
        given=(*_COMMENT, "move", "rule", "reason", "before", "after", "acted_at"),
        others=("id", "actor_id", "deed_id", "left_version", "was", "undone_at"),
        emptied={"reason": "", "was": None},
    ),
    Holding(
        "appeals", "appeal", Link.PERSON, _OWN, Ending.EMPTIED, Period.RECORD,
        given=(
            "consultation_id", "id", "comment_id", "words", "lodged_at", "verdict", "reason",
            "reason_language", "decided_at",
        ),
        others=("act_id", "decision_id", "decided_by", "outcome_id"),
        emptied={"words": "", "reason": ""},
    ),
    Holding(
        "notes_of_moderators", "moderation_note", Link.COMMENT, _COMMENT, Ending.EMPTIED, Period.RECORD,
        given=(*_COMMENT, "is_escalation", "written_at", "settled_at"),
        others=("id", "author_id", "to_id", "words"),
        emptied={"words": ""},
    ),
    Holding(
        "escalated_to_me", "moderation_note", Link.PERSON, ("to_id",), Ending.STAY, Period.RECORD,
        given=(*_COMMENT, "is_escalation", "written_at", "settled_at"),
        others=("id", "author_id", "words"),
    ),
    Holding(
        "taken_at_the_desk", "moderation_lock", Link.PERSON, _OWN, Ending.GO, Period.RECORD,
        given=(*_COMMENT, "until"),
    ),
    Holding(
        "votes_on_comments", "comment_vote", Link.PERSON, _OWN, Ending.STAY, Period.RECORD,
        given=("consultation_id", "comment_id", "choice", "cast_at"),
    ),
    Holding(
        "votes_on_propositions", "proposition_vote", Link.PERSON, _OWN, Ending.STAY, Period.RECORD,
        given=(
            "consultation_id", "question_id", "choice", "question_version", "question_language", "cast_at",
        ),
    ),
    Holding(
        "opinion_groups", "opinion_member", Link.PERSON, _OWN, Ending.STAY, Period.RECORD,
        given=("consultation_id", "number", "x", "y"),
    ),
    Holding(
        "imported_participation", "imported_participant", Link.PERSON, _OWN, Ending.STAY, Period.RECORD,
        given=("consultation_id", "reference"),
    ),
    Holding(
        "messages", "outbox_message", Link.MAILBOX, ("person_id", "address"), Ending.GO, Period.MESSAGE,
        given=("kind", "address", "language", "content", "created_at", "due_at", "sent_at"),
        others=("id", "in_digest", "given_up_at", "attempts", "last_error"),
    ),
    Holding(
        "audit_entries", "audit_entry", Link.LOG, ("actor_id",), Ending.STAY, Period.LOG,
        given=("at", "actor_role", "act", "thing", "thing_id", "consultation_id", "detail"),
        others=("id",),
    ),
)  # fmt: skip
"""In the order of the download."""

OFFICIAL_ACTS: Mapping[str, str] = {
    "agenda_review": "created_by",
    "appeal": "decided_by",
    "attachment": "uploaded_by",
    "consultation": "created_by",
    "source_document": "imported_by",
    "moderation_act": "actor_id",
    "moderation_note": "author_id",
    "reason_template": "written_by",
    "position_version": "decided_by",
    "outcome": "written_by",
    "input_batch": "created_by",
}
"""Table and column of what somebody did as an official; it stays, and refers to the empty shell.

The official's own download has these acts as lines of the audit log.
"""

DERIVED = frozenset({"comment_band", "search_entry"})
"""Tables made from others: what stands there of a comment goes with its words, by triggers of the
database."""

NOT_PERSONAL = frozenset({
    "announcement", "attachment_text", "consultation_rule", "comment_count", "comment_tally",
    "consultation_text", "guest_draft", "holiday", "id_sequence", "imported_conversation",
    "opinion_bin", "opinion_group", "opinion_group_statement", "opinion_job", "opinion_run",
    "opinion_statement", "passage", "population_margin", "question",
    "question_text", "superseded_document", "topic", "topic_text",
    "comment_theme", "official_position", "outcome_text", "position_text", "theme", "theme_text",
    "weighted_tally", "weighting",
    "input_file", "input_item",
    "branding", "job_run", "moderation_rule", "moderation_rule_text", "profanity_word",
})  # fmt: skip
"""Tables that know nobody. Whose a guest's draft is, only the cookie in the guest's browser knows."""
