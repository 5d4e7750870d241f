"""The worker's computing of opinion groups: what is due, once each, and what officials ask for."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.errors import Reason
from consult.domain.people import GUEST
from consult.models.audit import AuditEntry
from consult.models.base import db, transaction
from consult.models.opinion import OpinionBin, OpinionJob, OpinionRun
from consult.queries.opinion import newest_run
from consult.queries.opinion_jobs import job_of, last_refusal
from consult.services.opinion import ask_for_opinion, compute_due_opinions, opinion_asked
from tests.support.cast import Cast, close_by_clock, comment, count, open_consultation, refusal, vote
from tests.support.crowds import crowd

pytestmark = pytest.mark.usefixtures("inside")


def compute() -> int:
    return compute_due_opinions(smallest_group=10)


def let_time_pass(minutes: int) -> None:
    """As if the last attempt had begun and ended so long before."""
    for row in db.session.scalars(sa.select(OpinionJob)).all():
        with transaction():
            db.session.execute(
                sa.update(OpinionJob)
                .where(OpinionJob.consultation_id == row.consultation_id)
                .values(
                    started_at=row.started_at and row.started_at - timedelta(minutes=minutes),
                    ended_at=row.ended_at and row.ended_at - timedelta(minutes=minutes),
                )
            )
    db.session.expire_all()


def test_groups_are_computed_after_enough_new_votes_and_not_before(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    assert compute() == 0, "nobody has voted"
    crowd(app, built, people.aigerim, people=60)
    assert compute() == 1
    run = newest_run(built.id)
    assert run is not None
    assert run.hexagon
    assert run.votes == 720
    assert sum(db.session.scalars(sa.select(OpinionBin.people))) == run.grouped == 60
    vote(app, people.dauren, built, 1)
    let_time_pass(6)
    assert compute() == 0, "one vote more is not enough"
    assert count(OpinionRun) == 1


def test_after_the_closing_they_are_computed_once_more(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    crowd(app, built, people.aigerim)
    assert compute() == 1
    vote(app, people.dauren, built, 1)
    close_by_clock(app, built)
    assert [compute(), compute(), compute()] == [1, 0, 0]
    assert count(OpinionRun) == 2
    assert job_of(built.id).is_final


def test_too_few_voters_are_remembered_and_not_tried_every_minute(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    vote(app, people.dauren, built, comment(app, people.aigerim, built))
    close_by_clock(app, built)
    assert [compute(), compute()] == [1, 0]
    assert last_refusal(built.id) == Reason.OPINION_TOO_FEW
    assert count(OpinionRun) == 0


def test_an_official_who_asks_twice_gets_it_once_and_the_log_says_so(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    crowd(app, built, people.aigerim, people=20)
    given: list[object] = []
    with opinion_asked.connected_to(given.append):
        for _ in range(2):
            ask_for_opinion(people.moderator.actor, built.slug)
    assert len(given) == 2
    assert job_of(built.id).is_waiting
    assert [compute(), compute()] == [1, 0]
    assert not job_of(built.id).is_waiting
    asked = sa.select(AuditEntry.actor_id).where(AuditEntry.act == "opinion_asked")
    assert db.session.scalars(asked).all() == [people.moderator.id]


def test_only_officials_may_ask(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    assert refusal(lambda: ask_for_opinion(GUEST, built.slug)) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: ask_for_opinion(people.aigerim.actor, built.slug)) is Reason.NOT_PERMITTED
    assert refusal(lambda: ask_for_opinion(people.moderator.actor, "nowhere")) is Reason.NOT_FOUND
    assert count(OpinionJob) == 0


def test_one_that_fails_does_not_keep_the_others_from_theirs(app: Flask, people: Cast) -> None:
    for slug in ("first", "second"):
        built = open_consultation(app, slug=slug)
        crowd(app, built, people.aigerim, people=20, prefix=slug)
        ask_for_opinion(people.moderator.actor, slug)
    seen = []

    def break_at_once(_actor: object, slug: str) -> None:
        seen.append(slug)
        raise RuntimeError(slug)

    assert compute_due_opinions(smallest_group=10, then=break_at_once) == 2
    assert seen == ["first", "second"]
    assert {job.refusal for job in db.session.scalars(sa.select(OpinionJob))} == {"failed"}
    assert all(job.ended_at for job in db.session.scalars(sa.select(OpinionJob)))
