"""Agendas that list their points, and announcements in sentences."""

from datetime import date, time

import pytest

from consult.domain.agenda.items import Agenda, Caution, Why
from consult.domain.agenda.reading import read_agenda
from consult.domain.languages import Language


def read(text: str, language: Language = Language.EN) -> Agenda:
    return read_agenda(text.splitlines(), language)


def titles(agenda: Agenda) -> list[str]:
    return [topic.title for topic in agenda.topics]


def test_bullets_after_a_cue_are_points_of_the_announced_day_and_time() -> None:
    agenda = read(
        "The council will meet on Tuesday, May 22, at 10:00.\n\nOn the agenda:\n\n"
        "• Snow on the roads.\n\n• Ice on the roofs.\n\n"
        "After the meeting a press conference will be held.\n"
    )

    assert titles(agenda) == ["Snow on the roads", "Ice on the roofs"]
    assert {(topic.day, topic.start) for topic in agenda.topics} == {("Tuesday, May 22", time(10))}


def test_an_order_of_business_has_no_topic() -> None:
    agenda = read(
        "The order of business shall be as follows:\n\nA. Call to order;\n\nB. Approval of agenda:\n\n"
        "1. Minutes of previous meetings;\n\nC. Reports:\n\n1. Clerk’s report;\n\n"
        "D. New business;\n\nE. Adjournment.\n"
    )

    assert agenda.topics == ()
    assert len(agenda.left_out) == 7
    assert {entry.why for entry in agenda.left_out} == {Why.PROCEDURE, Why.NO_SUBJECT}


def test_what_stands_under_new_business_is_judged_by_itself() -> None:
    agenda = read(
        "AGENDA\nMarch 5, 2024, 7:00 p.m.\n1. Roll call\n2. New Business\n"
        "   a) Speed limits near schools\n3. Adjournment\n"
    )

    assert titles(agenda) == ["Speed limits near schools"]
    assert (agenda.topics[0].day, agenda.topics[0].start) == (date(2024, 3, 5), time(19))


def test_a_numbered_kazakh_list_keeps_the_dates_of_older_decisions_out() -> None:
    agenda = read(
        "Мәслихаттың 5-сессиясы 2020 жылғы 21 қазанда сағат 16:00-де ашылады.\n"
        "Күн тәртібіне мына мәселелер ұсынылады:\n"
        "1. «Мұраларды қорғау туралы» 2019 жылғы 19 сәуірдегі №3 шешімінің орындалуы туралы.\n"
        "2. Қосымша мәселелер.\n",
        Language.KK,
    )

    (topic,) = agenda.topics
    assert topic.passage.quote.startswith("1. «Мұраларды қорғау")
    assert (topic.day, topic.start) == (date(2020, 10, 21), time(16))
    assert agenda.dates == (date(2020, 10, 21),)
    assert [entry.why for entry in agenda.left_out] == [Why.PROCEDURE]


def test_a_numbered_russian_list_leaves_its_speakers_out() -> None:
    agenda = read(
        "Повестка дня очередной сессии\n25 декабря 2019 года, 10.00 часов\n\n"
        "1. О районном бюджете.\nДокладчик: Сериков А.\n"
        "2. О мерах от 12 июня 2018 года № 24 «О помощи».\n(докладчик – Ким В.)\n3. Разное.\n",
        Language.RU,
    )

    assert titles(agenda) == ["О районном бюджете", "О мерах от 12 июня 2018 года № 24 «О помощи»"]
    assert {(topic.day, topic.start) for topic in agenda.topics} == {(date(2019, 12, 25), time(10))}


def test_semicolons_and_focus_in_prose_make_topics_of_the_right_days() -> None:
    agenda = read(
        "On June 7-8, 2018 the institute held two workshops.\n\n"
        "During the first day the experts presented a review.\n\n"
        "The purpose of the seminar was to explore reform.\n\n"
        "Courts in rural areas, including travelling judges; fees and exemptions were the topics "
        "that drew most interest.\n\n"
        "The workshop on June 8 focused on sharing good practices to build trust in mediation. "
        "Furthermore, the seminar has provided tools to train mediators.\n"
    )

    assert [(topic.title, topic.day) for topic in agenda.topics] == [
        ("Courts in rural areas, including travelling judges", date(2018, 6, 7)),
        ("Fees and exemptions", date(2018, 6, 7)),
        ("Build trust in mediation", date(2018, 6, 8)),
        ("Tools to train mediators", date(2018, 6, 8)),
    ]
    assert agenda.topics[0].cautions == (Caution.MAY_HOLD_SEVERAL,)


def test_one_theme_owns_the_guiding_questions() -> None:
    agenda = read(
        "Приглашаем на круглый стол на тему «Наш двор»\nВопросы для дискуссии:\n"
        "- Кто убирает двор?\n- Кто платит за свет?\n"
        "Приглашены:\nИван Иванов\n"
        "Круглый стол состоится в пятницу 21 мая 2010 года в 18:00 по адресу:\nул. Новая, 1\n",
        Language.RU,
    )

    (topic,) = agenda.topics
    assert topic.title == "Наш двор"
    assert topic.questions == ("Кто убирает двор?", "Кто платит за свет?")
    assert (topic.day, topic.start) == (date(2010, 5, 21), time(18))


def test_points_named_in_a_kazakh_sentence_are_told_apart() -> None:
    agenda = read(
        "Кеңестің отырысы а.ж. 18 қыркүйегінде өтті. Күн тәртібінде кеңес құрамын толықтыру, "
        "төсбелгі жобасын қарастыру "
        "мәселелері көтерілді. Ұсыныс қабылданды.\n",
        Language.KK,
    )

    assert titles(agenda) == ["Кеңес құрамын толықтыру", "Төсбелгі жобасын қарастыру"]
    assert {topic.day for topic in agenda.topics} == {"18 қыркүйегінде"}


def test_other_matters_at_the_end_of_a_kazakh_sentence_are_no_topic() -> None:
    agenda = read(
        "Сессия 2026 жылғы 3 наурызда сағат 11.00-де өтеді.\n"
        "Сессияның қарауына «Бюджет туралы» 2025 жылғы 10 желтоқсандағы "
        "№ 8 шешіміне өзгерістер енгізу туралы» сұрағы және басқа да сұрақтар енгізіледі.\n",
        Language.KK,
    )

    (topic,) = agenda.topics
    assert topic.passage.quote.endswith("өзгерістер енгізу туралы")
    assert agenda.dates == (date(2026, 3, 3),)


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "309398", "Please bring lunch. Parking from 8:00 to 18:00.\n1. Turn left.\n2. Walk.\n"],
)
def test_a_text_without_an_agenda_has_no_topic(text: str) -> None:
    assert read(text).topics == ()


def test_the_source_line_is_kept_apart_and_counted() -> None:
    agenda = read(
        "Source: https://example.org/4-5-October-2012 (copy)\nAgenda:\n- Snow on the roads\n"
        "- Ice on the roofs\n"
    )

    assert agenda.source_url == "https://example.org/4-5-October-2012"
    assert agenda.dates == ()
    assert agenda.topics[0].passage.place.first == 3


def test_numbers_without_a_sign_count_where_there_are_three_in_a_row() -> None:
    agenda = read(
        "Scrutiny Committee\nDate: Wednesday 14 October 2020\nTime: 6.30 pm\n\nAGENDA\n\n"
        "1 Apologies for absence\n"
        "2 Air quality plan (Pages 9 - 40)\n  Report of the Director\n3 School places\n"
    )

    assert titles(agenda) == ["Air quality plan", "School places"]
    assert {(topic.day, topic.start) for topic in agenda.topics} == {(date(2020, 10, 14), time(18, 30))}


def test_a_table_of_numbered_points_is_a_list() -> None:
    agenda = read(
        "План заседания\n20.03.2023\n\n№ | Вопрос | Докладчик\n1 | О питьевой воде | Ким В.\n"
        "2 | О парках | Ли Б.\n"
    )

    assert [(topic.title, topic.day) for topic in agenda.topics] == [
        ("О питьевой воде", date(2023, 3, 20)),
        ("О парках", date(2023, 3, 20)),
    ]
