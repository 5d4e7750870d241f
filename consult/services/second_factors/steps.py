"""Signing in with the second factor after the password, or with a passkey alone."""

import sqlalchemy as sa

from consult.adapters import passkeys
from consult.adapters.passkeys import Site
from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.people import GUEST
from consult.models.base import database_now, db, now_in_database, transaction
from consult.models.people import Passkey, Person, SignInStep
from consult.services import audit, sessions
from consult.services.second_factors.apps import code_fits
from consult.services.second_factors.challenges import taken_challenge
from consult.services.second_factors.changes import apps_and_keys
from consult.services.second_factors.codes import use_code
from consult.services.second_factors.passkeys import PasskeyAsked
from consult.services.sessions import SignedIn, token_hash

ATTEMPTS = 5
"""Wrong codes in one step; three of a million are right at a time, so guessing succeeds once in 66 000."""


def answer_code(step_token: str, code: str, key: str, device: str) -> SignedIn:
    """End a step with a code of the app, or with a recovery code.

    Raises:
        Refused: STEP_EXPIRED, also after five wrong codes; CODE_WRONG with the attempts that are `left`.
    """
    with transaction():
        step, person = _step(step_token)
        app, _keys = apps_and_keys(person.id)
        is_right = bool(app and app.confirmed_at and code_fits(app, code, key)) or use_code(person, code)
        if is_right:
            db.session.delete(step)
            return sessions.begin(person, device, has_second_factor=True)
        step.attempts += 1
        left = ATTEMPTS - step.attempts
        audit.record(GUEST, Entry(Act.SIGN_IN_FAILED, Thing.PERSON, person.id, detail={"step": "code"}))
    raise Refused(Reason.CODE_WRONG if left > 0 else Reason.STEP_EXPIRED, left=left)


def _step(step_token: str) -> tuple[SignInStep, Person]:
    """A live step after a right password, locked, and its person."""
    step = db.session.scalar(
        db.select(SignInStep)
        .where(
            SignInStep.token_hash == token_hash(step_token),
            SignInStep.expires_at > database_now(),
            SignInStep.attempts < ATTEMPTS,
            SignInStep.person_id.is_not(None),
        )
        .with_for_update()
    )
    person = db.session.get(Person, step.person_id) if step else None
    if step is None or person is None or not person.is_active:
        raise Refused(Reason.STEP_EXPIRED)
    return step, person


def ask_for_passkey(step_token: str, base_url: str) -> PasskeyAsked:
    """Ask for one of the person's passkeys after the password; the step goes on under the same token.

    Raises:
        Refused: STEP_EXPIRED.
    """
    with transaction():
        step, person = _step(step_token)
        _app, keys = apps_and_keys(person.id)
        asked = passkeys.ask_for_key(Site.of(base_url), [key.credential_id for key in keys])
        step.challenge = asked.challenge
    return PasskeyAsked(asked.options, step_token)


def ask_for_any_passkey(base_url: str) -> PasskeyAsked:
    """Ask a visitor for a passkey of this site, instead of address and password."""
    asked = passkeys.ask_for_key(Site.of(base_url), [])
    with transaction():
        return PasskeyAsked(asked.options, sessions.begin_step(None, asked.challenge))


def answer_passkey(step_token: str, answer: str, base_url: str, device: str) -> SignedIn:
    """Sign in with a passkey: it proves possession and, by PIN or finger, the person: two factors in one.

    Raises:
        Refused: STEP_EXPIRED, PASSKEY_REFUSED for one that is unknown, another person's, forged or copied.
    """
    credential_id = passkeys.credential_of(answer)
    with transaction():
        owner, challenge = taken_challenge(step_token)
        row = db.session.scalar(db.select(Passkey).filter_by(credential_id=credential_id).with_for_update())
        if row is None or owner not in {None, row.person_id}:
            raise Refused(Reason.PASSKEY_REFUSED)
        row.sign_count = passkeys.check_key(
            Site.of(base_url), challenge, answer, row.public_key, row.sign_count
        )
        person = db.session.get_one(Person, row.person_id)
        if not person.is_active:
            raise Refused(Reason.PASSKEY_REFUSED)
        row.last_used_at = now_in_database()
        db.session.execute(sa.delete(SignInStep).where(SignInStep.token_hash == token_hash(step_token)))
        return sessions.begin(person, device, has_second_factor=True)
