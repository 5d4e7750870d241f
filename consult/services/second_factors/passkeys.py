"""Passkeys: adding one, taking one away. Signing in with them is in `steps`."""

from dataclasses import dataclass

from consult.adapters import passkeys
from consult.adapters.passkeys import Site
from consult.domain.errors import Reason, Refused
from consult.domain.people import NAME_LONGEST
from consult.domain.texts import kept_text
from consult.models.base import db, now_in_database, transaction
from consult.models.people import Passkey
from consult.services import sessions
from consult.services.second_factors.challenges import taken_challenge
from consult.services.second_factors.changes import added, apps_and_keys, person_of, removed

MOST = 20
"""Passkeys of one account."""


@dataclass(frozen=True)
class PasskeyAsked:
    """What the browser is asked, as JSON, and the token of the step that its answer belongs to."""

    options: str
    token: str


def ask_for_new_passkey(session_token: str, base_url: str) -> PasskeyAsked:
    """Begin to add a passkey.

    Raises:
        Refused: SIGN_IN_NEEDED, FACTOR_LIMIT for somebody who has twenty of them.
    """
    with transaction():
        person = person_of(session_token)
        _device, keys = apps_and_keys(person.id)
        if len(keys) >= MOST:
            raise Refused(Reason.FACTOR_LIMIT)
        known = [key.credential_id for key in keys]
        asked = passkeys.ask_for_new_key(Site.of(base_url), person.id, person.email, person.name, known)
        return PasskeyAsked(asked.options, sessions.begin_step(person.id, asked.challenge))


def add_passkey(
    session_token: str, step_token: str, answer: str, name: str, base_url: str
) -> tuple[str, ...]:
    """Keep the passkey that the browser made; answers recovery codes where it is the first second factor.

    Raises:
        Refused: SIGN_IN_NEEDED, STEP_EXPIRED, PASSKEY_REFUSED.
    """
    with transaction():
        person = person_of(session_token)
        owner, challenge = taken_challenge(step_token)
        if owner != person.id:
            raise Refused(Reason.STEP_EXPIRED)
        made = passkeys.check_new_key(Site.of(base_url), challenge, answer)
        if db.session.scalar(db.select(Passkey.id).filter_by(credential_id=made.credential_id)):
            raise Refused(Reason.PASSKEY_REFUSED)
        is_first = not sessions.has_factor(person.id)
        db.session.add(
            Passkey(
                person_id=person.id,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                name=kept_text(name)[:NAME_LONGEST],
                created_at=now_in_database(),
            )
        )
        return added(person, "passkey", session_token, is_first=is_first)


def remove_passkey(session_token: str, passkey_id: int, *, staff_needs_one: bool) -> None:
    """Take a passkey away.

    Raises:
        Refused: SIGN_IN_NEEDED, FACTOR_UNKNOWN for one that is not theirs, FACTOR_NEEDED_BY_ROLE.
    """
    with transaction():
        person = person_of(session_token)
        row = db.session.scalar(db.select(Passkey).filter_by(id=passkey_id, person_id=person.id))
        if row is None:
            raise Refused(Reason.FACTOR_UNKNOWN)
        db.session.delete(row)
        removed(person, "passkey", staff_needs_one=staff_needs_one)
