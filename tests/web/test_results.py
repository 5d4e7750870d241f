"""The pages of results: what they say, to whom, and what they never say."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.consultations import ResultsPolicy
from consult.domain.people import OPERATOR
from consult.models.base import db, transaction
from consult.models.opinion import OpinionBin, OpinionGroup, OpinionGroupStatement
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
    assert "2 categories together" in text
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
    assert "There is none of this kind among the comments on which you have voted." in page.text
    assert "There is no comment" not in page.text, "there may be one that is not voted on"
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


def test_a_group_of_which_no_cell_is_drawn_has_its_letter_all_the_same(
    app: Flask, people: Cast, filled: tuple[Built, list[int]]
) -> None:
    built, _keys = filled
    close_by_clock(app, built)
    with within(app), transaction():
        here = sa.update(OpinionBin).where(OpinionBin.consultation_id == built.id)
        db.session.execute(here.where(OpinionBin.number == 1).values(people=1))
        db.session.execute(here.where(OpinionBin.number == 0).values(people=20))
    page = visitor(app).get(f"/en/c/{built.slug}/results/map")
    assert page.texts("svg.opinion-map a.letter") == ["A", "B"]
    assert len(page.select("svg.opinion-map path.outline")) == 1
    assert [("Only its middle" in text) for text in page.texts(".groups-legend > li")] == [False, True]
    for kind in ("svg", "png"):
        visitor(app, people.moderator).get(f"/en/o/consultations/{built.slug}/results/map.{kind}")


def test_a_comment_on_which_few_of_a_group_voted_is_in_no_list(
    app: Flask, people: Cast, filled: tuple[Built, list[int]]
) -> None:
    """Its place in a list would tell how those few voted, whatever becomes of the figures."""
    built, keys = filled
    close_by_clock(app, built)
    url = f"/en/c/{built.slug}/results"
    assert "Statement 0 of many." in visitor(app).get(f"{url}/map").text
    with within(app), transaction():
        for key, number in ((keys[0], 0), (keys[-1], 1)):
            row = db.session.get_one(OpinionGroupStatement, (built.id, number, key))
            row.agree, row.disagree, row.passes = min(row.agree, 4), min(row.disagree, 4), 0
    for path in (url, f"{url}/map", f"{url}/statements.csv"):
        text = visitor(app).get(path).response.text
        assert "Statement 0 of many." not in text
        assert "Statement 11 of many." not in text
    assert "Too few votes to be shown" not in visitor(app).get(f"{url}/map").text


def test_where_a_group_is_too_small_nothing_is_said_of_every_group(
    app: Flask, people: Cast, filled: tuple[Built, list[int]]
) -> None:
    built, _keys = filled
    close_by_clock(app, built)
    with within(app), transaction():
        db.session.get_one(OpinionGroup, (built.id, 1)).size = 4
    page = visitor(app).get(f"/en/c/{built.slug}/results/map")
    assert "On these comments most people take the same side." in page.text
    assert "most of every group" not in page.text
    assert "The groups that may be told are too few to be compared." in page.text
    assert set(page.texts("table.divided tbody th[scope=row]")) == {"Everybody"}
    assert page.texts(".groups-legend .hint") == ["Too few to be told"] * 2
    text = visitor(app).get(f"/en/c/{built.slug}/results/statements.csv").response.text
    assert "stands for" not in text
    assert re.search(r"Statement 11 of many.,A,,,", text)


def test_the_files_tell_what_stands_for_each_group(app: Flask, filled: tuple[Built, list[int]]) -> None:
    built, _keys = filled
    close_by_clock(app, built)
    text = visitor(app).get(f"/en/c/{built.slug}/results/statements.csv").response.text
    assert {"stands for A", "stands for B"} <= {line.partition(",")[0] for line in text.splitlines()}


def test_pages_say_what_groups_are_and_from_what_they_were_made(
    app: Flask, filled: tuple[Built, list[int]]
) -> None:
    built, _keys = filled
    close_by_clock(app, built)
    page = visitor(app).get(f"/en/c/{built.slug}/results")
    assert "The groups are people who voted alike on comments." in page.text
    assert page.select(".groups-legend a")[0].get("href") == f"/en/c/{built.slug}/results/map#group-A"
    for path in ("", "/map"):
        page = visitor(app).get(f"/en/c/{built.slug}/results{path}")
        assert re.search(r"computed on .+ from 720 votes on comments and nothing else", page.text)
        assert "60 people voted on enough comments to be in a group." in page.text


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
    assert "among fewer, chance makes groups too" in visitor(app).get(f"/en/c/{built.slug}/results").text
    for path in ("results", "results/map"):
        page = visitor(app).get(f"/en/c/{built.slug}/{path}")
        assert "On these comments most people take the same side." in page.text
        assert set(page.texts("table.divided tbody th[scope=row]")) == {"Everybody"}
        assert "Group A" not in page.text
    lines = visitor(app).get(f"/en/c/{built.slug}/results/groups.csv").response.text.splitlines()
    assert len(lines) == 1


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
