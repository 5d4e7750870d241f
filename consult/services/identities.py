"""Identities at a provider: signing in with one, linking it to an account, taking the link away."""

import hashlib

from consult.adapters import identity
from consult.config import IdentityProvider
from consult.domain.audit import Act, Entry, Thing
from consult.domain.consents import CURRENT, Purpose
from consult.domain.errors import Reason, Refused
from consult.domain.identities import Claims, Journey
from consult.domain.languages import Language
from consult.domain.people import (
    GUEST,
    NAME_LONGEST,
    Actor,
    Role,
    Verification,
    display_name,
    email_address,
)
from consult.domain.permissions import is_signed_in, require
from consult.models.base import db, now_in_database, transaction
from consult.models.own_data import Consent
from consult.models.people import Identity, Person
from consult.services import audit, outbox, sessions
from consult.services.sessions import SignedIn


def begin_journey(provider: IdentityProvider, callback: str) -> Journey:
    """Where to send the browser. Raises Refused(PROVIDER_UNAVAILABLE)."""
    return identity.begin(provider, callback)


def end_journey(provider: IdentityProvider, callback: str, journey: Journey, returned: str) -> Claims:
    """What the provider says of whoever came back to the address `returned`.

    Raises:
        Refused: PROVIDER_UNAVAILABLE, PROVIDER_REFUSED.
    """
    return identity.finish(provider, callback, journey, returned)


def sign_in_with(claims: Claims, language: Language, *, device: str) -> SignedIn:
    """Sign in the person of an identity; one who comes for the first time gets an account.

    Raises:
        Refused: EMAIL_TAKEN where an account with the verified address exists that is not linked: whoever
            holds that account links it, signed in; SIGN_IN_FAILED for a blocked account.
    """
    with transaction():
        linked = db.session.get(Identity, (claims.issuer, claims.subject))
        person = db.session.get_one(Person, linked.person_id) if linked else _new_person(claims, language)
        if not person.is_active:
            raise Refused(Reason.SIGN_IN_FAILED)
        if linked is None:
            _link(person, claims)
        return sessions.admit(person, device)


def _new_person(claims: Claims, language: Language) -> Person:
    address = email_address(claims.email) if claims.email else _stand_in_address(claims)
    if db.session.scalar(db.select(Person.id).filter_by(email=address)):
        raise Refused(Reason.EMAIL_TAKEN)
    person = Person(
        email=address,
        name=_name(claims.name),
        role=Role.CITIZEN,
        language=language,
        password_hash="",  # matches no password
        created_at=now_in_database(),
    )
    db.session.add(person)
    db.session.flush()
    db.session.add(
        Consent(
            person_id=person.id,
            purpose=Purpose.TERMS,
            version=CURRENT[Purpose.TERMS].version,
            language=language,
            given_at=now_in_database(),
        )
    )
    detail: dict[str, object] = {"role": Role.CITIZEN.value, "by": "identity"}
    audit.record(GUEST, Entry(Act.ACCOUNT_CREATED, Thing.PERSON, person.id, detail=detail))
    return person


def _stand_in_address(claims: Claims) -> str:
    """What stands in the column of an account without a known address; it has no `@`, so nothing is sent."""
    return "identity:" + hashlib.sha256(f"{claims.issuer}\0{claims.subject}".encode()).hexdigest()[:40]


def _name(said: str) -> str:
    """The name by which others see a newcomer: the first word only, they can write another one later."""
    try:
        return display_name(said.partition(" ")[0][:NAME_LONGEST])
    except Refused:
        return "—"


def link_identity(actor: Actor, claims: Claims) -> None:
    """Link an identity to the actor's account, which is then verified by it.

    Raises:
        Refused: SIGN_IN_NEEDED, IDENTITY_TAKEN when it belongs to another account.
    """
    require(actor, is_signed_in)
    with transaction():
        person = db.session.get_one(Person, actor.person_id, with_for_update=True)
        linked = db.session.get(Identity, (claims.issuer, claims.subject))
        if linked is not None and linked.person_id != person.id:
            raise Refused(Reason.IDENTITY_TAKEN)
        if linked is None:
            _link(person, claims)
            outbox.enqueue("second_factor_changed", person.id, {"kind": "identity", "change": "added"})


def _link(person: Person, claims: Claims) -> None:
    db.session.add(
        Identity(
            issuer=claims.issuer, subject=claims.subject, person_id=person.id, linked_at=now_in_database()
        )
    )
    person.verification = Verification.IDENTITY
    audit.record(sessions.actor_of(person), Entry(Act.IDENTITY_LINKED, Thing.PERSON, person.id))


def unlink_identities(actor: Actor) -> None:
    """Take the links away; the account is then verified by its address alone. Without a link nothing changes.

    Raises:
        Refused: SIGN_IN_NEEDED, FACTOR_NEEDED_TO_SIGN_IN for an account without a password.
    """
    require(actor, is_signed_in)
    with transaction():
        person = db.session.get_one(Person, actor.person_id, with_for_update=True)
        if not person.password_hash:
            raise Refused(Reason.FACTOR_NEEDED_TO_SIGN_IN)
        gone = db.session.execute(
            db.delete(Identity).where(Identity.person_id == person.id).returning(Identity.subject)
        )
        if gone.first() is None:
            return
        person.verification = Verification.EMAIL
        audit.record(sessions.actor_of(person), Entry(Act.IDENTITY_UNLINKED, Thing.PERSON, person.id))
        outbox.enqueue("second_factor_changed", person.id, {"kind": "identity", "change": "removed"})
