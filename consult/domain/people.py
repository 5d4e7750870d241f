"""Who acts: roles, the actor of a deed, and what an account may be called."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language

EMAIL_LONGEST = 254
"""Octets of an address, RFC 5321 section 4.5.3.1.3 with the path's brackets taken off."""
NAME_LONGEST = 80
PASSWORD_SHORTEST = 10
PASSWORD_LONGEST = 200
GUESSES_FEWEST = 10_000_000
"""That a password must withstand: 28 years at ten tries in a quarter of an hour, see `web.limits`."""
STAFF_IDLE = timedelta(hours=2)
"""After so long without a request the session of an official or an administrator is over."""
SEEN_EVERY = timedelta(minutes=1)
"""A session's last request is kept this finely: a write a minute, not one a page."""

_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\s@.<>()\[\],;:\\\"]{1,63}\.)+[^\s@.<>()\[\],;:\\\"]{2,63}"
)


class Role(StrEnum):
    CITIZEN = "citizen"
    OFFICIAL = "official"
    ADMINISTRATOR = "administrator"


class Duty(StrEnum):
    """What somebody may do in one consultation, beside the role that the account has everywhere."""

    EDITOR = "editor"
    MODERATOR = "moderator"
    ANALYST = "analyst"


def duty(code: str) -> Duty:
    """Raises Refused(DUTY_UNKNOWN) for a code that is none."""
    try:
        return Duty(code)
    except ValueError:
        raise Refused(Reason.DUTY_UNKNOWN) from None


class Verification(StrEnum):
    """How sure we are that an account is one person; results can be shown by it."""

    NONE = "none"
    EMAIL = "email"
    IDENTITY = "identity"


class LinkPurpose(StrEnum):
    """What a link sent by mail is good for."""

    RESET_PASSWORD = "reset_password"  # noqa: S105 - a code, not a password
    CHANGE_EMAIL = "change_email"


def role(code: str) -> Role:
    """Raises Refused(ROLE_UNKNOWN) for a code that is none."""
    try:
        return Role(code)
    except ValueError:
        raise Refused(Reason.ROLE_UNKNOWN, code=code[:20]) from None


@dataclass(frozen=True)
class Actor:
    """The person behind a deed or a question; `person_id` is None for a guest and for the operator.

    `awaits_second_factor`: staff who signed in with a password alone where that is not enough; until the
    second factor is there they have the powers of a citizen. `duties`: in which consultations (by number)
    the account has powers that its role does not give it.
    """

    person_id: int | None
    role: Role = Role.CITIZEN
    name: str = ""
    language: Language = Language.KK
    is_operator: bool = False
    awaits_second_factor: bool = False
    duties: frozenset[tuple[int, Duty]] = frozenset()

    @property
    def is_guest(self) -> bool:
        return self.person_id is None and not self.is_operator

    @property
    def is_official(self) -> bool:
        """Officials, administrators and the operator."""
        return self._has_powers and self.role in {Role.OFFICIAL, Role.ADMINISTRATOR}

    @property
    def is_administrator(self) -> bool:
        return self._has_powers and self.role is Role.ADMINISTRATOR

    @property
    def is_staff(self) -> bool:
        """Whoever has powers somewhere: by the role, or by a duty in any consultation."""
        return self.is_official or (self._has_powers and bool(self.duties))

    def consultations_with(self, duties: frozenset[Duty]) -> frozenset[int]:
        """Numbers of the consultations in which the account has one of these duties; empty for most."""
        return frozenset(number for number, duty in self.duties if self._has_powers and duty in duties)

    @property
    def _has_powers(self) -> bool:
        return not self.is_guest and not self.awaits_second_factor


GUEST = Actor(person_id=None)
OPERATOR = Actor(person_id=None, role=Role.ADMINISTRATOR, name="operator", is_operator=True)
"""Who holds the machine's command line: may do what an administrator may; the audit log names it."""


def email_address(written: str) -> str:
    """The address as it is kept: trimmed, NFKC, lower case, so that one mailbox is one account.

    Raises:
        Refused: EMAIL_INVALID when it has not the form of an address.
    """
    address = unicodedata.normalize("NFKC", written).strip().lower()
    if not all(map(_is_visible, address)) or len(address.encode()) > EMAIL_LONGEST:
        raise Refused(Reason.EMAIL_INVALID)
    if not _EMAIL.fullmatch(address):
        raise Refused(Reason.EMAIL_INVALID)
    return address


def display_name(written: str) -> str:
    """The public name as it is kept: NFC, one space between words, no invisible characters.

    Raises:
        Refused: NAME_MISSING, NAME_TOO_LONG (over 80 characters), or NAME_MISLEADING where one word mixes
            alphabets that look alike, as in an `admin` whose first letter is Cyrillic.
    """
    visible = "".join(c for c in unicodedata.normalize("NFC", written) if c.isspace() or _is_visible(c))
    name = " ".join(visible.split())
    if not name:
        raise Refused(Reason.NAME_MISSING)
    if len(name) > NAME_LONGEST:
        raise Refused(Reason.NAME_TOO_LONG, limit=NAME_LONGEST)
    if any(_mixes_scripts(word) for word in re.split(r"[\s\-.]+", name)):
        raise Refused(Reason.NAME_MISLEADING)
    return name


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] != "C"


_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def _mixes_scripts(word: str) -> bool:
    scripts = {unicodedata.name(c, "").partition(" ")[0] for c in word if c.isalpha()}
    return len(scripts & _ALIKE) > 1


def check_password(password: str, *, email: str = "") -> None:
    """Refuse a password that is too short (under 10 characters), too long (over 200), or easily guessed.

    Length before composition rules: NIST SP 800-63B section 3.1.1.2.

    Raises:
        Refused: PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_COMMON.
    """
    if len(password) < PASSWORD_SHORTEST:
        raise Refused(Reason.PASSWORD_TOO_SHORT, limit=PASSWORD_SHORTEST)
    if len(password) > PASSWORD_LONGEST:
        raise Refused(Reason.PASSWORD_TOO_LONG, limit=PASSWORD_LONGEST)
    plain = password.lower()
    if len(set(plain)) < 4 or plain in _RUNS or (email and plain == email):  # noqa: PLR2004
        raise Refused(Reason.PASSWORD_COMMON)


def check_guesses(guesses: float) -> None:
    """Raises Refused(PASSWORD_COMMON) for a password that is found with fewer than ten million guesses."""
    if guesses < GUESSES_FEWEST:
        raise Refused(Reason.PASSWORD_COMMON)


def is_idle(role: Role, last_seen: datetime, now: datetime, *, has_duties: bool = False) -> bool:
    """Whether somebody with powers was away for so long that somebody else may sit at the screen."""
    return (has_duties or role is not Role.CITIZEN) and now - last_seen > STAFF_IDLE


_RUNS = frozenset({
    "1234567890", "0123456789", "0987654321", "12345678910", "qwertyuiop", "1q2w3e4r5t", "password123",
    "password1234", "йцукенгшщз", "passwordpassword", "qwerty12345", "qwerty123456", "iloveyou123",
})  # fmt: skip
