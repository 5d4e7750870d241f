"""News of consultations for many people, and how somebody wants mail."""

from datetime import datetime, time

import sqlalchemy as sa

from consult.domain.answer_reminders import BEFORE, reminder_day
from consult.domain.consultations import ZONE, Stage, local_day
from consult.domain.languages import Language
from consult.domain.mail import CLOSING_SOON, OPENED_LATELY, Frequency, Kind
from consult.domain.people import Actor
from consult.domain.permissions import is_signed_in, require
from consult.models.base import db, now_in_database, transaction
from consult.models.consultations import Consultation
from consult.models.outbox import Announcement
from consult.models.people import Person
from consult.queries.mail import people_to_tell
from consult.services import outbox

PEOPLE_AT_ONCE = 500
"""Messages written in one transaction, so that others get to write between them."""


def announce_by_the_clock() -> None:
    """Announce what time has brought: consultations that have opened, or whose last days have begun."""
    with transaction(is_private=True):
        now = now_in_database()
        open_ones = db.session.scalars(
            db.select(Consultation).where(
                Consultation.stage == Stage.PUBLISHED,
                Consultation.opens_at <= now,
                Consultation.closes_at > now,
                sa.or_(
                    Consultation.opens_at > now - OPENED_LATELY, Consultation.closes_at <= now + CLOSING_SOON
                ),
            )
        ).all()
        for row in open_ones:
            if row.opens_at is None or row.closes_at is None:
                continue
            if row.opens_at > now - OPENED_LATELY:
                outbox.announce(Kind.CONSULTATION_OPENED, row.id, row.opens_at)
            # Where the last days begin with the opening, one message is enough.
            if row.opens_at < row.closes_at - CLOSING_SOON <= now:
                outbox.announce(Kind.CONSULTATION_CLOSING_SOON, row.id, row.closes_at)


def remind_of_answers() -> None:
    """Announce to the responsible officials that an answer is due: a week before, on the day, weekly after.

    Each reminder comes once. After a time without a worker only the newest comes, not all that were missed.
    """
    with transaction(is_private=True):
        now = now_in_database()
        waiting = db.session.execute(
            db.select(Consultation.id, Consultation.answer_due_on).where(
                Consultation.stage == Stage.PUBLISHED,
                Consultation.opens_at <= now,
                Consultation.answer_due_on <= local_day(now) + BEFORE,
            )
        ).all()
        for key, due in waiting:
            day = reminder_day(due, local_day(now))
            if day is not None:
                outbox.announce(Kind.ANSWER_DUE, key, datetime.combine(day, time(), ZONE))


def tell_some() -> bool:
    """Write the messages of one announcement to the next people; False where nobody is left to be told.

    Each person concerned gets one message an announcement, also when a worker dies in the middle.
    """
    with transaction(is_private=True):
        row = db.session.scalars(
            db.select(Announcement)
            .where(Announcement.finished_at.is_(None))
            .order_by(Announcement.announced_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return False
        kind, now = Kind(row.kind), now_in_database()
        people = people_to_tell(kind, row.consultation_id, after=row.told_up_to, limit=PEOPLE_AT_ONCE)
        outbox.enqueue_to_many(kind, people, {"consultation_id": row.consultation_id}, now)
        if people:
            row.told_up_to = people[-1][0]
        if len(people) < PEOPLE_AT_ONCE:
            row.finished_at = now
    return True


def choose_mail(actor: Actor, frequency: Frequency, language: Language) -> None:
    """Keep how often somebody wants news, and in which language all mail is written.

    News that already wait for the daily mail come with it, or not at all where none are wanted any more.

    Raises:
        Refused: SIGN_IN_NEEDED.
    """
    require(actor, is_signed_in)
    with transaction(is_private=True):
        db.session.execute(
            sa.update(Person)
            .where(Person.id == actor.person_id)
            .values(email_frequency=frequency, language=language)
        )


def stop_news(person_id: int) -> bool:
    """End all news by mail for whoever holds the link of a letter; False where the account is gone."""
    with transaction(is_private=True):
        found = db.session.execute(
            sa.update(Person)
            .where(Person.id == person_id, Person.erased_at.is_(None))
            .values(email_frequency=Frequency.NONE)
            .returning(Person.id)
        ).first()
    return found is not None
