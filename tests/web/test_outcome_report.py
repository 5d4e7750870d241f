"""The report on a consultation: page, CSV, Word and PDF from one reading."""

import csv
import io

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from flask import Flask

from consult.domain.comments import CommentState
from consult.domain.languages import Language
from consult.domain.outcomes import Target
from consult.domain.people import OPERATOR
from consult.domain.votes import Choice
from consult.services import moderation, outcomes, themes
from tests.support.cast import (
    Built,
    Cast,
    close_by_clock,
    comment,
    comment_state,
    open_consultation,
    vote,
    withheld_comment,
)
from tests.support.outcomes import (
    OTHER_POSITION,
    POSITION,
    TREES,
    answered_consultation,
    theme,
    write_outcome,
)
from tests.support.pages import PageClient
from tests.support.scenes import visitor

pytestmark = pytest.mark.usefixtures("installation")

KAZAKH = "Әр көшеде ғажап ағаш, қала үшін жаңа өмір, ұзақ жол, үлкен һауа, іргелі іс: әғқңөұүһі."
HOSTILE = '=HYPERLINK("http://x")\n<b>More</b> & more 🌳'


@pytest.fixture
def answered(app: Flask, people: Cast) -> Built:
    """A theme's answer under two comments, an answer of its own in Kazakh and Russian, a withheld comment."""
    with app.app_context():
        built = open_consultation(app)
        first = comment(app, people.aigerim, built, KAZAKH)
        second = comment(
            app, people.dauren, built, '=HYPERLINK("http://x")\n<b>More</b> & more 🌳', question=2
        )
        withheld_comment(app, people.dauren, built, "CANARY-WITHHELD")
        vote(app, people.dauren, built, first, Choice.DISAGREE)
        vote(app, people.administrator, built, first, Choice.AGREE)
        trees = theme(built.id, TREES)
        themes.put_theme(OPERATOR, built.id, trees, [first])
        outcomes.give_position(OPERATOR, built.id, Target(theme_id=trees), POSITION)
        outcomes.give_position(OPERATOR, built.id, Target(comment_id=second), OTHER_POSITION)
        write_outcome(built.id)
        close_by_clock(app, built)
        outcomes.publish_outcome(OPERATOR, built.id)
        return built


def fetch(client: PageClient, built: Built, code: str, language: str = "en") -> bytes:
    page = client.get(f"/{language}/c/{built.slug}/report.{code}")
    assert f"{built.slug}-report-{language}.{code}" in page.response.headers["Content-Disposition"]
    return page.response.get_data()


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_the_page_shows_each_comment_with_its_answer(client: PageClient, answered: Built) -> None:
    page = client.get(f"/en/c/{answered.slug}/report")
    assert KAZAKH in page.text
    assert "The trees are planted in autumn." in page.text
    assert "Accepted" in page.text
    assert "Not accepted" in page.text
    assert "CANARY-WITHHELD" not in page.text
    assert "A moderator withheld it under the rule “Insult or threat”." in page.text
    assert page.texts("tbody tr td.number")[:2] == ["1", "1"]
    # An English reader is told in which language a reason without an English text is.
    assert page.select("td p[lang=kk]")


def test_the_csv_is_the_table_of_the_export(client: PageClient, answered: Built) -> None:
    content = fetch(client, answered, "csv", "ru").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["comment"] for row in rows] == [
        KAZAKH,
        "",
        f"'{HOSTILE}",
    ]
    assert [row["decision"] for row in rows] == ["accepted", "", "not_accepted"]
    assert [row["rule"] for row in rows] == ["", "insult", ""]
    assert rows[0]["answer"] == rows[0]["reason"] == "Деревья посадят осенью."
    assert (rows[0]["likes"], rows[0]["dislikes"], rows[1]["answer"]) == ("1", "1", "")
    assert rows[0]["section"] == "Сколько деревьев нужно улице?"


def test_the_word_document_has_headings_tables_with_headers_and_languages(
    client: PageClient, answered: Built
) -> None:
    content = fetch(client, answered, "docx", "kk")
    assert content == fetch(client, answered, "docx", "kk")
    document = docx.Document(io.BytesIO(content))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings == [
        "1. Көшеге қанша ағаш керек?",
        "2. Көше жаяу жүргіншілерге берілсін.",
    ]
    assert [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Title"] == [
        "Жасыл көше"
    ]
    first, second = document.tables
    assert [cell.text for cell in first.rows[1].cells][1] == KAZAKH
    assert [cell.text for cell in second.rows[1].cells][1] == HOSTILE
    assert "CANARY" not in "".join(cell.text for row in first.rows for cell in row.cells)
    for table in document.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert document.core_properties.language == "kk-KZ"
    assert "Жасыл көше" in document.core_properties.title
    spoken = {each.get(qn("w:val")) for each in document.element.iter(qn("w:lang"))}
    assert {"kk-KZ"} <= spoken


@pytest.mark.parametrize("language", Language)
def test_the_pdf_embeds_a_font_with_every_kazakh_letter(
    client: PageClient, answered: Built, language: Language
) -> None:
    content = fetch(client, answered, "pdf", language.value)
    assert content == fetch(client, answered, "pdf", language.value)
    text = " ".join(pdf_text(content).split())
    for letter in "әғқңөұүһі":
        assert letter in text
    assert "CANARY-WITHHELD" not in text
    assert "<b>More</b> & more" in text
    assert b"FontFile2" in content
    assert f"/Lang ({language.value})".encode() in content
    document = pypdfium2.PdfDocument(content)
    assert document.get_metadata_value("Title")
    assert [mark.get_title()[:2] for mark in document.get_toc()] == ["1.", "2."]
    document.close()


def test_a_report_longer_than_a_page_repeats_its_header_and_loses_nothing(
    app: Flask, client: PageClient, people: Cast
) -> None:
    with app.app_context():
        built = open_consultation(app)
        bodies = [f"Ұсыныс {number}: " + "ағаш керек " * 440 for number in range(4)]
        keys = [comment(app, people.aigerim, built, body) for body in bodies]
        for key in keys:
            outcomes.give_position(OPERATOR, built.id, Target(comment_id=key), POSITION)
        write_outcome(built.id)
        close_by_clock(app, built)
        outcomes.publish_outcome(OPERATOR, built.id)
    content = fetch(client, built, "pdf")
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    assert len(pages) > 4
    assert all("Likes" in page for page in pages[1:])
    assert sum(page.count("ағаш") for page in pages) == 4 * 440


def test_before_the_answer_only_those_who_answer_read_a_draft(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        key = comment(app, people.aigerim, built, KAZAKH)
        outcomes.give_position(OPERATOR, built.id, Target(comment_id=key), POSITION)
    for member in (None, people.dauren):
        stranger = visitor(app, member)
        page = stranger.get(f"/en/c/{built.slug}/report")
        assert "There is no answer yet." in page.text
        assert "planted" not in page.text
        for code in ("csv", "docx", "pdf"):
            stranger.get(f"/en/c/{built.slug}/report.{code}", status=404)
    official = visitor(app, people.moderator)
    page = official.get(f"/en/c/{built.slug}/report")
    assert "Draft. The answer is not published yet." in page.text
    assert "The trees are planted in autumn." in page.text
    assert "Draft." in pdf_text(fetch(official, built, "pdf"))
    official.get(f"/en/c/{built.slug}/report.xls", status=404)
    # Likes stay hidden until they are shown to everybody.
    assert page.texts("tbody tr td.number") == ["–", "–"]


def test_words_withheld_after_the_answer_leave_the_report_too(
    app: Flask, client: PageClient, people: Cast
) -> None:
    built = answered_consultation(app, people)
    with app.app_context():
        moderation.withhold_comment(people.moderator.actor, built.comments[1], "insult", "Rude.")
        assert comment_state(app, built.comments[1]) is CommentState.WITHHELD
    assert "swimming pool" not in client.get(f"/en/c/{built.slug}/report").text
    for code in ("csv", "docx", "pdf"):
        content = fetch(client, built, code)
        assert b"swimming pool" not in content
    assert "swimming" not in pdf_text(fetch(client, built, "pdf"))
