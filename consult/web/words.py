"""Words for codes: rules of moderation, acts of the log, what is missing before an opening."""

from flask_babel import lazy_gettext as _l

from consult.domain.agenda.items import Caution, Why
from consult.domain.agenda.versions import Change
from consult.domain.appeals import Verdict
from consult.domain.audit import Act, Thing
from consult.domain.comment_orders import CommentOrder
from consult.domain.comments import Channel, CommentState
from consult.domain.consultations import ModerationMode, ResultsPolicy
from consult.domain.durations import DayKind
from consult.domain.languages import Language
from consult.domain.moderation_log import Step
from consult.domain.moderation_statistics import Dimension
from consult.domain.opening import Missing, Task, TaskState
from consult.domain.outcomes import Decision
from consult.domain.people import Duty, Role
from consult.domain.profile import AgeBand, Gender, Region
from consult.domain.questions import QuestionKind
from consult.domain.reports import Fate
from consult.domain.votes import Choice
from consult.web.rule_words import RuleWordsNow

LANGUAGE_NAMES = {Language.KK: "Қазақша", Language.RU: "Русский", Language.EN: "English"}
"""Each in its own language, the same on every page."""

CHOICES = {Choice.AGREE: _l("Agree"), Choice.DISAGREE: _l("Disagree"), Choice.PASS: _l("Pass")}

_RULE_TITLES = {
    "off-topic": _l("Not about the question"),
    "insult": _l("Insult or threat"),
    "hate": _l("Incitement to hatred"),
    "personal-data": _l("Personal data of somebody"),
    "advertising": _l("Advertising"),
    "unlawful": _l("Forbidden by law"),
    "duplicate": _l("The same text again"),
}
_RULE_TEXTS = {
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
RULE_TITLES = RuleWordsNow(_RULE_TITLES, lambda words: words.title)
RULE_TEXTS = RuleWordsNow(_RULE_TEXTS, lambda words: words.text)
"""By code; administrators can reword the program's rules and add their own."""

COMMENT_STATES = {
    CommentState.PENDING: _l("Waiting for a moderator"),
    CommentState.PUBLISHED: _l("Published"),
    CommentState.WITHHELD: _l("Withheld"),
    CommentState.WITHDRAWN: _l("Withdrawn"),
    CommentState.ERASED: _l("Erased"),
}

LOG_STEPS = {
    Step.PUBLISH: _l("Comment published"),
    Step.WITHHOLD: _l("Comment withheld"),
    Step.REDACT: _l("Passages taken out"),
    Step.RESTORE: _l("Comment restored"),
    Step.KEEP: _l("Reported comment left as it is"),
    Step.UNDO: _l("Decision taken back"),
    Step.APPEAL: _l("Appeal lodged"),
    Step.UPHELD: _l("Appeal decided: the decision stays"),
    Step.PARTLY: _l("Appeal decided: reversed in part"),
    Step.OVERTURNED: _l("Appeal decided: reversed"),
}
DIMENSIONS = {
    Dimension.MONTH: _l("By month of sending"),
    Dimension.LANGUAGE: _l("By language of the comment"),
    Dimension.RULE: _l("By rule, of comments that were withheld or redacted"),
}

REPORT_FATES = {
    Fate.WAITING: _l("No moderator has answered it yet"),
    Fate.DISMISSED: _l("A moderator read it and left the comment as it is"),
    Fate.KEPT: _l("A moderator decided that the comment stays"),
    Fate.REDACTED: _l("A moderator took passages out of the comment"),
    Fate.WITHHELD: _l("A moderator withheld the comment"),
    Fate.GONE: _l("Its author took the comment back"),
}
"""What became of a report, for the person who sent it."""

APPEAL_VERDICTS = {
    Verdict.UPHELD: _l("The decision stays"),
    Verdict.PARTLY: _l("The comment is published without some passages"),
    Verdict.OVERTURNED: _l("The comment is published again"),
}
APPEAL_REPLIES = {
    Verdict.UPHELD: _l(
        "I have read your comment, the decision and your appeal. The comment breaks the rule that was named."
        " The decision stays."
    ),
    Verdict.PARTLY: _l(
        "I have read your comment, the decision and your appeal. Most of the comment keeps to the rules."
        " It is published without the passages that break them."
    ),
    Verdict.OVERTURNED: _l(
        "I have read your comment, the decision and your appeal. The comment keeps to the rules."
        " It is published again, and we are sorry for the delay."
    ),
}
"""What officials can begin the reason with; they write the rest themselves."""

CHANNELS = {
    Channel.PAPER: _l("On paper"),
    Channel.EMAIL: _l("By e-mail"),
    Channel.MEETING: _l("At a meeting"),
}
CHANNEL_MARKS = {
    Channel.PAPER: _l("Received on paper"),
    Channel.EMAIL: _l("Received by e-mail"),
    Channel.MEETING: _l("Said at a meeting"),
}
"""The mark beside a comment that an official typed in."""
CHANNEL_AUTHORS = {
    Channel.PAPER: _l("A participant who wrote on paper"),
    Channel.EMAIL: _l("A participant who wrote by e-mail"),
    Channel.MEETING: _l("A participant of the meeting"),
}
"""Who speaks where no name was given."""


def author(name: str | None, channel: Channel) -> str:
    """Who is shown above a comment; not for the reader's own, and not for a stub."""
    return name or str(CHANNEL_AUTHORS.get(channel) or _l("Former participant"))


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

DUTIES = {
    Duty.EDITOR: _l("Editor: texts, dates, questions and documents"),
    Duty.MODERATOR: _l("Moderator: reads and decides about comments"),
    Duty.ANALYST: _l("Analyst: themes, official positions, outcome and restricted exports"),
}

TASKS = {
    Task.BASICS: _l("Texts and settings"),
    Task.QUESTIONS: _l("Topics and questions"),
    Task.DATES: _l("Dates"),
    Task.TRANSLATIONS: _l("Translations side by side"),
    Task.DOCUMENTS: _l("Documents"),
    Task.PEOPLE: _l("People"),
    Task.PREVIEW: _l("Preview"),
    Task.CHECK: _l("Check before publishing"),
}
TASK_HINTS = {
    Task.BASICS: _l("Title, responsible authority, purpose and contact."),
    Task.QUESTIONS: _l("What people are asked, with the words of the agenda that it comes from."),
    Task.DATES: _l("Opening, closing, the promised answer, and the shortest period."),
    Task.TRANSLATIONS: _l("Every text in Kazakh and Russian, and in English where there is one."),
    Task.DOCUMENTS: _l("Drafts, plans and other files for everybody to read."),
    Task.PEOPLE: _l("Who edits, moderates or analyses this consultation beside the officials."),
    Task.PREVIEW: _l("The page as citizens will see it."),
    Task.CHECK: _l("What is still missing, and the button that publishes."),
}
TASK_STATES = {
    TaskState.DONE: _l("Done"),
    TaskState.NOT_YET: _l("Not yet"),
    TaskState.BLOCKED: _l("Waits for other tasks"),
    TaskState.OPTIONAL: _l("If you like"),
}
DAY_KINDS = {
    DayKind.COUNTED: _l("Working day"),
    DayKind.WEEKEND: _l("Weekend"),
    DayKind.HOLIDAY: _l("Holiday"),
    DayKind.MOVED_WORK: _l("Working day on a weekend"),
}

FIXED_HOLIDAYS = {
    (1, 1): _l("New Year"),
    (1, 2): _l("New Year"),
    (1, 7): _l("Orthodox Christmas"),
    (3, 8): _l("International Women’s Day"),
    (3, 21): _l("Nauryz"),
    (3, 22): _l("Nauryz"),
    (3, 23): _l("Nauryz"),
    (5, 1): _l("Day of Unity of the People of Kazakhstan"),
    (5, 7): _l("Defender of the Fatherland Day"),
    (5, 9): _l("Victory Day"),
    (7, 6): _l("Capital City Day"),
    (8, 30): _l("Constitution Day"),
    (10, 25): _l("Republic Day"),
    (12, 16): _l("Independence Day"),
}
"""By month and day, as `domain.holidays.FIXED_HOLIDAYS`."""

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
    Missing.CITATIONS: _l("Every citation with its exact words and its place in the document"),
    Missing.SECOND_MODERATOR: _l("Two people who can moderate, so that somebody else decides an appeal"),
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
    Act.CONSULTATION_REHEARSED: _l("Consultation played through with imagined people"),
    Act.OPINION_COMPUTED: _l("Opinion groups computed"),
    Act.OPINION_ASKED: _l("Opinion groups asked for"),
    Act.MARGINS_SET: _l("Figures of the population uploaded"),
    Act.WEIGHTING_SHOWN: _l("Weighted figures published"),
    Act.WEIGHTING_HIDDEN: _l("Weighted figures taken back"),
    Act.CONSULTATION_CREATED: _l("Consultation created"),
    Act.CONSULTATION_EDITED: _l("Consultation edited"),
    Act.CONSULTATION_OPENED: _l("Consultation opened"),
    Act.CONSULTATION_EXTENDED: _l("Closing date extended"),
    Act.CONSULTATION_CLOSED: _l("Closing confirmed"),
    Act.CONSULTATION_WITHDRAWN: _l("Consultation withdrawn"),
    Act.CONSULTATION_DUPLICATED: _l("Consultation duplicated"),
    Act.DUTY_GIVEN: _l("Duty given"),
    Act.DUTY_TAKEN: _l("Duty taken away"),
    Act.ATTACHMENT_ADDED: _l("Document added"),
    Act.ATTACHMENT_EDITED: _l("Document renamed"),
    Act.ATTACHMENT_REMOVED: _l("Document removed"),
    Act.HOLIDAY_SET: _l("Holiday set"),
    Act.HOLIDAY_REMOVED: _l("Holiday removed"),
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
    Act.COMMENT_KEPT: _l("Comment left published after reports"),
    Act.COMMENT_ESCALATED: _l("Comment passed to another moderator"),
    Act.COMMENT_NOTED: _l("Note written about a comment"),
    Act.DECISION_UNDONE: _l("Decision of a moderator undone"),
    Act.USUAL_REASON_WRITTEN: _l("Usual reason of a rule written"),
    Act.COMMENT_EDITED: _l("Comment edited by its author"),
    Act.COMMENT_CORRECTED: _l("Comment corrected by its author"),
    Act.COMMENT_WITHDRAWN: _l("Comment withdrawn by its author"),
    Act.COMMENT_LANGUAGE_CHANGED: _l("Language of a comment changed by its author"),
    Act.COMMENT_REPORTED: _l("Comment reported"),
    Act.REPORTS_DISMISSED: _l("Reports about a comment dismissed"),
    Act.APPEAL_LODGED: _l("Appeal lodged"),
    Act.APPEAL_DECIDED: _l("Appeal decided"),
    Act.THEME_ADDED: _l("Theme added"),
    Act.THEME_EDITED: _l("Theme edited"),
    Act.THEME_MERGED: _l("Theme merged into another"),
    Act.THEME_REMOVED: _l("Theme removed"),
    Act.THEME_PUT: _l("Theme put on comments"),
    Act.THEME_TAKEN: _l("Theme taken off comments"),
    Act.POSITION_GIVEN: _l("Official position given"),
    Act.POSITION_CHANGED: _l("Official position changed"),
    Act.POSITION_REMOVED: _l("Official position taken back"),
    Act.OUTCOME_SAVED: _l("Outcome saved"),
    Act.OUTCOME_PUBLISHED: _l("Outcome published"),
    Act.OUTCOME_CORRECTED: _l("Outcome corrected"),
    Act.INPUT_BATCH_OPENED: _l("Batch of other input begun"),
    Act.INPUT_BATCH_EDITED: _l("Batch of other input corrected"),
    Act.INPUT_BATCH_DISCARDED: _l("Batch of other input discarded"),
    Act.INPUT_BATCH_COMPLETED: _l("Batch of other input completed"),
    Act.INPUT_ITEM_ADDED: _l("Item of other input added"),
    Act.INPUT_ITEM_EDITED: _l("Item of other input edited"),
    Act.INPUT_ITEM_REMOVED: _l("Item of other input removed"),
    Act.INPUT_ITEM_CORRECTED: _l("Item of other input corrected after completion"),
    Act.INPUT_FILE_LOADED: _l("File of other input loaded"),
    Act.EXPORT_MADE: _l("Export made"),
    Act.ACCOUNT_CORRECTED: _l("Name or language corrected"),
    Act.ACCOUNT_ERASED: _l("Account deleted"),
    Act.OWN_DATA_DOWNLOADED: _l("Own data downloaded"),
    Act.CONSENT_GIVEN: _l("Consent given"),
    Act.CONSENT_WITHDRAWN: _l("Consent withdrawn"),
    Act.RETENTION_APPLIED: _l("What was kept long enough is deleted"),
    Act.MAIL_GIVEN_UP: _l("Letter given up"),
    Act.MAIL_TRIED_AGAIN: _l("Letter to be tried again"),
    Act.ROLE_CHANGED: _l("Role changed"),
    Act.ACCOUNT_BLOCKED: _l("Account blocked"),
    Act.ACCOUNT_UNBLOCKED: _l("Account unblocked"),
    Act.SECOND_FACTORS_RESET: _l("App, passkeys and recovery codes taken off an account"),
    Act.OFFICIAL_INVITED: _l("Official invited"),
    Act.LOG_EXPORTED: _l("Audit log downloaded"),
    Act.RULE_ADDED: _l("Rule of moderation added"),
    Act.RULE_REWORDED: _l("Rule of moderation reworded"),
    Act.RULES_ORDERED: _l("Rules of moderation put in another order"),
    Act.RULE_RETIRED: _l("Rule of moderation retired"),
    Act.RULE_BROUGHT_BACK: _l("Rule of moderation brought back"),
    Act.PROFANITY_ADDED: _l("Rude words added"),
    Act.PROFANITY_REMOVED: _l("Rude word removed"),
    Act.BRANDING_SET: _l("Appearance of the authority changed"),
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

DECISIONS = {
    Decision.ACCEPTED: _l("Accepted"),
    Decision.PARTLY_ACCEPTED: _l("Partly accepted"),
    Decision.NOT_ACCEPTED: _l("Not accepted"),
    Decision.NOTED: _l("Noted"),
    Decision.OUTSIDE_POWERS: _l("Outside our powers"),
}
"""What the authority decided about a comment, as it is told to everybody."""

THINGS = {
    Thing.PERSON: _l("Person"),
    Thing.CONSULTATION: _l("Consultation"),
    Thing.TOPIC: _l("Topic"),
    Thing.QUESTION: _l("Question"),
    Thing.COMMENT: _l("Comment"),
    Thing.THEME: _l("Theme"),
    Thing.POSITION: _l("Official position"),
    Thing.INSTALLATION: _l("Installation"),
    Thing.MESSAGE: _l("Message"),
    Thing.ATTACHMENT: _l("Document"),
    Thing.INPUT_BATCH: _l("Batch of other input"),
}
