"""Officials at work on the same thing: conflicts are answered, and nothing that was typed is lost."""

import pytest
from flask import Flask

from consult.domain.comments import CommentState
from consult.domain.languages import Language
from consult.models.base import db
from consult.models.consultations import ConsultationText
from tests.support.cast import comment_state
from tests.support.scenes import Scene, token_of, visitor


def test_two_officials_edit_at_once_and_the_second_loses_no_word(app: Flask, scene: Scene) -> None:
    first = visitor(app, scene.people.moderator)
    second = visitor(app, scene.people.other_official)
    url = f"/en/o/consultations/{scene.waiting.id}/edit"
    pages = first.get(url), second.get(url)
    first.submit(pages[0], "/edit", title_en="By the first")
    refused = second.submit(
        pages[1], "/edit", status=409, title_en="By the second", purpose_ru="Долгий текст второго"
    )
    assert "Somebody else has changed this meanwhile" in refused.error_summary[0]
    assert refused.select("#title_en")[0].get("value") == "By the second"
    assert refused.select("#purpose_ru")[0].text_content().strip() == "Долгий текст второго"
    with app.app_context():
        kept = db.session.get_one(ConsultationText, (scene.waiting.id, Language.EN))
        assert kept.title == "By the first"


def test_two_moderators_decide_at_once_and_the_second_is_told(app: Flask, scene: Scene) -> None:
    first = visitor(app, scene.people.moderator)
    second = visitor(app, scene.people.other_official)
    queues = first.get("/en/o/moderation"), second.get("/en/o/moderation")
    first.submit(queues[0], f"/{scene.pending}/publish")
    refused = second.submit(
        queues[1], f"/{scene.pending}/withhold", status=409, rule="insult", reason="It insults."
    )
    assert "Somebody else has changed this meanwhile" in refused.text
    assert comment_state(app, scene.pending) is CommentState.PUBLISHED


def test_a_reason_that_was_typed_stays_when_the_rule_is_missing(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    queue = client.get("/en/o/moderation")
    refused = client.submit(
        queue, f"/{scene.pending}/withhold", status=422, reason="Words that took a minute"
    )
    assert refused.error_summary
    assert refused.select(f"#reason-{scene.pending}")[0].text_content().strip() == "Words that took a minute"
    assert comment_state(app, scene.pending) is CommentState.PENDING


def test_a_redaction_shows_the_new_words_to_all_and_keeps_the_old_for_the_desk(
    app: Flask, scene: Scene
) -> None:
    client = visitor(app, scene.people.moderator)
    queue = client.get("/en/o/moderation?state=published")
    client.submit(
        queue, f"/{scene.published}/redact", body="One tree [removed: personal data].",
        rule="personal-data", reason="A telephone number stood here.",
    )  # fmt: skip
    seen = visitor(app).get(f"/en/c/{scene.open.slug}/q/1")
    assert "[removed: personal data]" in seen.text
    assert "for each house" not in seen.response.text
    assert "A telephone number stood here." not in seen.response.text
    assert "for each house" in client.get("/en/o/moderation?state=published").text


def test_a_withheld_comment_is_shown_again_when_restored(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    url = f"/en/c/{scene.open.slug}/q/1"
    assert "Rude words" not in visitor(app).get(url).response.text
    client.submit(client.get("/en/o/moderation?state=withheld"), f"/{scene.withheld}/restore")
    assert "Rude words" in visitor(app).get(url).text


def test_a_closing_time_is_never_brought_forward(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get(f"/en/o/consultations/{scene.open.id}/edit")
    refused = client.submit(page, "/extend", status=422, new_closing="2026-01-01T00:00")
    assert refused.error_summary == ["A closing time can only be moved to a later one."]
    refused = client.submit(page, "/extend", status=422, new_closing="soon")
    assert refused.error_summary


def test_an_address_that_is_taken_is_refused_with_all_that_was_typed(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get("/en/o/consultations/new")
    refused = client.submit(
        page, "/new", status=422, slug=scene.open.slug, title_kk="Басқа көше", purpose_kk="Мақсат"
    )
    assert [link.get("href") for link in refused.select(".errors a")] == ["#slug"]
    assert refused.select("#purpose_kk")[0].text_content().strip() == "Мақсат"


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_version_that_is_no_number_is_a_conflict_and_decides_nothing(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    token = token_of(client.get("/en/o/moderation"))
    fields = {"csrf_token": token, "version": "no number"}
    client.post(f"/en/o/moderation/{scene.pending}/publish", fields, status=409)
    assert comment_state(app, scene.pending) is CommentState.PENDING
