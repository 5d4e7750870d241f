"""The tables of an export, column by column: the description that queries, writers and the manifest read.

Names, order and meaning are a public contract: other people's scripts rely on them. New columns are added at
the end of a table.
"""

from consult.domain.consultations import State
from consult.domain.exports import Column, ForeignKey, Kind, Table
from consult.domain.languages import Language
from consult.domain.questions import QuestionKind

_STRING, _INTEGER, _DATE, _DATETIME = Kind.STRING, Kind.INTEGER, Kind.DATE, Kind.DATETIME
_AUTHOR_KINDS = ("citizen", "organisation", "official")
_DECISIONS = ("accepted", "partly_accepted", "not_accepted", "noted", "outside_powers")
_ACTIONS = (
    "publish", "withhold", "redact", "restore", "edit", "close", "open",
    "extend", "withdraw", "erase", "flag", "appeal", "decide", "keep", "undo",
)  # fmt: skip
_UNTIL_CLOSING = "empty in the public package while results are hidden"
_NO_RULE = "empty for a withheld comment: it was imported, and its source gave no rule"

SUPPRESSED = "suppressed"
"""What a cell holds instead of a value that too few participants share."""

_CONSULTATION_ID = Column("consultation_id", _STRING, "the consultation", is_required=True)
_QUESTION_ID = Column("question_id", _STRING, "the question", is_required=True)

CONSULTATIONS = Table(
    "consultations",
    "the consultation: one row",
    (
        Column("consultation_id", _STRING, "stable id, e.g. KZ-OG-2016-01", is_required=True, is_unique=True),
        Column("title_en", _STRING, "title in English; empty = not written in this language"),
        Column("title_ru", _STRING, "title in Russian; empty = not written in this language"),
        Column("title_kk", _STRING, "title in Kazakh; empty = not written in this language"),
        Column("authority", _STRING, "body that consults and must answer", is_required=True, is_late=True),
        Column("contact", _STRING, "office address of the responsible official, not a private one"),
        Column("purpose", _STRING, "what can still change (Gunning 1) and what cannot"),
        Column(
            "status",
            _STRING,
            "state at the moment of the export",
            is_required=True,
            values=tuple(state.value for state in State),
        ),
        Column("opens_at", _DATETIME, "first instant of taking part", is_required=True, is_late=True),
        Column(
            "closes_at", _DATETIME, "instant from which no input is taken", is_required=True, is_late=True
        ),
        Column(
            "working_days_open", _INTEGER, "days of work from opening to closing, by the calendar of holidays"
        ),
        Column("calendar_days_open", _INTEGER, "whole days from opening to closing"),
        Column("min_days_rule", _STRING, "rule applied, e.g. KZ-10wd, EU-84d"),
        Column("answer_due_on", _DATE, "promise made at opening"),
        Column("answer_published_on", _DATE, "day on which the answer was published"),
        Column("source_title", _STRING, "title of the agenda or other source document"),
        Column("source_url", _STRING, "where the source document was published"),
        Column("source_sha256", _STRING, "hash of the agenda text cited"),
        Column("licence", _STRING, "licence of this package"),
        Column("short_period_reason", _STRING, "why it is open for less than the rule's minimum"),
        Column("withdrawal_reason", _STRING, "why it was withdrawn"),
    ),
    primary_key=("consultation_id",),
)

QUESTIONS = Table(
    "questions",
    "the questions, by number, with the agenda's words that they come from",
    (
        Column("question_id", _STRING, "stable id of the question", is_required=True, is_unique=True),
        _CONSULTATION_ID,
        Column("topic_id", _STRING, "the topic that the question belongs to", is_required=True),
        Column("position", _INTEGER, "number of the question, from 1", is_required=True, minimum=1),
        Column("topic_en", _STRING, "title of the topic in English"),
        Column("topic_ru", _STRING, "title of the topic in Russian"),
        Column("topic_kk", _STRING, "title of the topic in Kazakh"),
        Column("question_en", _STRING, "newest text in English"),
        Column("question_ru", _STRING, "newest text in Russian"),
        Column("question_kk", _STRING, "newest text in Kazakh"),
        Column("text_version", _INTEGER, "raised by each edit after opening; versions kept"),
        Column("agenda_day", _DATE, "day of the agenda item"),
        Column("agenda_lines", _STRING, "first-last line of the cited passage"),
        Column("agenda_quote", _STRING, "exact cited words; empty = the editor's own topic"),
        Column(
            "status",
            _STRING,
            "state of its consultation; draft until that opens",
            is_required=True,
            values=("draft", "open", "closed", "answered", "withdrawn"),
        ),
        Column("comments_published", _INTEGER, "comments and replies that everybody reads"),
        Column("comments_withheld", _INTEGER, "comments and replies held back under a published rule"),
        Column("participants", _INTEGER, "distinct participants"),
        Column("votes_agree", _INTEGER, f"on a proposition; empty for an open question; {_UNTIL_CLOSING}"),
        Column("votes_disagree", _INTEGER, f"on a proposition; empty for an open question; {_UNTIL_CLOSING}"),
        Column("votes_pass", _INTEGER, f"on a proposition; empty for an open question; {_UNTIL_CLOSING}"),
        Column("official_answer", _STRING, "summary of what was heard and what changes"),
        Column("official_answer_at", _DATETIME, "when the answer was given", is_day_in_public=True),
        Column(
            "kind",
            _STRING,
            "open: answered by comments; proposition: a sentence that is voted on, and commented",
            values=tuple(kind.value for kind in QuestionKind),
        ),
        Column("agenda_page", _INTEGER, "page of the cited passage, where the source has pages"),
        Column("agenda_paragraph", _INTEGER, "paragraph of the cited passage, where the source has neither"),
    ),
    primary_key=("question_id",),
    foreign_keys=(ForeignKey("consultation_id", "consultations"),),
)

COMMENTS = Table(
    "comments",
    "comments and replies by id; what is withheld keeps its row, and in the public package not its words",
    (
        Column("comment_id", _STRING, "number that its author was given", is_required=True, is_unique=True),
        _QUESTION_ID,
        Column("parent_comment_id", _STRING, "empty = answers the question"),
        Column(
            "participant_ref",
            _STRING,
            "pseudonym, this consultation only; one for each item typed in by an official; "
            "empty when withdrawn or erased",
        ),
        Column("author_kind", _STRING, "who speaks", is_required=True, values=_AUTHOR_KINDS),
        Column("organisation_name", _STRING, "only with consent to publish"),
        Column("question_version", _INTEGER, "version of the question's text that the author answered"),
        Column(
            "language",
            _STRING,
            "of the text, detected, correctable",
            values=(*(language.value for language in Language), "und"),
        ),
        Column(
            "submitted_at",
            _DATETIME,
            "with offset; public file: date only, the day in UTC",
            is_required=True,
            is_day_in_public=True,
        ),
        Column("edited_at", _DATETIME, "last edit by the author", is_day_in_public=True),
        Column(
            "channel",
            _STRING,
            "typed in by an official for paper, e-mail, meeting",
            values=("web", "paper", "email", "meeting"),
        ),
        Column(
            "body",
            _STRING,
            "empty when withheld (restricted package: kept); a redaction as a mark in square brackets, "
            "such as [removed: personal data] or the same in the language of the text",
        ),
        Column(
            "publication",
            _STRING,
            "what readers see of it: the words, redacted words, or why there are none",
            is_required=True,
            values=("published", "redacted", "withheld", "withdrawn_by_author", "erased"),
            restricted_values=("pending",),
        ),
        Column("publication_rule", _STRING, f"code of the published rule applied; {_NO_RULE}"),
        Column("votes_agree", _INTEGER, f"participants who agree; {_UNTIL_CLOSING}"),
        Column("votes_disagree", _INTEGER, f"participants who disagree; {_UNTIL_CLOSING}"),
        Column("votes_pass", _INTEGER, f"participants who passed; {_UNTIL_CLOSING}"),
        Column("themes", _STRING, "analyst codes separated by |"),
        Column("decision", _STRING, "empty = not yet decided", values=_DECISIONS),
        Column("decision_reason", _STRING, "required when a decision is set"),
        Column("decided_at", _DATETIME, "when it was decided", is_day_in_public=True),
        Column("duplicate_of", _STRING, "first of a group of near-identical texts"),
    ),
    primary_key=("comment_id",),
    foreign_keys=(ForeignKey("question_id", "questions"),),
)

VOTES = Table(
    "votes",
    "current votes: on propositions, then on comments, each by participant_ref",
    (
        _CONSULTATION_ID,
        Column("question_id", _STRING, "the proposition voted on"),
        Column("comment_id", _STRING, "exactly one of question_id, comment_id"),
        Column("participant_ref", _STRING, "restricted file only"),
        Column("value", _INTEGER, "1 agree, 0 pass, -1 disagree", is_required=True, values=(-1, 0, 1)),
        Column("cast_on", _DATE, "day of the vote in UTC; the last vote counts", is_required=True),
        Column("cast_at", _DATETIME, "instant of the vote", is_restricted=True),
    ),
    primary_key=("question_id", "comment_id", "participant_ref"),
    is_restricted=True,
)

PARTICIPANTS = Table(
    "participants",
    "everybody with a comment or a vote in this package, by participant_ref",
    (
        Column(
            "participant_ref",
            _STRING,
            "keyed hash: the same person has another one in every other consultation",
            is_required=True,
            is_unique=True,
        ),
        _CONSULTATION_ID,
        Column("author_kind", _STRING, "who takes part", is_required=True, values=_AUTHOR_KINDS),
        Column(
            "region",
            _STRING,
            "ISO 3166-2:KZ code of the oblast or city of republican significance; empty = not told; "
            f'"{SUPPRESSED}" when fewer participants than smallest_group',
        ),
        Column(
            "age_band",
            _STRING,
            f'as the participant gave it; empty = not told; "{SUPPRESSED}" as in region',
            values=("14-17", "18-29", "30-44", "45-59", "60+", "undisclosed", SUPPRESSED),
        ),
        Column(
            "gender",
            _STRING,
            f'as the participant gave it; empty = not told; "{SUPPRESSED}" as in region',
            values=("f", "m", "undisclosed", SUPPRESSED),
        ),
        Column(
            "ui_language",
            _STRING,
            "language of the pages; "
            f'public file: "{SUPPRESSED}" when fewer participants than smallest_group share it',
            values=("kk", "ru", "en", SUPPRESSED),
        ),
        Column(
            "verification",
            _STRING,
            "how the person's identity was verified: egov = by an identity provider; "
            f'public file: "{SUPPRESSED}" when fewer participants than smallest_group share it',
            values=("none", "email", "phone", "egov", SUPPRESSED),
        ),
        Column("comments", _INTEGER, "comments and replies of this package that carry the participant_ref"),
        Column("votes", _INTEGER, "current votes on comments and propositions"),
    ),
    primary_key=("participant_ref",),
)

MODERATION_LOG = Table(
    "moderation_log",
    "every act of moderation, by id",
    (
        Column("entry_id", _INTEGER, "number of the act", is_required=True, is_unique=True),
        Column(
            "at",
            _DATETIME,
            "with offset; public file: date only, the day in UTC",
            is_required=True,
            is_day_in_public=True,
        ),
        Column(
            "actor_role",
            _STRING,
            "role of who acted, as it is now",
            is_required=True,
            values=("moderator", "official", "administrator", "author", "system"),
        ),
        Column("actor_ref", _STRING, "pseudonym of the official; name only in the restricted log"),
        Column(
            "object_type",
            _STRING,
            "kind of the thing acted on",
            is_required=True,
            values=("question", "comment", "participant", "consultation"),
        ),
        Column("object_id", _STRING, "its id in this package", is_required=True),
        Column(
            "action",
            _STRING,
            "what was done",
            is_required=True,
            values=_ACTIONS,
        ),
        Column("rule", _STRING, "code of the rule"),
        Column(
            "reason", _STRING, "shown to the author; empty in the public file, it may repeat private words"
        ),
        Column("before", _STRING, "state before the act"),
        Column("after", _STRING, "state after the act"),
        Column("appeal_of", _INTEGER, "the act appealed against"),
        Column("actor_name", _STRING, "name of the official", is_restricted=True),
    ),
    primary_key=("entry_id",),
)

REPORT = Table(
    "report",
    "the comments with what the authority answered, in the form that Kazakhstan's bodies publish",
    (
        Column("section", _STRING, "KZ form: Раздел = question text"),
        Column("comment", _STRING, "Комментарии; empty when withheld"),
        Column(
            "answer",
            _STRING,
            "Ответ: what the authority answers; where several themes were answered, all of it; "
            "empty in the public package until the outcome is published",
        ),
        Column(
            "decision",
            _STRING,
            "Принято / Частично принято / Не принято / К сведению; of several the first",
            values=_DECISIONS,
        ),
        Column("reason", _STRING, "Обоснование: the reason of that decision"),
        Column("likes", _INTEGER, "Нравится"),
        Column("dislikes", _INTEGER, "Не нравится"),
        Column("comment_id", _STRING, "number of the comment", is_required=True),
        Column(
            "rule", _STRING, f"code of the published rule under which the comment is withheld; {_NO_RULE}"
        ),
        Column(
            "shared_text", _INTEGER, "1: the same answer stands under several comments; 0: not", values=(0, 1)
        ),
    ),
    foreign_keys=(ForeignKey("comment_id", "comments"),),
)

TABLES = (CONSULTATIONS, QUESTIONS, COMMENTS, VOTES, PARTICIPANTS, MODERATION_LOG, REPORT)
