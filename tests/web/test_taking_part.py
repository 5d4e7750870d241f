"""Voting and writing through pages: what is refused, what is said, what is kept."""

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.models.base import db
from consult.models.comments import Comment
from consult.models.votes import CommentVote, PropositionVote
from consult.services import own_comments
from tests.support.cast import close_by_clock, comment_state, within
from tests.support.pages import Page, PageClient
from tests.support.scenes import Scene, token_of, visitor

TOO_LONG = {
    "kk": "Мәтін тым ұзын",
    "ru": "Текст слишком длинный",
    "en": "This text is too long: the limit is 5000 characters.",
}
HTMX = {"HX-Request": "true"}


def count(app: Flask, table: type[Comment] | type[CommentVote] | type[PropositionVote]) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def vote_address(scene: Scene, comment_id: int, language: str = "en") -> str:
    return f"/{language}/c/{scene.open.slug}/comments/{comment_id}/vote"


def cast_vote(
    client: PageClient, url: str, status: int, choice: str = "agree", *, by_htmx: bool = False
) -> Page:
    """As the button of an open page would, also where that page no longer shows one."""
    token = token_of(client.get(f"/{url.split('/')[1]}/me/answers"))
    fields = {"csrf_token": token, "choice": choice}
    answer = client.flask.post(url, data=fields, headers=HTMX if by_htmx else {})
    assert answer.status_code == status, answer.text
    return Page(answer, url)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_comment_of_a_hundred_thousand_characters_is_refused_and_given_back(
    app: Flask, scene: Scene, language: str
) -> None:
    client = visitor(app, scene.people.dauren, language=language)
    before = count(app, Comment)
    written = "Ө" * 100_000
    page = client.get(f"/{language}/c/{scene.open.slug}/q/1")
    refused = client.submit(page, "/q/1/comments", status=422, body=written)
    assert len(refused.error_summary) == 1
    assert refused.error_summary[0].startswith(TOO_LONG[language]), refused.error_summary
    assert refused.select("textarea[name=body]")[0].text_content().strip() == written
    assert refused.select("textarea[name=body]")[0].get("aria-invalid") == "true"
    assert count(app, Comment) == before


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("written", ["", " ", "\n\t\r\n", "\u200b\u200e\u2060", "\x00"])
def test_an_empty_comment_is_refused_and_the_field_is_named(app: Flask, scene: Scene, written: str) -> None:
    client = visitor(app, scene.people.dauren)
    page = client.get(f"/en/c/{scene.open.slug}/q/1")
    refused = client.submit(page, "/q/1/comments", status=422, body=written)
    assert refused.error_summary == ["Write your comment before you send it."]
    assert refused.select(".errors a")[0].get("href") == "#body"
    assert refused.title.startswith("Error:")


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_comment_of_exactly_the_limit_is_taken(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    page = client.get(f"/en/c/{scene.open.slug}/q/1")
    client.submit(page, "/q/1/comments", body="é" * 5_000)
    page = client.get(f"/en/c/{scene.open.slug}/q/1")
    client.submit(page, "/q/1/comments", body="é" * 5_001, status=422)


def test_a_vote_is_refused_for_what_takes_none(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    for comment_id, status in ((999_999, 404), (scene.pending, 404), (scene.withheld, 409)):
        cast_vote(client, vote_address(scene, comment_id), status)
    cast_vote(client, f"/en/c/{scene.open.slug}/q/1/vote", 422)
    cast_vote(client, f"/en/c/{scene.open.slug}/q/99/vote", 404)
    assert count(app, CommentVote) == count(app, PropositionVote) == 0


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("choice", ["", "yes", "1", "-1", "agree ", "agree\x00", "agree;--", "согласен"])
def test_an_unknown_choice_is_refused(app: Flask, scene: Scene, choice: str) -> None:
    client = visitor(app, scene.people.dauren)
    cast_vote(client, vote_address(scene, scene.published), 400, choice)
    cast_vote(client, f"/en/c/{scene.open.slug}/q/2/vote", 400, choice)
    assert count(app, CommentVote) == count(app, PropositionVote) == 0


@pytest.mark.parametrize("by_htmx", [False, True])
def test_a_second_after_closing_nothing_is_taken_by_a_page_that_was_open(
    app: Flask, scene: Scene, *, by_htmx: bool
) -> None:
    client = visitor(app, scene.people.dauren)
    question = client.get(f"/en/c/{scene.open.slug}/q/2")
    thread = client.get(f"/en/c/{scene.open.slug}/comments/{scene.published}")
    headers = HTMX if by_htmx else {}
    before = count(app, Comment)
    close_by_clock(app, scene.open)
    token = token_of(question)
    for url, fields in (
        (f"/en/c/{scene.open.slug}/q/2/vote", {"choice": "agree"}),
        (vote_address(scene, scene.published), {"choice": "agree"}),
        (f"/en/c/{scene.open.slug}/q/1/comments", {"body": "Too late"}),
        (f"/en/c/{scene.open.slug}/comments/{scene.published}/replies", {"body": "Too late"}),
    ):
        answer = client.flask.post(url, data={"csrf_token": token, **fields}, headers=headers)
        assert answer.status_code == 409, url
        assert "has closed" in answer.text, url
        assert by_htmx or "body" not in fields or "Too late" in answer.text, "the words are given back"
    assert thread.form("/replies") is not None
    assert count(app, Comment) == before
    assert count(app, CommentVote) == count(app, PropositionVote) == 0


def test_a_refusal_to_htmx_is_a_fragment_and_no_page_within_the_page(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    refused = cast_vote(client, vote_address(scene, scene.withheld), 409, by_htmx=True)
    assert "<html" not in refused.response.text
    assert "not published" in refused.response.text


def test_a_vote_by_htmx_is_answered_with_the_new_buttons(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    seen = cast_vote(client, vote_address(scene, scene.published), 200, "disagree", by_htmx=True)
    assert "<html" not in seen.response.text
    assert seen.select("button[value=disagree]")[0].get("aria-pressed") == "true"
    assert seen.select("button[value=agree]")[0].get("aria-pressed") == "false"
    seen = cast_vote(client, f"/en/c/{scene.open.slug}/q/2/vote", 200, "pass", by_htmx=True)
    assert seen.select("button[value=pass]")[0].get("aria-pressed") == "true"


def test_a_second_vote_replaces_the_first_and_the_page_shows_it(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    url = f"/en/c/{scene.open.slug}/comments/{scene.published}"
    for choice in ("agree", "disagree", "pass", "disagree"):
        page = client.get(url)
        page = client.submit(page, f"/{scene.published}/vote", choice=choice)
        pressed = page.select(f"#c{scene.published}-{choice}")[0]
        assert pressed.get("aria-pressed") == "true"
    assert count(app, CommentVote) == 1
    mine = client.get("/en/me/answers")
    assert "Disagree" in mine.text


def test_results_are_hidden_until_one_has_voted(app: Flask, scene: Scene) -> None:
    cast_vote(visitor(app, scene.people.aigerim), f"/en/c/{scene.open.slug}/q/2/vote", 303)
    client = visitor(app, scene.people.dauren)
    url = f"/en/c/{scene.open.slug}/q/2"
    assert "vote so far" not in client.get(url).text
    assert "vote so far" not in visitor(app).get(url).text
    cast_vote(client, f"{url}/vote", 303, "disagree")
    assert "2 votes so far" in client.get(url).text


def test_the_same_form_sent_twice_makes_one_comment_with_one_number(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    page = client.get(f"/en/c/{scene.open.slug}/q/1")
    before = count(app, Comment)
    said = [client.submit(page, "/q/1/comments", body="More benches").texts(".messages") for _ in range(3)]
    assert said[0] == said[1] == said[2] != []
    assert count(app, Comment) == before + 1
    thread = client.get(f"/en/c/{scene.open.slug}/comments/{scene.published}")
    places = {
        client.submit(thread, "/replies", follow=False, body="Me too").response.location for _ in range(2)
    }
    assert len(places) == 1
    assert count(app, Comment) == before + 2


def test_the_same_words_from_a_fresh_form_are_a_second_comment(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    before = count(app, Comment)
    for _ in range(2):
        page = client.get(f"/en/c/{scene.open.slug}/q/1")
        client.submit(page, "/q/1/comments", body="More benches")
    assert count(app, Comment) == before + 2


def test_an_idempotency_key_belongs_to_its_author(app: Flask, scene: Scene) -> None:
    before = count(app, Comment)
    for member in (scene.people.aigerim, scene.people.dauren):
        client = visitor(app, member)
        page = client.get(f"/en/c/{scene.open.slug}/q/1")
        client.submit(page, "/q/1/comments", body=f"I am {member.id}", idempotency_key="the-same-key-of-two")
    assert count(app, Comment) == before + 2


def test_a_withheld_comment_leaves_a_stub_its_replies_and_its_reason_for_the_author(
    app: Flask, scene: Scene
) -> None:
    official = visitor(app, scene.people.moderator)
    queue = official.get("/en/o/moderation?state=published")
    official.submit(
        queue, f"/{scene.published}/withhold", rule="insult", reason="It insults a CANARY-REASON neighbour."
    )
    stranger = visitor(app).get(f"/en/c/{scene.open.slug}/q/1")
    assert "One tree for each house" not in stranger.response.text
    assert "CANARY-REASON" not in stranger.response.text
    assert f"Comment {scene.published} is withheld" in stranger.text
    assert "Insult or threat" in stranger.text
    assert "Who pays for the water?" in stranger.text
    author = visitor(app, scene.people.aigerim).get("/en/me/answers")
    assert "It insults a CANARY-REASON neighbour." in author.text
    assert comment_state(app, scene.published).value == "withheld"


def test_pending_words_are_seen_by_their_author_alone(app: Flask, scene: Scene) -> None:
    url = f"/en/c/{scene.open.slug}/q/1"
    canary = "Words not read yet"
    assert canary in visitor(app, scene.people.aigerim).get(url).text
    for member in (None, scene.people.dauren, scene.people.moderator):
        assert canary not in visitor(app, member).get(url).response.text
        visitor(app, member).get(f"/en/c/{scene.open.slug}/comments/{scene.pending}", status=404)


def test_the_page_of_words_that_are_gone_says_so_by_its_status_and_keeps_the_replies(
    app: Flask, scene: Scene
) -> None:
    url = f"/en/c/{scene.open.slug}/comments"
    visitor(app).get(f"{url}/{scene.withheld}", status=410)
    visitor(app, scene.people.aigerim).get(f"{url}/{scene.withheld}")
    with within(app):
        own_comments.withdraw_comment(scene.people.aigerim.actor, scene.open.id, scene.published)
    assert "Who pays for the water?" in visitor(app).get(f"{url}/{scene.published}", status=410).text
