"""The short way of a question's page: what the view would answer, and nothing that it would not."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, request, request_started
from werkzeug.test import TestResponse

from consult.domain.comment_drafts import Spot
from consult.domain.people import OPERATOR, Duty, Role
from consult.domain.votes import Choice
from consult.models.base import db, now_in_database, transaction
from consult.models.duties import ConsultationDuty
from consult.models.people import Person, SignInSession
from consult.queries.freshness import freshness
from consult.services import comment_drafts, moderation
from tests.support.cast import Built, Cast, close_by_clock, comment, open_consultation, person, vote, within
from tests.support.faults import unpacked
from tests.support.pages import PageClient
from tests.support.scenes import token_of, visitor

WORDS = "Plant a row of lime trees."
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
OWN_FIELDS = re.compile(r'(name="(?:csrf_token|idempotency_key)"[^>]*value=")[^"]+')


@contextmanager
def views_asked(app: Flask) -> Iterator[list[str]]:
    """The addresses for which Flask was asked meanwhile."""
    asked: list[str] = []

    def note(_sender: object, **_more: Any) -> None:
        asked.append(request.path)

    with request_started.connected_to(note, app):
        yield asked


class Reader:
    """Somebody who has the page of a question open; `look` asks for it again."""

    def __init__(self, app: Flask, client: PageClient, url: str) -> None:
        self.app = app
        self.client = client
        self.url = url
        for _ in range(2):  # the first answer gives the session its secret, the second leaves a ticket
            self.client.get(url)

    def get(self, *, encoding: str = "", url: str = "") -> TestResponse:
        headers = {"Accept-Encoding": encoding} if encoding else {}
        return self.client.flask.get(url or self.url, headers=headers)

    def look(self, *, quickly: bool, **more: str) -> TestResponse:
        """The page, which is to come the short way or by the view."""
        with views_asked(self.app) as asked:
            answer = self.get(**more)
        assert bool(asked) is not quickly
        return answer


@pytest.fixture
def built(app: Flask) -> Built:
    return open_consultation(app)


@pytest.fixture
def key(app: Flask, people: Cast, built: Built) -> int:
    return comment(app, people.aigerim, built, WORDS)


@pytest.fixture
def url(built: Built) -> str:
    return f"/en/c/{built.slug}/q/1"


@pytest.fixture
def reader(app: Flask, people: Cast, key: int, url: str) -> Reader:
    assert key
    return Reader(app, visitor(app, people.dauren), url)


def by_the_view(reader: Reader) -> TestResponse:
    """What the view answers now."""
    with within(reader.app):
        freshness().change()
    return reader.look(quickly=False)


def without_secrets(answer: TestResponse) -> str:
    return OWN_FIELDS.sub(r"\1", answer.text)


def test_both_ways_answer_alike(app: Flask, people: Cast, built: Built, key: int, reader: Reader) -> None:
    vote(app, people.dauren, built, key, Choice.DISAGREE)
    long = by_the_view(reader)
    short = reader.look(quickly=True)
    assert without_secrets(short) == without_secrets(long)
    assert short.text != long.text, "tokens are signed anew"
    assert dict(short.headers) == {**long.headers, "Content-Length": str(len(short.data))}


def test_an_own_vote_shows_at_once_with_the_tally(
    app: Flask, people: Cast, built: Built, key: int, reader: Reader
) -> None:
    vote(app, people.moderator, built, key, Choice.AGREE)
    reader.look(quickly=True)
    for choice, numbers in (("agree", (2, 0)), ("disagree", (1, 1))):
        form = {"csrf_token": token_of(reader.client.get(reader.url)), "choice": choice, "wording": "1"}
        assert (
            reader.client.flask.post(f"/en/c/{built.slug}/comments/{key}/vote", data=form).status_code == 303
        )
        reader.get()  # the first answer of the day counts the question as answered, which is another page
        page = reader.look(quickly=True).text
        assert f'value="{choice}" aria-pressed="true"' in page
        assert tuple(int(number) for number in re.findall(r"<b>(\d+)</b>", page)[:2]) == numbers


def test_a_page_loaded_anew_brings_the_same_token(reader: Reader) -> None:
    tokens = [TOKEN.findall(reader.look(quickly=True).text) for _ in range(2)]
    assert tokens[0] == tokens[1] != []


def test_a_token_of_the_short_way_is_taken(built: Built, key: int, reader: Reader) -> None:
    (token, *_) = TOKEN.findall(reader.look(quickly=True).text)
    form = {"csrf_token": token, "choice": "pass"}
    assert reader.client.flask.post(f"/en/c/{built.slug}/comments/{key}/vote", data=form).status_code == 303


def test_nobody_gets_anything_of_somebody_else(
    app: Flask, people: Cast, built: Built, key: int, url: str, reader: Reader
) -> None:
    vote(app, people.dauren, built, key, Choice.DISAGREE)
    other = Reader(app, visitor(app, people.other_official), url)
    another = Reader(app, visitor(app, person(app, "gulnar@example.kz", "Gulnar")), url)
    mine, theirs = reader.get(), another.look(quickly=True)
    assert 'aria-pressed="true"' in mine.text
    assert 'aria-pressed="true"' not in theirs.text
    for field in ("csrf_token", "idempotency_key"):
        values = [
            set(re.findall(rf'name="{field}"[^>]*value="([^"]+)"', answer.text)) for answer in (mine, theirs)
        ]
        assert all(values)
        assert not values[0] & values[1]
    assert "Sign out" in other.look(quickly=False).text, "staff always get the view's page"
    guest = app.test_client(use_cookies=False).get(url)
    assert "csrf_token" not in guest.text


def block(app: Flask, people: Cast, _built: Built, _key: int) -> None:
    with within(app), transaction(is_private=True):
        db.session.execute(sa.update(Person).where(Person.id == people.dauren.id).values(is_active=False))


def end_session(app: Flask, people: Cast, _built: Built, _key: int) -> None:
    with within(app), transaction(is_private=True):
        ended = sa.update(SignInSession).where(SignInSession.person_id == people.dauren.id)
        db.session.execute(ended.values(revoked_at=now_in_database()))


def expire_session(app: Flask, people: Cast, _built: Built, _key: int) -> None:
    with within(app), transaction(is_private=True):
        ended = sa.update(SignInSession).where(SignInSession.person_id == people.dauren.id)
        db.session.execute(ended.values(expires_at=now_in_database() - timedelta(seconds=1)))


@pytest.mark.parametrize("happens", [block, end_session, expire_session])
def test_a_session_that_has_ended_gets_no_page_of_its_own(
    app: Flask, people: Cast, built: Built, key: int, reader: Reader, happens: Callable[..., None]
) -> None:
    assert "Sign out" in reader.look(quickly=True).text
    happens(app, people, built, key)
    assert "Sign out" not in reader.look(quickly=False).text


def make_official(app: Flask, people: Cast, _built: Built) -> None:
    with within(app), transaction(is_private=True):
        db.session.execute(sa.update(Person).where(Person.id == people.dauren.id).values(role=Role.OFFICIAL))


def give_duty(app: Flask, people: Cast, built: Built) -> None:
    with within(app), transaction(is_private=True):
        db.session.add(
            ConsultationDuty(
                consultation_id=built.id,
                person_id=people.dauren.id,
                duty=Duty.MODERATOR,
                appointed_at=now_in_database(),
            )
        )


@pytest.mark.parametrize("happens", [make_official, give_duty])
def test_who_gets_powers_gets_the_page_of_those_who_have_them(
    app: Flask, people: Cast, built: Built, reader: Reader, happens: Callable[..., None]
) -> None:
    reader.look(quickly=True)
    happens(app, people, built)
    reader.look(quickly=False)
    reader.look(quickly=False)


def test_a_closing_by_the_clock_is_seen_at_once(app: Flask, built: Built, reader: Reader) -> None:
    assert 'value="agree"' in reader.look(quickly=True).text
    close_by_clock(app, built)
    page = reader.look(quickly=False).text
    assert 'value="agree"' not in page
    assert "Closed on" in page


def test_a_withheld_comment_is_gone_from_the_next_page(app: Flask, key: int, reader: Reader) -> None:
    assert WORDS in reader.look(quickly=True).text
    with within(app):
        moderation.withhold_comment(OPERATOR, key, "insult", "Rude.")
    assert WORDS not in reader.get().text
    assert WORDS not in reader.get().text


def test_words_kept_as_a_draft_come_back(app: Flask, people: Cast, built: Built, reader: Reader) -> None:
    reader.look(quickly=True)
    with within(app):
        comment_drafts.save_draft(people.dauren.actor, Spot(built.id, built.questions[0]), "Not sent yet")
    assert "Not sent yet" in reader.look(quickly=False).text


def test_an_author_gets_the_page_with_the_own_words_from_the_view(
    app: Flask, people: Cast, built: Built, url: str
) -> None:
    comment(app, people.aigerim, built, WORDS)
    author = Reader(app, visitor(app, people.aigerim), url)
    assert "Change or withdraw" in author.look(quickly=False).text


def test_a_use_that_is_to_be_noted_is_left_to_the_view(app: Flask, people: Cast, reader: Reader) -> None:
    reader.look(quickly=True)
    with within(app), transaction(is_private=True):
        long_ago = now_in_database() - timedelta(minutes=5)
        db.session.execute(sa.update(SignInSession).values(created_at=long_ago, last_seen_at=None))
    reader.look(quickly=False).close()
    with within(app):
        noted = sa.select(SignInSession.last_seen_at).where(SignInSession.person_id == people.dauren.id)
        assert db.session.scalars(noted).one() is not None
    reader.look(quickly=True)


def test_languages_colours_and_arguments_are_kept_apart(app: Flask, built: Built, reader: Reader) -> None:
    reader.client.flask.set_cookie("theme", "dark")
    for _ in range(2):
        assert 'data-theme="dark"' in reader.get().text
        assert 'lang="ru"' in reader.get(url=f"/ru/c/{built.slug}/q/1").text
        sorted_page = reader.get(url=f"{reader.url}?sort=needs-votes").text
        assert re.search(r'sort=needs-votes[^>]*aria-current="true"', sorted_page)
    assert 'data-theme="dark"' in reader.look(quickly=True).text
    reader.client.flask.set_cookie("theme", "light")
    assert 'data-theme="light"' in reader.look(quickly=False).text


def test_pages_are_packed_as_the_browser_takes_them_but_not_behind_a_query(reader: Reader) -> None:
    plain = without_secrets(reader.look(quickly=True))
    for encoding in ("br", "zstd", "gzip"):
        answer = reader.look(quickly=True, encoding=encoding)
        assert answer.headers["Content-Encoding"] == encoding
        assert OWN_FIELDS.sub(r"\1", unpacked(answer.data, dict(answer.headers)).decode()) == plain
    behind = f"{reader.url}?sort=newest"
    for quickly in (False, True):
        answer = reader.look(quickly=quickly, encoding="br, zstd", url=behind)
        assert "Content-Encoding" not in answer.headers


def test_htmx_and_other_methods_are_left_to_the_view(app: Flask, reader: Reader) -> None:
    reader.look(quickly=True)
    with views_asked(app) as asked:
        reader.client.flask.get(reader.url, headers={"HX-Request": "true"})
        reader.client.flask.head(reader.url)
    assert len(asked) == 2
