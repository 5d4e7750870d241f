"""Words for codes: rules of moderation, acts of the log, what is missing before an opening."""

from flask_babel import lazy_gettext as _l

from consult.domain.audit import Act
from consult.domain.comments import CommentState
from consult.domain.consultations import Missing, ModerationMode, ResultsPolicy
from consult.domain.languages import Language
from consult.domain.people import Role
from consult.domain.questions import QuestionKind
from consult.domain.votes import Choice

LANGUAGE_NAMES = {Language.KK: "Қазақша", Language.RU: "Русский", Language.EN: "English"}
"""Each in its own language, the same on every page."""

CHOICES = {Choice.AGREE: _l("Agree"), Choice.DISAGREE: _l("Disagree"), Choice.PASS: _l("Pass")}

RULE_TITLES = {
    "off-topic": _l("Not about the question"),
    "insult": _l("Insult or threat"),
    "hate": _l("Incitement to hatred"),
    "personal-data": _l("Personal data of somebody"),
    "advertising": _l("Advertising"),
    "unlawful": _l("Forbidden by law"),
    "duplicate": _l("The same text again"),
}
RULE_TEXTS = {
    "off-topic": _l("The comment does not answer the question and would fit another place better."),
    "insult": _l("The comment insults, threatens or mocks a person. Hard criticism of decisions is welcome."),
    "hate": _l("The comment calls for hatred or violence against people for what they are or believe."),
    "personal-data": _l(
        "The comment names telephone numbers, addresses, documents or other data of a person."
    ),
    "advertising": _l("The comment sells something or leads to a place that does."),
    "unlawful": _l("The comment says what the law forbids to publish."),
    "duplicate": _l("The same person has sent the same text before."),
}

COMMENT_STATES = {
    CommentState.PENDING: _l("Waiting for a moderator"),
    CommentState.PUBLISHED: _l("Published"),
    CommentState.WITHHELD: _l("Withheld"),
    CommentState.WITHDRAWN: _l("Withdrawn"),
    CommentState.ERASED: _l("Erased"),
}

QUESTION_KINDS = {
    QuestionKind.OPEN: _l("Open question: people answer in their own words"),
    QuestionKind.PROPOSITION: _l("Proposition: people vote on this sentence, and comment"),
}
MODERATION_MODES = {
    ModerationMode.PRE: _l("Before: a moderator reads each comment before others see it"),
    ModerationMode.POST: _l("After: comments appear at once, moderators look afterwards"),
}
RESULTS_POLICIES = {
    ResultsPolicy.AFTER_VOTING: _l("To each person after the own vote"),
    ResultsPolicy.AFTER_CLOSING: _l("To nobody before closing"),
}
DURATION_RULES = {
    "default-28d": _l("At least 28 days"),
    "KZ-10wd": _l("At least 10 working days"),
    "EU-84d": _l("At least 84 days (12 weeks)"),
}

ROLES = {
    Role.CITIZEN.value: _l("Citizen"),
    Role.OFFICIAL.value: _l("Official"),
    Role.ADMINISTRATOR.value: _l("Administrator"),
    "operator": _l("Operator"),
    "guest": _l("Guest"),
}

CHECKLIST = {
    Missing.TITLE: _l("Title in Kazakh and Russian"),
    Missing.PURPOSE: _l("What can still change, in Kazakh and Russian"),
    Missing.AUTHORITY: _l("Responsible authority, in Kazakh and Russian"),
    Missing.CONTACT: _l("Contact"),
    Missing.TIMETABLE: _l("Opening and closing time"),
    Missing.CLOSING_AHEAD: _l("Closing time in the future"),
    Missing.ANSWER_DATE: _l("Date of the promised answer"),
    Missing.ANSWER_AFTER_CLOSING: _l("Promised answer not before the closing"),
    Missing.SHORT_PERIOD_REASON: _l("Reason for a shorter period than the rule"),
    Missing.QUESTIONS: _l("At least one question"),
    Missing.QUESTION_TEXTS: _l("Every question in Kazakh and Russian"),
    Missing.TOPIC_TITLES: _l("Every topic with questions titled in Kazakh and Russian"),
}

ACTS = {
    Act.ACCOUNT_CREATED: _l("Account created"),
    Act.SIGNED_IN: _l("Signed in"),
    Act.SIGN_IN_FAILED: _l("Sign-in failed"),
    Act.SIGNED_OUT: _l("Signed out"),
    Act.CONSULTATION_CREATED: _l("Consultation created"),
    Act.CONSULTATION_EDITED: _l("Consultation edited"),
    Act.CONSULTATION_OPENED: _l("Consultation opened"),
    Act.CONSULTATION_EXTENDED: _l("Closing date extended"),
    Act.CONSULTATION_CLOSED: _l("Closing confirmed"),
    Act.CONSULTATION_WITHDRAWN: _l("Consultation withdrawn"),
    Act.AGENDA_IMPORTED: _l("Agenda imported"),
    Act.TOPIC_ADDED: _l("Topic added"),
    Act.TOPIC_EDITED: _l("Topic edited"),
    Act.TOPIC_REMOVED: _l("Topic removed"),
    Act.QUESTION_ADDED: _l("Question added"),
    Act.QUESTION_EDITED: _l("Question edited"),
    Act.QUESTION_REMOVED: _l("Question removed"),
    Act.COMMENT_SUBMITTED: _l("Comment submitted"),
    Act.COMMENT_PUBLISHED: _l("Comment published"),
    Act.COMMENT_WITHHELD: _l("Comment withheld"),
    Act.COMMENT_REDACTED: _l("Comment redacted"),
    Act.COMMENT_RESTORED: _l("Comment restored"),
    Act.EXPORT_MADE: _l("Export made"),
}
