"""Reporting comments."""

from functools import partial

import pytest
from flask import Flask

from consult.domain.audit import Act
from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason
from consult.domain.moderation import REASON_LONGEST
from consult.domain.people import GUEST, OPERATOR
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.taking_part import CommentReport
from consult.queries.reports import has_reported, reports_of
from consult.services.consultations import withdraw_consultation
from consult.services.reports import report_comment
from tests.support.cast import (
    Cast,
    close_by_clock,
    comment,
    comment_state,
    count,
    open_consultation,
    published_comment,
    refusal,
    withheld_comment,
)

pytestmark = pytest.mark.usefixtures("inside")


def test_a_report_is_kept_and_removes_nothing(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    report_comment(people.dauren.actor, built.id, key, "insult", "  Line one.\r\nLine two. ")
    report_comment(people.administrator.actor, built.id, key, "hate")
    found = reports_of(people.moderator.actor, built.id)[key]
    assert (found.total, found.rules, found.words) == (2, {"insult": 1, "hate": 1}, ("Line one.\nLine two.",))
    assert comment_state(app, key) is CommentState.PUBLISHED
    assert has_reported(people.dauren.actor, built.id, key)
    assert not has_reported(people.aigerim.actor, built.id, key)
    assert not has_reported(GUEST, built.id, key)
    logged = db.session.scalars(db.select(AuditEntry).filter_by(act=Act.COMMENT_REPORTED)).all()
    assert [(entry.thing_id, entry.detail) for entry in logged] == [
        (key, {"rule": "insult"}), (key, {"rule": "hate"}),
    ]  # fmt: skip


def test_one_person_reports_a_comment_once(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    report_comment(people.dauren.actor, built.id, key, "insult")
    again = refusal(lambda: report_comment(people.dauren.actor, built.id, key, "hate"))
    assert again is Reason.REPORTED_ALREADY
    assert count(CommentReport) == 1
    other = comment(app, people.aigerim, built, "Other words.")
    report_comment(people.dauren.actor, built.id, other, "hate")
    assert set(reports_of(OPERATOR, built.id, [other])) == {other}


def test_closing_does_not_end_reporting(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    close_by_clock(app, built)
    report_comment(people.dauren.actor, built.id, key, "personal-data")
    assert count(CommentReport) == 1


def test_what_is_not_public_cannot_be_reported(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    other = open_consultation(app, slug="other")
    key = published_comment(app, people.aigerim, built)
    dauren = people.dauren.actor
    for place, number, reason in (
        (built, comment(app, people.aigerim, built), Reason.NOT_FOUND),
        (built, withheld_comment(app, people.aigerim, built), Reason.COMMENT_NOT_PUBLISHED),
        (other, key, Reason.NOT_FOUND),
        (built, 404, Reason.NOT_FOUND),
    ):
        assert refusal(partial(report_comment, dauren, place.id, number, "hate")) is reason
    withdraw_consultation(OPERATOR, built.id, "No money.")
    assert refusal(lambda: report_comment(dauren, built.id, key, "hate")) is Reason.NOT_FOUND
    assert count(CommentReport) == 0


def test_a_report_names_a_published_rule_and_is_not_endless(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    for rule, words, reason in (
        ("", "", Reason.RULE_UNKNOWN),
        ("nonsense", "", Reason.RULE_UNKNOWN),
        ("insult", "x" * (REASON_LONGEST + 1), Reason.TEXT_TOO_LONG),
    ):
        deed = lambda r=rule, w=words: report_comment(people.dauren.actor, built.id, key, r, w)  # noqa: E731
        assert refusal(deed) is reason
    assert count(CommentReport) == 0


def test_strangers_neither_report_nor_read_reports(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    assert refusal(lambda: report_comment(GUEST, built.id, key, "hate")) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: report_comment(people.blocked.actor, built.id, key, "hate")) is (
        Reason.ACCOUNT_BLOCKED
    )
    assert refusal(lambda: reports_of(GUEST, built.id)) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: reports_of(people.aigerim.actor, built.id)) is Reason.NOT_PERMITTED
