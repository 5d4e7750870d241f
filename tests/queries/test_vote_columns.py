"""Votes as arrays: all of one consultation, whatever lies beside them, by whichever way they are read."""

from datetime import UTC, datetime

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.comments import CommentState
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.votes import CommentVote
from consult.queries import vote_columns as reads
from consult.queries.vote_columns import VoteColumns, vote_columns
from tests.support.cast import Built, Cast, comment, open_consultation

Votes = set[tuple[int, int, int]]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "AT_ONCE", 4)


def voted(app: Flask, people: Cast, slug: str, comments: int) -> tuple[Built, Votes]:
    """Three people vote on each comment, with every choice on each."""
    built = open_consultation(app, slug=slug)
    keys = [comment(app, people.aigerim, built, f"Comment {number}") for number in range(comments)]
    voters = [people.aigerim.id, people.dauren.id, people.blocked.id]
    votes = {(voter, key, (turn + key) % 3 - 1) for key in keys for turn, voter in enumerate(voters)}
    rows = [
        {
            "consultation_id": built.id, "comment_id": key, "person_id": voter, "choice": choice,
            "cast_at": datetime.now(UTC),
        }
        for voter, key, choice in votes
    ]  # fmt: skip
    with transaction():
        db.session.execute(sa.insert(CommentVote), rows)
    return built, votes


def as_votes(columns: VoteColumns) -> list[tuple[int, int, int]]:
    parts = (columns.person_ids.tolist(), columns.comment_ids.tolist(), columns.choices.tolist())
    return list(zip(*parts, strict=True))


@pytest.mark.usefixtures("inside", "small_parts")
def test_every_vote_is_read_once_and_none_of_another_consultation(app: Flask, people: Cast) -> None:
    one, votes = voted(app, people, "one", 5)
    _other, others = voted(app, people, "other", 3)
    read = as_votes(vote_columns(one.id))
    assert (len(read), set(read)) == (15, votes)
    assert not votes & others


@pytest.mark.usefixtures("inside", "small_parts")
def test_a_small_part_of_the_votes_is_read_by_index(
    app: Flask, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, votes = voted(app, people, "one", 5)
    voted(app, people, "other", 5)
    sent: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    for part, is_scanned in ((20, True), (1, False)):
        monkeypatch.setattr(reads, "SMALL_PART", part)
        sent.clear()
        assert set(as_votes(vote_columns(one.id))) == votes
        if db.engine.dialect.name == "sqlite":
            assert any("consultation_id +" in statement for statement in sent) is is_scanned


@pytest.mark.usefixtures("inside")
def test_without_votes_the_columns_are_empty(app: Flask) -> None:
    built = open_consultation(app)
    columns = vote_columns(built.id)
    assert as_votes(columns) == []
    assert columns.choices.dtype == np.int8


@pytest.mark.usefixtures("inside")
def test_unpublished_comments_are_named(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    keys = [comment(app, people.aigerim, built, f"Comment {number}") for number in range(3)]
    with transaction():
        db.session.execute(
            sa.update(Comment).where(Comment.id == keys[1]).values(state=CommentState.WITHHELD)
        )
    assert vote_columns(built.id).unpublished.tolist() == [keys[1]]


@pytest.mark.usefixtures("inside")
def test_ids_that_do_not_fit_together_are_refused_and_never_mixed_up(
    app: Flask, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    built, _votes = voted(app, people, "one", 2)
    monkeypatch.setattr(reads, "MOST", 3)
    with pytest.raises(OverflowError):
        vote_columns(built.id)
