"""Word documents: paragraphs, tables and lists as a reader sees them, with their numbers."""

import io

import docx

from consult.adapters.documents import read_document
from consult.domain.agenda.items import Agenda
from consult.domain.agenda.reading import read_agenda
from consult.domain.agenda.summary import summary
from consult.domain.languages import Language
from tests.support.files import docx_of, part_of, with_parts

ROWS = (
    ("09:00–09:30", "Тіркеу", "Фойе"),
    ("09:30–10:30", "Ауыл мектептерін жылыту\nМодератор: С. Қанатов", "Зал"),
    ("10:30–11:00", "Кофе-үзіліс", ""),
    ("11:00–12:00", "Автобус бағыттарын кеңейту", "Зал"),
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def lines_of(content: bytes) -> list[tuple[int, str]]:
    return [(each.place, each.text) for each in read_document(content, "a.docx").passages if each.text]


def agenda_of(content: bytes, language: Language = Language.KK) -> Agenda:
    document = read_document(content, "a.docx")
    return read_agenda(document.lines, language, document.places)


def with_body(inside: str) -> bytes:
    return with_parts(
        docx_of([]), document=f"<w:document {W}><w:body>{inside}</w:body></w:document>".encode()
    )


def test_paragraphs_that_say_something_and_rows_of_tables_are_counted() -> None:
    content = docx_of(["Форум", "", "2024 жылғы 5 сәуір"], ROWS)

    assert lines_of(content)[:4] == [
        (1, "Форум"),
        (2, "2024 жылғы 5 сәуір"),
        (3, "09:00–09:30 | Тіркеу | Фойе"),
        (4, "09:30–10:30 | Ауыл мектептерін жылыту"),
    ]


def test_a_table_of_a_word_document_becomes_topics_with_the_number_of_their_paragraph() -> None:
    agenda = agenda_of(docx_of(["Форум", "2024 жылғы 5 сәуір"], ROWS))
    found = summary(agenda, sha256="", place_name="paragraph")["topics"]

    assert [(topic["title"], topic["paragraph"], topic["day"], topic["start"]) for topic in found] == [
        ("Ауыл мектептерін жылыту", [4, 4], "2024-04-05", "09:30"),
        ("Автобус бағыттарын кеңейту", [6, 6], "2024-04-05", "11:00"),
    ]


def test_points_that_word_numbers_by_itself_are_quoted_without_the_number() -> None:
    words = ["О ремонте дорог в районе", "О строительстве детского сада", "Разное"]
    content = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Повестка дня:")
    for each in words:
        document.add_paragraph(each, style="List Number")
    document.save(content)
    topics = agenda_of(content.getvalue(), Language.RU).topics

    assert [topic.passage.quote for topic in topics] == words[:2]
    assert [topic.passage.place.first for topic in topics] == [2, 3]


def test_bullets_are_read_as_bullets() -> None:
    assert lines_of(docx_of(["Roads"], style="List Bullet")) == [(1, "• Roads")]


def test_removed_words_hidden_words_and_spare_copies_are_not_read_and_inserted_ones_are() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
    removed = f"<w:del>{run.format('removed')}</w:del>"
    inserted = f"<w:ins>{run.format('inserted ')}</w:ins>"
    content = with_body(f"<w:p>{run.format('Roads ')}{removed}{hidden}{inserted}</w:p>")

    assert lines_of(content) == [(1, "Roads inserted")]


def test_content_controls_and_nested_tables_are_read() -> None:
    paragraph = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    cells = "".join(f"<w:tc>{paragraph.format(letter)}</w:tc>" for letter in "ab")
    inner = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    content = with_body(
        f"<w:sdt><w:sdtContent>{paragraph.format('kept')}</w:sdtContent></w:sdt>"
        f"<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    )

    assert lines_of(content) == [(1, "kept"), (2, "a | b")]


def test_the_tests_make_what_word_makes() -> None:
    assert b"<w:body>" in part_of(docx_of(["x"]), "word/document.xml")
