"""Many voters at once, of one mind or several, put into the tables without a deed for each vote."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask

from consult.domain.languages import Language
from consult.domain.people import Role
from consult.domain.profile import Gender, Region
from consult.domain.votes import Choice
from consult.models.base import db, transaction
from consult.models.own_data import PersonProfile
from consult.models.people import Person
from consult.models.votes import CommentVote, PropositionVote
from consult.services import comments
from tests.support.cast import Built, Member, within

THEN = datetime(2026, 1, 2, tzinfo=UTC)
STATEMENTS = 12
IN_ASTANA = 4


def crowd(
    app: Flask, built: Built, author: Member, *, people: int = 60, minds: int = 2, prefix: str = "voter"
) -> list[int]:
    """Twelve comments of the author, "Statement 0 of many." and on, and voters on all; answers the comments.

    With `minds` the voters are of so many opinions, which they hold nearly always, and all agree with the
    last statement; with 0 each votes by chance. Half are women, half men. Four live in Astana, nearly half in
    Almaty; the others did not tell.
    """
    with within(app):
        keys = [_statement(built, author, number) for number in range(STATEMENTS)]
        voters = [_voter(n, prefix) for n in range(people)]
        with transaction():
            db.session.add_all(voters)
            db.session.flush()
            db.session.add_all(_profile(n, row.id) for n, row in enumerate(voters))
            rows = [
                {
                    "consultation_id": built.id, "comment_id": key, "person_id": row.id, "choice": choice,
                    "cast_at": THEN,
                }
                for n, row in enumerate(voters)
                for key, choice in zip(keys, _choices(n, minds), strict=True)
            ]  # fmt: skip
            db.session.execute(sa.insert(CommentVote), rows)
    return keys


def answers(built: Built, person_ids: Sequence[int]) -> None:
    """Their votes on the proposition, the second question: two of three agree, one disagrees."""
    with transaction():
        db.session.add_all(
            PropositionVote(
                consultation_id=built.id,
                question_id=built.questions[1],
                person_id=person_id,
                choice=(Choice.DISAGREE if n % 3 == 2 else Choice.AGREE).value,
                question_version=1,
                question_language=Language.RU,
                cast_at=THEN,
            )
            for n, person_id in enumerate(person_ids)
        )


def _statement(built: Built, author: Member, number: int) -> int:
    words = comments.Words(f"Statement {number} of many.", Language.EN)
    return comments.submit_comment(author.actor, built.id, built.questions[0], words).comment_id


def _voter(n: int, prefix: str) -> Person:
    return Person(
        email=f"{prefix}-{n:04}@example.kz",
        name=f"Voter {n}",
        role=Role.CITIZEN,
        language=Language.RU,
        password_hash="",
        is_active=True,
        created_at=THEN,
    )


def _profile(n: int, person_id: int) -> PersonProfile:
    in_almaty = Region.ALMATY if n % 9 < 4 else None
    return PersonProfile(
        person_id=person_id,
        region=Region.ASTANA if n < IN_ASTANA else in_almaty,
        gender=(Gender.FEMALE, Gender.MALE)[n % 2],
        updated_at=THEN,
    )


def _choices(n: int, minds: int) -> Iterator[int]:
    chance = random.Random(n)  # noqa: S311 - votes of a test
    for number in range(STATEMENTS):
        if not minds:
            yield chance.choice((-1, 1))
        elif number == STATEMENTS - 1:
            yield 1
        else:
            held = 1 if number % minds == n % minds else -1
            yield held if chance.random() < 0.97 else -held
