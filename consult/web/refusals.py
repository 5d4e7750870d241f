"""From a Reason to a sentence in the person's language, and to a status."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from flask import Flask
from flask_babel import force_locale

from consult.domain.consultations import Missing
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.web import formats, i18n, words
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext

Say = Callable[[Refused], str]


def _limit(refused: Refused) -> int:
    limit = refused.details.get("limit", 0)
    return limit if isinstance(limit, int) else 0


def _closing(refused: Refused) -> str:
    moment = refused.details.get("closes_at")
    return formats.instant(moment) if isinstance(moment, datetime) else ""


def _missing(refused: Refused) -> str:
    codes = refused.details.get("missing")
    names = [str(words.CHECKLIST[Missing(code)]) for code in codes] if isinstance(codes, list) else []
    return _("Something is missing: %(list)s.", list="; ".join(names))


def _too_long(refused: Refused) -> str:
    return ngettext(
        "This text is too long: the limit is %(num)s character.",
        "This text is too long: the limit is %(num)s characters.",
        _limit(refused),
    )


SENTENCES: dict[Reason, Say] = {
    Reason.SIGN_IN_NEEDED: lambda _r: _("Sign in to do this."),
    Reason.SIGN_IN_FAILED: lambda _r: _("The e-mail address or the password is wrong."),
    Reason.ACCOUNT_BLOCKED: lambda _r: _(
        "This account is blocked. Write to the contact of the consultation."
    ),
    Reason.NOT_PERMITTED: lambda _r: _("Your account may not do this."),
    Reason.SECOND_FACTOR_NEEDED: lambda _r: _(
        "Officials confirm their sign-in with an app or a passkey. Set one up first."
    ),
    Reason.CODE_WRONG: lambda _r: _(
        "This code is wrong or was used before. Wait for the next one and try it."
    ),
    Reason.STEP_EXPIRED: lambda _r: _("This took too long. Sign in again."),
    Reason.LINK_EXPIRED: lambda _r: _("This link was used or has expired. Ask for a new one."),
    Reason.PASSKEY_REFUSED: lambda _r: _("This passkey could not be checked. Try again or use another way."),
    Reason.FACTOR_UNKNOWN: lambda _r: _("There is no such passkey or app in your account."),
    Reason.FACTOR_LIMIT: lambda _r: _("Your account cannot hold another one of these. Remove one first."),
    Reason.FACTOR_NEEDED_TO_SIGN_IN: lambda _r: _(
        "Set a password first; without it you could not sign in any more."
    ),
    Reason.FACTOR_NEEDED_BY_ROLE: lambda _r: _(
        "Officials need at least one app or passkey. Add another one before you remove the last."
    ),
    Reason.PROVIDER_UNAVAILABLE: lambda _r: _(
        "The identity service does not answer. Try again later or sign in with your password."
    ),
    Reason.PROVIDER_REFUSED: lambda _r: _(
        "The identity service did not confirm who you are. Try again or sign in with your password."
    ),
    Reason.IDENTITY_TAKEN: lambda _r: _("This identity belongs to another account already."),
    Reason.TOO_MANY_ATTEMPTS: lambda _r: _(
        "Too many attempts in a short time. Wait a few minutes and try again."
    ),
    Reason.PASSWORD_WRONG: lambda _r: _(
        "The password is wrong. Whoever never had one can set it under “Forgotten password”."
    ),
    Reason.SIGN_IN_AGAIN: lambda _r: _(
        "You signed in a while ago. Sign out, sign in again and come back, so that we are sure it is you."
    ),
    Reason.CONSENT_MISSING: lambda _r: _("Agree first: without it your answers are not kept."),
    Reason.CONFIRMATION_WRONG: lambda _r: _("Write exactly what is asked, so that we are sure."),
    Reason.LAST_ADMINISTRATOR: lambda _r: _(
        "You are the last administrator. Make somebody else an administrator first."
    ),
    Reason.EMAIL_INVALID: lambda _r: _("Write an e-mail address such as name@example.kz."),
    Reason.EMAIL_TAKEN: lambda _r: _("There is an account with this address. Sign in instead."),
    Reason.EMAIL_UNCHANGED: lambda _r: _("This is the address of your account already."),
    Reason.NAME_MISSING: lambda _r: _("Write the name that others will see."),
    Reason.NAME_TOO_LONG: lambda r: ngettext(
        "The name is too long: the limit is %(num)s character.",
        "The name is too long: the limit is %(num)s characters.",
        _limit(r),
    ),
    Reason.NAME_MISLEADING: lambda _r: _(
        "A word of the name mixes Latin and Cyrillic letters. Use one alphabet."
    ),
    Reason.PASSWORD_TOO_SHORT: lambda r: ngettext(
        "The password is too short: use at least %(num)s character.",
        "The password is too short: use at least %(num)s characters.",
        _limit(r),
    ),
    Reason.PASSWORD_TOO_LONG: lambda r: ngettext(
        "The password is too long: the limit is %(num)s character.",
        "The password is too long: the limit is %(num)s characters.",
        _limit(r),
    ),
    Reason.PASSWORD_COMMON: lambda _r: _(
        "This password is easy to guess: others use it, or it holds your name or address. "
        "Take four words that do not belong together, or let a password manager make one."
    ),
    Reason.ROLE_UNKNOWN: lambda _r: _("The role must be citizen, official or administrator."),
    Reason.NOT_FOUND: lambda _r: _(
        "There is nothing at this address. It may have been removed or never existed."
    ),
    Reason.LANGUAGE_UNKNOWN: lambda _r: _("The language must be kk, ru or en."),
    Reason.CHOICE_UNKNOWN: lambda _r: _("Choose agree, disagree or pass."),
    Reason.VERSION_CONFLICT: lambda _r: _(
        "Somebody else has changed this meanwhile. Look at the new state before you decide."
    ),
    Reason.FORM_EXPIRED: lambda _r: _("This form has expired. Go back, reload the page and send it again."),
    Reason.SLUG_INVALID: lambda _r: _(
        "The address may hold small Latin letters, digits and hyphens, 60 at most."
    ),
    Reason.SLUG_TAKEN: lambda _r: _("Another consultation has this address. Choose another one."),
    Reason.TITLE_MISSING: lambda _r: _("Write the text in at least one language."),
    Reason.TEXT_TOO_LONG: _too_long,
    Reason.TIMETABLE_INCOMPLETE: lambda _r: _("Give both the opening and the closing time."),
    Reason.DATE_OUT_OF_RANGE: lambda _r: _("Choose a date between the years 2000 and 2099."),
    Reason.TIMETABLE_UPSIDE_DOWN: lambda _r: _("The closing time must come after the opening time."),
    Reason.CLOSING_ONLY_EXTENDED: lambda _r: _("A closing time can only be moved to a later one."),
    Reason.CLOSING_NOT_REACHED: lambda r: _(
        "It closes by itself on %(instant)s. A closing time is never brought forward; in an emergency,"
        " withdraw the consultation with a reason.",
        instant=_closing(r),
    ),
    Reason.ANSWER_BEFORE_CLOSING: lambda _r: _("The promised answer would come before the closing time."),
    Reason.OPENING_INCOMPLETE: _missing,
    Reason.STATE_FORBIDS: lambda _r: _("This cannot be done in the present state of the consultation."),
    Reason.REASON_MISSING: lambda _r: _("Give the reason in words."),
    Reason.QUESTION_FROZEN: lambda _r: _(
        "Somebody has answered this question: its kind can no longer change."
    ),
    Reason.QUESTION_ANSWERED: lambda _r: _("People have voted on these words: they can no longer change."),
    Reason.TOPIC_NOT_EMPTY: lambda _r: _("Remove the questions of this topic first."),
    Reason.CONSULTATION_NOT_OPEN: lambda _r: _("This consultation is not open yet."),
    Reason.CONSULTATION_CLOSED: lambda _r: _(
        "This consultation has closed. It takes no more votes and comments."
    ),
    Reason.COMMENT_NOT_PUBLISHED: lambda _r: _(
        "This comment is not published, so it takes no votes and replies."
    ),
    Reason.COMMENT_EMPTY: lambda _r: _("Write your comment before you send it."),
    Reason.COMMENT_TOO_LONG: _too_long,
    Reason.VOTE_NOT_ASKED: lambda _r: _("This question is answered in words, not by vote."),
    Reason.DUPLICATE_KEY_REUSED: lambda _r: _(
        "This form was sent before with another text. Reload the page."
    ),
    Reason.COMMENT_HELD_BACK: lambda _r: _(
        "A moderator has withheld this comment or taken passages out, so it stays as it is."
    ),
    Reason.COMMENT_GONE: lambda _r: _("This comment was withdrawn. It cannot be changed any more."),
    Reason.COMMENT_REWORDED: lambda _r: _(
        "The author has changed this comment since you read it. Reload the page before you vote."
    ),
    Reason.REPORTED_ALREADY: lambda _r: _("You have reported this comment before. Moderators will read it."),
    Reason.RULE_UNKNOWN: lambda _r: _("Choose the rule that the comment breaks."),
    Reason.MOVE_NOT_ALLOWED: lambda _r: _("Somebody has already decided about this comment."),
    Reason.DOCUMENT_MISSING: lambda _r: _("Choose a file."),
    Reason.DOCUMENT_EMPTY: lambda _r: _("The file is empty."),
    Reason.DOCUMENT_TOO_LARGE: lambda _r: _("The file is too large: the limit is 10 MB."),
    Reason.DOCUMENT_NOT_TEXT: lambda _r: _(
        "The file holds no text that can be read. Save the agenda as DOCX, PDF, HTML or plain text."
    ),
    Reason.DOCUMENT_TYPE_UNSUPPORTED: lambda _r: _(
        "Files of this type cannot be read. Save the agenda as DOCX, PDF, HTML or plain text."
    ),
    Reason.DOCUMENT_ENCRYPTED: lambda _r: _(
        "The file is protected by a password. Save a copy without the password."
    ),
    Reason.DOCUMENT_DAMAGED: lambda _r: _(
        "The file is damaged or incomplete. Open it in its program, save it again and send the new file."
    ),
    Reason.DOCUMENT_AMBIGUOUS: lambda _r: _(
        "The file claims to be of two types at once. Save the agenda anew as DOCX or PDF."
    ),
    Reason.DOCUMENT_UNPACKS_TOO_LARGE: lambda _r: _(
        "The file unpacks to far more than an agenda can hold, so it was not opened."
    ),
    Reason.DOCUMENT_UNSAFE: lambda _r: _(
        "The file declares entities, which no Word document does, so it was not opened."
    ),
    Reason.DOCUMENT_WITH_MACROS: lambda _r: _(
        "The file holds macros. Save it as a document without macros (.docx)."
    ),
    Reason.DOCUMENT_WITHOUT_TEXT: lambda _r: _(
        "The PDF has no text, only pictures of it. Recognise its text first, or type the agenda in."
    ),
    Reason.DOCUMENT_TOO_MANY_PAGES: lambda r: ngettext(
        "The PDF has too many pages: the limit is %(num)s. Send only the pages with the agenda.",
        "The PDF has too many pages: the limit is %(num)s. Send only the pages with the agenda.",
        _limit(r),
    ),
    Reason.DOCUMENT_TOO_COMPLEX: lambda _r: _(
        "Reading the file took too much time or memory. Save it more simply, for example as plain text."
    ),
    Reason.AGENDA_TOO_LONG: lambda r: ngettext(
        "This agenda has too many topics: the limit is %(num)s. Split the file.",
        "This agenda has too many topics: the limit is %(num)s. Split the file.",
        _limit(r),
    ),
    Reason.DOCUMENT_UNREADABLE: lambda _r: _("The letters of the file cannot be read. Save it in UTF-8."),
    Reason.AGENDA_WITHOUT_TOPICS: lambda _r: _("No topic was found in this agenda. Add topics by hand."),
    Reason.AGENDA_IMPORTED_ALREADY: lambda _r: _(
        "This very file has been imported into this consultation before."
    ),
    Reason.IMPORT_FILE_MISSING: lambda r: _(
        "There is no file %(file)s in this folder.", file=str(r.details.get("file", ""))
    ),
    Reason.IMPORT_FILE_UNREADABLE: lambda r: _(
        "The file %(file)s cannot be read: it is damaged, or not in UTF-8.",
        file=str(r.details.get("file", "")),
    ),
    Reason.IMPORT_ROW_BROKEN: lambda r: _(
        "Line %(line)s of %(file)s cannot be used: look at the column %(column)s. Nothing was imported.",
        line=r.details.get("line", ""),
        file=str(r.details.get("file", "")),
        column=str(r.details.get("column", "")),
    ),
    Reason.IMPORT_DIFFERS: lambda _r: _(
        "Other files were imported into this consultation before. Choose another address."
    ),
    Reason.OPINION_TOO_FEW: lambda r: _(
        "Too few people have voted for opinion groups: at least %(people)s people must have voted on several"
        " statements, and differently, and there must be at least %(statements)s statements.",
        people=r.details.get("fewest_people", ""),
        statements=r.details.get("fewest_statements", ""),
    ),
    Reason.AGENDA_NOTHING_CHOSEN: lambda _r: _("Tick at least one topic."),
    Reason.AGENDA_NOTHING_TO_SPLIT: lambda _r: _(
        "To split a topic, write each new title on a line of its own first."
    ),
    Reason.AGENDA_TOPICS_APART: lambda _r: _(
        "These topics stand too far apart in the agenda to share one quotation."
    ),
    Reason.PACKAGE_UNKNOWN: lambda _r: _("The package must be public or restricted."),
    Reason.FORMAT_UNKNOWN: lambda _r: _("This format is not available. Choose CSV or JSON Lines."),
    Reason.DELIMITER_INVALID: lambda _r: _("The delimiter must be a comma, a semicolon or a tab."),
    Reason.FOLDER_NOT_WRITABLE: lambda _r: _("The folder cannot be written to."),
    Reason.BACKUP_EXISTS: lambda r: _(
        "The file %(path)s is there already. Name a new one.", path=r.details.get("path", "")
    ),
    Reason.BACKUP_UNREADABLE: lambda _r: _(
        "This file is no whole copy made by consult backup for this kind of database."
    ),
    Reason.BACKUP_FAILED: lambda r: _(
        "The copy could not be made or put back: %(words)s", words=r.details.get("tool", "")
    ),
    Reason.DATABASE_BEHIND: lambda _r: _("The database lacks migrations. Run: consult db upgrade"),
    Reason.DATABASE_AWAY: lambda _r: _("The database does not answer now. Try again in a minute."),
}

STATUSES = {
    Reason.SIGN_IN_NEEDED: HTTPStatus.UNAUTHORIZED,
    Reason.SECOND_FACTOR_NEEDED: HTTPStatus.FORBIDDEN,
    Reason.FACTOR_UNKNOWN: HTTPStatus.NOT_FOUND,
    Reason.LINK_EXPIRED: HTTPStatus.GONE,
    Reason.FACTOR_LIMIT: HTTPStatus.CONFLICT,
    Reason.FACTOR_NEEDED_TO_SIGN_IN: HTTPStatus.CONFLICT,
    Reason.FACTOR_NEEDED_BY_ROLE: HTTPStatus.CONFLICT,
    Reason.IDENTITY_TAKEN: HTTPStatus.CONFLICT,
    Reason.PROVIDER_UNAVAILABLE: HTTPStatus.BAD_GATEWAY,
    Reason.TOO_MANY_ATTEMPTS: HTTPStatus.TOO_MANY_REQUESTS,
    Reason.ACCOUNT_BLOCKED: HTTPStatus.FORBIDDEN,
    Reason.NOT_PERMITTED: HTTPStatus.FORBIDDEN,
    Reason.SIGN_IN_AGAIN: HTTPStatus.FORBIDDEN,
    Reason.LAST_ADMINISTRATOR: HTTPStatus.CONFLICT,
    Reason.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Reason.FORM_EXPIRED: HTTPStatus.BAD_REQUEST,
    Reason.CHOICE_UNKNOWN: HTTPStatus.BAD_REQUEST,
    Reason.CONSULTATION_NOT_OPEN: HTTPStatus.CONFLICT,
    Reason.CONSULTATION_CLOSED: HTTPStatus.CONFLICT,
    Reason.COMMENT_NOT_PUBLISHED: HTTPStatus.CONFLICT,
    Reason.MOVE_NOT_ALLOWED: HTTPStatus.CONFLICT,
    Reason.COMMENT_HELD_BACK: HTTPStatus.CONFLICT,
    Reason.COMMENT_GONE: HTTPStatus.CONFLICT,
    Reason.COMMENT_REWORDED: HTTPStatus.CONFLICT,
    Reason.REPORTED_ALREADY: HTTPStatus.CONFLICT,
    Reason.VERSION_CONFLICT: HTTPStatus.CONFLICT,
    Reason.STATE_FORBIDS: HTTPStatus.CONFLICT,
    Reason.DOCUMENT_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Reason.DATABASE_AWAY: HTTPStatus.SERVICE_UNAVAILABLE,
}


def sentence(refused: Refused) -> str:
    """What the person is told, in the language of the request."""
    return SENTENCES[refused.reason](refused)


def status(refused: Refused) -> HTTPStatus:
    """Status of the answer; 422 where only the input is at fault."""
    return STATUSES.get(refused.reason, HTTPStatus.UNPROCESSABLE_ENTITY)


def plain_sentence(refused: Refused, language: Language = Language.EN) -> str:
    """The sentence for places without a page: the command line."""
    speaker = Flask("consult.refusals")
    i18n.init_app(speaker)
    with speaker.app_context(), force_locale(language.value):
        return sentence(refused)
