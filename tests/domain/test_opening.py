"""What must be there before a consultation opens, as one checklist."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from consult.domain.languages import Language
from consult.domain.opening import (
    TASK_OF,
    Check,
    Draft,
    Missing,
    Task,
    TaskState,
    missing_for_opening,
    publish_check,
    task_states,
)

OPENING = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLOSING = OPENING + timedelta(days=28)
BLINK = timedelta(microseconds=1)
BOTH = {Language.KK: "мәтін", Language.RU: "текст"}


def draft(**changes: Any) -> Draft:
    complete = Draft(
        titles=BOTH,
        purposes=BOTH,
        authorities=BOTH,
        contact="street@example.kz",
        opens_at=OPENING,
        closes_at=CLOSING,
        answer_due_on=date(2026, 5, 1),
        rule_code="default-28d",
        short_period_reason="",
        topic_titles=(BOTH,),
        question_texts=(BOTH, BOTH),
    )
    return replace(complete, **changes)


def test_a_complete_draft_lacks_nothing() -> None:
    assert missing_for_opening(draft(), OPENING) == ()
    assert missing_for_opening(draft(opens_at=None), OPENING) == ()


ONLY_KK, ONLY_RU, EMPTY_RU = {Language.KK: "x"}, {Language.RU: "x"}, {Language.KK: "x", Language.RU: ""}


@pytest.mark.parametrize("lacking", [{}, ONLY_KK, ONLY_RU, EMPTY_RU, {Language.EN: "x"}])
@pytest.mark.parametrize(
    ("field", "item"),
    [("titles", Missing.TITLE), ("purposes", Missing.PURPOSE), ("authorities", Missing.AUTHORITY)],
)
def test_each_text_is_needed_in_kazakh_and_in_russian(
    field: str, item: Missing, lacking: dict[Language, str]
) -> None:
    assert missing_for_opening(draft(**{field: lacking}), OPENING) == (item,)


@pytest.mark.parametrize(
    ("changes", "item"),
    [
        ({"contact": ""}, Missing.CONTACT),
        ({"question_texts": ()}, Missing.QUESTIONS),
        ({"question_texts": (BOTH, ONLY_KK)}, Missing.QUESTION_TEXTS),
        ({"topic_titles": (ONLY_RU, BOTH)}, Missing.TOPIC_TITLES),
        ({"whole_citations": (True, False)}, Missing.CITATIONS),
        ({"closes_at": None}, Missing.TIMETABLE),
        ({"closes_at": OPENING}, Missing.CLOSING_AHEAD),
        ({"closes_at": OPENING - BLINK}, Missing.CLOSING_AHEAD),
        ({"opens_at": None, "closes_at": OPENING - BLINK}, Missing.CLOSING_AHEAD),
        ({"answer_due_on": None}, Missing.ANSWER_DATE),
        ({"answer_due_on": CLOSING.date() - timedelta(days=1)}, Missing.ANSWER_AFTER_CLOSING),
        ({"closes_at": OPENING + timedelta(days=20)}, Missing.SHORT_PERIOD_REASON),
        ({"rule_code": "EU-84d"}, Missing.SHORT_PERIOD_REASON),
    ],
)
def test_each_line_of_the_checklist_is_missed_alone(changes: dict[str, Any], item: Missing) -> None:
    assert missing_for_opening(draft(**changes), OPENING) == (item,)


def test_an_empty_draft_lacks_every_line_that_it_can() -> None:
    nothing = draft(
        titles={}, purposes={}, authorities={}, contact="", question_texts=(), closes_at=None, opens_at=None
    )
    assert set(missing_for_opening(nothing, OPENING)) == {
        Missing.TITLE, Missing.PURPOSE, Missing.AUTHORITY, Missing.CONTACT, Missing.QUESTIONS,
        Missing.TIMETABLE,
    }  # fmt: skip


def test_the_answer_may_be_promised_for_the_closing_day() -> None:
    assert missing_for_opening(draft(answer_due_on=CLOSING.date()), OPENING) == ()


def test_a_short_period_with_a_reason_may_open() -> None:
    short = draft(closes_at=OPENING + timedelta(days=3), short_period_reason="A flood.")
    assert missing_for_opening(short, OPENING) == ()


def test_time_that_has_passed_since_the_opening_date_does_not_count() -> None:
    late = OPENING + timedelta(days=2)
    assert missing_for_opening(draft(), late) == (Missing.SHORT_PERIOD_REASON,)
    assert missing_for_opening(draft(), OPENING + timedelta(minutes=9)) == ()


def test_the_day_of_the_closing_is_kazakhstans() -> None:
    late = OPENING.replace(hour=20) + timedelta(days=28)  # the next day in Almaty
    promised = late.date()
    assert missing_for_opening(draft(closes_at=late, answer_due_on=promised), OPENING) == (
        Missing.ANSWER_AFTER_CLOSING,
    )


def test_advice_is_shown_and_blocks_nothing() -> None:
    alone = draft(moderators=1)
    assert Check(Missing.SECOND_MODERATOR, is_met=False) in publish_check(alone, OPENING)
    assert missing_for_opening(alone, OPENING) == ()


def test_what_blocks_is_what_the_checklist_shows_as_unmet() -> None:
    lacking = draft(contact="", question_texts=(), moderators=0)
    checks = publish_check(lacking, OPENING)
    assert [check.item for check in checks] == list(Missing)
    assert {check.item for check in checks if check.blocks} == set(missing_for_opening(lacking, OPENING))


def states(written: Draft, **more: bool) -> dict[Task, TaskState]:
    known = {"is_published": False, "has_documents": False, "has_people": False} | more
    return task_states(publish_check(written, OPENING), **known)


def test_every_line_of_the_checklist_belongs_to_a_task() -> None:
    assert set(TASK_OF) == set(Missing)


def test_a_task_is_done_when_no_line_of_it_blocks() -> None:
    found = states(draft(contact=""))
    assert found[Task.BASICS] is TaskState.NOT_YET
    assert found[Task.DATES] is TaskState.DONE
    assert found[Task.CHECK] is TaskState.BLOCKED
    assert states(draft())[Task.CHECK] is TaskState.NOT_YET


def test_translations_and_preview_wait_for_a_question() -> None:
    found = states(draft(question_texts=()))
    assert found[Task.QUESTIONS] is TaskState.NOT_YET
    assert found[Task.TRANSLATIONS] is found[Task.PREVIEW] is TaskState.BLOCKED


def test_documents_and_people_are_done_once_there_are_some() -> None:
    assert states(draft())[Task.DOCUMENTS] is states(draft())[Task.PEOPLE] is TaskState.OPTIONAL
    found = states(draft(), has_documents=True, has_people=True)
    assert found[Task.DOCUMENTS] is found[Task.PEOPLE] is TaskState.DONE


def test_a_published_consultation_has_nothing_left_before_its_opening() -> None:
    found = states(draft(), is_published=True, has_documents=True, has_people=True)
    assert set(found.values()) == {TaskState.DONE}
