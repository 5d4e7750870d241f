"""What other programs and other sites fetch: feeds, calendars, pictures, site maps, cards, fixed files."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar
from lxml import etree
from PIL import Image

from consult.domain.consultations import ModerationMode, ResultsPolicy
from consult.domain.people import OPERATOR
from consult.models.base import db, transaction
from consult.models.questions import Question
from consult.queries import site_map
from consult.services import consultations, moderation
from tests.support import application
from tests.support.cast import Cast, close_by_clock, comment, draft, open_consultation, vote
from tests.support.pages import Page, PageClient
from tests.support.scenes import ANSWER, PENDING, REPLY, WITHHELD, Scene, visitor

Element = etree._Element
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
HOST = "http://localhost"
CANARY = "Canarybird"
FILES = (
    "/robots.txt",
    "/sitemap.xml",
    "/.well-known/security.txt",
    "/en/feed.atom",
    "/en/calendar.ics",
    "/en/c/green-street/feed.atom",
    "/en/c/green-street/calendar.ics",
    "/en/c/green-street/preview.png",
    "/en/c/green-street/q/1/preview.png",
    "/en/c/green-street/q/1/embed",
)


def tree(page: Page) -> Element:
    return etree.fromstring(page.response.get_data(), etree.XMLParser(resolve_entities=False))


def texts(parent: Element, name: str) -> list[str]:
    return [element.text or "" for element in parent.iter(f"{ATOM}{name}")]


def moments(written: Iterable[str]) -> list[datetime]:
    """Instants as RFC 3339 wants them, with their offset."""
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", each) for each in written)
    return [datetime.fromisoformat(each) for each in written]


def assert_is_feed(feed: Element, own_address: str) -> None:
    """What RFC 4287 demands of every feed and every entry."""
    assert feed.tag == f"{ATOM}feed"
    for parent in (feed, *feed.iter(f"{ATOM}entry")):
        children = [str(child.tag).removeprefix(ATOM) for child in parent]
        assert {children.count(name) for name in ("id", "title", "updated")} == {1}
        assert "alternate" in [link.get("rel") for link in parent.findall(f"{ATOM}link")]
    ids = texts(feed, "id")
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"tag:localhost,2026:[a-z/0-9]+", each) for each in ids)
    (own,) = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == own_address
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert moments([feed.findtext(f"{ATOM}updated", "")])[0] == max(moments(texts(feed, "updated")))
    assert all(link.get("href", "").startswith(HOST) for link in feed.iter(f"{ATOM}link"))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_feed_of_all_lists_public_consultations_newest_first(
    app: Flask, scene: Scene, client: PageClient, language: str
) -> None:
    page = client.get(f"/{language}/feed.atom")
    feed = tree(page)
    assert_is_feed(feed, f"{HOST}/{language}/feed.atom")
    assert page.response.content_type.startswith("application/atom+xml")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.iter(f"{ATOM}entry")]  # type: ignore[union-attr]
    slugs = (scene.answered.slug, scene.scheduled.slug, scene.closed.slug, scene.open.slug)
    assert links == [f"{HOST}/{language}/c/{slug}" for slug in slugs]


def test_the_feed_of_a_consultation_holds_published_comments_and_no_other(
    scene: Scene, client: PageClient
) -> None:
    feed = tree(client.get("/en/c/green-street/feed.atom"))
    assert_is_feed(feed, f"{HOST}/en/c/green-street/feed.atom")
    assert texts(feed, "content") == [REPLY, ANSWER]
    assert texts(feed, "name")[1:] == ["Dauren O'Neill", "Айгерім Серікқызы"]
    reply = f"{HOST}/en/c/green-street/comments/{scene.published}#comment-{scene.reply}"
    assert reply in [link.get("href") for link in feed.iter(f"{ATOM}link")]


def test_ids_stay_and_dates_move_when_something_changes(app: Flask, people: Cast, client: PageClient) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, f"{CANARY} and a tree")
    before = tree(client.get("/en/c/green-street/feed.atom"))
    with app.app_context():
        moderation.redact_comment(OPERATOR, key, "[…] and a tree", "personal-data", "A name.")
    after = tree(client.get("/en/c/green-street/feed.atom"))
    assert texts(before, "id") == texts(after, "id")
    assert texts(after, "content") == ["[…] and a tree"]
    changed = zip(moments(texts(before, "updated")), moments(texts(after, "updated")), strict=True)
    assert [one < other for one, other in changed] == [True, True, False]
    assert texts(before, "published") == texts(after, "published")


def test_signs_of_xml_in_a_comment_stay_text(app: Flask, people: Cast, client: PageClient) -> None:
    built = open_consultation(app)
    body = "<b>]]> & \"quoted\" 'words' <!DOCTYPE x>"
    comment(app, people.aigerim, built, body)
    assert texts(tree(client.get("/en/c/green-street/feed.atom")), "content") == [body]


def test_a_feed_without_entries_is_a_feed(client: PageClient) -> None:
    feed = tree(client.get("/kk/feed.atom"))
    assert_is_feed(feed, f"{HOST}/kk/feed.atom")
    assert list(feed.iter(f"{ATOM}entry")) == []


def test_the_calendar_holds_closing_dates_and_tells_of_an_extension(app: Flask, client: PageClient) -> None:
    built = open_consultation(app)
    open_consultation(app, slug="other")
    (before,) = Calendar.from_ical(client.get("/en/c/green-street/calendar.ics").response.data).walk("VEVENT")
    later = (datetime.now(UTC) + timedelta(days=50)).replace(microsecond=0)
    with app.app_context():
        consultations.extend_consultation(OPERATOR, built.id, later, later.date() + timedelta(days=30))
    (after,) = Calendar.from_ical(client.get("/en/c/green-street/calendar.ics").response.data).walk("VEVENT")
    assert (str(before["UID"]), before["SEQUENCE"]) == (f"consultation-{built.id}-closing@localhost", 0)
    assert (str(after["UID"]), after["SEQUENCE"]) == (str(before["UID"]), 1)
    assert after.decoded("DTSTART") == later > before.decoded("DTSTART")
    assert after.decoded("DTSTAMP") >= before.decoded("DTSTAMP")
    every = Calendar.from_ical(client.get("/ru/calendar.ics").response.data)
    assert {str(event["URL"]) for event in every.walk("VEVENT")} == {
        f"{HOST}/ru/c/green-street", f"{HOST}/ru/c/other",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["preview.png", "q/1/preview.png"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_pictures_that_pages_name_are_there(
    app: Flask, client: PageClient, language: str, path: str
) -> None:
    open_consultation(app)
    page = client.get(f"/{language}/c/green-street/{path.removesuffix('preview.png')}".rstrip("/"))
    said = {tag.get("property"): tag.get("content", "") for tag in page.select("meta[property^=og]")}
    assert said["og:image"] == f"{HOST}/{language}/c/green-street/{path}"
    assert said["og:url"] == f"{HOST}{page.url}"
    assert said["og:title"] == page.h1
    assert page.select("meta[name=description]")[0].get("content") == said["og:description"] != ""
    picture = client.get(said["og:image"].removeprefix(HOST))
    image = Image.open(BytesIO(picture.response.data))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")


@pytest.mark.parametrize("path", FILES)
def test_an_asker_who_has_it_already_is_told_so(scene: Scene, client: PageClient, path: str) -> None:
    first = client.get(path).response
    caching = first.headers["Cache-Control"]
    assert "public" in caching
    assert int(re.search(r"max-age=(\d+)", caching)[1]) >= 300  # type: ignore[index]
    assert "Set-Cookie" not in first.headers
    again = client.get(path, status=304, headers={"If-None-Match": first.headers["ETag"]}).response
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    if "Last-Modified" in first.headers:
        client.get(path, status=304, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    client.get(path, headers={"If-None-Match": '"another"'})


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("role", ["aigerim", "moderator"])
def test_everybody_gets_the_same_bytes(app: Flask, scene: Scene, path: str, role: str) -> None:
    """Also who wrote the withheld comment, who reads drafts, and who has voted."""
    known = visitor(app, getattr(scene.people, role))
    answer = known.flask.get(path)
    assert answer.data == PageClient(app).flask.get(path).data
    assert "no-store" not in answer.headers["Cache-Control"]
    for words in (PENDING, WITHHELD, "csrf", scene.people.aigerim.email):
        assert words.encode() not in answer.data


def test_what_not_everybody_may_read_is_not_there(app: Flask, scene: Scene) -> None:
    for member in (None, scene.people.dauren, scene.people.moderator):
        client = visitor(app, member)
        for slug in (scene.waiting.slug, scene.withdrawn.slug, "no-such"):
            for path in ("feed.atom", "calendar.ics", "preview.png", "q/1/preview.png", "q/1/embed"):
                client.get(f"/en/c/{slug}/{path}", status=404)
        for path in ("/en/feed.atom", "/en/calendar.ics", "/sitemap.xml"):
            listed = client.get(path).response.get_data(as_text=True)
            assert scene.waiting.slug not in listed
            assert scene.withdrawn.slug not in listed


def test_hidden_words_are_in_no_file(app: Flask, people: Cast, client: PageClient) -> None:
    built = open_consultation(app)
    for number, act in enumerate(("withhold", "redact", "wait")):
        key = comment(app, people.aigerim, built, f"{CANARY} {number}")
        with app.app_context():
            if act == "withhold":
                moderation.withhold_comment(OPERATOR, key, "insult", CANARY)
            elif act == "redact":
                moderation.redact_comment(OPERATOR, key, "[…]", "personal-data", CANARY)
    with app.app_context():
        waiting = open_consultation(app, slug="waiting", moderation_mode=ModerationMode.PRE)
    comment(app, people.aigerim, waiting, CANARY)
    draft(app, slug="canarybird-draft")
    seen = tree(client.get("/en/c/green-street/feed.atom"))
    assert texts(seen, "content") == [f"{CANARY} 2", "[…]"]
    for path in (*FILES, "/en/c/waiting/feed.atom", "/en/search?q=canarybird"):
        if path != "/en/c/green-street/feed.atom":
            found = client.get(path).response.get_data().decode(errors="replace")
            assert f"{CANARY} 0" not in found
            assert f"{CANARY} 1" not in found
            assert "canarybird-draft" not in found


def test_the_card_of_a_question_may_stand_in_other_sites_and_nothing_else_may(
    scene: Scene, client: PageClient
) -> None:
    card = client.get("/en/c/green-street/q/1/embed")
    policy = card.response.headers["Content-Security-Policy"]
    ordinary = client.get("/en/c/green-street/q/1").response.headers
    assert policy == ordinary["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    )
    assert "frame-ancestors *" in policy
    assert "X-Frame-Options" not in card.response.headers
    assert ordinary["X-Frame-Options"] == "DENY"
    assert card.select("script, form, input, nav") == []
    for link in card.select("a"):
        assert (link.get("target"), link.get("rel")) == ("_blank", "noopener")
        assert link.get("href", "").startswith(f"{HOST}/en/c/green-street")


def test_the_card_shows_no_result_that_is_not_shown_to_all(
    app: Flask, people: Cast, client: PageClient
) -> None:
    built = open_consultation(app, results_policy=ResultsPolicy.AFTER_VOTING)
    vote(app, people.dauren, built, comment(app, people.aigerim, built))
    voter = visitor(app, people.dauren)
    page = voter.get("/en/c/green-street/q/2")
    voter.submit(page, "/q/2/vote", choice="agree")
    assert "Agree:" not in voter.flask.get("/en/c/green-street/q/2/embed").get_data(as_text=True)
    close_by_clock(app, built)
    assert "Agree: 1" in client.get("/en/c/green-street/q/2/embed").text


def test_the_question_page_offers_its_link_and_its_card(scene: Scene, client: PageClient) -> None:
    page = client.get("/ru/c/green-street/q/1?before=99")
    assert page.select("#share-link")[0].get("value") == f"{HOST}/ru/c/green-street/q/1"
    snippet = page.select("#share-embed")[0].text or ""
    assert f'src="{HOST}/ru/c/green-street/q/1/embed"' in snippet
    assert page.select("iframe") == []


def test_pages_name_their_address_in_each_language(scene: Scene, client: PageClient) -> None:
    page = client.get("/ru/c/green-street/q/1?before=99")
    links = {link.get("hreflang"): link.get("href") for link in page.select("link[rel=alternate][hreflang]")}
    paths = {code: f"{HOST}/{code}/c/green-street/q/1" for code in ("kk", "ru", "en")}
    assert links == {**paths, "x-default": paths["kk"]}
    assert page.select("link[rel=canonical]")[0].get("href") == paths["ru"]
    feeds = [link.get("href") for link in page.select("link[type='application/atom+xml']")]
    assert feeds == ["/ru/feed.atom", "/ru/c/green-street/feed.atom"]
    assert client.get("/ru/nothing-here", status=404).select("link[rel=canonical]") == []


def test_the_site_map_lists_every_public_page_in_each_language(scene: Scene, client: PageClient) -> None:
    root = tree(client.get("/sitemap.xml"))
    assert root.tag == f"{SITEMAP}urlset"
    addresses = [loc.text or "" for loc in root.iter(f"{SITEMAP}loc")]
    assert len(set(addresses)) == len(addresses)
    for language in ("kk", "ru", "en"):
        for path in ("/", "/consultations", "/c/green-street", "/c/green-street/q/2", "/c/long-over/q/1"):
            assert f"{HOST}/{language}{path}" in addresses
    for url in root.iter(f"{SITEMAP}url"):
        links = [link.get("hreflang") for link in url.iter(f"{XHTML}link")]
        assert sorted(filter(None, links)) == ["en", "kk", "ru", "x-default"]
    for address in addresses:
        client.get(address.removeprefix(HOST))


def test_a_large_site_has_an_index_of_site_maps(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = open_consultation(app)
    with app.app_context(), transaction():
        topic = db.session.execute(sa.select(Question.topic_id)).scalars().first()
        numbers = range(3, 2 * site_map.PAGE + 1)
        rows = [
            {"consultation_id": built.id, "topic_id": topic, "number": n, "kind": "open", "version": 1}
            for n in numbers
        ]
        db.session.execute(sa.insert(Question), rows)
    index = tree(client.get("/sitemap.xml"))
    assert index.tag == f"{SITEMAP}sitemapindex"
    parts = [loc.text or "" for loc in index.iter(f"{SITEMAP}loc")]
    assert parts == [f"{HOST}/sitemap-{number}.xml" for number in (1, 2, 3)]
    addresses = [
        loc.text for part in parts for loc in tree(client.get(part.removeprefix(HOST))).iter(f"{SITEMAP}loc")
    ]
    assert len(set(addresses)) == len(addresses)
    assert f"{HOST}/en/c/green-street/q/{2 * site_map.PAGE}" in addresses
    for number in (0, 4, 10**9):
        client.get(f"/sitemap-{number}.xml", status=404)


def test_robots_are_told_where_the_map_is_and_what_is_not_for_them(client: PageClient) -> None:
    lines = client.get("/robots.txt").response.get_data(as_text=True).split("\n")
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {HOST}/sitemap.xml" in lines
    forbidden = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert "/kk/search" in forbidden
    for path in ("/kk/consultations", "/ru/c/green-street", "/en/accessibility", "/en/appearance", "/en/"):
        assert not any(path.startswith(each) for each in forbidden), path


def test_security_txt_names_a_contact_and_a_day_that_is_ahead(client: PageClient) -> None:
    lines = client.get("/.well-known/security.txt").response.get_data(as_text=True).strip().split("\n")
    said = dict(line.split(": ", 1) for line in lines)
    ahead = datetime.fromisoformat(said["Expires"]) - datetime.now(UTC)
    assert timedelta(days=170) < ahead < timedelta(days=366)
    assert said["Contact"] == f"{HOST}/en/help"
    assert said["Canonical"] == f"{HOST}/.well-known/security.txt"
    assert said["Preferred-Languages"] == "kk, ru, en"


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("settings", "contact"),
    [
        ({"base_url": "https://consult.example.kz"}, "mailto:security@consult.example.kz"),
        ({"base_url": "http://10.0.0.7:8000"}, "http://10.0.0.7:8000/en/help"),
        ({"security_contact": "https://example.kz/report"}, "https://example.kz/report"),
    ],
)
def test_the_contact_comes_from_the_settings_or_the_services_own_host(
    installations: object, installation: object, settings: dict[str, str], contact: str
) -> None:
    other = installations.another_app(installation, **settings)  # type: ignore[attr-defined]
    answer = other.test_client().get("/.well-known/security.txt", base_url=settings.get("base_url"))
    assert f"Contact: {contact}\n" in answer.get_data(as_text=True)
    application.let_go(other)


def test_the_addresses_in_files_are_the_settings_own_and_not_the_askers(
    app: Flask, client: PageClient
) -> None:
    open_consultation(app)
    for path in FILES:
        answer = client.flask.get(path, headers={"Host": "evil.example"})
        assert b"evil.example" not in answer.get_data(), path
