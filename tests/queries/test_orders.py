"""Comments in each order: the domain's ranks, page by page, and nothing told that is hidden."""

import random

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.comment_orders import CommentKey, CommentOrder, rank
from consult.domain.comments import CommentState
from consult.domain.consultations import ResultsPolicy
from consult.domain.languages import Language
from consult.domain.people import GUEST
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import Comment
from consult.models.votes import CommentVote
from consult.queries.comments import PAGE, comments_of
from consult.queries.consultations import consultation_at
from consult.queries.tallies import comment_tallies
from consult.services.tallying import count_votes
from tests.queries.test_pages_and_counts import fill
from tests.support.cast import (
    Built,
    Member,
    close_by_clock,
    open_consultation,
    person,
    vote,
    withheld_comment,
)

pytestmark = pytest.mark.usefixtures("inside")


def pages(built: Built, order: CommentOrder) -> list[int]:
    """All comments in an order, read page by page."""
    view = consultation_at(GUEST, built.slug, Language.KK)
    found: list[int] = []
    before: CommentKey | None = None
    while True:
        page = comments_of(GUEST, view, built.questions[0], before=before, order=order)
        found += [comment.id for comment in page.comments]
        before = page.next_key
        if before is None:
            return found


def with_votes(app: Flask, author: Member, built: Built, number: int) -> list[int]:
    """Comments, each with some votes of up to six people, the same in every run."""
    ids = fill(built, author, number)
    crowd = [person(app, f"voter{n}@example.kz", f"Voter {n}") for n in range(6)]
    chance = random.Random(7)  # noqa: S311 - votes of a test
    now = now_in_database()
    rows = [
        {
            "consultation_id": built.id,
            "comment_id": key,
            "person_id": member.id,
            "choice": chance.choice((-1, 0, 1)),
            "cast_at": now,
        }
        for key in ids
        for member in crowd[: chance.randrange(7)]
    ]
    with transaction():
        db.session.execute(sa.delete(CommentVote))
        db.session.execute(sa.insert(CommentVote), rows)
    count_votes()
    return ids


@pytest.mark.parametrize("order", CommentOrder)
def test_pages_give_every_comment_once_in_the_order_of_the_domain(
    app: Flask, aigerim: Member, order: CommentOrder
) -> None:
    built = open_consultation(app)
    ids = with_votes(app, aigerim, built, 2 * PAGE + 7)
    tallies = comment_tallies(built.id, ids)
    expected = sorted(ids, key=lambda key: (rank(order, tallies[key]), key), reverse=True)
    assert pages(built, order) == expected


def test_a_key_holds_though_its_comment_goes(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    with_votes(app, aigerim, built, PAGE + 5)
    everything = pages(built, CommentOrder.AGREED)
    view = consultation_at(GUEST, built.slug, Language.KK)
    first = comments_of(GUEST, view, built.questions[0], order=CommentOrder.AGREED)
    assert first.next_key is not None
    assert first.next_key.id == everything[PAGE - 1]
    with transaction():
        gone = sa.update(Comment).where(Comment.id == first.next_key.id)
        db.session.execute(gone.values(state=CommentState.WITHDRAWN))
    rest = comments_of(GUEST, view, built.questions[0], before=first.next_key, order=CommentOrder.AGREED)
    assert [comment.id for comment in rest.comments] == everything[PAGE:]


def test_stubs_stand_among_the_newest_only(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    shown = fill(built, aigerim, 2)
    withheld = withheld_comment(app, aigerim, built)
    assert pages(built, CommentOrder.NEWEST) == [withheld, *reversed(shown)]
    for order in set(CommentOrder) - {CommentOrder.NEWEST}:
        assert withheld not in pages(built, order)


@pytest.mark.parametrize("order", CommentOrder)
def test_while_results_are_hidden_the_newest_come_first_whatever_is_asked(
    app: Flask, aigerim: Member, order: CommentOrder
) -> None:
    built = open_consultation(app, results_policy=ResultsPolicy.AFTER_CLOSING)
    ids = fill(built, aigerim, 3)
    for n in range(3):
        vote(app, person(app, f"voter{n}@example.kz", f"Voter {n}"), built, ids[1])
    view = consultation_at(GUEST, built.slug, Language.KK)
    for before in (None, CommentKey(999_999, ids[0])):
        page = comments_of(GUEST, view, built.questions[0], before=before, order=order)
        assert page.order is CommentOrder.NEWEST
        if order is not CommentOrder.NEWEST:
            assert [comment.id for comment in page.comments] == ids[::-1]
    close_by_clock(app, built)
    closed = consultation_at(GUEST, built.slug, Language.KK)
    assert comments_of(GUEST, closed, built.questions[0], order=order).order is order
