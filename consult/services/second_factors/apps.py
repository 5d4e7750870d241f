"""The authenticator app: setting it up, taking it away, checking its codes."""

from dataclasses import dataclass

from consult.adapters import totp
from consult.domain.errors import Reason, Refused
from consult.models.base import db, now_in_database, transaction
from consult.models.people import TotpDevice
from consult.services import sessions
from consult.services.second_factors.changes import added, person_of, removed

ISSUER = "Consult"
"""What the app shows above the code."""


@dataclass(frozen=True)
class Enrolment:
    """What an app is given: the secret to type in, its address, and that as a picture."""

    secret: str
    address: str
    picture: str


def start_app(session_token: str, key: str) -> Enrolment:
    """Make a secret that the person's app then confirms with a code; asked again it is the same secret.

    `key` is the installation's secret key; it seals the secret in the table.

    Raises:
        Refused: SIGN_IN_NEEDED, FACTOR_LIMIT while a confirmed app is there.
    """
    with transaction():
        person = person_of(session_token)
        device = db.session.get(TotpDevice, person.id)
        if device is not None and device.confirmed_at:
            raise Refused(Reason.FACTOR_LIMIT)
        secret = totp.opened(device.secret, key) if device else None
        if secret is None:
            secret = totp.new_secret()
            row = TotpDevice(
                person_id=person.id,
                secret=totp.sealed(secret, key),
                last_step=0,
                created_at=now_in_database(),
            )
            db.session.merge(row)
        address = totp.address(secret, person.email, ISSUER)
    return Enrolment(secret, address, totp.picture(address))


def confirm_app(session_token: str, code: str, key: str) -> tuple[str, ...]:
    """Take the app into use; answers recovery codes where it is the first second factor, else nothing.

    Raises:
        Refused: SIGN_IN_NEEDED, FACTOR_UNKNOWN when none was started, CODE_WRONG.
    """
    with transaction():
        person = person_of(session_token)
        device = db.session.get(TotpDevice, person.id)
        if device is None or device.confirmed_at:
            raise Refused(Reason.FACTOR_UNKNOWN)
        is_first = not sessions.has_factor(person.id)
        if not code_fits(device, code, key):
            raise Refused(Reason.CODE_WRONG)
        device.confirmed_at = now_in_database()
        return added(person, "app", session_token, is_first=is_first)


def remove_app(session_token: str, *, staff_needs_one: bool) -> None:
    """Take the app away.

    Raises:
        Refused: SIGN_IN_NEEDED, FACTOR_UNKNOWN, FACTOR_NEEDED_BY_ROLE for an official's last factor.
    """
    with transaction():
        person = person_of(session_token)
        device = db.session.get(TotpDevice, person.id)
        if device is None or device.confirmed_at is None:
            raise Refused(Reason.FACTOR_UNKNOWN)
        db.session.delete(device)
        removed(person, "app", staff_needs_one=staff_needs_one)


def code_fits(device: TotpDevice, code: str, key: str) -> bool:
    """Whether a code is right and used for the first time; uses it up within the running transaction."""
    secret = totp.opened(device.secret, key)
    if secret is None:
        return False
    step = totp.step_of(secret, code, now_in_database(), after=device.last_step)
    if step is None:
        return False
    device.last_step = step
    return True
