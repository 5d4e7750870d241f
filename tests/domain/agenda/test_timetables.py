"""Programmes with times, in the shapes that bodies print them."""

from datetime import date, time

from consult.domain.agenda.items import Agenda, Caution, Why
from consult.domain.agenda.reading import read_agenda
from consult.domain.languages import Language


def read(text: str, language: Language = Language.EN) -> Agenda:
    return read_agenda(text.splitlines(), language)


def titles(agenda: Agenda) -> list[str]:
    return [topic.title for topic in agenda.topics]


def test_a_time_and_its_title_on_one_line_make_a_topic_with_its_place() -> None:
    agenda = read(
        "Forum on rivers\n"
        "Thursday, 4 June 2020\n"
        "9.00: Coffee and registration\n"
        "9.30: Session 1: Who owns the water\n"
        "How should a city share it with farms?\n"
        "11.00-12.30: Lunch\n"
    )

    (topic,) = agenda.topics
    assert topic.title == "Who owns the water"
    assert topic.passage.quote == "Session 1: Who owns the water"
    assert topic.passage.place.first == topic.passage.place.last == 4
    assert (topic.day, topic.start, topic.end) == (date(2020, 6, 4), time(9, 30), None)
    assert topic.questions == ("How should a city share it with farms?",)
    assert [entry.why for entry in agenda.left_out] == [Why.LOGISTICS, Why.LOGISTICS]


def test_a_title_may_stand_on_the_line_after_its_time() -> None:
    agenda = read(
        "Day 1 - 7 May 2019\n\n09.00 - 09.30\n\n09.30 - 10.30\nOpening session\n\n"
        "11.00 - 12.30\nSession 2: Rural roads and\nwho mends them (by A. Person) (20 min)\n\n"
        "Some description.\n"
    )

    assert titles(agenda) == ["Rural roads and who mends them"]
    assert agenda.topics[0].passage.quote == "Session 2: Rural roads and\nwho mends them"
    assert [entry.why for entry in agenda.left_out] == [Why.UNTITLED, Why.LOGISTICS]


def test_a_table_with_pipes_is_a_timetable() -> None:
    agenda = read(
        "# Seminar, March 2018\n\n| Monday 05 March | |\n|---|---|\n| 9.30-10.00 | Registration |\n"
        "| 10.00-11.00 | **School meals** | Ms B. |\n| 11.00-11.20 | |\n",
    )

    assert titles(agenda) == ["School meals"]
    assert agenda.topics[0].day == date(2018, 3, 5)
    assert agenda.left_out[-1].why is Why.UNTITLED


def test_a_programme_flattened_to_one_line_is_read() -> None:
    agenda = read(
        "Meeting Agenda City Hall 8 - 9 May 2014 Agenda Thursday 8 May 08:15-09:00 Registration "
        "09:15-11:00 Opening Plenary: Open budgets – local and national Keynote speakers talk . "
        "Dr A (moderator) "
        "11:00-11:30 Coffee break 2 11:30-13:00 Parallel Sessions 1 (in separate rooms) "
        "1. Votes on street repairs Location: Hall A . Mr C 2. Data for journalists Location: "
        "Hall B *This session "
        "will end at 13:30 Hosted by D"
    )

    assert titles(agenda) == [
        "Open budgets – local and national",
        "Votes on street repairs",
        "Data for journalists",
    ]
    assert [topic.end for topic in agenda.topics] == [time(11), time(13), time(13, 30)]
    assert {topic.day for topic in agenda.topics} == {date(2014, 5, 8)}
    assert agenda.dates == (date(2014, 5, 8), date(2014, 5, 9))


def test_two_times_fused_on_one_line_share_its_text_and_the_next() -> None:
    agenda = read(
        "Programme\nThursday, October 4 8:00 - 9:00 9:00 - 12:30  Registration of participants\n\n"
        "Session on archives\n(for officials) - what to keep\n\nOpen market of ideas\n"
        "(for citizens) - bring yours\n"
    )

    assert titles(agenda) == ["Session on archives", "Open market of ideas"]
    assert {(topic.start, topic.end) for topic in agenda.topics} == {(time(9), time(12, 30))}


def test_a_year_that_is_not_printed_is_not_guessed() -> None:
    agenda = read("Programme\nThursday, October 4\n9:00-10:00 Archives and memory\n10:00-11:00 Lunch\n")

    (topic,) = agenda.topics
    assert topic.day == "Thursday, October 4"
    assert topic.cautions == (Caution.YEAR_MISSING,)
    assert agenda.dates == ()


def test_am_and_pm_count_for_both_ends_of_a_range_but_for_noon() -> None:
    agenda = read(
        "July 3, 2011\n9:00-10:15 am Trust in courts\n10:30 -12:00 pm Trust in police\n"
        "2-3 pm Trust in press\n"
    )

    assert [(topic.start, topic.end) for topic in agenda.topics] == [
        (time(9), time(10, 15)),
        (time(10, 30), time(12)),
        (time(14), time(15)),
    ]


def test_an_upside_down_range_of_days_is_reported_and_makes_no_dates() -> None:
    agenda = read(
        "Workshop on parks, 5-3 March 2016\n10:00-11:00 Who keeps the parks\n"
        "12:00-11:00 Playgrounds for all\n"
    )

    assert agenda.dates == ()
    assert agenda.cautions == (Caution.DATE_RANGE_UPSIDE_DOWN,)
    assert [topic.day for topic in agenda.topics] == ["5-3 March 2016", "5-3 March 2016"]
    assert Caution.TIME_RANGE_UPSIDE_DOWN in agenda.topics[1].cautions


def test_a_russian_programme_keeps_its_frame_out() -> None:
    agenda = read(
        "Программа форума «Чистый воздух»\n\n2 мая 2024 г.\n\nПРОЕКТ\n\n10 сентября 2024 года\n\n"
        "В течение дня\n\n"
        "Прибытие делегаций\n\n11 сентября 2024 года\n\n09:00-09:30\n\nРегистрация участников\n\n"
        "09:30-10:00\n\nТоржественное открытие форума\n\n10:00-11:30\n\nСессия 1. Выбросы и здоровье\n"
        "Модератор: А. Иванова\nВопросы для обсуждения:\n- Кто измеряет выбросы?\n- Где видны данные?\n\n"
        "14:00-16:00\n\nПродолжение работы форума:\n\n– Презентация карты выбросов.\n\n"
        "– Панельная дискуссия: «Тепло без угля» (для всех участников).\n\n18.00-19:00\n\nКонцерт\n",
        Language.RU,
    )

    assert titles(agenda) == ["Выбросы и здоровье", "Презентация карты выбросов", "Тепло без угля"]
    assert agenda.topics[0].questions == ("Кто измеряет выбросы?", "Где видны данные?")
    assert agenda.dates == (date(2024, 9, 10), date(2024, 9, 11))
    assert {topic.day for topic in agenda.topics} == {date(2024, 9, 11)}


def test_a_kazakh_programme_of_two_days_is_read() -> None:
    agenda = read(
        "Форум бағдарламасы\n2022 жылғы 15-16 қыркүйек\n\n1-күн. 15 қыркүйек\n\n"
        "09:00–09:30 Қатысушыларды тіркеу\n09:30–10:00 Форумның ашылуы\n"
        "10:00–11:30 1-сессия. Ашық деректердің сапасы\n"
        "11:30–11:45 Кофе-үзіліс\n\n2-күн. 16 қыркүйек\n10:00–11:30 Дөңгелек үстел «Кеңестердің рөлі»\n"
        "11:30–12:00 Қорытындылау\n",
        Language.KK,
    )

    assert [(topic.title, topic.day) for topic in agenda.topics] == [
        ("Ашық деректердің сапасы", date(2022, 9, 15)),
        ("Кеңестердің рөлі", date(2022, 9, 16)),
    ]


def test_a_speaker_with_a_time_is_no_topic() -> None:
    agenda = read(
        "4 June 2020\n9.00: Mr. Ivan Person, Minister of Finance\n"
        "9.20: Anna Other, Director of Roads\n10.00: Tolls and tunnels\n"
    )

    assert titles(agenda) == ["Tolls and tunnels"]
    assert [entry.why for entry in agenda.left_out] == [Why.SPEAKER, Why.SPEAKER]


def test_parallel_sessions_with_labels_are_topics_of_the_same_time() -> None:
    agenda = read(
        "4 June 2020\n13:00 – 14:30\nParallel sessions\nSession A: Open contracting\n"
        "Session B: Civic space\n\n14:30 – 15:00\nBreak\n"
    )

    assert [(topic.title, topic.start) for topic in agenda.topics] == [
        ("Open contracting", time(13)),
        ("Civic space", time(13)),
    ]
