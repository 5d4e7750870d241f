"""Making, editing, opening, extending, closing and withdrawing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from consult.domain.audit import Act
from consult.domain.consultations import ModerationMode, ResultsPolicy, Stage, State
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.opening import Missing
from consult.domain.people import GUEST, OPERATOR, Actor
from consult.domain.questions import TITLE_LONGEST
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.consultations import Consultation, ConsultationText
from consult.queries.consultations import consultation_at
from consult.queries.editing import editing_of
from consult.services import consultations, questions
from consult.services.drafting import Basics, TextIn, TopicIn
from tests.support.cast import (
    OPEN_QUESTION,
    TEXTS,
    Built,
    Cast,
    Member,
    close_by_clock,
    closed_consultation,
    count,
    draft,
    open_consultation,
    refusal,
)

pytestmark = pytest.mark.usefixtures("inside")
NOW = datetime.now(UTC)
BASICS = Basics(
    texts=TEXTS,
    contact="street@example.kz",
    closes_at=NOW + timedelta(days=30),
    answer_due_on=(NOW + timedelta(days=90)).date(),
)


def row_of(built: Built) -> Consultation:
    db.session.rollback()
    return db.session.get_one(Consultation, built.id, populate_existing=True)


def acts(built: Built) -> list[Act]:
    query = db.select(AuditEntry.act).filter_by(consultation_id=built.id).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def edit(actor: Actor, built: Built, basics: Basics = BASICS) -> None:
    consultations.edit_consultation(actor, built.id, row_of(built).version, basics)


def missing_to_open(built: Built) -> list[str]:
    with pytest.raises(Refused) as refused:
        consultations.open_consultation(OPERATOR, built.id)
    assert refused.value.reason is Reason.OPENING_INCOMPLETE
    assert row_of(built).stage is Stage.DRAFT
    missing = refused.value.details["missing"]
    assert isinstance(missing, list)
    return missing


def test_a_new_consultation_is_a_draft_that_only_officials_know(people: Cast) -> None:
    key = consultations.create_consultation(people.moderator.actor, "parks", BASICS)
    row = db.session.get_one(Consultation, key)
    assert (row.stage, row.created_by, row.version) == (Stage.DRAFT, people.moderator.id, 1)
    assert len(row.secret) == 32
    assert consultation_at(people.other_official.actor, "parks", Language.RU).title.text == "Зелёная улица"
    for reader in (GUEST, people.aigerim.actor):
        assert refusal(lambda r=reader: consultation_at(r, "parks", Language.RU)) is Reason.NOT_FOUND  # type: ignore[misc]


def test_an_address_is_taken_only_once(app: Flask) -> None:
    draft(app, slug="parks")
    assert refusal(lambda: draft(app, slug="parks")) is Reason.SLUG_TAKEN
    assert count(Consultation) == 1


@pytest.mark.parametrize(
    ("basics", "reason"),
    [
        (Basics(), Reason.TITLE_MISSING),
        (Basics(texts={Language.KK: TextIn(title=" \0\u200b ")}), Reason.TITLE_MISSING),
        (Basics(texts={Language.KK: TextIn("x" * (TITLE_LONGEST + 1))}), Reason.TEXT_TOO_LONG),
        (Basics(texts={Language.KK: TextIn("x", purpose="x" * 10_001)}), Reason.TEXT_TOO_LONG),
        (replace(BASICS, contact="x" * 301), Reason.TEXT_TOO_LONG),
        (replace(BASICS, short_period_reason="x" * 10_001), Reason.TEXT_TOO_LONG),
        (replace(BASICS, min_days_rule="KZ-1d"), Reason.RULE_UNKNOWN),
        (replace(BASICS, opens_at=BASICS.closes_at), Reason.TIMETABLE_UPSIDE_DOWN),
    ],
)
def test_basics_that_cannot_be_kept_are_refused(basics: Basics, reason: Reason) -> None:
    assert refusal(lambda: consultations.create_consultation(OPERATOR, "parks", basics)) is reason
    assert count(Consultation) == 0


def test_hostile_characters_are_taken_out_of_every_text(app: Flask) -> None:
    hostile = "a\0b\ud800c\u202ed\x1b"
    texts = {Language.KK: TextIn(hostile, hostile, hostile, hostile)}
    key = consultations.create_consultation(OPERATOR, "parks", replace(BASICS, texts=texts, contact=hostile))
    text = db.session.get_one(ConsultationText, (key, Language.KK))
    kept = {text.title, text.summary, text.purpose, text.authority}
    assert kept | {db.session.get_one(Consultation, key).contact} == {"abcd"}


def test_an_edit_from_an_old_page_is_refused_and_changes_nothing(app: Flask, people: Cast) -> None:
    built = draft(app)
    seen = row_of(built).version
    consultations.edit_consultation(people.moderator.actor, built.id, seen, BASICS)
    other = replace(BASICS, contact="other@example.kz")
    late = refusal(
        lambda: consultations.edit_consultation(people.other_official.actor, built.id, seen, other)
    )
    assert late is Reason.VERSION_CONFLICT
    assert row_of(built).contact == "street@example.kz"
    assert acts(built).count(Act.CONSULTATION_EDITED) == 1


def test_promised_settings_stay_when_a_published_consultation_is_edited(app: Flask) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    before = row_of(built)
    promised = {
        name: getattr(before, name)
        for name in (
            "opens_at", "closes_at", "answer_due_on", "min_days_rule", "short_period_reason",
            "moderation_mode", "results_policy", "stage", "slug",
        )
    }  # fmt: skip
    changed = Basics(
        texts={Language.RU: replace(TEXTS[Language.RU], title="Исправлено")},
        contact="new@example.kz",
        opens_at=NOW - timedelta(days=9),
        closes_at=NOW + timedelta(days=1),
        answer_due_on=date(2030, 1, 1),
        min_days_rule="EU-84d",
        short_period_reason="Because.",
        moderation_mode=ModerationMode.POST,
        results_policy=ResultsPolicy.AFTER_CLOSING,
    )
    edit(OPERATOR, built, changed)
    after = row_of(built)
    assert {name: getattr(after, name) for name in promised} == promised
    assert after.contact == "new@example.kz"
    assert consultation_at(GUEST, built.slug, Language.RU).title.text == "Исправлено"
    assert consultation_at(GUEST, built.slug, Language.KK).title.text == "Жасыл көше"


def test_a_withdrawn_consultation_is_edited_no_more(app: Flask) -> None:
    built = open_consultation(app)
    consultations.withdraw_consultation(OPERATOR, built.id, "A mistake.")
    assert refusal(lambda: edit(OPERATOR, built)) is Reason.STATE_FORBIDS
    topic = TopicIn({Language.KK: "x"})
    assert refusal(lambda: questions.add_topic(OPERATOR, built.id, topic)) is Reason.STATE_FORBIDS
    assert (
        refusal(lambda: questions.edit_question(OPERATOR, built.id, 1, OPEN_QUESTION.texts))
        is Reason.STATE_FORBIDS
    )


@pytest.mark.parametrize(
    ("change", "item"),
    [
        (
            {"texts": {Language.KK: TEXTS[Language.KK], Language.RU: TextIn("t", "s", "", "a")}},
            Missing.PURPOSE,
        ),
        ({"texts": {Language.KK: TEXTS[Language.KK], Language.RU: TextIn("", "s", "p", "a")}}, Missing.TITLE),
        ({"texts": {Language.KK: TEXTS[Language.KK], Language.RU: TextIn("t", "s", "p")}}, Missing.AUTHORITY),
        ({"contact": " "}, Missing.CONTACT),
        ({"closes_at": None}, Missing.TIMETABLE),
        ({"closes_at": NOW - timedelta(days=1)}, Missing.CLOSING_AHEAD),
        ({"closes_at": NOW - timedelta(days=1), "opens_at": NOW - timedelta(days=40)}, Missing.CLOSING_AHEAD),
        ({"answer_due_on": None}, Missing.ANSWER_DATE),
        ({"answer_due_on": NOW.date()}, Missing.ANSWER_AFTER_CLOSING),
        ({"closes_at": NOW + timedelta(days=5)}, Missing.SHORT_PERIOD_REASON),
    ],
)
def test_opening_is_refused_with_the_one_thing_that_is_missing(
    app: Flask, change: dict[str, Any], item: Missing
) -> None:
    built = draft(app)
    edit(OPERATOR, built, replace(BASICS, **change))
    assert missing_to_open(built) == [item.value]
    assert list(editing_of(OPERATOR, built.id, Language.RU).missing) == [item]
    assert Act.CONSULTATION_OPENED not in acts(built)


def test_opening_is_refused_without_questions_and_without_their_texts(app: Flask) -> None:
    empty = draft(app, slug="empty", questions=())
    assert missing_to_open(empty) == [Missing.QUESTIONS.value]
    half = draft(app, slug="half", questions=(replace(OPEN_QUESTION, texts={Language.KK: "?"}),))
    assert missing_to_open(half) == [Missing.QUESTION_TEXTS.value]
    untitled = draft(app, slug="untitled")
    topic = questions.add_topic(OPERATOR, untitled.id, TopicIn({Language.KK: "x"}))
    assert not editing_of(OPERATOR, untitled.id, Language.RU).missing
    questions.add_question(OPERATOR, untitled.id, topic, OPEN_QUESTION.texts)
    assert missing_to_open(untitled) == [Missing.TOPIC_TITLES.value]


def test_opening_sets_the_opening_time_that_had_passed_or_was_not_given(app: Flask) -> None:
    for slug, opens_in in (("none", None), ("past", timedelta(hours=-1))):
        built = draft(app, slug=slug, opens_in=opens_in)
        before = datetime.now(UTC) - timedelta(seconds=5)
        assert consultations.open_consultation(OPERATOR, built.id) is State.OPEN
        opens_at = row_of(built).opens_at
        assert opens_at is not None
        assert opens_at > before


def test_a_later_opening_time_makes_it_scheduled(app: Flask) -> None:
    built = draft(app, opens_in=timedelta(days=1), closes_in=timedelta(days=40))
    assert consultations.open_consultation(OPERATOR, built.id) is State.SCHEDULED
    assert consultation_at(GUEST, built.slug, Language.KK).state is State.SCHEDULED


def test_opening_twice_is_refused(app: Flask) -> None:
    built = open_consultation(app)
    assert refusal(lambda: consultations.open_consultation(OPERATOR, built.id)) is Reason.STATE_FORBIDS
    assert acts(built).count(Act.CONSULTATION_OPENED) == 1


def test_extending_moves_the_closing_and_logs_both_instants(app: Flask) -> None:
    built = open_consultation(app)
    before = row_of(built).closes_at
    assert before is not None
    later = before + timedelta(days=3)
    consultations.extend_consultation(OPERATOR, built.id, later)
    assert row_of(built).closes_at == later
    entry = db.session.scalars(db.select(AuditEntry).filter_by(act=Act.CONSULTATION_EXTENDED)).one()
    assert entry.detail == {"before": before.isoformat(), "after": later.isoformat()}


def test_a_closing_is_never_brought_forward_nor_moved_behind_the_promised_answer(app: Flask) -> None:
    built = open_consultation(app)
    closes_at = row_of(built).closes_at
    assert closes_at is not None
    for wanted, reason in (
        (closes_at, Reason.CLOSING_ONLY_EXTENDED),
        (closes_at - timedelta(seconds=1), Reason.CLOSING_ONLY_EXTENDED),
        (closes_at + timedelta(days=90), Reason.ANSWER_BEFORE_CLOSING),
    ):
        deed = lambda wanted=wanted: consultations.extend_consultation(OPERATOR, built.id, wanted)  # noqa: E731
        assert refusal(deed) is reason
    assert row_of(built).closes_at == closes_at


def test_a_draft_and_a_closed_consultation_are_not_extended(app: Flask) -> None:
    later = NOW + timedelta(days=31)
    for built, reason in (
        (draft(app, slug="draft"), Reason.STATE_FORBIDS),
        (closed_consultation(app, slug="closed"), Reason.CONSULTATION_CLOSED),
    ):
        deed = lambda built=built: consultations.extend_consultation(OPERATOR, built.id, later)  # noqa: E731
        assert refusal(deed) is reason


def test_the_clock_closes_and_the_deed_only_confirms_it(app: Flask) -> None:
    built = open_consultation(app)
    assert refusal(lambda: consultations.close_consultation(OPERATOR, built.id)) is Reason.CLOSING_NOT_REACHED
    assert row_of(built).stage is Stage.PUBLISHED
    close_by_clock(app, built)
    assert consultations.close_consultation(OPERATOR, built.id) is State.CLOSED
    assert acts(built)[-1] is Act.CONSULTATION_CLOSED
    never = draft(app, slug="draft")
    assert refusal(lambda: consultations.close_consultation(OPERATOR, never.id)) is Reason.STATE_FORBIDS


def test_withdrawing_needs_a_reason_keeps_the_address_and_is_final(app: Flask) -> None:
    built = open_consultation(app)
    withdraw = consultations.withdraw_consultation
    assert refusal(lambda: withdraw(OPERATOR, built.id, " \n")) is Reason.REASON_MISSING
    withdraw(OPERATOR, built.id, "The law\0 changed.")
    seen = consultation_at(GUEST, built.slug, Language.RU)
    assert (seen.state, seen.withdrawal_reason) == (State.WITHDRAWN, "The law changed.")
    assert refusal(lambda: withdraw(OPERATOR, built.id, "Again.")) is Reason.STATE_FORBIDS


DEEDS: dict[str, Callable[[Actor, Built], object]] = {
    "create": lambda actor, _: consultations.create_consultation(actor, "new", BASICS),
    "edit": edit,
    "open": lambda actor, built: consultations.open_consultation(actor, built.id),
    "extend": lambda actor, built: consultations.extend_consultation(
        actor, built.id, NOW + timedelta(days=60)
    ),
    "close": lambda actor, built: consultations.close_consultation(actor, built.id),
    "withdraw": lambda actor, built: consultations.withdraw_consultation(actor, built.id, "Reason."),
    "add topic": lambda actor, built: questions.add_topic(actor, built.id, TopicIn({Language.KK: "x"})),
    "edit topic": lambda actor, built: questions.edit_topic(actor, built.id, 1, {Language.KK: "x"}),
    "remove topic": lambda actor, built: questions.remove_topic(actor, built.id, 1),
    "add question": lambda actor, built: questions.add_question(actor, built.id, 1, OPEN_QUESTION.texts),
    "edit question": lambda actor, built: questions.edit_question(actor, built.id, 1, OPEN_QUESTION.texts),
    "remove question": lambda actor, built: questions.remove_question(actor, built.id, 1),
    "read for editing": lambda actor, built: editing_of(actor, built.id, Language.KK),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_no_deed_of_editors_is_open_to_a_stranger(app: Flask, people: Cast, deed: str) -> None:
    built = draft(app)
    entries = count(AuditEntry)
    assert refusal(lambda: DEEDS[deed](GUEST, built)) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: DEEDS[deed](people.aigerim.actor, built)) is Reason.NOT_PERMITTED
    assert count(AuditEntry) == entries


@pytest.mark.parametrize("deed", [name for name in DEEDS if name not in {"create", "edit"}])
def test_a_deed_on_a_consultation_that_is_not_there_is_refused(moderator: Member, deed: str) -> None:
    assert refusal(lambda: DEEDS[deed](moderator.actor, Built(404, "x", ()))) is Reason.NOT_FOUND
