"""Giving people duties in a consultation, and taking them back."""

from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor, Duty, Role, email_address
from consult.domain.permissions import may_appoint, require
from consult.models.base import db, now_in_database, transaction
from consult.models.duties import ConsultationDuty
from consult.models.people import Person
from consult.services import audit
from consult.services.drafting import locked


def appoint(actor: Actor, consultation_id: int, email: str, duty: Duty) -> None:
    """Give the account with this address a duty in a consultation; one that it has already stays.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, EMAIL_INVALID; PERSON_UNKNOWN where no account can
            be used under the address; DUTY_OWN for oneself; DUTY_BY_ROLE for officials, who may do it anyway.
    """
    require(actor, may_appoint)
    address = email_address(email)
    with transaction():
        locked(consultation_id)  # so that two who appoint at once give it once
        person = db.session.scalar(db.select(Person).filter_by(email=address, is_active=True))
        if person is None:
            raise Refused(Reason.PERSON_UNKNOWN)
        _check(actor, person)
        key = (consultation_id, person.id, duty)
        if db.session.get(ConsultationDuty, key) is None:
            row = ConsultationDuty(
                consultation_id=consultation_id,
                person_id=person.id,
                duty=duty,
                appointed_at=now_in_database(),
            )
            db.session.add(row)
            _record(actor, Act.DUTY_GIVEN, key)


def _check(actor: Actor, person: Person) -> None:
    if person.id == actor.person_id:
        raise Refused(Reason.DUTY_OWN)
    if person.role is not Role.CITIZEN:
        raise Refused(Reason.DUTY_BY_ROLE)


def dismiss(actor: Actor, consultation_id: int, person_id: int, duty: Duty) -> None:
    """Take a duty back, at once on every node; one that the person has not is nothing to take.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(actor, may_appoint)
    with transaction():
        row = db.session.get(ConsultationDuty, (consultation_id, person_id, duty))
        if row is not None:
            db.session.delete(row)
            _record(actor, Act.DUTY_TAKEN, (consultation_id, person_id, duty))


def _record(actor: Actor, act: Act, key: tuple[int, int, Duty]) -> None:
    consultation_id, person_id, duty = key
    audit.record(actor, Entry(act, Thing.PERSON, person_id, consultation_id, {"duty": duty.value}))
