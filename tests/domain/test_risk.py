"""Marks order the queue: which there are, what they weigh, and that they are whole words and no more."""

import pytest

from consult.domain.personal_data import personal_data
from consult.domain.risk import (
    LAST_RANK,
    WEIGHTS,
    Circumstances,
    Mark,
    Marked,
    desk_rank,
    has_link,
    is_shouted,
    marked_text,
    marks_of,
    read_marks,
    rude_places,
    written_marks,
)

RUDE = frozenset({"дурак", "есек", "idiot"})
NOTHING = Circumstances()


def test_a_plain_comment_has_no_mark_and_stands_last() -> None:
    assert marks_of("Көшеге ағаш керек.", NOTHING, RUDE) == frozenset()
    assert desk_rank(frozenset()) == LAST_RANK


@pytest.mark.parametrize(
    ("text", "circumstances", "mark"),
    [
        ("Звоните +7 701 123-45-67", NOTHING, Mark.PERSONAL_DATA),
        ("Смотрите www.example.kz", NOTHING, Mark.LINK),
        ("Сам ДУРАК, сосед", NOTHING, Mark.PROFANITY),
        ("Сен есексің, Есек!", NOTHING, Mark.PROFANITY),
        ("ТРЕБУЕМ УБРАТЬ МУСОР", NOTHING, Mark.CAPITALS),
        ("Ағаш керек", Circumstances(is_first_of_author=True), Mark.NEWCOMER),
        ("Ағаш керек", Circumstances(is_alike=True), Mark.ALIKE),
        ("Ағаш керек", Circumstances(is_reread=True), Mark.CORRECTED),
        ("Ағаш керек", Circumstances(reports=1), Mark.REPORTED),
    ],
)
def test_each_sign_gives_its_mark_alone(text: str, circumstances: Circumstances, mark: Mark) -> None:
    marks = marks_of(text, circumstances, RUDE)
    assert marks == {mark}
    assert desk_rank(marks) == LAST_RANK - WEIGHTS[mark]


def test_every_mark_has_a_weight_and_all_together_stand_first() -> None:
    assert set(WEIGHTS) == set(Mark)
    assert desk_rank(frozenset(Mark), reports=9) == 0


def test_more_reports_weigh_more_up_to_five() -> None:
    ranks = [desk_rank({Mark.REPORTED}, reports) for reports in (1, 2, 5, 6, 1000)]
    assert ranks == [70, 65, 50, 50, 50]


@pytest.mark.parametrize("text", ["дурака", "придурак", "idiotic", "Есекжол көшесі", ""])
def test_a_word_that_only_holds_a_rude_one_is_not_rude(text: str) -> None:
    assert rude_places(text, RUDE) == ()


def test_rude_words_are_found_however_they_are_typed() -> None:
    text = "ДУРАК и Idiot"
    assert [text[start:end] for start, end in rude_places(text, RUDE)] == ["ДУРАК", "Idiot"]
    assert rude_places(text, frozenset()) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org/a", True), ("пишите на t.me/group", True), ("сайт shop.kz", True),
        ("me@shop.kz", False), ("и т.д.ру", False), ("Конец.Начало", False), ("", False),
    ],
)  # fmt: skip
def test_a_link_is_an_address_of_the_web_and_no_mailbox(text: str, *, expected: bool) -> None:
    assert has_link(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("США и ЕАЭС", False),
        ("ПОЧЕМУ НЕТ СВЕТА", True),
        ("Почему Нет Света", False),
        ("12345678901234", False),
    ],
)
def test_capitals_need_a_dozen_letters_and_most_of_them(text: str, *, expected: bool) -> None:
    assert is_shouted(text) is expected


def test_marks_are_written_so_that_each_can_be_looked_for() -> None:
    written = written_marks({Mark.LINK, Mark.PERSONAL_DATA})
    assert written == " personal-data link "
    assert read_marks(written) == (Mark.PERSONAL_DATA, Mark.LINK)
    assert (written_marks(frozenset()), read_marks("")) == ("", ())
    assert read_marks(" link of-a-later-release ") == (Mark.LINK,)


def test_a_text_is_cut_at_what_is_marked_and_nothing_is_lost() -> None:
    text = "Дурак, звони +7 701 123-45-67!"
    parts = marked_text(text, personal_data(text), rude_places(text, RUDE))
    assert "".join(part.text for part in parts) == text
    assert [part for part in parts if part.why] == [
        Marked("Дурак", Mark.PROFANITY),
        Marked("+7 701 123-45-67", Mark.PERSONAL_DATA),
    ]
    assert marked_text("plain", (), ()) == (Marked("plain"),)
    overlapping = marked_text("8 701 123 45 67", personal_data("8 701 123 45 67"), ((2, 5),))
    assert [part.why for part in overlapping] == [Mark.PERSONAL_DATA]
