"""Words for the categories by which results are told apart, and for why figures are not shown."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from consult.domain.comments import Channel
from consult.domain.opinion import Clarity
from consult.domain.people import Verification
from consult.domain.profile import AgeBand, Gender
from consult.domain.results import Breakdown, Held
from consult.web import words

BREAKDOWNS = {
    Breakdown.REGION: _l("Region"),
    Breakdown.AGE_BAND: _l("Age"),
    Breakdown.GENDER: _l("Gender"),
    Breakdown.VERIFICATION: _l("How accounts were verified"),
    Breakdown.LANGUAGE: _l("Language"),
    Breakdown.CHANNEL: _l("How comments came"),
}
VERIFICATIONS = {
    Verification.NONE: _l("Not verified"),
    Verification.EMAIL: _l("E-mail address confirmed"),
    Verification.IDENTITY: _l("Identity confirmed"),
}
CHANNELS = {
    Channel.WEB: _l("On this site"),
    Channel.PAPER: _l("On paper"),
    Channel.EMAIL: _l("By e-mail"),
    Channel.MEETING: _l("At a meeting"),
}
UNTOLD = _l("Not told")
DECLINED = _l("Did not want to say")

_LABELS: Mapping[Breakdown, Mapping[str, object]] = {
    Breakdown.REGION: {code.value: label for code, label in words.REGIONS.items()},
    Breakdown.AGE_BAND: {
        **{code.value: label for code, label in words.AGE_BANDS.items()},
        AgeBand.UNDISCLOSED.value: DECLINED,
    },
    Breakdown.GENDER: {
        **{code.value: label for code, label in words.GENDERS.items()},
        Gender.UNDISCLOSED.value: DECLINED,
    },
    Breakdown.VERIFICATION: {code.value: label for code, label in VERIFICATIONS.items()},
    Breakdown.LANGUAGE: {code.value: label for code, label in words.LANGUAGE_NAMES.items()},
    Breakdown.CHANNEL: {code.value: label for code, label in CHANNELS.items()},
}

HELD = {
    Held.UNTIL_VOTING: _l(
        "Results are shown to each person after the own vote, and to everybody after closing."
    ),
    Held.UNTIL_CLOSING: _l("Results are shown to everybody after closing."),
    Held.TOO_FEW: _l("Too few people have taken part: figures of so few are not shown."),
}
CLARITIES = {
    Clarity.CLEAR: _l("The groups are found again in samples of the people, and they stand apart."),
    Clarity.BLURRED: _l("The groups are found again in samples of the people, but they run into each other."),
    Clarity.NONE: _l(
        "There are no clear groups: opinions do not divide people into camps. The votes are shown for"
        " everybody together."
    ),
}
FILES = {
    "questions": _l("Questions and their votes"),
    "votes": _l("Votes by category"),
    "participants": _l("Who took part"),
    "groups": _l("Opinion groups"),
    "statements": _l("Common ground and what divides"),
}


def category(by: Breakdown, code: str) -> object:
    """The label of a category; `""` is what people did not tell."""
    return UNTOLD if not code else _LABELS[by].get(code, code)
