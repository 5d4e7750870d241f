"""PDF with a text layer: lines as they lie on the page, with its number."""

from consult.adapters.documents import read_document
from consult.adapters.page_lines import Word
from consult.adapters.ruled_tables import Box, grid_of, lines_with_tables
from consult.domain.agenda.reading import read_agenda
from consult.domain.agenda.summary import summary
from consult.domain.languages import Language
from tests.support.files import Line, pdf_of

TIME, TITLE, ROOM = 60, 200, 420
TABLE: list[Line] = [
    "Сельский форум",
    "26 октября 2023 года",
    "",
    [(TIME, "09:00–09:30"), (TITLE, "Регистрация"), (ROOM, "Холл")],
    [(TIME, "09:30–10:30"), (TITLE, "Дороги между сёлами и их"), (ROOM, "Зал А")],
    [(TITLE, "содержание")],
    [(TIME, "10:30–11:00"), (TITLE, "Кофе-брейк")],
]


def read(pages: list[list[Line]]) -> list[tuple[int, str]]:
    return [(each.place, each.text) for each in read_document(pdf_of(pages), "a.pdf").passages if each.text]


def test_cells_on_one_height_are_one_row_and_a_wrapped_title_is_whole() -> None:
    assert read([TABLE])[2:] == [
        (1, "09:00–09:30 | Регистрация | Холл"),
        (1, "09:30–10:30 | Дороги между сёлами и их содержание | Зал А"),
        (1, "10:30–11:00 | Кофе-брейк"),
    ]


def test_topics_of_a_pdf_cite_their_page() -> None:
    second: list[Line] = [
        "27 октября 2023 года",
        "",
        "10:00–11:00 Вода в отдалённых посёлках",
        "12:00 Обед",
        "2",
    ]
    document = read_document(pdf_of([TABLE, second]), "a.pdf")
    agenda = read_agenda(document.lines, Language.RU, document.places)
    found = summary(agenda, sha256=document.sha256, place_name=document.place_name)["topics"]

    assert [(topic["title"], topic["page"], topic["day"]) for topic in found] == [
        ("Дороги между сёлами и их содержание", [1, 1], "2023-10-26"),
        ("Вода в отдалённых посёлках", [2, 2], "2023-10-27"),
    ]


def test_lines_of_a_paragraph_are_joined_and_lines_of_a_list_are_not() -> None:
    page: list[Line] = [
        "The hearing looks at the harbour and at what its",
        "rebuilding means for the fishermen of the town.",
        "1. Noise at night",
        "2. Access to the beach",
    ]

    assert [text for _, text in read([page])] == [
        "The hearing looks at the harbour and at what its rebuilding means for the fishermen of the town.",
        "1. Noise at night",
        "2. Access to the beach",
    ]


def test_page_numbers_are_no_words_of_the_agenda() -> None:
    assert read([["Roads", "", "Page 1 of 2"], ["Bridges", "", "2"]]) == [(1, "Roads"), (2, "Bridges")]


def test_words_between_drawn_rules_are_one_cell_wherever_they_stand_in_it() -> None:
    rules = [Box(50, y, 400, y + 0.5) for y in (100, 140, 180)] + [
        Box(x, 100, x + 0.5, 180) for x in (50, 150, 400)
    ]
    words = [
        Word("09:00", 60, 95, 155, 165),
        Word("Roads", 160, 200, 165, 175),
        Word("and", 160, 190, 150, 160),
        Word("10:00", 60, 95, 115, 125),
        Word("Rivers", 160, 200, 115, 125),
        Word("Below", 60, 95, 40, 50),
    ]

    assert [line for line in lines_with_tables(words, grid_of(rules)) if line] == [
        "09:00 | Roads",
        "and",
        "10:00 | Rivers",
        "Below",
    ]


def test_few_rules_draw_no_table() -> None:
    assert grid_of([Box(50, 100, 400, 100.5), Box(50, 90, 400, 90.5)]) is None
