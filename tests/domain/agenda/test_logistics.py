"""The frame of a meeting against its substance."""

import pytest

from consult.domain.agenda.items import Why
from consult.domain.agenda.logistics import why_not


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "Coffee and registration",
            "Registration of participants",
            "Welcome",
            "Opening Remarks",
            "Official welcome and opening remarks",
        ),
        *(
            "Closure of the first day followed by a dinner",
            "Wrap-up and closing",
            "Press conference",
            "Family photo",
            "Arrival of delegates",
        ),
        *(
            "Регистрация участников, приветственный кофе",
            "Торжественное открытие форума",
            "Обед",
            "Подведение итогов",
            "Пресс-подход",
        ),
        *(
            "Отъезд участников",
            "Концерт симфонического оркестра",
            "Культурная программа",
            "Вступительное слово министра",
        ),
        *(
            "Қатысушыларды тіркеу",
            "Кофе-үзіліс",
            "Түскі ас",
            "Форумның ашылуы",
            "Қорытындылау",
            "Құттықтау сөз",
        ),
    ],
)
def test_logistics_are_known(entry: str) -> None:
    assert why_not(entry) is Why.LOGISTICS


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "Call to order",
            "Roll call",
            "Approval of the agenda",
            "Minutes of previous meetings",
            "Any other business",
            "Adjournment",
        ),
        *(
            "City clerk’s report",
            "Утверждение повестки дня",
            "Разное",
            "Күн тәртібін бекіту",
            "Басқа да мәселелер",
        ),
    ],
)
def test_procedure_is_known(entry: str) -> None:
    assert why_not(entry) is Why.PROCEDURE


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "Registration of property rights online",
            "Opening government data",
            "Closing the gap between regions",
            "Press freedom",
        ),
        *(
            "Introduction of e-services in villages",
            "Reports on air quality and health",
            "Approval of the city budget",
            "Tea growing and trade",
        ),
        *(
            "Открытие новых школ в районе",
            "Регистрация прав на землю",
            "Обеспечение питьевой водой",
            "Закрытие шахт: что дальше",
        ),
        *(
            "Мектептердің ашылуына дайындық барысы туралы",
            "Жерді тіркеу қағидалары",
            "Аудандық бюджет туралы",
        ),
    ],
)
def test_substance_that_begins_with_the_same_words_is_kept(entry: str) -> None:
    assert why_not(entry) is None


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("", Why.UNTITLED),
        ("2 – 3", Why.UNTITLED),
        ("Discussion", Why.NO_SUBJECT),
        ("Dr Ann Person", Why.SPEAKER),
    ],
)
def test_an_entry_without_a_subject_says_so(entry: str, why: Why) -> None:
    assert why_not(entry) is why
