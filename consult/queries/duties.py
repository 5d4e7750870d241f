"""Reading who does what in a consultation."""

from collections import defaultdict
from dataclasses import dataclass

from consult.domain.people import Actor, Duty
from consult.domain.permissions import may_appoint, require
from consult.models.base import db
from consult.models.duties import ConsultationDuty
from consult.models.people import Person


@dataclass(frozen=True)
class Appointed:
    """Somebody with one duty or several in a consultation."""

    person_id: int
    name: str
    email: str
    duties: tuple[Duty, ...]


def appointed_in(reader: Actor, consultation_id: int) -> tuple[Appointed, ...]:
    """Everybody with a duty in the consultation, by name.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(reader, may_appoint)
    rows = db.session.execute(
        db.select(Person.id, Person.name, Person.email, ConsultationDuty.duty)
        .join(ConsultationDuty, ConsultationDuty.person_id == Person.id)
        .where(ConsultationDuty.consultation_id == consultation_id)
        .order_by(Person.name, Person.id, ConsultationDuty.duty)
    )
    found: dict[tuple[int, str, str], list[Duty]] = defaultdict(list)
    for person_id, name, email, duty in rows:
        found[person_id, name, email].append(duty)
    return tuple(Appointed(*person, tuple(duties)) for person, duties in found.items())


def has_duty(person_id: int) -> bool:
    """Whether the person has any duty in any consultation."""
    found = db.session.scalar(
        db.select(ConsultationDuty.person_id).where(ConsultationDuty.person_id == person_id).limit(1)
    )
    return found is not None
