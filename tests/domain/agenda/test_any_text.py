"""Whatever the text, a reading ends soon, raises nothing and quotes verbatim."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.domain.agenda.items import Caution
from consult.domain.agenda.reading import read_agenda
from consult.domain.languages import Language

FRAGMENTS = st.sampled_from(
    (
        *(
            "9:00",
            "10:30 - 12:00",
            "9.30 –",
            "8 - 9 May 2014",
            "Monday, 5 March",
            "2020 жылғы 21 қазанда",
            "31 июня 2020",
            "Day 2",
        ),
        *(
            "Agenda:",
            "Күн тәртібі:",
            "Повестка дня:",
            "Session 1:",
            "Parallel sessions",
            "1. ",
            "a) ",
            "- ",
            "•",
            "| ",
            "\t",
            "\n",
        ),
        *(
            "Lunch",
            "Registration",
            "О бюджете",
            "water and roads",
            "(for all)",
            "«",
            "»",
            "?",
            ";",
            ". ",
            "focused on",
            " were the topics",
        ),
    )
)
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(st.one_of(FRAGMENTS, st.text(max_size=8)), max_size=60).map(" ".join)
)


@given(TEXTS)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_quote_of_any_text_stands_in_its_lines(text: str) -> None:
    lines = text.split("\n")
    agenda = read_agenda(lines, Language.EN)

    topics, left_out = agenda.topics, agenda.left_out
    for passage in [*(topic.passage for topic in topics), *(entry.passage for entry in left_out)]:
        first, last = passage.place.first, passage.place.last
        assert 1 <= first <= last <= len(lines)
        assert passage.quote in "\n".join(lines[first - 1 : last])


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        "9:00-10:00 x ",
        "Monday 5 May 2016 ",
        "1 ",
        "«",
        "(",
        "| a",
        "topics: abc; ",
        "5 May - ",
        "The day focused on tax. ",
    ],
)
def test_a_line_of_five_megabytes_takes_seconds(unit: str) -> None:
    began = time.perf_counter()
    agenda = read_agenda([unit * (5_000_000 // len(unit))], Language.EN)

    assert time.perf_counter() - began < 40
    assert Caution.ONLY_BEGINNING_READ in agenda.cautions


@pytest.mark.parametrize(
    "line", ["10:00 Talk", "- point", "Agenda:", "1. О бюджете", "Session 1", "5 March 2016", ""]
)
def test_two_hundred_thousand_lines_take_seconds(line: str) -> None:
    began = time.perf_counter()
    read_agenda([line] * 200_000, Language.EN)

    assert time.perf_counter() - began < 60
