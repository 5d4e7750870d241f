"""Reporting comments."""

from dataclasses import replace
from functools import partial

import pytest
from flask import Flask

from consult.domain.audit import Act
from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.moderation import REASON_LONGEST
from consult.domain.people import GUEST, OPERATOR, Duty
from consult.domain.reports import Fate
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.taking_part import CommentReport
from consult.queries.reports import has_reported, own_reports, reported_count, reports_of, worklist
from consult.services import moderation
from consult.services.consultations import withdraw_consultation
from consult.services.reports import dismiss_reports, report_comment
from tests.support.cast import (
    Cast,
    Member,
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


def fates(member: Member) -> list[tuple[Fate, str]]:
    return [(report.fate, report.answer) for report in own_reports(member.actor).reports]


def test_reports_wait_in_one_list_until_somebody_answers(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    one, two = (comment(app, people.aigerim, built, body) for body in ("One.", "Two."))
    moderator = people.moderator.actor
    report_comment(people.dauren.actor, built.id, one, "insult", "Look here.")
    for who, rule in (
        (people.dauren, "hate"),
        (people.other_official, "hate"),
        (people.administrator, "insult"),
    ):
        report_comment(who.actor, built.id, two, rule)
    assert reported_count(moderator) == 2
    first, second = worklist(moderator, Language.EN).comments
    assert (first.id, first.reports.rules) == (two, {"hate": 2, "insult": 1})
    assert (second.id, second.reports.words, second.body) == (one, ("Look here.",), "One.")
    dismiss_reports(moderator, two, "It is hard, and it is no insult.", seen=3)
    assert [each.id for each in worklist(moderator, Language.EN).comments] == [one]
    assert fates(people.dauren) == [
        (Fate.DISMISSED, "It is hard, and it is no insult."), (Fate.WAITING, ""),
    ]  # fmt: skip
    assert comment_state(app, two) is CommentState.PUBLISHED
    (line,) = db.session.scalars(db.select(AuditEntry).filter_by(act=Act.REPORTS_DISMISSED))
    assert (line.thing_id, line.actor_id, line.detail) == (two, people.moderator.id, {"reports": 3})


def test_a_decision_at_the_desk_answers_the_reports_from_before_it(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    keys = [comment(app, people.aigerim, built, f"Comment {number}.") for number in range(3)]
    for key in keys:
        report_comment(people.dauren.actor, built.id, key, "insult")
    moderator = people.moderator.actor
    moderation.keep_comment(moderator, keys[0])
    moderation.redact_comment(moderator, keys[1], "Comment […].", "insult", "A word.")
    moderation.withhold_comment(moderator, keys[2], "insult", "All of it.")
    assert [fate for fate, _ in fates(people.dauren)] == [Fate.WITHHELD, Fate.REDACTED, Fate.KEPT]
    assert worklist(moderator, Language.EN).comments == ()
    assert refusal(lambda: dismiss_reports(moderator, keys[0], "No.", seen=1)) is Reason.MOVE_NOT_ALLOWED
    report_comment(people.administrator.actor, built.id, keys[0], "hate")
    (again,) = worklist(moderator, Language.EN).comments
    assert again.reports.rules == {"hate": 1}


def test_no_report_is_dismissed_unread_nor_without_a_reason(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    report_comment(people.dauren.actor, built.id, key, "insult")
    moderator = people.moderator.actor
    for reason, seen, refused in (
        (" ", 1, Reason.REASON_MISSING),
        ("x" * (REASON_LONGEST + 1), 1, Reason.TEXT_TOO_LONG),
        ("No.", 2, Reason.VERSION_CONFLICT),
        ("No.", 0, Reason.VERSION_CONFLICT),
    ):
        assert refusal(partial(dismiss_reports, moderator, key, reason, seen=seen)) is refused
    assert refusal(lambda: dismiss_reports(moderator, 404, "No.", seen=1)) is Reason.NOT_FOUND
    assert fates(people.dauren) == [(Fate.WAITING, "")]


def test_strangers_neither_see_nor_answer_the_list(app: Flask, people: Cast) -> None:
    built, elsewhere = open_consultation(app), open_consultation(app, slug="elsewhere")
    key = comment(app, people.aigerim, built)
    report_comment(people.dauren.actor, built.id, key, "insult")
    outside = replace(people.dauren.actor, duties=frozenset({(elsewhere.id, Duty.MODERATOR)}))
    here = replace(people.dauren.actor, duties=frozenset({(built.id, Duty.MODERATOR)}))
    for actor, reason in (
        (GUEST, Reason.SIGN_IN_NEEDED),
        (people.aigerim.actor, Reason.NOT_PERMITTED),
        (outside, Reason.NOT_PERMITTED),
    ):
        assert refusal(partial(dismiss_reports, actor, key, "No.", seen=1)) is reason
    assert refusal(lambda: worklist(people.aigerim.actor, Language.EN)) is Reason.NOT_PERMITTED
    assert refusal(lambda: own_reports(GUEST)) is Reason.SIGN_IN_NEEDED
    assert (worklist(outside, Language.EN).comments, reported_count(outside)) == ((), 0)
    assert own_reports(people.aigerim.actor).reports == ()
    dismiss_reports(here, key, "No.", seen=1)
    assert fates(people.dauren) == [(Fate.DISMISSED, "No.")]
