"""Two officials change the same topic or question: both wordings are seen, and neither is lost."""

from flask import Flask

from consult.domain.languages import Language
from consult.queries.editing import topics_of
from tests.support.scenes import Scene, visitor


def test_the_second_to_edit_a_question_sees_both_wordings_and_may_keep_the_own(
    app: Flask, scene: Scene
) -> None:
    first, second = visitor(app, scene.people.moderator), visitor(app, scene.people.other_official)
    url = f"/en/o/consultations/{scene.waiting.id}/questions/1"
    pages = first.get(url), second.get(url)
    first.submit(pages[0], "/questions/1", text_en="How many lamps does the street need?")
    refused = second.submit(pages[1], "/questions/1", status=409, text_en="How many trees does it need?")
    assert "Somebody else has changed this meanwhile" in refused.error_summary[0]
    assert refused.select("#text_en")[0].text_content().strip() == "How many trees does it need?"
    assert "How many lamps does the street need?" in refused.text
    compared = refused.select("main dd")[1]
    assert [each.text_content().strip() for each in compared.cssselect("del")] == ["lamps", "the street"]
    assert [each.text_content().strip() for each in compared.cssselect("ins")] == ["trees", "it"]
    second.submit(refused, "/questions/1")
    with app.app_context():
        question = topics_of(scene.waiting.id)[0].questions[0]
        assert question.texts[Language.EN] == "How many trees does it need?"


def test_the_second_to_edit_a_topic_may_take_what_is_kept(app: Flask, scene: Scene) -> None:
    first, second = visitor(app, scene.people.moderator), visitor(app, scene.people.other_official)
    url = f"/en/o/consultations/{scene.waiting.id}/topics/{scene.topic}"
    pages = first.get(url), second.get(url)
    first.submit(pages[0], f"/topics/{scene.topic}", text_en="By the first")
    refused = second.submit(pages[1], f"/topics/{scene.topic}", status=409, text_en="By the second")
    assert refused.select("#text_en")[0].get("value") == "By the second"
    anew = second.get(str(refused.select("main .card a.button")[0].get("href")))
    assert anew.select("#text_en")[0].get("value") == "By the first"


def test_the_basics_show_both_wordings_too(app: Flask, scene: Scene) -> None:
    first, second = visitor(app, scene.people.moderator), visitor(app, scene.people.other_official)
    url = f"/en/o/consultations/{scene.waiting.id}/edit"
    pages = first.get(url), second.get(url)
    first.submit(pages[0], "/edit", title_en="A quiet street")
    refused = second.submit(pages[1], "/edit", status=409, title_en="A loud street")
    assert [each.text_content().strip() for each in refused.select("main ins")] == ["loud"]
    assert [each.text_content().strip() for each in refused.select("main del")] == ["quiet"]
    assert refused.select("a.button[href$='/edit']")


def test_an_edition_that_is_no_number_is_a_conflict_and_changes_nothing(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get(f"/en/o/consultations/{scene.waiting.id}/questions/1")
    client.submit(page, "/questions/1", status=409, edition="²", text_en="Other words")
    with app.app_context():
        assert topics_of(scene.waiting.id)[0].questions[0].texts[Language.EN] != "Other words"


def test_every_wording_of_a_question_is_read_by_officials_and_by_all(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    public = f"/en/c/{scene.open.slug}/q/1"
    assert not visitor(app).get(public).select("a[href$='/wordings']")
    url = f"/en/o/consultations/{scene.open.id}/questions/1"
    client.submit(client.get(url), "/questions/1", text_en="How many lamps does the street need?")
    edited = client.get(url)
    assert [each.text_content() for each in edited.select("#versions ~ ol h3")] == ["Version 2", "Version 1"]
    assert "How many trees does the street need?" in edited.text
    reader = visitor(app)
    link = reader.get(public).select("a[href$='/wordings']")[0]
    wordings = reader.get(str(link.get("href")))
    assert "How many trees does the street need?" in wordings.text
    assert "How many lamps does the street need?" in wordings.text
    reader.get(f"/en/c/{scene.waiting.slug}/q/1/wordings", status=404)
    reader.get(f"/en/c/{scene.open.slug}/q/99/wordings", status=404)
