"""Reading people: who a session belongs to."""

from consult.domain.people import Actor
from consult.models.base import database_now, db
from consult.models.people import Person, SignInSession


def actor_of_session(token_hash: bytes) -> Actor | None:
    """The person of a live session; None when it is unknown, revoked or expired, or its person blocked."""
    row = db.session.execute(
        db.select(Person.id, Person.role, Person.name, Person.language)
        .join(SignInSession, SignInSession.person_id == Person.id)
        .where(
            SignInSession.token_hash == token_hash,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > database_now(),
            Person.is_active,
        )
    ).first()
    return Actor(row.id, row.role, row.name, row.language) if row else None
