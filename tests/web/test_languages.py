"""Three languages: which one a page is in, how it is changed, and that every refusal can be said in each."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask_babel import force_locale

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.opening import Missing
from consult.web import refusals
from consult.web.i18n import read_catalogue
from tests.support.cast import open_consultation
from tests.support.pages import PageClient
from tests.support.scenes import Scene, visitor

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
KAZAKH_LETTERS = re.compile("[әғқңөұүһі]", re.IGNORECASE)
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


@pytest.mark.parametrize(
    ("cookie", "accepted", "expected"),
    [
        ("ru", "en", "ru"),
        ("en", "kk,ru;q=0.9", "en"),
        ("fr", "ru", "ru"),
        (None, "ru-KZ,ru;q=0.9,en;q=0.5", "ru"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "kk-KZ", "kk"),
        (None, "fr,de;q=0.5,en;q=0.1", "en"),
        (None, "fr,de;q=0.5", "kk"),
        (None, "", "kk"),
        (None, ";;;q=,,=", "kk"),
        (None, "*", "kk"),
    ],
)
def test_the_root_leads_to_the_visitors_language(
    app: Flask, cookie: str | None, accepted: str, expected: str
) -> None:
    client = PageClient(app)
    if cookie:
        client.flask.set_cookie("language", cookie)
    page = client.get("/", status=302, headers={"Accept-Language": accepted})
    assert page.location == f"/{expected}/"


def test_the_language_switch_keeps_the_page_and_remembers_the_choice(client: PageClient, app: Flask) -> None:
    built = open_consultation(app)
    page = client.get(f"/en/c/{built.slug}/q/1?before=7")
    switch = page.select("nav a[lang=ru]")[0].get("href", "")
    answer = client.get(switch, status=303)
    cookie = answer.response.headers["Set-Cookie"]
    assert cookie.startswith("language=ru;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    russian = client.follow(answer)
    assert russian.url == f"/ru/c/{built.slug}/q/1?before=7"
    assert russian.document.get("lang") == "ru"
    assert client.get("/", status=302, headers={"Accept-Language": "en"}).location == "/ru/"


def test_a_choice_of_language_is_kept_for_a_person_not_only_in_a_cookie(app: Flask, scene: Scene) -> None:
    from consult.models.base import db  # noqa: PLC0415
    from consult.models.people import Person  # noqa: PLC0415

    visitor(app, scene.people.dauren).get("/kk/language", status=303)
    with app.app_context():
        assert db.session.get_one(Person, scene.people.dauren.id).language is Language.KK


@pytest.mark.parametrize("path", ["/fr/", "/fr/consultations", "/KK/", "/kk-KZ/", "/e/", "/english/rules"])
def test_an_unknown_language_is_not_found(client: PageClient, path: str) -> None:
    page = client.get(path, status=404)
    assert page.document.get("lang") == "en", "the page is in what the visitor prefers"


def test_the_page_after_a_refused_form_offers_the_other_languages_of_a_page_that_can_be_read(
    app: Flask, scene: Scene
) -> None:
    client = visitor(app, scene.people.dauren)
    page = client.get(f"/en/c/{scene.open.slug}/q/1")
    refused = client.submit(page, "/q/1/comments", status=422, body=" ")
    switch = refused.select("nav a[lang=kk]")[0].get("href", "")
    target = parse_qs(urlsplit(switch).query)["next"][0]
    assert target == f"/kk/c/{scene.open.slug}/q/1"
    client.get(target)


def test_every_reason_has_a_sentence(app: Flask) -> None:
    assert set(refusals.SENTENCES) == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_is_said_in_each_language(app: Flask, reason: Reason) -> None:
    refused = Refused(reason, limit=5000, missing=[item.value for item in Missing])
    with app.test_request_context("/"):
        said = {}
        for language in Language:
            with force_locale(language.value):
                said[language] = refusals.sentence(refused)
    assert len(set(said.values())) == 3, said
    assert CYRILLIC.search(said[Language.KK])
    assert CYRILLIC.search(said[Language.RU])
    assert not CYRILLIC.search(said[Language.EN])
    assert not KAZAKH_LETTERS.search(said[Language.RU].replace("і", "")), said[Language.RU]
    assert all("%(" not in sentence for sentence in said.values())


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("number", [0, 1, 2, 5, 11, 21])
def test_counted_sentences_have_all_forms_of_the_language(app: Flask, language: str, number: int) -> None:
    catalogue = read_catalogue(language)
    said = catalogue.ngettext("%(num)s comment", "%(num)s comments", number) % {"num": number}
    assert CYRILLIC.search(said)


def test_a_missing_english_text_is_shown_as_missing_and_marked_with_its_language(
    app: Flask, scene: Scene
) -> None:
    page = visitor(app, scene.people.moderator).get(f"/en/c/{scene.waiting.slug}/q/3")
    assert page.select("h1")[0].get("lang") == "kk"
    assert "not written in English yet" in page.text
