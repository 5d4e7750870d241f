"""How somebody wants mail, and the way out that every letter carries."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from consult.domain.languages import Language
from consult.domain.mail import Frequency
from consult.queries.mail import mail_choices
from consult.web.letters.phrasing import stop_token
from tests.support.cast import Cast, comment, open_consultation, published_comment, within
from tests.support.post import deliver, let_time_pass, letters_in
from tests.support.scenes import visitor


def chosen(app: Flask, person_id: int) -> tuple[Frequency, Language]:
    with app.app_context():
        return mail_choices(person_id)


def stop_path(app: Flask, person_id: int, language: str = "en") -> str:
    with app.app_context():
        return f"/{language}/mail/stop/{stop_token(person_id)}"


def test_the_daily_letter_is_the_default_and_both_choices_are_kept(app: Flask, people: Cast) -> None:
    client = visitor(app, people.dauren)
    page = client.get("/en/me/notifications")
    assert [field.get("value") for field in page.select("input[checked]")] == ["digest", "en"]
    page = client.submit(page, "/me/notifications", frequency="immediate", language="ru")
    assert "Your choice is kept." in page.text
    assert chosen(app, people.dauren.id) == (Frequency.IMMEDIATE, Language.RU)
    assert chosen(app, people.aigerim.id) == (Frequency.DIGEST, Language.KK)


def test_a_choice_that_is_none_is_refused_at_its_field(app: Flask, people: Cast) -> None:
    client = visitor(app, people.dauren)
    page = client.get("/en/me/notifications")
    token = page.select("input[name=csrf_token]")[0].get("value")
    fields = {"csrf_token": token, "frequency": "hourly", "language": "en"}
    refused = client.post("/en/me/notifications", fields, status=422)
    assert len(refused.error_summary) == 1
    assert chosen(app, people.dauren.id) == (Frequency.DIGEST, Language.EN)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_link_asks_first_and_its_button_ends_the_news(app: Flask, people: Cast, language: str) -> None:
    stranger = visitor(app)
    page = stranger.get(stop_path(app, people.dauren.id, language))
    assert chosen(app, people.dauren.id)[0] is Frequency.DIGEST
    stranger.submit(page, "/mail/stop/", status=200)
    assert chosen(app, people.dauren.id) == (Frequency.NONE, Language.EN)


def test_one_request_of_a_mail_program_ends_the_news_without_cookie_or_sign_in(
    app: Flask, people: Cast
) -> None:
    """RFC 8058, with the address that stands in the header of a real letter."""
    with within(app):
        built = open_consultation(app)
        mine = comment(app, people.dauren, built)
        published_comment(app, people.aigerim, built, "A reply.", reply_to=mine)
    let_time_pass(app)
    assert deliver(app) == 1
    (letter,) = letters_in(app.extensions["consult_settings"].instance)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = str(letter["List-Unsubscribe"]).strip("<> ")
    answer = app.test_client(use_cookies=False).post(
        urlsplit(url).path, data={"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert chosen(app, people.dauren.id)[0] is Frequency.NONE
    assert chosen(app, people.aigerim.id)[0] is Frequency.DIGEST


def test_a_token_that_was_never_given_out_ends_nobodys_news(app: Flask, people: Cast) -> None:
    token = stop_path(app, people.dauren.id).rpartition("/")[2]
    payload, _, signature = token.rpartition(".")
    forged = [f"{payload}x.{signature}", f"MQ.{signature[:-1]}", "x", f"{token}{token}"]
    for wrong in forged:
        visitor(app).post(f"/en/mail/stop/{wrong}", {"List-Unsubscribe": "One-Click"}, status=404)
        visitor(app).get(f"/en/mail/stop/{wrong}", status=404)
    assert chosen(app, people.dauren.id)[0] is Frequency.DIGEST
