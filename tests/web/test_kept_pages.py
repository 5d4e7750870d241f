"""Pages kept for everybody: who gets one, who never does, and when it is gone."""

from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa
from flask import Flask
from markupsafe import Markup

from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR
from consult.domain.rule_sets import RuleWords
from consult.domain.votes import Choice
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import SignInSession
from consult.queries.comments import comments_of
from consult.queries.consultations import consultation_at
from consult.queries.freshness import KEPT_SECONDS, Freshness, Glance, freshness, read_once
from consult.queries.timetables import seconds_to_next_change
from consult.services import moderation, rules
from consult.web.page_cache import Pages
from consult.web.public.listing import LARGEST_TOGETHER, Articles
from tests.support.cast import Cast, comment, open_consultation, vote, withheld_comment, within
from tests.support.pages import PageClient
from tests.support.scenes import token_of, visitor

WORDS = "Plant a row of lime trees."


def kept(app: Flask) -> int:
    """How many pages this process keeps, whether they may still be given or not."""
    pages: Pages = app.extensions["consult_pages"]
    return len(pages._pages)


def as_guest(app: Flask, url: str, **headers: str) -> bytes:
    answer = app.test_client(use_cookies=False).get(
        url, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    assert answer.status_code == 200
    return bytes(answer.data)


def test_a_guests_page_is_kept_and_given_again_with_the_same_headers(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    comment(app, people.aigerim, built, WORDS)
    url, before = f"/en/c/{built.slug}/q/1", kept(app)
    first, second = (app.test_client(use_cookies=False).get(url) for _ in range(2))
    assert kept(app) == before + 1
    assert (second.data, second.headers) == (first.data, first.headers)
    assert second.headers["Cache-Control"] == "no-cache"
    assert set(second.headers["Vary"].split(", ")) == {"Accept-Encoding", "Cookie"}
    assert "Set-Cookie" not in second.headers
    head = app.test_client(use_cookies=False).head(url)
    assert (head.data, head.headers["Content-Length"]) == (b"", first.headers["Content-Length"])


def test_what_is_kept_for_guests_names_nobody_and_carries_no_token(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    comment(app, people.aigerim, built, WORDS)
    url = f"/en/c/{built.slug}/q/1"
    reader = visitor(app, people.dauren)
    mine = reader.get(url)
    guests = as_guest(app, url)
    assert token_of(mine).encode() not in guests
    assert b"csrf_token" not in guests
    assert "Sign out" in mine.document.text_content()
    assert b"Sign out" not in guests
    assert "Sign out" in reader.get(url).document.text_content()


@pytest.mark.parametrize("cookie", ["consult=forged", "draft=abc", "language=ru; other=1"])
def test_who_brings_another_cookie_gets_a_page_made_anew(app: Flask, people: Cast, cookie: str) -> None:
    built, before = open_consultation(app), kept(app)
    as_guest(app, f"/en/c/{built.slug}/q/1", Cookie=cookie)
    assert kept(app) == before


def test_languages_colours_and_encodings_are_kept_apart(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    comment(app, people.aigerim, built, WORDS * 20)
    path = f"/c/{built.slug}/q/1"
    for _ in range(2):
        assert 'lang="ru"' in as_guest(app, f"/ru{path}").decode()
        assert 'lang="en"' in as_guest(app, f"/en{path}", Cookie="language=kk").decode()
        assert 'data-theme="dark"' in as_guest(app, f"/en{path}", Cookie="theme=dark").decode()
        assert "data-theme" not in as_guest(app, f"/en{path}").decode()
        assert as_guest(app, f"/en{path}", Accept_Encoding="gzip")[:2] == b"\x1f\x8b"
        assert as_guest(app, f"/en{path}").startswith(b"<!DOCTYPE html>")


def test_other_arguments_than_those_of_our_pages_are_not_kept(app: Flask, people: Cast) -> None:
    built, before = open_consultation(app), kept(app)
    as_guest(app, f"/en/c/{built.slug}/q/1?anything=1")
    as_guest(app, "/en/search?q=trees")
    assert kept(app) == before
    as_guest(app, f"/en/c/{built.slug}/q/1?sort=newest")
    assert kept(app) == before + 1


def test_a_withheld_comment_is_gone_from_everybodys_next_page(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, WORDS)
    url = f"/en/c/{built.slug}/q/1"
    reader = visitor(app, people.dauren)
    assert WORDS in reader.get(url).text
    assert WORDS.encode() in as_guest(app, url)
    with within(app):
        moderation.withhold_comment(OPERATOR, key, "insult", "Rude.")
    assert WORDS.encode() not in as_guest(app, url)
    assert WORDS not in reader.get(url).text


def test_what_another_process_changes_is_made_anew_at_once(app: Flask, people: Cast, tmp_path: Path) -> None:
    here, there = Freshness(), Freshness()
    here.share(tmp_path)
    there.share(tmp_path)
    asked: list[int] = []
    for _ in range(2):
        here.read("key", lambda: asked.append(1))
    there.change()
    here.read("key", lambda: asked.append(1))
    assert len(asked) == 2


def test_what_was_read_before_a_change_is_not_kept_after_it(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, WORDS)
    with app.app_context():
        assert db.session.scalars(sa.select(Comment.id)).all(), "on SQLite all is read as it is now"
        with app.app_context():
            moderation.withhold_comment(OPERATOR, key, "insult", "Rude.")
        seen = consultation_at(GUEST, built.slug, Language.EN)
        comments_of(GUEST, seen, built.questions[0])
    assert WORDS.encode() not in as_guest(app, f"/en/c/{built.slug}/q/1")


def test_what_is_made_of_kept_readings_is_no_fresher_than_they_are(app: Flask) -> None:
    with app.app_context():
        words = read_once("words", lambda: "before")
        freshness().change()  # as a deed of another thread does
        assert read_once("page", lambda: words) == "before"
    with app.app_context():
        assert read_once("page", lambda: "after") == "after"


def test_readings_go_when_they_are_not_fresh_any_more(app: Flask) -> None:
    fresh = Freshness()
    long_ago = Glance(fresh.mark, monotonic() - KEPT_SECONDS - 1)
    for number in range(50):
        fresh.keep(number, "words", long_ago)
    fresh.keep("newest", "words", fresh.glance())
    assert list(fresh._readings) == ["newest"]


def test_a_reworded_rule_shows_under_what_was_withheld_by_it(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    withheld_comment(app, people.aigerim, built, WORDS)
    url = f"/en/c/{built.slug}/q/1"
    assert b"Quite a new title" not in as_guest(app, url)
    with within(app):
        new = {language: RuleWords("Quite a new title", "Text.") for language in Language}
        rules.reword_rule(people.administrator.actor, "insult", new)
    assert b"Quite a new title" in as_guest(app, url)


def test_articles_are_kept_by_their_size(app: Flask) -> None:
    articles, long = Articles(), Markup("я") * (LARGEST_TOGETHER // 4)
    for number in range(10):
        assert articles.read(number, lambda: (long, Markup("end"))) == (long, "end")
    assert list(articles._kept) == [7, 8, 9]
    assert articles._characters <= LARGEST_TOGETHER


def test_addresses_that_hold_a_visitors_words_are_not_remembered(app: Flask) -> None:
    address = app.extensions["consult_addresses"]
    with app.test_request_context("/en/"):
        for where, is_remembered in (("/en/me", True), ("/en/" + "a" * 5_000, False)):
            first, second = (address("citizens.register", next=where) for _ in range(2))
            assert first == second
            assert (first is second) is is_remembered


def test_votes_and_drafts_leave_kept_pages_as_they_are(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, WORDS)
    with within(app):
        mark = freshness().mark
        vote(app, people.dauren, built, key)
        with transaction(is_private=True):
            db.session.execute(sa.text("UPDATE person SET name = name"))
        assert freshness().mark == mark
        with transaction():
            db.session.execute(sa.text("UPDATE person SET name = name"))
        assert freshness().mark != mark


def test_what_only_one_person_sees_leaves_kept_pages_as_they_are(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    reader = visitor(app, people.dauren)
    page = reader.get(f"/en/c/{built.slug}/q/1")
    with within(app):
        long_ago = now_in_database() - timedelta(minutes=5)
        with transaction():
            db.session.execute(sa.update(SignInSession).values(created_at=long_ago, last_seen_at=None))
        mark = freshness().mark
    reader.flask.get("/en/me/account").close()
    draft = {"csrf_token": token_of(page), "body": "Not sent yet", "save": "1"}
    assert reader.flask.post(f"/en/c/{built.slug}/q/1/draft", data=draft).status_code < 400
    assert reader.flask.post(f"/en/c/{built.slug}/follow", data=draft).status_code < 400
    visitor(app, people.aigerim)
    reader.submit(reader.get("/en/me/account"), "/sign-out", follow=False)
    with within(app):
        assert db.session.scalars(
            sa.select(SignInSession.last_seen_at).where(SignInSession.person_id == people.dauren.id)
        ).one()
        assert freshness().mark == mark


def test_no_page_is_kept_beyond_the_next_opening_or_closing(app: Flask, people: Cast) -> None:
    with within(app):
        assert seconds_to_next_change() is None
        built = open_consultation(app)
        far = seconds_to_next_change()
        assert far is not None
        assert far > KEPT_SECONDS
        with transaction():
            soon = now_in_database() + timedelta(seconds=0.9)
            db.session.execute(
                sa.update(Consultation).where(Consultation.id == built.id).values(closes_at=soon)
            )
        near = seconds_to_next_change()
        assert near is None or near < 1


def test_two_readers_of_one_page_get_their_own_tokens_votes_and_repeat_keys(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.moderator, built, WORDS)
    vote(app, people.dauren, built, key, Choice.DISAGREE)
    url = f"/en/c/{built.slug}/q/1"
    readers = {name: visitor(app, member) for name, member in (("d", people.dauren), ("a", people.aigerim))}
    pages = {name: reader.get(url) for name, reader in readers.items()}
    for value in ("csrf_token", "idempotency_key"):
        own = {
            name: {each.get("value") for each in page.select(f"[name={value}]")}
            for name, page in pages.items()
        }
        assert not own["d"] & own["a"]
        assert all(own.values())
    pressed = {
        name: [each.get("value") for each in page.select("button[aria-pressed=true]")]
        for name, page in pages.items()
    }
    assert pressed == {"d": ["disagree"], "a": []}
    for name, page in pages.items():
        sent = readers[name].submit(page, f"/comments/{key}/vote", choice="agree")
        assert sent.status == 200


def test_a_comment_that_was_voted_on_and_then_withheld_leaves_the_voters_page_whole(
    app: Flask, people: Cast
) -> None:
    built = open_consultation(app)
    gone, stays = (comment(app, people.moderator, built, words) for words in (WORDS, "More benches."))
    for key in (gone, stays):
        vote(app, people.dauren, built, key)
    with within(app):
        moderation.withhold_comment(OPERATOR, gone, "insult", "Rude.")
    for _ in range(2):
        page = visitor(app, people.dauren).get(f"/en/c/{built.slug}/q/1")
        assert page.status == 200
        assert WORDS not in page.text
        assert not page.select(f"#c{gone}-agree")
        (button,) = page.select(f"#c{stays}-agree")
        assert button.get("aria-pressed") == "true"


def test_an_author_sees_the_own_words_where_others_see_a_note(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    withheld_comment(app, people.aigerim, built, WORDS)
    url = f"/en/c/{built.slug}/q/1"
    for _ in range(2):
        assert WORDS in visitor(app, people.aigerim).get(url).text
        assert WORDS not in visitor(app, people.dauren).get(url).text
        assert WORDS not in PageClient(app).get(url).text
