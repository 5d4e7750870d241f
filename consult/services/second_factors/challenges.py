"""Challenges of passkeys: each is answered once."""

import sqlalchemy as sa

from consult.domain.errors import Reason, Refused
from consult.models.base import database_now, db
from consult.models.people import SignInStep
from consult.services.sessions import token_hash


def taken_challenge(step_token: str) -> tuple[int | None, bytes]:
    """Whose step it is, and its challenge, which is used up within the running transaction.

    Raises:
        Refused: STEP_EXPIRED for a step that is unknown, too old, or has no challenge any more.
    """
    row = db.session.execute(
        db.select(SignInStep.person_id, SignInStep.challenge)
        .where(
            SignInStep.token_hash == token_hash(step_token),
            SignInStep.expires_at > database_now(),
            SignInStep.challenge.is_not(None),
        )
        .with_for_update()
    ).first()
    if row is None or row.challenge is None:
        raise Refused(Reason.STEP_EXPIRED)
    db.session.execute(
        sa.update(SignInStep).where(SignInStep.token_hash == token_hash(step_token)).values(challenge=None)
    )
    return row.person_id, row.challenge
