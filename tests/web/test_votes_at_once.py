"""A crowd votes on the same comments through two servers: one row each, nothing lost, no error.

`make endurance` runs it with 64 people and 500 comments (`CONSULT_ENDURANCE=1`).
"""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from consult.models.base import db
from consult.models.votes import CommentVote
from consult.queries.tallies import comment_tallies
from tests.queries.test_pages_and_counts import fill
from tests.support.browser import LiveServer
from tests.support.campaigns import crowd, vote_on_all
from tests.support.cast import Cast, open_consultation, within
from tests.support.installations import Installation

VOTERS, COMMENTS = (64, 500) if os.environ.get("CONSULT_ENDURANCE") else (16, 60)


@pytest.fixture
def servers(installation: Installation) -> Iterator[list[str]]:
    """Two processes on one database."""
    running = [LiveServer(installation.database.url, installation.instance) for _ in range(2)]
    yield [server.url for server in running]
    for server in running:
        server.stop()


def test_a_crowd_at_two_servers_leaves_one_vote_each(
    installation: Installation, people: Cast, servers: list[str]
) -> None:
    app = installation.app
    built, voters = open_consultation(app), crowd(app, VOTERS)
    with within(app):
        ids = fill(built, people.aigerim, COMMENTS)
        db.session.execute(sa.delete(CommentVote))
        db.session.commit()
    for _ in range(2):  # the second time every vote replaces one
        assert vote_on_all(servers, built, voters, ids) == {303: VOTERS * COMMENTS}
    with within(app):
        rows = db.session.execute(
            sa.select(CommentVote.comment_id, CommentVote.person_id, CommentVote.choice)
        ).all()
        assert len(rows) == len({(row.comment_id, row.person_id) for row in rows}) == VOTERS * COMMENTS
        recount = Counter((row.comment_id, row.choice) for row in rows)
        for key, tally in comment_tallies(built.id, ids).items():
            assert (tally.agree, tally.disagree, tally.pass_) == (
                recount[key, 1],
                recount[key, -1],
                recount[key, 0],
            )
