"""The pages about one's own data: what the person sees, and what is kept."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from flask import Flask

from consult.domain.comments import CommentState
from consult.domain.consents import Purpose
from consult.domain.holdings import HOLDINGS
from consult.domain.languages import Language
from consult.domain.profile import AgeBand, Gender, Profile, Region
from consult.domain.retention import Period
from consult.models.base import db, transaction
from consult.models.people import Person
from consult.queries.own_data import OwnAccount, own_account
from consult.web.privacy_words import CONSENT_TEXTS, consent_text, retention_table
from consult.web.privacy_words import HOLDINGS as HOLDING_NAMES
from consult.web.words import AGE_BANDS, GENDERS, REGIONS
from tests.support.cast import PASSWORD, Member, comment_state
from tests.support.scenes import ANSWER, Scene, token_of, visitor

PRIVACY = "/en/me/privacy"
FINGERPRINTS = {
    (Purpose.TERMS, "2026-11"): "286b04ccbd0b1e26",
    (Purpose.STATISTICS, "2026-11"): "03e60fff493b5a79",
}
"""SHA-256 of the English words, the first 16 digits. Other words need another version, and a line here."""


def kept(app: Flask, member: Member) -> OwnAccount:
    with app.app_context():
        return own_account(member.actor)


def test_name_and_language_are_corrected(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    page = client.submit(client.get(PRIVACY), "/account", name="Айгерім Ә.", language="en")
    assert "Your name and your language are kept." in page.text
    assert page.select("#name")[0].get("value") == "Айгерім Ә."
    mine = kept(app, scene.people.aigerim)
    assert (mine.name, mine.language) == ("Айгерім Ә.", Language.EN)


def test_a_refused_name_stays_in_the_form(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    page = client.submit(client.get(PRIVACY), "/account", status=422, name="аdmin")
    assert page.title.startswith("Error:")
    assert page.error_summary == ["A word of the name mixes Latin and Cyrillic letters. Use one alphabet."]
    assert page.select("#name")[0].get("value") == "аdmin"


def test_an_unknown_language_or_region_is_refused(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    token = token_of(client.get(PRIVACY))
    for path, fields in (
        ("account", {"name": "A", "language": "xx"}),
        ("statistics", {"region": "KZ-99", "agrees": "y"}),
        ("statistics", {"age_band": "suppressed", "agrees": "y"}),
    ):
        client.post(f"{PRIVACY}/{path}", {"csrf_token": token, **fields}, status=422)
    assert kept(app, scene.people.aigerim).profile.is_empty


def test_answers_for_statistics_need_the_consent_and_go_with_it(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    told: dict[str, Any] = {"region": "KZ-71", "age_band": "30-44", "gender": "f"}
    page = client.submit(client.get(PRIVACY), "/statistics", status=422, **told)
    assert page.error_summary == ["Agree first: without it your answers are not kept."]
    assert page.select("#region option[selected]")[0].get("value") == "KZ-71"
    page = client.submit(page, "/statistics", agrees=True, **told)
    assert "Your answers are kept." in page.text
    assert kept(app, scene.people.dauren).profile == Profile(Region.ASTANA, AgeBand.FROM_30, Gender.FEMALE)
    assert "Version 2026-11" in page.text
    page = client.submit(page, "/statistics/withdraw")
    assert "took it back on" in page.text
    assert kept(app, scene.people.dauren).profile.is_empty


def test_the_questions_are_offered_once_on_ones_own_page(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    page = client.get("/en/me")
    assert "Will you say who you are, for statistics?" in page.text
    client.submit(page, "/statistics/withdraw")
    assert "for statistics?" not in client.get("/en/me").text
    assert "for statistics?" not in visitor(app, scene.people.other_official).get("/en/me").text


def test_the_download_is_one_archive_with_a_text_in_ones_language(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.aigerim)
    token = token_of(client.get(PRIVACY))
    answer = client.post(f"{PRIVACY}/download", {"csrf_token": token}, status=200).response
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"] == "attachment; filename=consult-my-data.zip"
    assert "no-store" in answer.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        about = files.read("consult-my-data/README.txt").decode()
        comments = files.read("consult-my-data/comments.json").decode()
    assert about.startswith("Everything that Consult keeps about you\n")
    assert all(f"\n{holding.name}: " in about for holding in HOLDINGS)
    assert ANSWER in comments


@pytest.mark.parametrize("farewell", ["remove", "keep"])
def test_an_account_is_deleted_and_others_see_what_the_person_chose(
    app: Flask, scene: Scene, farewell: str
) -> None:
    aigerim = scene.people.aigerim
    client, elsewhere = visitor(app, aigerim), visitor(app, aigerim)
    page = client.get(client.get(PRIVACY).links["Delete my account"])
    page = client.submit(page, "/delete", farewell=farewell, confirmation=aigerim.email, password=PASSWORD)
    client.is_signed_in = False
    assert "Your account is deleted." in page.text
    assert "Sign in" in page.links
    assert elsewhere.flask.get(PRIVACY).location.startswith("/en/sign-in")
    seen = visitor(app).get(
        f"/en/c/{scene.open.slug}/comments/{scene.published}", status=200 if farewell == "keep" else 410
    )
    assert aigerim.actor.name not in seen.response.text
    assert (ANSWER in seen.text) is (farewell == "keep")
    if farewell == "keep":
        assert seen.texts("h3")[0] == "Former participant"
    else:
        assert comment_state(app, scene.published) is CommentState.ERASED
        assert f"Comment {scene.published} was erased" in seen.text


def test_a_form_without_choice_confirmation_and_password_deletes_nothing(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    page = client.get(f"{PRIVACY}/delete")
    refused = client.submit(page, "/delete", status=422)
    assert len(refused.error_summary) == 3
    right = {"farewell": "keep", "confirmation": scene.people.dauren.email, "password": PASSWORD}
    for name, wrong in (
        ("password", "another password"),
        ("confirmation", "somebody@example.kz"),
        ("farewell", "burn"),
    ):
        token = token_of(client.get(f"{PRIVACY}/delete"))
        client.post(f"{PRIVACY}/delete", {"csrf_token": token, **right, name: wrong}, status=422)
    assert client.get(PRIVACY).status == 200


def test_the_last_administrator_is_told_what_to_do_first(app: Flask, scene: Scene) -> None:
    administrator = scene.people.administrator
    client = visitor(app, administrator)
    page = client.submit(
        client.get(f"{PRIVACY}/delete"),
        "/delete",
        status=409,
        farewell="keep",
        confirmation=administrator.email,
        password=PASSWORD,
    )
    assert page.error_summary == [
        "You are the last administrator. Make somebody else an administrator first."
    ]


def test_an_account_without_a_password_is_not_asked_for_one(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    with app.app_context(), transaction():
        person = db.session.get_one(Person, scene.people.dauren.id)
        person.email, person.password_hash = "identity:1", ""
    page = client.get(f"{PRIVACY}/delete")
    assert page.select("input[name=password]") == []
    assert "identity:1" not in client.get(PRIVACY).text
    page = client.submit(page, "/delete", farewell="remove", confirmation="dauren o'neill")
    client.is_signed_in = False
    assert "Your account is deleted." in page.text


def test_the_page_about_privacy_says_how_long_what_is_kept(app: Flask, scene: Scene) -> None:
    page = visitor(app).get("/en/privacy")
    assert len(page.select("table tbody tr")) == len(Period)
    assert "30 days after its end" in page.text
    assert "Nobody can change or delete its lines." in page.text


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_every_code_has_its_words(app: Flask) -> None:
    assert set(HOLDING_NAMES) == {holding.name for holding in HOLDINGS}
    assert set(REGIONS) == set(Region)
    assert set(AGE_BANDS) == set(AgeBand)
    assert set(GENDERS) == set(Gender)
    with app.test_request_context("/en/"):
        assert len(retention_table()) == len(Period)
        assert all(str(consent_text(purpose)) for purpose in Purpose)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_words_of_a_version_that_people_agreed_to_do_not_change(app: Flask) -> None:
    with app.test_request_context("/en/"):
        found = {
            key: hashlib.sha256(str(words).encode()).hexdigest()[:16] for key, words in CONSENT_TEXTS.items()
        }
    assert found == FINGERPRINTS, "add a version instead"
