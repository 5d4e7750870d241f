"""The page of figures: what came by day and by question, for the people of the consultation."""

import csv
import io
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor, Duty
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.queries.activity import activity_of
from consult.web.bars import HEIGHT, WIDTH, bars
from tests.support import cast
from tests.support.cast import Cast, within
from tests.support.crowds import crowd
from tests.support.scenes import Scene, visitor


def test_a_comment_counts_on_its_day_in_kazakhstan_and_by_its_state(app: Flask, scene: Scene) -> None:
    late = datetime(2026, 3, 1, 19, 30, tzinfo=UTC)  # half past midnight on the second
    with within(app), transaction():
        db.session.execute(sa.update(Comment).values(submitted_at=late))
    cast.vote(app, scene.people.dauren, scene.open, scene.published)
    with within(app):
        found = activity_of(scene.people.moderator.actor, scene.open.slug, Language.EN, smallest_group=1)
    first = found.by_time.periods[0]
    assert (first.first.isoformat(), first.comments) == ("2026-03-02", 4)
    assert found.by_time.periods[-1].votes == 1
    first_question = found.by_question[0]
    assert {state.value: number for state, number in first_question.comments.items()} == {
        "published": 2,
        "pending": 1,
        "withheld": 1,
    }
    assert (first_question.written, first_question.votes) == (4, 1)
    assert found.by_question[1].written == 0


def test_the_page_and_its_files_tell_the_same(app: Flask, scene: Scene) -> None:
    official = visitor(app, scene.people.moderator)
    page = official.get(f"/en/o/consultations/{scene.open.slug}/figures")
    assert len(page.select(".timeline svg rect")) == 2  # one day of comments, one of votes
    link = next(a.get("href") for a in page.select("main a[href$='questions.csv']"))
    text = official.flask.get(str(link)).data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["number"], row["published"], row["withheld"]) for row in rows] == [
        ("1", "2", "1"),
        ("2", "0", "0"),
    ]
    days = official.flask.get(f"/en/o/consultations/{scene.open.slug}/figures/activity.csv").data.decode()
    assert days.count("\r\n") == 2
    official.get(f"/en/o/consultations/{scene.open.slug}/figures/other.csv", status=404)


def test_a_consultation_without_a_word_has_a_page_that_says_so(app: Flask, scene: Scene) -> None:
    page = visitor(app, scene.people.moderator).get(f"/en/o/consultations/{scene.waiting.slug}/figures")
    assert "Nobody has written or voted yet." in page.text


def test_figures_are_for_those_with_a_part_in_the_consultation(app: Flask, scene: Scene) -> None:
    elsewhere = Actor(scene.people.dauren.id, duties=frozenset({(scene.closed.id, Duty.ANALYST)}))
    here = Actor(scene.people.dauren.id, duties=frozenset({(scene.open.id, Duty.ANALYST)}))
    with within(app):
        with pytest.raises(Refused) as refused:
            activity_of(elsewhere, scene.open.slug, Language.EN, smallest_group=1)
        assert refused.value.reason is Reason.NOT_PERMITTED
        assert activity_of(here, scene.open.slug, Language.EN, smallest_group=1).by_question


def test_the_highest_bar_fills_the_height_and_all_stand_inside_the_drawing() -> None:
    drawn = bars([0, 3, 6])
    assert [bar.height for bar in drawn] == [0, HEIGHT / 2, HEIGHT]
    assert all(bar.y + bar.height == HEIGHT for bar in drawn)
    assert drawn[-1].x + drawn[-1].width <= WIDTH
    assert bars([]) == ()
    assert bars([0])[0].height == 0


def test_who_took_part_is_told_by_region_and_language_with_small_groups_hidden(
    app: Flask, people: Cast
) -> None:
    built = cast.open_consultation(app)
    crowd(app, built, people.aigerim)
    page = visitor(app, people.moderator).get(f"/en/o/consultations/{built.slug}/figures")
    assert {"Region", "Comments by language"} <= set(page.texts("caption"))
    (regions,) = [text for text in page.texts("table") if text.startswith("Region")]
    assert "2 categories together" in regions
    assert "Astana" not in regions
