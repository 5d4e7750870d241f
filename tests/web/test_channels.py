"""Pages on which officials type in what came on paper, by e-mail or at a meeting."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from consult.domain.channel_files import HEADERS
from consult.domain.channels import Written
from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.models.base import db
from consult.models.channels import InputItem
from consult.models.comments import Comment
from consult.services import channels
from tests.support.cast import Built, Cast, count, open_consultation, vote
from tests.support.channels import LETTER, batch_in, complete_batch
from tests.support.pages import Page, PageClient
from tests.support.scenes import local_time, token_of, visitor

pytestmark = pytest.mark.usefixtures("installation")


@pytest.fixture
def built(app: Flask) -> Built:
    return open_consultation(app)


@pytest.fixture
def official(app: Flask, people: Cast) -> PageClient:
    return visitor(app, people.moderator)


def begin(app: Flask, built: Built, announced: int = 2) -> str:
    """A batch; answers the address of its page."""
    with app.app_context():
        number = channels.open_batch(OPERATOR, built.id, batch_in(announced=announced))
    return f"/en/o/consultations/{built.id}/input/{number}"


def upload(official: PageClient, address: str, content: bytes, *, status: int = 200) -> Page:
    page = official.get(f"{address}/file")
    fields = {"csrf_token": token_of(page), "document": (BytesIO(content), "items.csv")}
    sent = official.post(f"{address}/file", fields, status=status if status >= 400 else 303)
    return official.follow(sent)


def test_letters_are_typed_in_one_after_another_and_become_comments(
    app: Flask, official: PageClient, built: Built
) -> None:
    page = official.get(f"/en/o/consultations/{built.id}/edit")
    page = official.get(page.links["Input from other channels"])
    ahead = local_time(timedelta(minutes=2))
    page = official.submit(page, "/input", received_at=ahead, originals="File 12", announced="2", status=422)
    assert page.error_summary == ["This time is still ahead. Say when it was received."]
    address = begin(app, built)
    page = official.get(address)
    page = official.submit(page, address, question="1", text=LETTER.text, name="Сәуле Ким", region="KZ-75")
    assert "Item 1 is entered." in page.document.text_content()
    page = official.submit(page, f"{address}/complete", status=409)
    assert "announced with 2 items and holds 1" in page.error_summary[0]
    page = official.submit(page, address, question="1", text=LETTER.text)
    assert "It has the same words as item 1" in page.document.text_content()
    page = official.submit(page, f"{address}/complete")
    assert "2 comments are published." in page.document.text_content()
    assert page.select(f"form[action$='{address}']") == []
    listed = official.get(f"/en/o/consultations/{built.id}/input")
    assert "Complete" in listed.texts("td")


def test_the_public_page_says_how_words_came_and_never_who_typed_them(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    with app.app_context():
        _, keys = complete_batch(
            app, built, LETTER, Written("1", "Дайте улицу людям.", name="Ким"), by=people.moderator.actor
        )
    page = client.get(f"/en/c/{built.slug}/q/1")
    said = page.texts("article header")
    assert any("A participant who wrote on paper" in words and "Received on paper" in words for words in said)
    assert any("Ким" in words and "Received on paper" in words for words in said)
    assert people.moderator.actor.name not in page.text
    single = client.get(f"/ru/c/{built.slug}/comments/{keys[0]}")
    assert people.moderator.actor.name not in single.text
    assert "Ким" in client.get(f"/en/c/{built.slug}/feed.atom").response.get_data(as_text=True)


def test_a_participant_of_a_meeting_is_called_so(app: Flask, client: PageClient, built: Built) -> None:
    complete_batch(app, built, LETTER, channel="meeting")
    assert "A participant of the meeting" in client.get(f"/en/c/{built.slug}/q/1").text


def test_an_item_is_corrected_with_a_reason_and_its_earlier_words_stay_readable(
    app: Flask, official: PageClient, people: Cast, built: Built
) -> None:
    batch_id, (key,) = complete_batch(app, built, LETTER)
    vote(app, people.dauren, built, key)
    address = f"/en/o/consultations/{built.id}/input/{batch_id}/items/1"
    page = official.submit(official.get(address), address, text="Ағаш көп керек.", status=422)
    assert page.error_summary == ["Give the reason in words."]
    official.submit(page, address, text="Ағаш көп керек.", reason="A word was misread.")
    page = official.get(f"/en/c/{built.slug}/comments/{key}")
    assert "Corrected after its original on" in page.text
    assert "by its author" not in page.text
    assert LETTER.text in page.text


def test_a_file_is_looked_at_before_it_is_loaded(app: Flask, official: PageClient, built: Built) -> None:
    address = begin(app, built)
    content = "Сұрақ;Мәтін;Есім\n1;Әр көшеге ағаш керек;\n2;=1+1;Ким\n".encode()
    page = upload(official, address, content)
    assert "The file holds 2 items. Nothing is loaded yet." in page.text
    assert "=1+1" in page.text
    with app.app_context():
        assert count(InputItem) == 0
    page = official.submit(page, "/file/load")
    assert "2 items were loaded." in page.document.text_content()
    official.submit(page, f"{address}/complete")
    with app.app_context():
        bodies = db.session.scalars(db.select(Comment.body).order_by(Comment.id)).all()
    assert bodies == ["Әр көшеге ағаш керек", "=1+1"]


def test_each_broken_line_of_a_file_is_named(app: Flask, official: PageClient, built: Built) -> None:
    address = begin(app, built)
    page = upload(official, address, b"question,text\n1,Trees\n7,Trees\n1,\n", status=422)
    assert page.error_summary == [
        "Line 3: The consultation has no question with the number “7”.",
        "Line 4: Write your comment before you send it.",
    ]
    page = upload(official, address, "question;text\n1;Ә\n".encode("utf-16"), status=422)
    assert "CSV UTF-8" in page.error_summary[0]
    page = upload(official, address, "вопрос;текст\n1;Деревья\n".encode("cp1251"))
    assert "Windows-1251" in page.text
    page = official.submit(page, "/file/discard")
    assert "The file was let go." in page.document.text_content()
    page = official.submit(official.get(f"{address}/file"), f"{address}/file", status=422)
    assert page.error_summary == ["Choose a file."]


@pytest.mark.parametrize("language", Language)
def test_an_empty_file_is_there_in_each_language(
    app: Flask, people: Cast, built: Built, language: Language
) -> None:
    official = visitor(app, people.moderator)
    page = official.get(f"/{language}/o/consultations/{built.id}/input/template.csv")
    written = page.response.get_data().decode("utf-8-sig")
    assert set(written.strip().replace(",", ";").split(";")) == set(HEADERS[language])
    assert page.response.mimetype == "text/csv"


def test_a_batch_is_corrected_discarded_and_its_items_are_edited(
    app: Flask, official: PageClient, built: Built
) -> None:
    address = begin(app, built)
    page = official.submit(official.get(address), address, question="2", text="One")
    page = official.submit(official.get(f"{address}/items/1"), "/items/1", text="Two", language="en")
    assert "Two" in page.text
    page = official.submit(official.get(f"{address}/edit"), "/edit", announced="0", status=422)
    assert page.error_summary == ["The number of items must be from 1 to 500."]
    page = official.submit(page, "/edit", announced="1")
    assert "Both numbers are the same: 1." in page.text
    page = official.submit(page, "/items/1/remove")
    page = official.submit(page, "/discard")
    assert "The batch is discarded" in page.document.text_content()
    official.get(address, status=404)


def test_what_is_typed_in_wrongly_is_named_at_its_field(
    app: Flask, official: PageClient, built: Built
) -> None:
    address = begin(app, built)
    page = official.submit(
        official.get(address), address, question="1", text="Trees", name="a@example.kz", status=422
    )
    assert page.error_summary == [
        "The public name holds an e-mail address or a number. Write a name only, or leave it empty."
    ]
    assert page.select("#name-error")
    official.post(address, {"csrf_token": token_of(page), "question": "9", "text": "Trees"}, status=422)


def test_an_editor_of_another_consultation_enters_nothing_here(
    app: Flask, people: Cast, built: Built
) -> None:
    stranger = visitor(app, people.dauren)
    stranger.get(f"/en/o/consultations/{built.id}/input", status=403)
    with app.app_context():
        assert count(InputItem) == 0
