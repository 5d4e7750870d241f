"""The short way of a vote: the same answers as the long one, and nothing that the long one refuses."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.globals import app_ctx
from werkzeug.test import TestResponse

from consult.domain.people import OPERATOR
from consult.domain.votes import Choice
from consult.models.base import db, now_in_database, transaction
from consult.models.people import Person, SignInSession
from consult.models.votes import CommentVote
from consult.services import moderation
from consult.web.wsgi import ThreadsContext
from tests.support import cast
from tests.support.cast import Built, Cast, close_by_clock, comment, open_consultation, within
from tests.support.pages import PageClient
from tests.support.scenes import token_of, visitor
from tests.web.test_quick_pages import views_asked

HTMX = {"HX-Request": "true"}
LONG = "?long"
"""An argument that no page of ours sends, by which a vote goes to the view."""


class Voter:
    """Somebody with an open page; `long` sends to the view what the same form sends the short way."""

    def __init__(self, client: PageClient, built: Built, comment_id: int) -> None:
        self.client = client
        self.url = f"/en/c/{built.slug}/comments/{comment_id}/vote"
        self.token = token_of(client.get(f"/en/c/{built.slug}/q/1"))

    def vote(
        self, choice: str = "agree", *, long: bool = False, htmx: bool = False, **fields: Any
    ) -> TestResponse:
        form = {"csrf_token": self.token, "choice": choice, **fields}
        return self.client.flask.post(
            self.url + (LONG if long else ""), data=form, headers=HTMX if htmx else {}
        )


@pytest.fixture
def built(app: Flask) -> Built:
    return open_consultation(app)


@pytest.fixture
def key(app: Flask, people: Cast, built: Built) -> int:
    return comment(app, people.aigerim, built, "Plant a row of lime trees.")


@pytest.fixture
def voter(app: Flask, people: Cast, built: Built, key: int) -> Voter:
    return Voter(visitor(app, people.dauren), built, key)


def kept(app: Flask) -> list[int]:
    with within(app):
        return list(db.session.scalars(sa.select(CommentVote.choice)))


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    "fields",
    [{}, {"wording": "1"}, {"from": "comment"}, {"before": "99.7", "sort": "agreed"}, {"before": "7"}],
)
def test_both_ways_answer_alike(app: Flask, voter: Voter, fields: dict[str, Any], *, htmx: bool) -> None:
    short = voter.vote("disagree", htmx=htmx, **fields)
    assert kept(app) == [-1]
    long = voter.vote("disagree", long=True, htmx=htmx, **fields)
    assert short.status == long.status
    assert short.headers.get("Location") == long.headers.get("Location")
    assert {name for name, _ in short.headers} == {name for name, _ in long.headers}
    for name in set(short.headers.keys()) - {"Content-Length"}:
        assert short.headers[name] == long.headers[name], name
    if htmx:
        for answer in (short, long):
            assert 'aria-pressed="true"' in answer.text
            assert "<b>1</b>" in answer.text


def test_a_second_vote_replaces_the_first_and_shows_at_once(app: Flask, voter: Voter) -> None:
    for choice, number in (("agree", 1), ("pass", 0), ("disagree", -1)):
        answer = voter.vote(choice, htmx=True)
        assert f'value="{choice}" aria-pressed="true"' in answer.text
        assert kept(app) == [number]


def block(app: Flask, people: Cast) -> None:
    with within(app), transaction():
        db.session.execute(sa.update(Person).where(Person.id == people.dauren.id).values(is_active=False))


def end_session(app: Flask, people: Cast) -> None:
    with within(app), transaction():
        ended = sa.update(SignInSession).where(SignInSession.person_id == people.dauren.id)
        db.session.execute(ended.values(revoked_at=now_in_database()))


def expire_session(app: Flask, people: Cast) -> None:
    with within(app), transaction():
        ended = sa.update(SignInSession).where(SignInSession.person_id == people.dauren.id)
        db.session.execute(ended.values(expires_at=now_in_database() - timedelta(seconds=1)))


REFUSED: dict[str, tuple[Callable[[Flask, Cast, Built, int], object], int]] = {
    "blocked": (lambda app, people, _built, _key: block(app, people), 401),
    "signed out elsewhere": (lambda app, people, _built, _key: end_session(app, people), 401),
    "expired": (lambda app, people, _built, _key: expire_session(app, people), 401),
    "closed": (lambda app, _people, built, _key: close_by_clock(app, built), 409),
    "withheld": (
        lambda app, _people, _built, key: in_context(
            app, lambda: moderation.withhold_comment(OPERATOR, key, "insult", "Rude.")
        ),
        409,
    ),
}


def in_context(app: Flask, deed: Callable[[], object]) -> object:
    with within(app):
        return deed()


@pytest.mark.parametrize("why", REFUSED)
def test_what_was_allowed_a_moment_ago_is_refused_in_the_same_words(
    app: Flask, people: Cast, built: Built, key: int, voter: Voter, why: str
) -> None:
    assert voter.vote("agree").status_code == 303
    happens, status = REFUSED[why]
    happens(app, people, built, key)
    short, long = voter.vote("pass", htmx=True), voter.vote("pass", long=True, htmx=True)
    assert (short.status_code, short.text) == (long.status_code, long.text)
    assert short.status_code == status
    assert kept(app) == [1]


@pytest.mark.parametrize(
    "fields",
    [
        {"csrf_token": ""},
        {"csrf_token": "forged"},
        {"choice": "maybe"},
        {"wording": "2"},
        {"wording": "x" * 3000},
    ],
)
def test_a_form_that_is_none_of_ours_is_left_to_the_view(
    app: Flask, voter: Voter, fields: dict[str, str]
) -> None:
    form = {"csrf_token": voter.token, "choice": "agree", **fields}
    short = voter.client.flask.post(voter.url, data=form)
    long = voter.client.flask.post(voter.url + LONG, data=form)
    assert short.status_code == long.status_code
    assert short.status_code in {303, 400, 409, 422}
    assert kept(app) == ([] if short.status_code != 303 else [1])


def test_the_token_of_one_session_does_not_serve_another(
    app: Flask, people: Cast, built: Built, key: int
) -> None:
    one, other = (Voter(visitor(app, member), built, key) for member in (people.dauren, people.moderator))
    assert one.vote().status_code == 303
    other.token = one.token
    assert other.vote("pass").status_code == 400
    assert kept(app) == [1]


def test_votes_of_both_ways_use_up_one_limit(app: Flask, voter: Voter) -> None:
    for number in range(150):
        assert voter.vote("agree").status_code == 303, number
    for number in range(150):
        assert voter.vote("agree", long=number % 3 == 0).status_code == 303, number
    assert voter.vote("agree").status_code == 429
    assert voter.vote("agree", long=True).status_code == 429


def test_a_vote_the_short_way_is_noted_as_a_use_of_the_session(
    app: Flask, people: Cast, voter: Voter
) -> None:
    with within(app), transaction(is_private=True):
        long_ago = now_in_database() - timedelta(minutes=5)
        db.session.execute(sa.update(SignInSession).values(created_at=long_ago, last_seen_at=None))
    voter.vote("agree", htmx=True).close()
    with within(app):
        last_seen = db.session.scalars(
            sa.select(SignInSession.last_seen_at).where(SignInSession.person_id == people.dauren.id)
        ).one()
    assert kept(app) == [1]
    assert last_seen is not None
    assert last_seen > long_ago


def test_the_tally_after_a_vote_counts_everybody_once(
    app: Flask, people: Cast, built: Built, key: int, voter: Voter
) -> None:
    for member, other in ((people.aigerim, Choice.AGREE), (people.moderator, Choice.PASS)):
        cast.vote(app, member, built, key, other)
    for choice, numbers in (("agree", [2, 0, 1]), ("agree", [2, 0, 1]), ("disagree", [1, 1, 1])):
        page = voter.vote(choice, htmx=True, wording="1").text
        assert [int(number) for number in re.findall(r"<b>(\d+)</b>", page)] == numbers


def test_a_token_in_a_header_is_no_ticket_for_forms_without_one(app: Flask, voter: Voter) -> None:
    form = {"csrf_token": "", "choice": "agree"}
    by_header = voter.client.flask.post(voter.url, data=form, headers={"X-CSRFToken": voter.token})
    assert by_header.status_code == 303
    assert voter.client.flask.post(voter.url, data={"choice": "disagree"}).status_code == 400
    assert kept(app) == [1]


def test_who_sends_huge_cookies_leaves_no_ticket(app: Flask, voter: Voter) -> None:
    voter.client.flask.set_cookie("other", "x" * 3_000)
    with views_asked(app) as asked:
        assert [voter.vote().status_code for _ in range(2)] == [303, 303]
    assert len(asked) == 2


def test_a_wording_that_no_comment_can_have_is_another_wording(app: Flask, voter: Voter) -> None:
    assert voter.vote(wording="9" * 18).status_code == 409
    assert kept(app) == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_what_the_database_cannot_take_is_refused_with_a_page(app: Flask, built: Built, voter: Voter) -> None:
    url = f"/en/c/{built.slug}/q/1"
    assert voter.vote().status_code == 303
    voter.client.get(url)
    with votes_away(app), views_asked(app) as asked:
        page, refused = voter.client.flask.get(url), voter.vote(htmx=True)
        assert (page.status_code, refused.status_code) == (503, 503)
        assert all("database" in answer.text for answer in (page, refused))
        assert asked == [url, voter.url]
    assert voter.vote("pass").status_code == 303
    assert kept(app) == [0]


@contextmanager
def votes_away(app: Flask) -> Iterator[None]:
    """The database does not find the votes meanwhile."""
    for here, there in (("comment_vote", "away"), ("away", "comment_vote")):
        with within(app), transaction():
            db.session.execute(sa.text(f"ALTER TABLE {here} RENAME TO {there}"))
        if there == "away":
            yield


def test_no_deed_leaves_anything_in_the_context_of_its_thread(app: Flask) -> None:
    context = ThreadsContext(app)

    def read(*, fails: bool = False) -> bool:
        assert "noted" not in g
        g.noted = True
        db.session.execute(db.text("SELECT 1"))
        if fails:
            raise LookupError
        return db.session.registry.has()

    def is_in_transaction() -> bool:
        return db.session.registry.has()

    assert context.run(read)
    assert not context.run(is_in_transaction)
    with pytest.raises(LookupError):
        context.run(read, fails=True)
    assert not context.run(is_in_transaction)


def test_each_thread_enters_a_context_of_its_own_and_only_once(app: Flask) -> None:
    context = ThreadsContext(app)

    def seen() -> int:
        return id(app_ctx._get_current_object())  # type: ignore[attr-defined]

    with ThreadPoolExecutor(1) as other:
        theirs = [other.submit(context.run, seen).result() for _ in range(2)]
    mine = [context.run(seen) for _ in range(2)]
    assert mine[0] == mine[1]
    assert theirs[0] == theirs[1] != mine[0]
