"""Who follows which consultation."""

from consult.domain.people import Actor
from consult.models.base import db
from consult.models.taking_part import Follow


def is_following(reader: Actor, consultation_id: int) -> bool:
    """Whether the reader asked for news of the consultation; False for a guest."""
    if reader.person_id is None:
        return False
    key = (consultation_id, reader.person_id)
    return db.session.get(Follow, key, populate_existing=True) is not None


def followers_of(consultation_id: int) -> tuple[int, ...]:
    """People who asked for news of the consultation, by number."""
    query = db.select(Follow.person_id).filter_by(consultation_id=consultation_id)
    return tuple(db.session.scalars(query.order_by(Follow.person_id)))
