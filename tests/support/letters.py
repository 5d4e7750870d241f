"""What stands in the outbox: the links that a test opens as the owner of a mailbox would."""

from flask import Flask

from consult.models.base import db
from consult.models.outbox import OutboxMessage
from consult.models.people import Person
from tests.support.cast import within

PATHS = {
    "confirm_registration": "/register/confirm/",
    "reset_password": "/password/reset/",
    "change_email": "/email/confirm/",
}


def letters_to(app: Flask, address: str) -> list[str]:
    """Kinds of the letters to an address that wait, oldest first."""
    return [letter.kind for letter in _waiting(app, address)]


def token_to(app: Flask, address: str, kind: str) -> str:
    """The token in the newest letter of a kind to an address."""
    return next(
        str(letter.content["token"]) for letter in reversed(_waiting(app, address)) if letter.kind == kind
    )


def confirmed(app: Flask, address: str, kind: str = "confirm_registration") -> str:
    """The path, without its language, of the link in the newest letter: it confirms whatever was asked."""
    return PATHS[kind] + token_to(app, address, kind)


def _waiting(app: Flask, address: str) -> list[OutboxMessage]:
    with within(app):
        db.session.rollback()
        return list(
            db.session.scalars(
                db.select(OutboxMessage)
                .outerjoin(Person, Person.id == OutboxMessage.person_id)
                .where(db.or_(OutboxMessage.address == address, Person.email == address))
                .order_by(OutboxMessage.id)
            )
        )
