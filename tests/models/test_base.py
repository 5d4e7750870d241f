"""Ground of the tables: instants, clocks, numbers, transactions, and keys that the database itself keeps."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, StatementError

from consult.domain.votes import Choice
from consult.models.base import IdSequence, database_now, db, now_in_database, transaction
from consult.models.comments import COMMENT_IDS
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.votes import CommentVote
from tests.support.cast import Cast, Member, comment, count, open_consultation, person, vote

ALMATY = timezone(timedelta(hours=5))
MOMENT = datetime(2026, 3, 1, 4, 30, 15, 123456, tzinfo=ALMATY)


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_an_instant_comes_back_in_utc_to_the_microsecond(aigerim: Member) -> None:
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == aigerim.id).values(created_at=MOMENT))
    kept = db.session.scalars(db.select(Person.created_at).filter_by(id=aigerim.id)).one()
    assert kept == MOMENT
    assert kept.tzinfo is UTC
    assert kept.microsecond == 123456


def test_a_time_without_a_zone_is_never_kept(aigerim: Member) -> None:
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 - that is the point
    with pytest.raises(StatementError, match="zone"), transaction():
        db.session.execute(sa.update(Person).where(Person.id == aigerim.id).values(created_at=naive))


@pytest.mark.parametrize("apart", [timedelta(microseconds=1), timedelta(days=1)])
def test_instants_are_compared_by_the_database_as_instants(aigerim: Member, apart: timedelta) -> None:
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == aigerim.id).values(created_at=MOMENT))
    mine = db.select(sa.func.count()).select_from(Person).where(Person.id == aigerim.id)
    for condition, expected in (
        (Person.created_at == MOMENT.astimezone(UTC), 1),
        (Person.created_at < MOMENT + apart, 1),
        (Person.created_at < MOMENT, 0),
        (Person.created_at > MOMENT - apart, 1),
    ):
        assert db.session.scalar(mine.where(condition)) == expected


def test_the_clock_of_the_database_is_utc_and_moves_within_a_transaction() -> None:
    first = now_in_database()
    assert abs(first - datetime.now(UTC)) < timedelta(seconds=5)
    db.session.execute(sa.text("SELECT 1"))
    later = first
    while later <= first:
        later = now_in_database()
    kept = db.session.scalars(
        db.select(sa.literal(1)).where(database_now() > sa.literal(first, type_=Person.created_at.type))
    ).one()
    assert kept == 1


def test_a_failed_transaction_leaves_nothing(aigerim: Member) -> None:
    def half_a_deed() -> None:
        with transaction():
            db.session.execute(sa.update(Person).where(Person.id == aigerim.id).values(name="Changed"))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        half_a_deed()
    assert db.session.scalars(db.select(Person.name).filter_by(id=aigerim.id)).one() == aigerim.actor.name


def test_a_sequence_hands_out_each_number_once() -> None:
    drawn = []
    for _ in range(3):
        with transaction():
            drawn += [COMMENT_IDS.draw(db.session.connection()) for _ in range(3)]
    assert drawn == list(range(1, 10))


def test_sequences_count_apart() -> None:
    with transaction():
        connection = db.session.connection()
        assert COMMENT_IDS.draw(connection) == 1
        assert IdSequence("moderation_act_id_seq").draw(connection) == 1
        assert COMMENT_IDS.draw(connection) == 2


def test_a_second_row_for_the_same_vote_is_refused_by_the_key(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    vote(app, people.dauren, built, key)
    row = {
        "consultation_id": built.id, "comment_id": key, "person_id": people.dauren.id,
        "choice": Choice.PASS.value, "cast_at": now_in_database(),
    }  # fmt: skip
    for change in (
        {},
        {"person_id": people.aigerim.id, "choice": 2},
        {"person_id": 404},
        {"comment_id": 404},
    ):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(sa.insert(CommentVote), [row | change])
    assert count(CommentVote) == 1


def test_a_closing_before_its_opening_is_refused_by_the_database(app: Flask) -> None:
    built = open_consultation(app)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(
            sa.update(Consultation).where(Consultation.id == built.id).values(closes_at=Consultation.opens_at)
        )


def test_an_address_is_unique_in_the_table_itself(app: Flask, aigerim: Member) -> None:
    with pytest.raises(IntegrityError):
        person(app, aigerim.email, "Another")
