"""Guests write first and sign in after; words survive a session that has ended."""

from collections.abc import Mapping

import pytest
from flask import Flask

from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.people import SignInSession
from consult.models.taking_part import CommentDraft, GuestDraft
from tests.support.cast import Member, close_by_clock
from tests.support.pages import Page, PageClient
from tests.support.scenes import Scene, token_of, visitor

WORDS = "Written before signing in. <b>CANARY</b>"
HTMX = {"HX-Request": "true"}


def rows(app: Flask, table: type[Comment] | type[CommentDraft] | type[GuestDraft]) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(db.select(table.body)))


def sign_in_here(client: PageClient, page: Page, member: Member) -> Page:
    """Sign in on the page that the guest was led to, and come back."""
    return client.submit(page, "/sign-in", email=member.email, password=member.password)


def end_sessions(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.query(SignInSession).delete()


@pytest.mark.parametrize(
    ("write", "send", "place"),
    [("q/1/write", "q/1/comments", "q/1"), ("comments/{}/write", "replies", "comments/{}")],
)
def test_a_guest_writes_signs_in_and_finds_the_words_where_they_belong(
    app: Flask, scene: Scene, write: str, send: str, place: str
) -> None:
    client = visitor(app)
    page = client.get(f"/en/c/{scene.open.slug}/{write.format(scene.published)}")
    asked = client.submit(page, send, body=WORDS)
    assert asked.url.startswith("/en/sign-in?next=")
    assert "kept for a day" in asked.texts(".messages")[0]
    assert rows(app, GuestDraft) == [WORDS]
    back = sign_in_here(client, asked, scene.people.dauren)
    assert back.url.partition("#")[0] == f"/en/c/{scene.open.slug}/{place.format(scene.published)}"
    assert back.select("textarea[name=body]")[0].text_content().strip() == WORDS
    before = len(rows(app, Comment))
    client.submit(back, send)
    assert len(rows(app, Comment)) == before + 1
    assert rows(app, GuestDraft) == rows(app, CommentDraft) == []
    assert client.flask.get_cookie("draft") is None


def test_the_pages_that_guests_read_carry_no_token_and_lead_to_the_writing(app: Flask, scene: Scene) -> None:
    client = visitor(app)
    for path in ("q/1", "q/2", f"comments/{scene.published}"):
        page = client.get(f"/en/c/{scene.open.slug}/{path}")
        assert page.select("input[name=csrf_token]") == []
        assert page.select("form[method=post]") == []
        assert page.select("main a[href$='/write']"), path
        forms = page.select("main form:has(.vote)")
        assert {form.get("action") for form in forms} == {"/en/sign-in"}, path


def test_a_guest_who_presses_a_vote_comes_back_to_the_same_place(app: Flask, scene: Scene) -> None:
    client = visitor(app)
    for path, anchor in (("q/1?sort=agreed", f"#comment-{scene.published}"), ("q/2", "#question-vote")):
        page = client.get(f"/en/c/{scene.open.slug}/{path}")
        targets = [field.get("value") for field in page.select("main form input[name=next]")]
        assert f"/en/c/{scene.open.slug}/{path}{anchor}" in targets
    asked = client.submit(page, "/sign-in")
    back = sign_in_here(client, asked, scene.people.dauren)
    assert back.url == f"/en/c/{scene.open.slug}/q/2#question-vote"


def test_words_survive_a_session_that_has_ended(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    page = client.get(f"/en/c/{scene.open.slug}/q/1")
    end_sessions(app)
    client.is_signed_in = False
    asked = client.submit(page, "q/1/comments", body=WORDS)
    assert asked.url.startswith("/en/sign-in?next=")
    assert WORDS not in rows(app, Comment)
    back = sign_in_here(client, asked, scene.people.dauren)
    assert back.select("textarea[name=body]")[0].text_content().strip() == WORDS


def test_another_browser_finds_nothing(app: Flask, scene: Scene) -> None:
    client = visitor(app)
    page = client.get(f"/en/c/{scene.open.slug}/q/1/write")
    client.submit(page, "q/1/comments", body=WORDS)
    cookie = client.flask.get_cookie("draft")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    for other in (visitor(app), visitor(app, scene.people.dauren)):
        other.flask.set_cookie("draft", "guessed-token")
        for path in ("q/1/write", "q/1"):
            assert "CANARY" not in other.get(f"/en/c/{scene.open.slug}/{path}").response.text
    assert "CANARY" not in client.get(f"/en/c/{scene.open.slug}/q/1").response.text, "that page may be cached"
    assert "CANARY" in client.get(f"/en/c/{scene.open.slug}/q/1/write").response.text


@pytest.mark.parametrize("body", ["", " \n", "Ө" * 5_001])
def test_a_guests_words_are_refused_and_given_back_like_anybodys(app: Flask, scene: Scene, body: str) -> None:
    client = visitor(app)
    page = client.get(f"/en/c/{scene.open.slug}/q/1/write")
    refused = client.submit(page, "q/1/comments", status=422, body=body)
    assert len(refused.error_summary) == 1
    assert refused.select("textarea[name=body]")[0].text_content().strip() == body.strip()
    assert rows(app, GuestDraft) == []


def test_a_guest_who_is_too_late_gets_the_words_back(app: Flask, scene: Scene) -> None:
    client = visitor(app)
    page = client.get(f"/en/c/{scene.open.slug}/q/1/write")
    close_by_clock(app, scene.open)
    answer = client.submit(page, "q/1/comments", follow=False, body=WORDS)
    assert answer.status == 409
    assert "CANARY" in answer.response.text
    assert "form" not in {
        form.tag for form in client.get(f"/en/c/{scene.open.slug}/q/1/write").select("main form")
    }


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_draft_is_saved_while_one_writes_and_by_a_button(
    app: Flask, scene: Scene, headers: Mapping[str, str]
) -> None:
    client = visitor(app, scene.people.dauren)
    url = f"/en/c/{scene.open.slug}/q/1"
    token = token_of(client.get(url))
    fields = {"csrf_token": token, "body": WORDS}
    saved = client.post(f"{url}/draft", fields, status=200 if headers else 303, headers=headers)
    if headers:
        assert saved.response.text.count("draft-state") == 1
        assert "Draft saved" in saved.response.text
    else:
        assert "Draft saved." in client.follow(saved).texts(".messages")[0]
    page = client.get(url)
    assert page.select("textarea[name=body]")[0].text_content().strip() == WORDS
    assert page.select("textarea[name=body]")[0].get("hx-post") == f"{url}/draft"
    other = client.get(f"/en/c/{scene.open.slug}/q/2")
    assert other.select("textarea[name=body]")[0].get("hx-post") == f"/en/c/{scene.open.slug}/q/2/draft"
    assert "CANARY" not in visitor(app, scene.people.aigerim).get(url).response.text
    client.post(f"{url}/draft", {**fields, "body": ""}, status=200 if headers else 303, headers=headers)
    assert rows(app, CommentDraft) == []


def test_a_draft_that_is_too_long_or_too_late_is_refused(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    url = f"/en/c/{scene.open.slug}/q/1"
    token = token_of(client.get(url))
    client.post(f"{url}/draft", {"csrf_token": token, "body": "x" * 5_001}, status=422)
    close_by_clock(app, scene.open)
    late = client.post(f"{url}/draft", {"csrf_token": token, "body": WORDS}, status=409)
    assert "CANARY" in late.response.text
    assert rows(app, CommentDraft) == []
