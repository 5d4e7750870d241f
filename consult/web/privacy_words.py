"""Words about one's own data: the texts people agree to, what is kept and how long, what a download holds."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.domain.consents import CURRENT, Purpose
from consult.domain.retention import LASTS, Period
from consult.web.i18n import ngettext

CONSENT_PURPOSES = {
    Purpose.TERMS: _l("Rules of the discussion, and what we keep about you"),
    Purpose.STATISTICS: _l("Region, age and gender for statistics"),
}

CONSENT_TEXTS = {
    (Purpose.TERMS, "2026-11"): _l(
        "I follow the rules of the discussion. My e-mail address, my name, my comments and my votes are kept"
        " so that I can take part; my name stands beside my comments. I can download everything, correct it"
        " and delete my account at any time."
    ),
    (Purpose.STATISTICS, "2026-11"): _l(
        "I agree that my region, age group and gender are kept and counted, to see who took part and who was"
        " not reached. They are never shown beside my comments, and never for a small group. I can take this"
        " back at any time; the answers are deleted then."
    ),
}
"""Every version there has ever been, by purpose and version. Words that people agreed to are never changed: a
new version is added in `domain.consents`, and here."""

HOLDINGS = {
    "account": _l("Your account"),
    "sessions": _l("Where you are or were signed in"),
    "registrations": _l("Registrations with your address that wait to be confirmed"),
    "links": _l("Links that we sent you by mail"),
    "sign_in_steps": _l("Sign-ins that were begun"),
    "authenticator_app": _l("Your authenticator app, without its secret"),
    "passkeys": _l("Your passkeys, without their keys"),
    "recovery_codes": _l("Your recovery codes, only whether they were used"),
    "identities": _l("Your identities at other services"),
    "consents": _l("What you agreed to, and when"),
    "profile": _l("What you told for statistics"),
    "comments": _l("Your comments and replies"),
    "earlier_wordings": _l("Earlier wordings of your comments"),
    "reports_by_me": _l("Comments that you reported"),
    "reports_about_comments": _l("Reports about your comments, without who sent them"),
    "drafts": _l("Words that you have not sent yet"),
    "duties": _l("What you do for consultations, for example as a moderator"),
    "follows": _l("Consultations that you follow"),
    "moderation_of_comments": _l("What moderators decided about your comments"),
    "appeals": _l("Your appeals, and what was decided about them"),
    "notes_of_moderators": _l("When moderators wrote notes about your comments"),
    "escalated_to_me": _l("Comments that other moderators passed to you"),
    "taken_at_the_desk": _l("Comments that you have taken at the moderation desk"),
    "votes_on_comments": _l("Your votes on comments"),
    "votes_on_propositions": _l("Your votes on propositions"),
    "opinion_groups": _l("Your place on the map of opinions"),
    "imported_participation": _l("Taking part elsewhere that was brought here"),
    "messages": _l("Messages to you"),
    "audit_entries": _l("Lines of the log about you"),
}
"""The tables of a download by the names of their files."""

_KEPT = {
    Period.ACCOUNT: _l("E-mail address, name, password hash, second factors, consents, what you follow"),
    Period.STATISTICS: _l("Region, age group and gender, where you told them"),
    Period.RECORD: _l("Comments, votes and decisions of moderators"),
    Period.SESSION: _l("Sign-ins: time and browser"),
    Period.REGISTRATION: _l("Registrations that nobody confirmed"),
    Period.LINK: _l("Links sent by mail"),
    Period.STEP: _l("Sign-ins that were begun and not finished"),
    Period.DRAFT: _l("Words that you have not sent yet"),
    Period.GUEST_DRAFT: _l("Words written before signing in"),
    Period.MESSAGE: _l("Messages that were sent to you"),
    Period.LETTER: _l("Letters kept as files where no mail server is set"),
    Period.LOG: _l("Log of who did what, by account number, without names and words"),
}
_UNTIL = {
    Period.ACCOUNT: _l("Until you delete your account"),
    Period.STATISTICS: _l("Until you take your consent back or delete your account"),
    Period.RECORD: _l(
        "As long as the consultation; comments until you delete your account, if you want that"
    ),
    Period.LOG: _l("As long as the installation"),
}
_WHY = {
    Period.ACCOUNT: _l("You sign in with it, and get the news that you asked for."),
    Period.STATISTICS: _l("To see who took part and who was not reached."),
    Period.RECORD: _l("They are the record of a public decision; votes count on without your name."),
    Period.SESSION: _l("So that you notice a sign-in that was not yours."),
    Period.REGISTRATION: _l("A late confirmation gets an answer that explains."),
    Period.LINK: _l("A link that was used before gets an answer that explains."),
    Period.STEP: _l("To end guessing of codes."),
    Period.DRAFT: _l("So that no text is lost with a session."),
    Period.GUEST_DRAFT: _l("So that you find your text after signing in."),
    Period.MESSAGE: _l("To answer when a message did not arrive."),
    Period.LETTER: _l("To try an installation out."),
    Period.LOG: _l("So that nobody can change a result unseen. Nobody can change or delete its lines."),
}


@dataclass(frozen=True)
class KeptFor:
    """A line of the table about retention, in the words of the page."""

    what: LazyString
    until: LazyString | str
    why: LazyString


def retention_table() -> list[KeptFor]:
    """How long what is kept, and why, in the language of the request."""
    return [KeptFor(_KEPT[period], _until(period), _WHY[period]) for period in Period]


def _until(period: Period) -> LazyString | str:
    if period not in LASTS:
        return _UNTIL[period]
    days = LASTS[period].days
    return ngettext("%(num)s day after its end", "%(num)s days after its end", days)


def consent_text(purpose: Purpose) -> LazyString:
    """The newest text of a purpose: what a person agrees to now."""
    return CONSENT_TEXTS[purpose, CURRENT[purpose].version]
