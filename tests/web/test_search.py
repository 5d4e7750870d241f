"""The search page and the search field of the list of consultations."""

from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import Flask

from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.services import consultations, moderation, questions
from consult.services.drafting import TopicIn
from tests.support.cast import Cast, comment, draft, open_consultation
from tests.support.pages import PageClient
from tests.support.scenes import PENDING, WITHHELD, Scene, visitor


def test_results_come_by_type_and_are_marked(app: Flask, scene: Scene, client: PageClient) -> None:
    page = client.submit(client.get("/en/search"), "/search", q="trees")
    assert page.texts("main h2") == ["Questions", "Comments"]
    assert {"trees", "Trees", "tree"} >= set(page.texts("mark")) != set()
    assert page.links[f"Comment {scene.published}"].endswith(
        f"/comments/{scene.published}#comment-{scene.published}"
    )
    only = client.get(page.select("a[href*='type=comment']")[0].get("href", ""))
    assert only.texts("main h2") == ["Comments"]
    assert only.select("input[name=q]")[0].get("value") == "trees"


def test_a_kazakh_word_is_found_as_russian_keyboards_type_it(scene: Scene, client: PageClient) -> None:
    page = client.get("/kk/search?q=кошеге")
    assert "Көшеге" in page.texts("mark")


def test_found_text_in_another_language_says_which(scene: Scene, client: PageClient) -> None:
    page = client.get("/en/search?q=деревьев")
    assert {heading.get("lang") for heading in page.select("main h3 a")} == {"ru"}


@pytest.mark.parametrize("role", [None, "aigerim", "moderator", "administrator"])
def test_hidden_words_are_on_nobodys_page(app: Flask, scene: Scene, role: str | None) -> None:
    client = visitor(app, getattr(scene.people, role) if role else None)
    for words in (PENDING, WITHHELD, "Rude words withheld", "не прочитано", "on-paper", "Бос тақырып"):
        page = client.get(f"/en/search?q={quote(words)}")
        assert page.select("main .found") == [], words
        assert "Nothing found." in page.text


def test_a_redacted_comment_is_found_by_the_words_that_are_left(
    app: Flask, people: Cast, client: PageClient
) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, "Canarybird lives at number nine")
    with app.app_context():
        moderation.redact_comment(OPERATOR, key, "[…] lives at number nine", "personal-data", "A name.")
    assert "Nothing found." in client.get("/en/search?q=canarybird").text
    page = client.get("/en/search?q=number nine")
    assert f"Comment {key}" in page.links
    assert "Canary" not in page.response.text


def test_words_that_look_like_html_stay_words(app: Flask, people: Cast, client: PageClient) -> None:
    built = open_consultation(app)
    comment(app, people.aigerim, built, "<script>alert(1)</script> & <mark>no</mark>")
    page = client.get("/en/search?q=script alert")
    assert "&lt;<mark>script</mark>&gt;<mark>alert</mark>(1)" in page.response.text
    assert page.select("main script") == []
    assert "no" not in page.texts("mark")


def test_the_language_switch_keeps_the_search(scene: Scene, client: PageClient) -> None:
    page = client.get("/en/search?q=ағаш+керек&type=question&in=kk&c=green-street")
    switch = page.select("nav a[lang=ru]")[0].get("href", "")
    russian = client.follow(client.get(switch, status=303))
    assert urlsplit(russian.url).path == "/ru/search"
    assert parse_qs(urlsplit(russian.url).query) == {
        "q": ["ағаш керек"], "type": ["question"], "in": ["kk"], "c": ["green-street"],
    }  # fmt: skip
    assert russian.select("input[name=q]")[0].get("value") == "ағаш керек"
    assert russian.select("select[name=in] option[selected]")[0].get("value") == "kk"
    assert len(russian.select("main .found li")) == 1


def test_nothing_found_gives_advice_and_what_was_meant(scene: Scene, client: PageClient) -> None:
    page = client.get("/en/search?q=pedestrains")
    assert "Nothing found." in page.text
    meant = client.get(page.links["pedestrians"])
    assert "pedestrians" in meant.texts("mark")


def test_without_words_the_page_says_what_to_do(client: PageClient) -> None:
    assert "Some advice" in client.get("/en/search").text
    assert "at least one letter" in client.get("/en/search?q=%22%22%22").text


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=a%00b", "q=%ff%fe", "q=" + "x" * 10_000, "q=" + "%22" * 3_000, "q=a&q=b", "q[]=1",
        "q=%F0%9F%91%A9",
        "q=tree&type=nonsense&in=fr&c=nothing&page=abc", "q=tree&page=99999999999999999999", "q=tree&page=-1",
        "q=tree&type=comment&page=15", "q=tree&c=on-paper", "q=tree&c=%00", "q=a'--&type=%00", "q=и в на",
    ],
)  # fmt: skip
def test_no_address_breaks_the_search(scene: Scene, client: PageClient, query: str) -> None:
    client.get(f"/en/search?{query}")
    client.get(f"/en/consultations?{query}&topic={quote(query[:20])}")


def test_pages_of_one_kind_lead_on(app: Flask, people: Cast, client: PageClient) -> None:
    built = open_consultation(app)
    for number in range(23):
        comment(app, people.aigerim, built, f"Fountain {number}")
    first = client.get("/en/search?q=fountain")
    assert "23 results" in first.text
    page = client.get(first.links["All comments that were found"])
    assert len(page.select("main .found li")) == 20
    rest = client.get(page.links["Show more"])
    assert len(rest.select("main .found li")) == 3
    assert "Show more" not in rest.links


def test_the_list_of_consultations_is_narrowed_by_words_topic_and_phase(
    app: Flask, client: PageClient
) -> None:
    green = open_consultation(app)
    soon = open_consultation(app, slug="later", opens_in=timedelta(days=2), closes_in=timedelta(days=40))
    with_topic(app, "water", {Language.KK: "Су", Language.RU: "Вода", Language.EN: "Water"})

    def listed(query: str) -> set[str]:
        cards = client.get(f"/en/consultations?{query}").select("main .cards h2 a")
        return {card.get("href", "").rsplit("/", 1)[1] for card in cards}

    assert listed("") == {green.slug, soon.slug, "water"}
    assert listed("q=green+street") == {green.slug, soon.slug, "water"}
    assert listed("q=pedestrians&phase=open") == {green.slug, "water"}
    assert listed("q=nothing+alike") == set()
    page = client.get("/en/consultations")
    topics = {option.text: option.get("value") for option in page.select("select[name=topic] option")}
    assert set(topics) == {"All topics", "Trees", "Water"}
    assert listed(f"topic={topics['Water']}") == {"water"}
    assert listed(f"topic={topics['Trees']}&phase=soon") == {soon.slug}
    assert listed(f"topic={topics['Water']}&q=pedestrians&phase=soon") == set()
    kept = client.get(f"/en/consultations?topic={topics['Water']}&q=street&phase=open")
    assert kept.select("select[name=topic] option[selected]")[0].text == "Water"
    assert kept.select("input[name=q]")[0].get("value") == "street"
    assert kept.select("input[name=phase]")[0].get("value") == "open"
    for tab in kept.select("main .tabs a"):
        assert parse_qs(urlsplit(tab.get("href", "")).query)["q"] == ["street"]


def with_topic(app: Flask, slug: str, titles: dict[Language, str]) -> None:
    """A public consultation with a topic of these titles besides the usual one."""
    built = draft(app, slug=slug)
    asked = {Language.KK: "Су қайда?", Language.RU: "Где вода?", Language.EN: "Where is water?"}
    with app.app_context():
        topic = questions.add_topic(OPERATOR, built.id, TopicIn(titles))
        questions.add_question(OPERATOR, built.id, topic, asked)
        consultations.open_consultation(OPERATOR, built.id)


def test_search_pages_are_not_for_search_engines(client: PageClient) -> None:
    assert client.get("/en/search?q=tree").select("meta[name=robots][content=noindex]")
