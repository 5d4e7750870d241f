"""The log: who, what, when; and nobody changes a line of it."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from consult.domain.audit import Act
from consult.domain.errors import Reason
from consult.domain.people import GUEST, OPERATOR
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.queries import audit
from tests.support.cast import Cast, count, open_consultation, refusal

pytestmark = pytest.mark.usefixtures("inside")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET act = 'signed_in'",
        "UPDATE audit_entry SET detail = '{}' WHERE id = 1",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE id = 1",
    ],
)
def test_no_line_of_the_log_can_be_changed_or_deleted_by_sql(app: Flask, statement: str) -> None:
    open_consultation(app)
    before = count(AuditEntry)
    db.session.rollback()
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(sa.text(statement))
    db.session.rollback()
    assert count(AuditEntry) == before > 0
    assert not db.session.scalar(db.select(AuditEntry).filter_by(act=Act.SIGNED_IN))


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_the_log_cannot_be_emptied_on_postgresql(app: Flask) -> None:
    open_consultation(app)
    db.session.rollback()
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(sa.text("TRUNCATE audit_entry"))


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_line_cannot_be_replaced_on_sqlite(app: Flask) -> None:
    open_consultation(app)
    db.session.rollback()
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(sa.text("REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 1"))


def test_the_log_names_who_did_what_and_newest_stands_first(app: Flask, people: Cast) -> None:
    open_consultation(app, by=people.moderator.actor)
    lines = audit.log(people.administrator.actor).lines
    assert lines[0].act is Act.CONSULTATION_OPENED
    assert {line.actor for line in lines} == {people.moderator.actor.name}
    assert {line.actor_role for line in lines} == {"official"}
    assert [line.id for line in lines] == sorted((line.id for line in lines), reverse=True)
    only = audit.log(people.administrator.actor, act=Act.QUESTION_ADDED).lines
    assert {line.act for line in only} == {Act.QUESTION_ADDED}


def test_the_operator_is_named_in_the_log(app: Flask) -> None:
    open_consultation(app, by=OPERATOR)
    assert {line.actor_role for line in audit.log(OPERATOR).lines} == {"operator"}


def test_only_administrators_read_the_log(people: Cast) -> None:
    assert refusal(lambda: audit.log(GUEST)) is Reason.SIGN_IN_NEEDED
    for reader in (people.aigerim, people.moderator):
        assert refusal(lambda r=reader: audit.log(r.actor)) is Reason.NOT_PERMITTED  # type: ignore[misc]


def test_pages_of_the_log_go_through_every_line_once(app: Flask, people: Cast) -> None:
    for number in range(15):
        open_consultation(app, slug=f"c{number}")
    seen: list[int] = []
    before: int | None = None
    while True:
        page = audit.log(people.administrator.actor, before=before)
        seen += [line.id for line in page.lines]
        before = page.next_before
        if before is None:
            break
    assert len(seen) == len(set(seen)) == count(AuditEntry) > audit.PAGE
