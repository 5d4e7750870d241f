"""The pages of results: what they say, to whom, and what they never say."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.consultations import ResultsPolicy
from consult.domain.people import OPERATOR
from consult.models.base import db
from consult.models.people import Person
from consult.services import moderation
from consult.services.opinion import compute_opinion
from tests.support.cast import Built, Cast, close_by_clock, open_consultation, vote, within
from tests.support.crowds import answers, crowd
from tests.support.scenes import visitor


def voters() -> list[int]:
    return list(
        db.session.scalars(sa.select(Person.id).where(Person.email.startswith("voter-")).order_by(Person.id))
    )


@pytest.fixture
def filled(app: Flask, people: Cast) -> tuple[Built, list[int]]:
    """A consultation with sixty voters of two minds and a vote of each on the proposition, still open."""
    built = open_consultation(app)
    keys = crowd(app, built, people.aigerim)
    with within(app):
        answers(built, voters())
        compute_opinion(OPERATOR, built.slug)
    return built, keys


def test_after_closing_everybody_reads_the_figures(app: Flask, filled: tuple[Built, list[int]]) -> None:
    built, _keys = filled
    close_by_clock(app, built)
    page = visitor(app).get(f"/en/c/{built.slug}/results")
    assert "60 people voted." in page.text
    assert "67 %" in page.text
    assert "do not represent all residents" in page.text
    assert page.texts("h2")[:2] == ["Common ground", "What divides"]
    assert "Statement 11 of many." in page.texts("table.divided")[0]
    assert {element.get("lang") for element in page.select("table.divided .prose")} == {"en"}
    captions = page.texts("caption")
    assert {"Region", "Gender", "How accounts were verified"} <= set(captions)


def test_small_categories_are_told_only_together(app: Flask, filled: tuple[Built, list[int]]) -> None:
    """Four people of Astana are hidden, and Almaty with them: sixty less the others would tell."""
    built, _keys = filled
    close_by_clock(app, built)
    text = visitor(app).get(f"/en/c/{built.slug}/results").text
    assert "City of Astana" not in text
    assert "2 small categories together" in text
    csv = visitor(app).get(f"/en/c/{built.slug}/results/participants.csv").response.text
    assert "KZ-71" not in csv
    assert re.search(r"people,region,withheld,\d\d", csv)


@pytest.mark.parametrize("path", ["results", "results/map"])
def test_results_wait_for_the_closing_where_the_organiser_wants_it(
    app: Flask, people: Cast, path: str
) -> None:
    built = open_consultation(app, results_policy=ResultsPolicy.AFTER_CLOSING)
    keys = crowd(app, built, people.aigerim)
    with within(app):
        answers(built, voters())
        compute_opinion(OPERATOR, built.slug)
        vote(app, people.dauren, built, keys[0])
    for member in (None, people.dauren, people.aigerim, people.moderator):
        client = visitor(app, member)
        page = client.get(f"/en/c/{built.slug}/{path}")
        assert "Results are shown to everybody after closing." in page.text
        assert "Statement" not in page.text
        assert not re.search(r"\d %", page.text)
        assert page.select("table, svg.opinion-map, .bar") == []
        for name in ("questions", "votes", "participants", "groups", "statements"):
            lines = client.get(f"/en/c/{built.slug}/results/{name}.csv").response.text.splitlines()[1:]
            assert not any(re.search(r",\d+,\d+,\d+", line) for line in lines), name
            assert name == "questions" or lines == [], name


def test_before_closing_a_voter_sees_what_was_voted_on_and_a_stranger_nothing(
    app: Flask, people: Cast, filled: tuple[Built, list[int]]
) -> None:
    built, keys = filled
    url = f"/en/c/{built.slug}/results"
    stranger = visitor(app).get(url)
    assert "after the own vote" in stranger.text
    assert stranger.select("table, .bar") == []
    vote(app, people.dauren, built, keys[-1])
    page = visitor(app, people.dauren).get(url)
    assert "Statement 11 of many." in page.text
    assert not re.search(r"Statement (?!11)\d+ of many", page.text)
    assert "67 %" not in page.text, "the proposition was not voted on"
    assert "City of Almaty" not in page.text
    assert "is shown after closing" in page.text
    csv = visitor(app, people.dauren).get(f"{url}/statements.csv").response.text
    assert set(re.findall(r"Statement \d+", csv)) == {"Statement 11"}
    assert visitor(app, people.dauren).get(f"{url}/participants.csv").response.text.count("\n") == 1


def test_withheld_words_leave_every_list_at_once(
    app: Flask, people: Cast, filled: tuple[Built, list[int]]
) -> None:
    built, keys = filled
    close_by_clock(app, built)
    with within(app):
        moderation.withhold_comment(OPERATOR, keys[-1], "insult", "Rude.")
        moderation.redact_comment(
            people.moderator.actor, keys[0], "Statement █ of many.", "personal-data", "A name."
        )
    for path in ("results", "results/map", "results/statements.csv"):
        text = visitor(app).get(f"/en/c/{built.slug}/{path}").response.text
        assert "Statement 11 of many" not in text
        assert "Statement 0 of many" not in text


def test_figures_of_few_people_are_not_shown(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    with within(app):
        answers(built, [people.aigerim.id, people.dauren.id])
    close_by_clock(app, built)
    page = visitor(app).get(f"/en/c/{built.slug}/results")
    assert "Too few people have taken part" in page.text
    assert page.select("table, .bar") == []


def test_the_map_names_groups_and_tells_the_reader_where_they_stand(
    app: Flask, people: Cast, filled: tuple[Built, list[int]]
) -> None:
    built, keys = filled
    for key in keys:
        vote(app, people.dauren, built, key)
    close_by_clock(app, built)
    with within(app):
        compute_opinion(OPERATOR, built.slug)
    url = f"/en/c/{built.slug}/results/map"
    page = visitor(app).get(url)
    (drawing,) = page.select("svg.opinion-map")
    assert len(drawing.cssselect("a.letter")) == 2
    assert [link.get("href") for link in drawing.cssselect("a.letter")] == ["#group-A", "#group-B"]
    assert drawing.cssselect("g[class^=group] > path")
    assert page.select(".you") == []
    assert "You stand" not in page.text
    mine = visitor(app, people.dauren).get(url)
    assert len(mine.select(".you")) == 1
    assert "Only you see it." in mine.text
    assert "no-store" in mine.response.headers["Cache-Control"]
    assert visitor(app, people.administrator).get(url).select(".you") == []


def test_few_voters_get_a_reason_instead_of_a_map(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    crowd(app, built, people.aigerim, people=30)
    close_by_clock(app, built)
    url = f"/en/c/{built.slug}/results/map"
    assert "has not been made yet" in visitor(app).get(url).text
    with within(app):
        compute_opinion(OPERATOR, built.slug)
    page = visitor(app).get(url)
    assert "So far 30 people have voted on comments." in page.text
    assert page.select("svg.opinion-map") == []


def test_a_map_without_clear_groups_says_so(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    keys = crowd(app, built, people.aigerim, people=200, minds=0)
    close_by_clock(app, built)
    with within(app):
        compute_opinion(OPERATOR, built.slug)
    page = visitor(app).get(f"/en/c/{built.slug}/results/map")
    assert "There are no clear groups" in page.text
    assert page.select("a.letter") == []
    assert len(keys) == 12


def test_a_consultation_that_has_not_opened_has_no_results(app: Flask, people: Cast) -> None:
    built = open_consultation(app, opens_in=timedelta(days=3))
    for path in ("results", "results/map", "results/questions.csv"):
        visitor(app, people.moderator).get(f"/en/c/{built.slug}/{path}", status=404)


def test_a_table_that_is_none_is_not_found(app: Flask, filled: tuple[Built, list[int]]) -> None:
    visitor(app).get(f"/en/c/{filled[0].slug}/results/everything.csv", status=404)
