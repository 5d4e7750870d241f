"""Words of the desk: marks, views, kinds of personal data, moves, and what authors are usually told."""

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from consult.domain.comments import Move
from consult.domain.languages import Language
from consult.domain.moderation import DeskOrder, View
from consult.domain.personal_data import DataKind, without
from consult.domain.risk import Mark
from consult.queries import moderation as reads
from consult.queries.moderation import QueuedComment
from consult.queries.rules import codes_somewhere
from consult.web import words
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext
from consult.web.session import current_actor

VIEWS = {
    View.PENDING: _l("Waiting for a moderator"),
    View.REPORTED: _l("Reported"),
    View.ESCALATED: _l("Passed on"),
    View.MINE: _l("Taken by me"),
    View.PUBLISHED: _l("Published"),
    View.WITHHELD: _l("Withheld"),
}
ORDERS = {
    DeskOrder.RISK: _l("Marked comments first"),
    DeskOrder.OLDEST: _l("Oldest first"),
}
MARKS = {
    Mark.PERSONAL_DATA: _l("Possible personal data"),
    Mark.REPORTED: _l("Reported"),
    Mark.PROFANITY: _l("Strong language"),
    Mark.LINK: _l("Link"),
    Mark.CORRECTED: _l("Changed after it was read"),
    Mark.ALIKE: _l("Near-identical to others"),
    Mark.CAPITALS: _l("Written in capitals"),
    Mark.NEWCOMER: _l("First comment of this account"),
}
DATA_KINDS = {
    DataKind.EMAIL: _l("e-mail address"),
    DataKind.PHONE: _l("telephone number"),
    DataKind.IIN: _l("individual identification number"),
    DataKind.CARD: _l("payment card"),
    DataKind.ACCOUNT: _l("bank account"),
    DataKind.ADDRESS: _l("postal address"),
}
MOVES = {
    Move.PUBLISH: _l("Published"),
    Move.WITHHOLD: _l("Withheld"),
    Move.REDACT: _l("Published without some passages"),
    Move.RESTORE: _l("Restored"),
    Move.KEEP: _l("Left published"),
    Move.UNDO: _l("Decision undone"),
}
USUAL_REASONS = {
    "off-topic": _l(
        "Your comment is about another matter than the question. Please write it under the question where it"
        " belongs."
    ),
    "insult": _l(
        "Your comment insults or threatens somebody. Please say what you object to without attacking"
        " a person."
    ),
    "hate": _l("Your comment calls for hatred or violence against people for what they are or believe."),
    "personal-data": _l(
        "Your comment holds personal data, such as a telephone number or an address, that should not be seen"
        " by everybody."
    ),
    "advertising": _l("Your comment advertises something and does not answer the question."),
    "unlawful": _l("Your comment says what the law forbids to publish."),
    "duplicate": _l("The same text has been sent before. It is enough to say it once."),
}


def all_usual_reasons() -> dict[str, dict[Language, str]]:
    """What authors are usually told, by rule and language: as officials wrote it, else the catalogue's."""
    written = reads.usual_reasons(current_actor())
    found: dict[str, dict[Language, str]] = {rule: {} for rule in codes_somewhere()}
    for language in Language:
        with force_locale(language.value):
            for rule, usual in found.items():
                usual[language] = written.get((rule, language)) or _catalogued(rule)
    return found


def catalogue_reason(rule: str, language: Language) -> str:
    """What the catalogue says for a rule; empty for one that is none."""
    with force_locale(language.value):
        return _catalogued(rule)


def _catalogued(rule: str) -> str:
    """The catalogue's reason, or for a rule that administrators added, its text; empty for no rule."""
    return str(USUAL_REASONS.get(rule) or words.RULE_TEXTS.get(rule, ""))


def suggestion(comment: QueuedComment) -> str:
    """The words to publish with the personal data taken out; as they are where none was found."""
    if comment.redacted_body is not None:
        return comment.redacted_body
    with force_locale((comment.language or comment.author_language).value):
        instead = _("[removed: personal data]")
    return without(comment.body, comment.passages, instead)


def reasons_to_read(comment: QueuedComment) -> list[tuple[Mark, str]]:
    """Why a comment stands where it stands: each mark with its sentence."""
    return [(mark, _sentence(comment, mark)) for mark in comment.marks]


def _sentence(comment: QueuedComment, mark: Mark) -> str:
    if mark is Mark.REPORTED:
        return ngettext("Reported %(num)s time", "Reported %(num)s times", comment.reports)
    if mark is Mark.PERSONAL_DATA and comment.passages:
        kinds = dict.fromkeys(passage.kind for passage in comment.passages)
        listed = ", ".join(str(DATA_KINDS[kind]) for kind in kinds)
        return _("Possible personal data: %(kinds)s", kinds=listed)
    return str(MARKS[mark])
