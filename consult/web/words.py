"""Words for codes: rules of moderation, acts of the log, what is missing before an opening."""

from flask_babel import lazy_gettext as _l

from consult.domain.agenda.items import Caution, Why
from consult.domain.agenda.versions import Change
from consult.domain.audit import Act, Thing
from consult.domain.comment_orders import CommentOrder
from consult.domain.comments import CommentState
from consult.domain.consultations import Missing, ModerationMode, ResultsPolicy
from consult.domain.languages import Language
from consult.domain.people import Role
from consult.domain.profile import AgeBand, Gender, Region
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

COMMENT_ORDERS = {
    CommentOrder.NEWEST: _l("Newest"),
    CommentOrder.AGREED: _l("Most agreed"),
    CommentOrder.DIVIDED: _l("Most divided"),
    CommentOrder.NEEDS_VOTES: _l("Needs votes"),
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

REGIONS = {
    Region.ABAI: _l("Abai Region"),
    Region.AKMOLA: _l("Akmola Region"),
    Region.AKTOBE: _l("Aktobe Region"),
    Region.ALMATY_REGION: _l("Almaty Region"),
    Region.ATYRAU: _l("Atyrau Region"),
    Region.WEST_KAZAKHSTAN: _l("West Kazakhstan Region"),
    Region.ZHAMBYL: _l("Zhambyl Region"),
    Region.ZHETISU: _l("Zhetisu Region"),
    Region.KARAGANDA: _l("Karaganda Region"),
    Region.KOSTANAY: _l("Kostanay Region"),
    Region.KYZYLORDA: _l("Kyzylorda Region"),
    Region.MANGYSTAU: _l("Mangystau Region"),
    Region.PAVLODAR: _l("Pavlodar Region"),
    Region.NORTH_KAZAKHSTAN: _l("North Kazakhstan Region"),
    Region.TURKISTAN: _l("Turkistan Region"),
    Region.ULYTAU: _l("Ulytau Region"),
    Region.EAST_KAZAKHSTAN: _l("East Kazakhstan Region"),
    Region.ASTANA: _l("City of Astana"),
    Region.ALMATY: _l("City of Almaty"),
    Region.SHYMKENT: _l("City of Shymkent"),
}
AGE_BANDS = {
    AgeBand.FROM_14: _l("14 to 17 years"),
    AgeBand.FROM_18: _l("18 to 29 years"),
    AgeBand.FROM_30: _l("30 to 44 years"),
    AgeBand.FROM_45: _l("45 to 59 years"),
    AgeBand.FROM_60: _l("60 years and more"),
    AgeBand.UNDISCLOSED: _l("I do not want to say"),
}
GENDERS = {
    Gender.FEMALE: _l("Woman"),
    Gender.MALE: _l("Man"),
    Gender.UNDISCLOSED: _l("I do not want to say"),
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
    Act.SESSIONS_ENDED: _l("Signed out elsewhere"),
    Act.PASSWORD_RESET_ASKED: _l("Asked for a new password"),
    Act.PASSWORD_CHANGED: _l("Password changed"),
    Act.EMAIL_CHANGE_ASKED: _l("Asked to change the e-mail address"),
    Act.EMAIL_CHANGED: _l("E-mail address changed"),
    Act.SECOND_FACTOR_ADDED: _l("App or passkey added"),
    Act.SECOND_FACTOR_REMOVED: _l("App or passkey removed"),
    Act.RECOVERY_CODES_MADE: _l("Recovery codes made"),
    Act.RECOVERY_CODE_USED: _l("Recovery code used"),
    Act.IDENTITY_LINKED: _l("Identity linked"),
    Act.IDENTITY_UNLINKED: _l("Identity unlinked"),
    Act.CONVERSATION_IMPORTED: _l("Conversation imported"),
    Act.OPINION_COMPUTED: _l("Opinion groups computed"),
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
    Act.COMMENT_EDITED: _l("Comment edited by its author"),
    Act.COMMENT_CORRECTED: _l("Comment corrected by its author"),
    Act.COMMENT_WITHDRAWN: _l("Comment withdrawn by its author"),
    Act.COMMENT_LANGUAGE_CHANGED: _l("Language of a comment changed by its author"),
    Act.COMMENT_REPORTED: _l("Comment reported"),
    Act.EXPORT_MADE: _l("Export made"),
    Act.ACCOUNT_CORRECTED: _l("Name or language corrected"),
    Act.ACCOUNT_ERASED: _l("Account deleted"),
    Act.OWN_DATA_DOWNLOADED: _l("Own data downloaded"),
    Act.CONSENT_GIVEN: _l("Consent given"),
    Act.CONSENT_WITHDRAWN: _l("Consent withdrawn"),
    Act.RETENTION_APPLIED: _l("What was kept long enough is deleted"),
    Act.MAIL_GIVEN_UP: _l("Letter given up"),
}

CAUTIONS = {
    Caution.YEAR_MISSING: _l("The agenda prints no year; the day stays in its own words."),
    Caution.DAY_UNKNOWN: _l("The agenda does not say which date this day is."),
    Caution.DATE_IMPOSSIBLE: _l("The agenda prints a date that does not exist."),
    Caution.DATE_RANGE_UPSIDE_DOWN: _l("The agenda prints an event that ends before it begins."),
    Caution.WEEKDAY_DIFFERS: _l("The weekday that the agenda prints does not belong to its date."),
    Caution.TIME_RANGE_UPSIDE_DOWN: _l("The agenda prints a time that ends before it begins."),
    Caution.SEVERAL_SESSIONS: _l("This heading seems to contain several sessions. Split it if so."),
    Caution.MAY_HOLD_SEVERAL: _l("This sentence may name several topics. Split it if so."),
    Caution.TEXT_MAY_BE_CUT: _l("The text may be cut off here. Compare it with the document."),
    Caution.ONLY_BEGINNING_READ: _l("The document is very long; only its beginning was read."),
}
OMISSIONS = {
    Why.LOGISTICS: _l("Organisational"),
    Why.PROCEDURE: _l("Procedure of the meeting"),
    Why.SPEAKER: _l("Names a speaker only"),
    Why.UNTITLED: _l("Has no title"),
    Why.NO_SUBJECT: _l("Names no subject"),
}
CHANGES = {
    Change.ADDED: _l("New in this version"),
    Change.SAME: _l("As before"),
    Change.MOVED: _l("Moved"),
    Change.REWORDED: _l("Reworded"),
}

THINGS = {
    Thing.PERSON: _l("Person"),
    Thing.CONSULTATION: _l("Consultation"),
    Thing.TOPIC: _l("Topic"),
    Thing.QUESTION: _l("Question"),
    Thing.COMMENT: _l("Comment"),
    Thing.INSTALLATION: _l("Installation"),
    Thing.MESSAGE: _l("Message"),
}
