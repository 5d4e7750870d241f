"""From a Reason to a sentence in the person's language, and to a status."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Flask
from flask_babel import force_locale

from consult.domain.appeals import Verdict
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.opening import Missing
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


def _moment(refused: Refused, name: str) -> str:
    moment = refused.details.get(name)
    return formats.instant(moment) if isinstance(moment, datetime) else ""


def _missing(refused: Refused) -> str:
    codes = refused.details.get("missing")
    names = [str(words.CHECKLIST[Missing(code)]) for code in codes] if isinstance(codes, list) else []
    return _("Something is missing: %(list)s.", list="; ".join(names))


def _category(code: str) -> object:
    """The label of a region, an age band or a gender; the code itself where it is none of them."""
    tables: tuple[Mapping[Any, object], ...] = (words.REGIONS, words.AGE_BANDS, words.GENDERS)
    return next((label for table in tables for one, label in table.items() if one.value == code), code)


def _counted(refused: Refused, name: str) -> int:
    number = refused.details.get(name, 0)
    return number if isinstance(number, int) else 0


def _incomplete(refused: Refused) -> str:
    """What an outcome lacks: how many comments, and the languages in which a part is not written."""
    said = []
    unanswered = _counted(refused, "unanswered")
    if unanswered:
        said.append(
            ngettext(
                "%(num)s published comment has no official position yet.",
                "%(num)s published comments have no official position yet.",
                unanswered,
            )
        )
    lacking = refused.details.get("lacking")
    if isinstance(lacking, list) and lacking:
        names = ", ".join(str(words.LANGUAGE_NAMES[Language(code)]) for code in lacking)
        said.append(_("All three parts of the outcome must be written in: %(languages)s.", languages=names))
    return " ".join(said) or _("The outcome is not complete yet.")


def _appeal_decided(refused: Refused) -> str:
    decided = refused.details.get("verdict")
    if not isinstance(decided, Verdict):
        return _("Somebody has already decided this appeal.")
    return _("Somebody has already decided this appeal: %(verdict)s.", verdict=words.APPEAL_VERDICTS[decided])


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
    Reason.NOTHING_TO_APPEAL: lambda _r: _("No decision about this comment stands that you could appeal."),
    Reason.APPEALED_ALREADY: lambda _r: _("You have appealed against this decision before."),
    Reason.APPEAL_FINAL: lambda _r: _("This was decided on appeal. There is no second appeal."),
    Reason.APPEAL_TOO_LATE: lambda _r: _("The time for an appeal against this decision is over."),
    Reason.APPEAL_DECIDED: _appeal_decided,
    Reason.OWN_DECISION: lambda _r: _(
        "You wrote this comment or ruled on it yourself. Somebody else decides the appeal."
    ),
    Reason.DECISION_MISSING: lambda _r: _("Choose what is decided."),
    Reason.NOTE_MISSING: lambda _r: _(
        "Say in Kazakh and in Russian what the correction changes: people have read the earlier version."
    ),
    Reason.THEME_IN_USE: lambda r: ngettext(
        "%(num)s comment has this theme. Merge it into another theme instead.",
        "%(num)s comments have this theme. Merge it into another theme instead.",
        _counted(r, "comments"),
    ),
    Reason.THEME_LIMIT: lambda r: ngettext(
        "A consultation holds at most %(num)s theme. Merge some first.",
        "A consultation holds at most %(num)s themes. Merge some first.",
        _limit(r),
    ),
    Reason.OUTCOME_INCOMPLETE: _incomplete,
    Reason.NOTHING_CHOSEN: lambda _r: _("Tick at least one published comment that this can be done with."),
    Reason.TAKEN_BY_ANOTHER: lambda r: _(
        "%(name)s is reading this comment now. Wait, or decide all the same.",
        name=str(r.details.get("name", "")),
    ),
    Reason.UNDO_TOO_LATE: lambda _r: _(
        "This decision cannot be undone any more: somebody has acted on the comment since. Decide anew."
    ),
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
    Reason.HOLIDAYS_UNREADABLE: lambda r: _(
        "Line %(line)s of the file cannot be used. Each line holds a day such as 2027-03-08, yes or no for a"
        " day of work, and names. Nothing was changed.",
        line=r.details.get("line", ""),
    ),
    Reason.HOLIDAYS_TOO_MANY: lambda r: ngettext(
        "The file holds too many days: the limit is %(num)s.",
        "The file holds too many days: the limit is %(num)s.",
        _limit(r),
    ),
    Reason.ATTACHMENT_TYPE_UNSUPPORTED: lambda _r: _(
        "This kind of file is not taken. Choose a PDF, DOCX, XLSX, ODT, PNG or JPEG file."
    ),
    Reason.ATTACHMENT_TWICE: lambda _r: _("This very file is among the documents already."),
    Reason.ATTACHMENT_TOO_MANY: lambda r: ngettext(
        "There are too many documents: the limit is %(num)s.",
        "There are too many documents: the limit is %(num)s.",
        _limit(r),
    ),
    Reason.DUTY_UNKNOWN: lambda _r: _("Choose what the person does in this consultation."),
    Reason.DUTY_OWN: lambda _r: _("Nobody appoints themselves. Ask a colleague to do it."),
    Reason.DUTY_BY_ROLE: lambda _r: _(
        "This person is an official and may do this in every consultation already."
    ),
    Reason.PERSON_UNKNOWN: lambda _r: _(
        "There is no account with this e-mail address. The person must register first."
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
    Reason.MARGINS_UNREADABLE: lambda _r: _(
        "This file cannot be used: it must be CSV in UTF-8 with the columns variable, category and share or"
        " count."
    ),
    Reason.MARGINS_ROW_BROKEN: lambda r: _(
        "Line %(line)s cannot be used: look at the column %(column)s. Nothing was changed.",
        line=r.details.get("line", ""),
        column=str(r.details.get("column", "")),
    ),
    Reason.MARGINS_SUM_WRONG: lambda r: _(
        "The shares of %(variable)s do not add up to 1 or 100.", variable=str(r.details.get("variable", ""))
    ),
    Reason.MARGINS_SOURCE_MISSING: lambda _r: _(
        "Say where the figures come from, in 300 characters at most."
    ),
    Reason.WEIGHTING_TOO_FEW: lambda r: _(
        "Too few people have told region, age and gender, as far as the figures ask for them: at least"
        " %(fewest)s are needed.",
        fewest=r.details.get("fewest", ""),
    ),
    Reason.WEIGHTING_CELL_EMPTY: lambda r: _(
        "Too few people of one category took part: at least %(fewest)s are needed. The category is"
        " %(category)s.",
        fewest=r.details.get("fewest", ""),
        category=str(_category(str(r.details.get("category", "")))),
    ),
    Reason.WEIGHTING_UNSETTLED: lambda _r: _(
        "No weights fit all figures of the population at once: the people who took part differ too much."
    ),
    Reason.AGENDA_NOTHING_CHOSEN: lambda _r: _("Tick at least one topic."),
    Reason.AGENDA_NOTHING_TO_SPLIT: lambda _r: _(
        "To split a topic, write each new title on a line of its own first."
    ),
    Reason.AGENDA_TOPICS_APART: lambda _r: _(
        "These topics stand too far apart in the agenda to share one quotation."
    ),
    Reason.CHANNEL_UNKNOWN: lambda _r: _("Choose how it came: on paper, by e-mail or at a meeting."),
    Reason.RECEIVED_OUTSIDE_PERIOD: lambda r: _(
        "Only what was received while the consultation was open counts: from %(opens)s to %(closes)s.",
        opens=_moment(r, "opens_at"),
        closes=_moment(r, "closes_at"),
    ),
    Reason.RECEIVED_IN_FUTURE: lambda _r: _("This time is still ahead. Say when it was received."),
    Reason.ENTRY_OVER: lambda r: ngettext(
        "Input could be entered for %(num)s day after the closing. That is over.",
        "Input could be entered for %(num)s days after the closing. That is over.",
        _counted(r, "days"),
    ),
    Reason.ORIGINALS_MISSING: lambda _r: _("Say where the originals lie, so that they can be found again."),
    Reason.TOTAL_IMPOSSIBLE: lambda r: _("The number of items must be from 1 to %(limit)s.", limit=_limit(r)),
    Reason.TOTAL_DIFFERS: lambda r: _(
        "The batch was announced with %(announced)s items and holds %(entered)s. Look for what is missing or"
        " entered twice, or correct the announced number.",
        announced=_counted(r, "announced"),
        entered=_counted(r, "entered"),
    ),
    Reason.BATCH_COMPLETE: lambda _r: _(
        "This batch is complete. Its items can only be corrected one by one."
    ),
    Reason.BATCH_NOT_COMPLETE: lambda _r: _("This batch is not complete yet. Edit the item instead."),
    Reason.BATCH_FULL: lambda r: _(
        "A batch holds %(limit)s items at most. Begin another one.", limit=_limit(r)
    ),
    Reason.INPUT_UNFINISHED: lambda r: ngettext(
        "%(num)s batch of paper, e-mail or meeting input is still being entered. Complete or discard it"
        " first.",
        "%(num)s batches of paper, e-mail or meeting input are still being entered. Complete or discard them"
        " first.",
        _counted(r, "batches"),
    ),
    Reason.ITEM_QUESTION_UNKNOWN: lambda r: _(
        "The consultation has no question with the number “%(number)s”.",
        number=str(r.details.get("question", "")),
    ),
    Reason.ITEM_LANGUAGE_UNKNOWN: lambda r: _(
        "“%(code)s” is no language of this site. Write kk, ru or en, or leave it empty.",
        code=str(r.details.get("code", "")),
    ),
    Reason.ITEM_REGION_UNKNOWN: lambda r: _(
        "“%(code)s” is no code of a region. Take one from the list, or leave it empty.",
        code=str(r.details.get("code", "")),
    ),
    Reason.ITEM_AGE_UNKNOWN: lambda r: _(
        "“%(code)s” is no age band. Take one from the list, or leave it empty.",
        code=str(r.details.get("code", "")),
    ),
    Reason.ITEM_NAME_IS_CONTACT: lambda _r: _(
        "The public name holds an e-mail address or a number. Write a name only, or leave it empty."
    ),
    Reason.ITEM_FILE_TOO_LARGE: lambda _r: _("The file is too large: the limit is 2 MB."),
    Reason.ITEM_FILE_NOT_TEXT: lambda _r: _(
        "The file is no CSV in UTF-8 or Windows-1251. Save it from the spreadsheet as “CSV UTF-8”."
    ),
    Reason.ITEM_FILE_QUOTES: lambda r: _(
        "The file cannot be read from line %(line)s on: a quotation mark has no partner, or a cell is far too"
        " long. Nothing was loaded.",
        line=_counted(r, "line"),
    ),
    Reason.ITEM_FILE_EMPTY: lambda _r: _("The file holds no item under its header."),
    Reason.ITEM_FILE_TOO_MANY: lambda r: _(
        "The file holds more than %(limit)s items. Divide it into several batches.", limit=_limit(r)
    ),
    Reason.ITEM_FILE_CELLS: lambda r: _(
        "The line has %(found)s cells where the header has %(expected)s.",
        found=_counted(r, "found"),
        expected=_counted(r, "expected"),
    ),
    Reason.ITEM_FILE_COLUMN_MISSING: lambda r: _(
        "The file lacks the column “%(column)s”.", column=str(r.details.get("column", ""))
    ),
    Reason.ITEM_FILE_COLUMN_UNKNOWN: lambda r: _(
        "The column “%(column)s” is not known. The names of the columns stand on this page; others, such as"
        " addresses and telephone numbers, are not taken.",
        column=str(r.details.get("column", "")),
    ),
    Reason.ITEM_FILE_COLUMN_TWICE: lambda r: _(
        "The column “%(column)s” stands there twice.", column=str(r.details.get("column", ""))
    ),
    Reason.OWN_ACCOUNT: lambda _r: _("This is your own account. Another administrator must do this."),
    Reason.LETTER_FORGOTTEN: lambda _r: _("This letter does not wait to be tried again."),
    Reason.WORD_UNUSABLE: lambda _r: _("Write one word of letters."),
    Reason.WORDS_UNREADABLE: lambda r: _(
        "Line %(line)s of the file cannot be used: write one word of letters a line.",
        line=_counted(r, "line"),
    ),
    Reason.WORDS_TOO_MANY: lambda r: ngettext(
        "That is too many: the limit is %(num)s word of a language.",
        "That is too many: the limit is %(num)s words of a language.",
        _limit(r),
    ),
    Reason.RULE_CODE_INVALID: lambda _r: _(
        "A code has 2 to 40 small Latin letters, digits and single hyphens, and begins with a letter."
    ),
    Reason.RULE_CODE_TAKEN: lambda _r: _("There is a rule with this code already. Choose another code."),
    Reason.RULE_WORDS_MISSING: lambda _r: _(
        "Write title and text in Kazakh and in Russian; in English both or neither."
    ),
    Reason.RULE_LIMIT: lambda r: ngettext(
        "There can be %(num)s rule at most. Retire one first.",
        "There can be %(num)s rules at most. Retire one first.",
        _limit(r),
    ),
    Reason.LAST_RULE: lambda _r: _("This is the last rule. Without any, nothing could be withheld."),
    Reason.COLOUR_INVALID: lambda _r: _("Write the colour as # and six digits, such as #0b5a73."),
    Reason.COLOUR_TOO_LIGHT: lambda r: _(
        "White letters on this colour cannot be read well: the contrast is %(contrast)s to 1, and it must be"
        " %(least)s to 1 at least. Choose a darker colour.",
        contrast=r.details.get("contrast", ""),
        least=r.details.get("least", ""),
    ),
    Reason.LOGO_UNREADABLE: lambda _r: _("This file is no picture in PNG or JPEG format."),
    Reason.LOGO_TOO_LARGE: lambda _r: _(
        "This picture is too large: the limits are 2 MB and 20 million pixels."
    ),
    Reason.REPORT_TOO_LONG: lambda r: _(
        "The report has more than %(limit)s comments, too many for one document. Take the CSV file.",
        limit=_limit(r),
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
    Reason.OWN_ACCOUNT: HTTPStatus.CONFLICT,
    Reason.LETTER_FORGOTTEN: HTTPStatus.CONFLICT,
    Reason.LAST_RULE: HTTPStatus.CONFLICT,
    Reason.RULE_LIMIT: HTTPStatus.CONFLICT,
    Reason.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Reason.FORM_EXPIRED: HTTPStatus.BAD_REQUEST,
    Reason.CHOICE_UNKNOWN: HTTPStatus.BAD_REQUEST,
    Reason.CONSULTATION_NOT_OPEN: HTTPStatus.CONFLICT,
    Reason.CONSULTATION_CLOSED: HTTPStatus.CONFLICT,
    Reason.COMMENT_NOT_PUBLISHED: HTTPStatus.CONFLICT,
    Reason.MOVE_NOT_ALLOWED: HTTPStatus.CONFLICT,
    Reason.TAKEN_BY_ANOTHER: HTTPStatus.CONFLICT,
    Reason.UNDO_TOO_LATE: HTTPStatus.CONFLICT,
    Reason.COMMENT_HELD_BACK: HTTPStatus.CONFLICT,
    Reason.COMMENT_GONE: HTTPStatus.CONFLICT,
    Reason.COMMENT_REWORDED: HTTPStatus.CONFLICT,
    Reason.REPORTED_ALREADY: HTTPStatus.CONFLICT,
    Reason.NOTHING_TO_APPEAL: HTTPStatus.CONFLICT,
    Reason.APPEALED_ALREADY: HTTPStatus.CONFLICT,
    Reason.APPEAL_FINAL: HTTPStatus.CONFLICT,
    Reason.APPEAL_TOO_LATE: HTTPStatus.CONFLICT,
    Reason.APPEAL_DECIDED: HTTPStatus.CONFLICT,
    Reason.OWN_DECISION: HTTPStatus.FORBIDDEN,
    Reason.VERSION_CONFLICT: HTTPStatus.CONFLICT,
    Reason.STATE_FORBIDS: HTTPStatus.CONFLICT,
    Reason.OUTCOME_INCOMPLETE: HTTPStatus.CONFLICT,
    Reason.REPORT_TOO_LONG: HTTPStatus.CONFLICT,
    Reason.ENTRY_OVER: HTTPStatus.CONFLICT,
    Reason.TOTAL_DIFFERS: HTTPStatus.CONFLICT,
    Reason.BATCH_COMPLETE: HTTPStatus.CONFLICT,
    Reason.BATCH_NOT_COMPLETE: HTTPStatus.CONFLICT,
    Reason.BATCH_FULL: HTTPStatus.CONFLICT,
    Reason.INPUT_UNFINISHED: HTTPStatus.CONFLICT,
    Reason.THEME_IN_USE: HTTPStatus.CONFLICT,
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
