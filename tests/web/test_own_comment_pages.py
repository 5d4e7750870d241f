"""Changing, correcting, withdrawing and reporting through pages; the statements; one's own page."""

import pytest
from flask import Flask

from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode, ResultsPolicy
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.outbox import OutboxMessage
from consult.models.taking_part import CommentReport, Follow
from consult.models.votes import CommentVote
from consult.services import moderation
from tests.support.cast import (
    Cast,
    close_by_clock,
    comment,
    comment_state,
    open_consultation,
    vote,
    withheld_comment,
)
from tests.support.pages import Page, PageClient
from tests.support.scenes import Scene, token_of, visitor

OLD, NEW = "Plant ten trees. CANARY-OLD", "Plant twelve trees."
HTMX = {"HX-Request": "true"}


def edit(client: PageClient, slug: str, key: int, body: str) -> Page:
    page = client.get(f"/en/c/{slug}/comments/{key}/edit")
    return client.submit(page, f"/{key}/edit", body=body)


def test_a_silent_change_shows_nothing_and_a_correction_is_named(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, OLD)
    author, guest = visitor(app, people.aigerim), visitor(app)
    url = f"/en/c/{built.slug}/comments/{key}"
    assert "Changed." in edit(author, built.slug, key, OLD + " Now.").texts(".messages")[0]
    assert "Corrected by its author" not in guest.get(url).text
    vote(app, people.dauren, built, key)
    assert "Corrected." in edit(author, built.slug, key, NEW).texts(".messages")[0]
    for path in (url, f"/en/c/{built.slug}/q/1"):
        assert "Corrected by its author on" in guest.get(path).text
    page = guest.get(url)
    assert [plain.split()[-1] for plain in page.texts(f"#earlier-{key} blockquote")] == ["Now."]
    assert "CANARY-OLD" not in guest.get(f"/en/c/{built.slug}/q/1").response.text


def test_the_page_of_a_comment_that_is_read_again_is_a_note_with_its_replies(
    app: Flask, people: Cast
) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, OLD)
    comment(app, people.dauren, built, "A calm answer.", reply_to=key)
    with app.app_context(), transaction():
        db.session.query(Consultation).update({"moderation_mode": ModerationMode.PRE})
    author = visitor(app, people.aigerim)
    said = edit(author, built.slug, key, NEW).texts(".messages")[0]
    assert "A moderator reads the new words" in said
    for member in (None, people.dauren, people.moderator):
        page = visitor(app, member).get(f"/en/c/{built.slug}/q/1")
        assert f"Comment {key} was corrected by its author" in page.text
        assert "A calm answer." in page.text
        for canary in (OLD, NEW, people.aigerim.actor.name):
            assert canary not in page.response.text
    assert NEW in author.get(f"/en/c/{built.slug}/q/1").text


def test_an_author_withdraws_and_a_note_stays(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    page = client.get(f"/en/c/{scene.open.slug}/comments/{scene.published}/edit")
    client.submit(page, "/withdraw")
    assert comment_state(app, scene.published) is CommentState.WITHDRAWN
    guest = visitor(app).get(f"/en/c/{scene.open.slug}/q/1")
    assert f"Comment {scene.published} was withdrawn by its author" in guest.text
    assert "One tree for each house" not in guest.response.text
    assert "Who pays for the water?" in guest.text
    again = client.get(f"/en/c/{scene.open.slug}/comments/{scene.published}/edit")
    assert again.select("main form[method=post]") == []
    mine = client.get("/en/me/answers")
    assert "Withdrawn" in mine.text


def test_a_page_that_is_older_than_a_moderators_act_changes_nothing(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    page = client.get(f"/en/c/{scene.open.slug}/comments/{scene.pending}/edit")
    official = visitor(app, scene.people.moderator)
    official.submit(official.get("/en/o/moderation"), f"/{scene.pending}/publish")
    assert client.submit(page, f"{scene.pending}/edit", follow=False, body=NEW).status == 409
    assert client.submit(page, f"{scene.pending}/withdraw", follow=False).status == 409
    assert comment_state(app, scene.pending) is CommentState.PUBLISHED


def test_what_a_moderator_ruled_on_is_not_offered_for_change(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    page = client.get(f"/en/c/{scene.open.slug}/comments/{scene.withheld}/edit")
    assert [str(form.get("action")).rsplit("/", 1)[1] for form in page.select("main form")] == ["language"]
    token = token_of(page)
    for deed in ("edit", "withdraw"):
        url = f"/en/c/{scene.open.slug}/comments/{scene.withheld}/{deed}"
        client.post(url, {"csrf_token": token, "body": NEW}, status=409)


def test_closing_ends_changes_and_the_page_says_so(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    url = f"/en/c/{scene.open.slug}/comments/{scene.published}"
    token = token_of(client.get(f"{url}/edit"))
    close_by_clock(app, scene.open)
    page = client.get(f"{url}/edit")
    assert page.select("main form") == []
    assert "has closed" in page.text
    for deed, fields in (("edit", {"body": NEW}), ("withdraw", {}), ("language", {"language": "ru"})):
        client.post(f"{url}/{deed}", {"csrf_token": token, **fields}, status=409)
    assert "Change or withdraw" not in client.get("/en/me/answers").text


@pytest.mark.parametrize("body", ["", "x" * 5_001])
def test_new_words_that_cannot_be_kept_are_given_back(app: Flask, scene: Scene, body: str) -> None:
    client = visitor(app, scene.people.aigerim)
    page = client.get(f"/en/c/{scene.open.slug}/comments/{scene.published}/edit")
    refused = client.submit(page, "/edit", status=422, body=body)
    assert len(refused.error_summary) == 1
    assert refused.select("textarea[name=body]")[0].text_content().strip() == body


def test_an_author_corrects_the_language_and_the_page_carries_it(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    page = client.get(f"/en/c/{scene.open.slug}/comments/{scene.published}/edit")
    seen = client.submit(page, "/language", language="ru")
    assert seen.select(f"#comment-{scene.published} .prose")[0].get("lang") == "ru"
    for wrong in ("", "xx"):
        token = token_of(client.get(f"/en/c/{scene.open.slug}/comments/{scene.published}/edit"))
        url = f"/en/c/{scene.open.slug}/comments/{scene.published}/language"
        client.post(url, {"csrf_token": token, "language": wrong}, status=422)


def test_a_comment_is_reported_once_with_a_rule(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    thread = client.get(f"/en/c/{scene.open.slug}/comments/{scene.published}")
    (link,) = [href for text, href in thread.links.items() if text == f"Report comment {scene.published}"]
    page = client.get(link)
    refused = client.submit(page, "/report", status=422)
    assert refused.error_summary == ["Choose the rule that the comment breaks."]
    assert refused.select(".errors a")[0].get("href") == "#rule-0"
    client.submit(refused, "/report", rule="insult", words="It is about my neighbour.")
    assert "You have reported this comment before" in client.get(link).text
    client.post(link, {"csrf_token": token_of(page), "rule": "hate"}, status=409)
    with app.app_context():
        assert [row.rule for row in db.session.scalars(db.select(CommentReport))] == ["insult"]
    author = visitor(app, scene.people.aigerim).get(f"/en/c/{scene.open.slug}/comments/{scene.published}")
    assert "my neighbour" not in author.response.text
    assert not [text for text in author.links if text == f"Report comment {scene.published}"]


def test_statements_come_one_by_one_and_a_skip_is_no_vote(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    keys = {comment(app, people.aigerim, built, f"Statement {n}.") for n in range(3)}
    client = visitor(app, people.dauren)
    page = client.get(f"/en/c/{built.slug}/q/1/statements")
    assert "1 of 3" in page.text
    skipped = page.select("#statement-words")[0].text_content()
    page = client.get(str(page.select("#statement-skip")[0].get("href")))
    for number in (1, 2):
        assert f"{number} of 3" in page.text
        assert page.select("#statement-words")[0].text_content() != skipped
        page = client.submit(page, "/vote", choice="agree")
    assert "Only comments that you skipped are left" in page.text
    with app.app_context():
        assert len(db.session.scalars(db.select(CommentVote)).all()) == 2
    page = client.get(page.links["See the skipped comments again"])
    assert page.select("#statement-words")[0].text_content() == skipped
    page = client.submit(page, "/vote", choice="pass")
    assert "no comment is left to vote on" in page.text
    with app.app_context():
        votes = db.session.scalars(db.select(CommentVote)).all()
        assert {row.comment_id for row in votes} == keys


def test_a_vote_by_htmx_brings_the_next_statement_and_no_page(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    for n in range(2):
        comment(app, people.aigerim, built, f"Statement {n}.")
    client = visitor(app, people.dauren)
    page = client.get(f"/en/c/{built.slug}/q/1/statements")
    for said in ("2 of 2", "no comment is left to vote on"):
        form = page.form("/vote")
        fields = {**dict(form.form_values()), "choice": "disagree"}
        answer = client.flask.post(form.get("action"), data=fields, headers=HTMX)
        assert answer.status_code == 200
        assert "<html" not in answer.text
        page = Page(answer, page.url)
        assert said in page.document.text_content()


@pytest.mark.parametrize(
    "path",
    [
        "q/1/statements?skipped=x&skipped=-1&skipped=99999999999999999999",
        "q/1?sort=nonsense&before=a.b.c",
        "q/1?before=9999999999999.1&sort=agreed",
        "q/1?before=-5.3&sort=needs-votes",
        "q/1?sort=divided&before=1",
    ],
)
def test_nonsense_in_an_address_is_no_error(app: Flask, scene: Scene, path: str) -> None:
    visitor(app, scene.people.dauren).get(f"/en/c/{scene.open.slug}/{path}")


def test_statements_of_nothing_and_of_a_closed_consultation(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    client.get(f"/en/c/{scene.open.slug}/q/99/statements", status=404)
    page = client.get(f"/en/c/{scene.closed.slug}/q/1/statements")
    assert "Voting is not open." in page.text
    assert page.select("main form") == []


def test_orders_are_offered_as_links_and_a_vote_comes_back_to_the_same_order(
    app: Flask, scene: Scene
) -> None:
    client = visitor(app, scene.people.dauren)
    page = client.get(f"/en/c/{scene.open.slug}/q/1")
    assert page.texts(".sort a") == [
        "Newest",
        "Most agreed",
        "Most divided",
        "Needs votes",
    ]
    page = client.get(page.links["Most divided"].partition("#")[0])
    assert page.texts(".sort [aria-current]") == ["Most divided"]
    back = client.submit(page, f"/{scene.published}/vote", choice="agree")
    assert "sort=divided" in back.url


def test_while_results_are_hidden_only_the_newest_are_offered(app: Flask, people: Cast) -> None:
    built = open_consultation(app, results_policy=ResultsPolicy.AFTER_CLOSING)
    key = comment(app, people.aigerim, built)
    vote(app, people.dauren, built, key)
    for member in (None, people.dauren, people.moderator):
        client = visitor(app, member)
        page = client.get(f"/en/c/{built.slug}/q/1")
        assert page.select(".sort") == []
        assert client.get(f"/en/c/{built.slug}/q/1?sort=agreed").select(".sort") == []
    close_by_clock(app, built)
    assert len(visitor(app).get(f"/en/c/{built.slug}/q/1").select(".sort a")) == 4


def test_a_consultation_is_followed_and_stands_on_ones_own_page(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    page = client.get(f"/en/c/{scene.open.slug}")
    page = client.submit(page, "/follow")
    assert "You follow this consultation." in page.texts(".messages")[0]
    mine = client.get("/en/me")
    assert "A green street" in " ".join(mine.texts("section[aria-labelledby=followed]"))
    mine = client.submit(mine, "/unfollow")
    assert mine.url == "/en/me"
    with app.app_context():
        assert db.session.scalars(db.select(Follow)).all() == []


def test_ones_own_page_says_what_is_to_finish_and_who_answered(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    url = f"/en/c/{scene.open.slug}/q/2"
    client.post(f"{url}/draft", {"csrf_token": token_of(client.get(url)), "body": "Half a thought"})
    mine = client.get("/en/me")
    to_finish = " ".join(mine.texts("section[aria-labelledby=to-finish]"))
    assert "Half a thought" in to_finish
    assert "1 of 2 questions" in to_finish
    assert "Who pays for the water?" in " ".join(mine.texts("section[aria-labelledby=replies]"))
    newcomer = visitor(app, scene.people.other_official).get("/en/me")
    assert "A green street" in " ".join(newcomer.texts("section[aria-labelledby=suggestions]"))
    assert "Half a thought" not in newcomer.response.text


def test_the_overview_says_the_cost_and_leads_to_the_first_question_without_an_answer(
    app: Flask, people: Cast
) -> None:
    built = open_consultation(app)
    guest = visitor(app).get(f"/en/c/{built.slug}")
    assert "2 questions. It takes about 2 minutes." in guest.text
    assert guest.links["Start"].endswith("/q/1")
    client = visitor(app, people.dauren)
    comment(app, people.dauren, built)
    page = client.get(f"/en/c/{built.slug}")
    assert page.links["Continue with question 2"].endswith("/q/2")
    assert "1 of 2 questions" in page.text
    assert [bar.get("value") for bar in page.select("progress")] == ["1"]


def test_a_withheld_comments_author_learns_no_more_than_before(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = withheld_comment(app, people.aigerim, built, OLD)
    page = visitor(app).get(f"/en/c/{built.slug}/comments/{key}", status=410)
    assert "CANARY-OLD" not in page.response.text
    visitor(app, people.dauren).get(f"/en/c/{built.slug}/comments/{key}/edit", status=403)


def test_replies_tell_the_author_once_and_never_of_oneself(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    with app.app_context():
        first = comment(app, people.aigerim, built)
        moderation.publish_comment(people.moderator.actor, first)
        comment(app, people.aigerim, built, "My own.", reply_to=first)
        reply = comment(app, people.dauren, built, "Theirs.", reply_to=first)

        def told() -> list[tuple[int | None, object]]:
            query = db.select(OutboxMessage).filter_by(kind="reply_received")
            return [(row.person_id, row.content["comment_id"]) for row in db.session.scalars(query)]

        assert told() == []
        moderation.publish_comment(people.moderator.actor, reply)
        moderation.withhold_comment(people.moderator.actor, reply, "insult", "Rude.")
        moderation.restore_comment(people.moderator.actor, reply)
        assert told() == [(people.aigerim.id, reply)]
        assert db.session.scalars(db.select(Comment.replies_to).filter_by(id=reply)).all() == [first]
