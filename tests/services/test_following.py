"""Following a consultation."""

import pytest
from flask import Flask

from consult.domain.errors import Reason
from consult.domain.people import GUEST, OPERATOR
from consult.models.taking_part import Follow
from consult.queries.following import followers_of, is_following
from consult.services.consultations import withdraw_consultation
from consult.services.following import follow_consultation, unfollow_consultation
from tests.support.cast import Cast, comment, count, draft, open_consultation, refusal, vote

pytestmark = pytest.mark.usefixtures("inside")


def test_following_is_asked_for_once_and_ended_once(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    for _ in range(2):
        follow_consultation(people.dauren.actor, built.id)
    follow_consultation(people.aigerim.actor, built.id)
    assert followers_of(built.id) == (people.aigerim.id, people.dauren.id)
    for _ in range(2):
        unfollow_consultation(people.dauren.actor, built.id)
    assert is_following(people.aigerim.actor, built.id)
    assert not is_following(people.dauren.actor, built.id)
    assert not is_following(GUEST, built.id)


def test_taking_part_alone_signs_nobody_up(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    vote(app, people.dauren, built, comment(app, people.aigerim, built))
    assert count(Follow) == 0


def test_what_nobody_may_read_is_followed_by_nobody(app: Flask, people: Cast) -> None:
    planned, gone = draft(app), open_consultation(app, slug="gone")
    withdraw_consultation(OPERATOR, gone.id, "No money.")
    for key in (planned.id, gone.id, 404):
        deed = lambda k=key: follow_consultation(people.dauren.actor, k)  # noqa: E731
        assert refusal(deed) is Reason.NOT_FOUND
    assert count(Follow) == 0


def test_strangers_do_not_follow(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    assert refusal(lambda: follow_consultation(GUEST, built.id)) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: unfollow_consultation(GUEST, built.id)) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: follow_consultation(people.blocked.actor, built.id)) is Reason.ACCOUNT_BLOCKED
    assert count(Follow) == 0
