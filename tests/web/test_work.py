"""What there is to do today: for whom, in which consultations, and what is not theirs."""

from datetime import timedelta

from flask import Flask

from consult.domain.languages import Language
from consult.domain.people import Actor, Duty
from consult.queries.work import Work, work_of
from tests.support import cast
from tests.support.cast import within
from tests.support.scenes import Scene, visitor


def work(app: Flask, actor: Actor) -> Work:
    with within(app):
        return work_of(actor, Language.EN)


def test_an_official_sees_the_queue_and_what_is_due(app: Flask, scene: Scene) -> None:
    found = work(app, scene.people.moderator.actor)
    assert found.moderation is not None
    assert found.moderation.waiting == 1
    assert (found.appeals, found.reviews, found.given_up_letters) == (1, 0, 0)
    assert [view.slug for view in found.to_answer] == [scene.closed.slug]
    assert [view.slug for view in found.opening] == [scene.scheduled.slug]
    assert [view.slug for view in found.drafts] == [scene.waiting.slug]
    assert found.closing == ()
    assert not found.is_empty


def test_a_consultation_in_its_last_week_closes_next(app: Flask, scene: Scene) -> None:
    cast.close_by_clock(app, scene.open, ago=-timedelta(days=6))
    assert [view.slug for view in work(app, scene.people.moderator.actor).closing] == [scene.open.slug]


def test_a_duty_shows_the_work_of_its_consultation_alone(app: Flask, scene: Scene) -> None:
    person = scene.people.dauren.id
    analyst = work(app, Actor(person, duties=frozenset({(scene.closed.id, Duty.ANALYST)})))
    assert [view.slug for view in analyst.to_answer] == [scene.closed.slug]
    assert (analyst.moderation, analyst.appeals, analyst.reviews, analyst.given_up_letters) == (None,) * 4
    assert (analyst.closing, analyst.opening, analyst.drafts) == ((), (), ())
    moderator = work(app, Actor(person, duties=frozenset({(scene.closed.id, Duty.MODERATOR)})))
    assert moderator.moderation is not None
    assert moderator.moderation.waiting == 0
    assert moderator.is_empty


def test_the_page_links_each_number_to_its_list(app: Flask, scene: Scene) -> None:
    page = visitor(app, scene.people.moderator).get("/en/o")
    links = {str(link.get("href")) for link in page.select("main a")}
    assert {"/en/o/moderation", "/en/o/appeals", f"/en/o/consultations/{scene.closed.slug}/analysis"} <= links
    assert f"/en/o/consultations/{scene.waiting.slug}" in links
