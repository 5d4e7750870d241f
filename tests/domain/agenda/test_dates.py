"""Days in three languages."""

from datetime import date

import pytest

from consult.domain.agenda.dates import Calendar
from consult.domain.agenda.items import Caution


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1-2 March 2016", date(2016, 3, 1), date(2016, 3, 2)),
        ("March 1-2, 2016", date(2016, 3, 1), date(2016, 3, 2)),
        ("13 -‐ 17 April 2015", date(2015, 4, 13), date(2015, 4, 17)),
        ("30 September – 2 October 2014", date(2014, 9, 30), date(2014, 10, 2)),
        ("Tuesday, July 12, 2011", date(2011, 7, 12), date(2011, 7, 12)),
        ("the 3rd of May 2019", date(2019, 5, 3), date(2019, 5, 3)),
        ("Day 1 - 29 October 2012", date(2012, 10, 29), date(2012, 10, 29)),
        ("в пятницу 21 мая 2010 года", date(2010, 5, 21), date(2010, 5, 21)),
        ("с 1 по 3 июня 2021 г.", date(2021, 6, 1), date(2021, 6, 3)),
        ("21.05.2010", date(2010, 5, 21), date(2010, 5, 21)),
        ("2010-05-21", date(2010, 5, 21), date(2010, 5, 21)),
        ("2020 жылғы 21 қазанда", date(2020, 10, 21), date(2020, 10, 21)),
        ("2022 жылғы 15-16 қыркүйек", date(2022, 9, 15), date(2022, 9, 16)),
    ],
)
def test_a_printed_day_is_read(text: str, first: date, last: date) -> None:
    calendar = Calendar(text)
    (mention,) = calendar.mentions

    assert calendar.resolve(mention).dates[0] == first
    assert calendar.resolve(mention).dates[-1] == last


@pytest.mark.parametrize(
    ("text", "caution"),
    [
        ("Thursday, October 4", Caution.YEAR_MISSING),
        ("18 қыркүйегінде", Caution.YEAR_MISSING),
        ("5-3 March 2016", Caution.DATE_RANGE_UPSIDE_DOWN),
        ("31 июня 2020 года", Caution.DATE_IMPOSSIBLE),
    ],
)
def test_a_day_that_cannot_be_known_makes_no_date(text: str, caution: Caution) -> None:
    calendar = Calendar(text)
    days = calendar.resolve(calendar.mentions[0])

    assert (days.dates, days.cautions) == ((), (caution,))


@pytest.mark.parametrize("text", ["8/6/2019", "4 may be enough", "in 2011/2012", "10:30", "version 1.2.2016"])
def test_other_numbers_are_no_days(text: str) -> None:
    assert Calendar(text).mentions == ()


def test_a_missing_year_comes_only_from_the_same_month_of_the_same_text() -> None:
    calendar = Calendar("Seminar, July 2012. Monday 02 July; Friday 3 August")

    assert calendar.resolve(calendar.mentions[0]).dates == (date(2012, 7, 2),)
    assert calendar.resolve(calendar.mentions[1]).dates == ()


def test_two_printed_years_of_a_month_decide_nothing() -> None:
    calendar = Calendar("July 2012 and July 2013: 2 July")

    assert calendar.resolve(calendar.mentions[0]).cautions == (Caution.YEAR_MISSING,)


def test_a_weekday_that_contradicts_the_date_is_reported() -> None:
    calendar = Calendar("Monday, 1 March 2016")

    assert calendar.resolve(calendar.mentions[0]).cautions == (Caution.WEEKDAY_DIFFERS,)


@pytest.mark.parametrize(
    "text",
    ["решение от 12 июня 2018 года № 24", "2019 жылғы 19 сәуірдегі №305 шешім", "approved on 15 July 2014"],
)
def test_the_date_of_another_document_is_cited(text: str) -> None:
    (mention,) = Calendar(text).mentions

    assert mention.is_cited
