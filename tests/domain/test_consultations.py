"""When a consultation is open, how long it must be, and what must be there before it opens."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.domain.consultations import (
    DURATION_RULES,
    NEXT_STAGES,
    Draft,
    Missing,
    Stage,
    State,
    Timetable,
    calendar_days,
    check_extension,
    check_slug,
    check_stage_move,
    duration_rule,
    is_answer_overdue,
    is_long_enough,
    local_day,
    missing_for_opening,
    state_at,
    timetable,
    working_days,
)
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language

OPENING = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday."""
CLOSING = OPENING + timedelta(days=28)
TIMES = Timetable(OPENING, CLOSING)
BLINK = timedelta(microseconds=1)
BOTH = {Language.KK: "мәтін", Language.RU: "текст"}
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
NAURYZ = frozenset({date(2026, 3, 21), date(2026, 3, 23), date(2026, 3, 24)})


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


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (OPENING - BLINK, State.SCHEDULED),
        (OPENING, State.OPEN),
        (CLOSING - BLINK, State.OPEN),
        (CLOSING, State.CLOSED),
        (CLOSING + timedelta(days=400), State.CLOSED),
    ],
)
def test_a_published_consultation_is_what_the_clock_makes_of_it(now: datetime, state: State) -> None:
    assert state_at(Stage.PUBLISHED, TIMES, now) is state


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.ANSWERED, Stage.ARCHIVED, Stage.WITHDRAWN])
@pytest.mark.parametrize("times", [TIMES, None])
@pytest.mark.parametrize("now", [OPENING - BLINK, OPENING, CLOSING])
def test_other_stages_do_not_look_at_the_clock(stage: Stage, times: Timetable | None, now: datetime) -> None:
    assert state_at(stage, times, now).value == stage.value


def test_published_without_a_timetable_counts_as_a_draft() -> None:
    assert state_at(Stage.PUBLISHED, None, OPENING) is State.DRAFT


@given(INSTANTS, INSTANTS)
def test_a_timetable_holds_its_opening_and_not_its_closing(one: datetime, other: datetime) -> None:
    if one < other:
        times = timetable(one, other)
        assert times.holds(one)
        assert not times.holds(other)
    else:
        with pytest.raises(Refused) as refused:
            timetable(one, other)
        assert refused.value.reason is Reason.TIMETABLE_UPSIDE_DOWN


@pytest.mark.parametrize("current", Stage)
@pytest.mark.parametrize("wanted", Stage)
def test_stages_move_only_as_the_table_says(current: Stage, wanted: Stage) -> None:
    if wanted in NEXT_STAGES[current]:
        check_stage_move(current, wanted)
    else:
        with pytest.raises(Refused) as refused:
            check_stage_move(current, wanted)
        assert refused.value.reason is Reason.STATE_FORBIDS


def test_every_stage_but_the_last_can_be_withdrawn_and_nothing_leads_out_of_withdrawn() -> None:
    assert all(Stage.WITHDRAWN in NEXT_STAGES[stage] for stage in Stage if stage is not Stage.WITHDRAWN)
    assert not NEXT_STAGES[Stage.WITHDRAWN]


def test_calendar_days_are_whole_days_rounded_down() -> None:
    assert calendar_days(TIMES) == 28
    assert calendar_days(Timetable(OPENING, CLOSING - BLINK)) == 27


@pytest.mark.parametrize(
    ("opens", "days", "holidays", "expected"),
    [
        (date(2026, 3, 2), 7, frozenset(), 5),
        (date(2026, 3, 2), 14, frozenset(), 10),
        (date(2026, 3, 6), 3, frozenset(), 1),  # Friday to Monday
        (date(2026, 3, 7), 2, frozenset(), 0),  # a weekend
        (date(2026, 3, 16), 14, NAURYZ, 8),  # a holiday on Saturday takes nothing away
        (date(2026, 12, 28), 7, frozenset({date(2027, 1, 1)}), 4),  # over the new year
        (date(2028, 2, 28), 2, frozenset(), 2),  # over a leap day
    ],
)
def test_working_days_leave_out_weekends_and_holidays(
    opens: date, days: int, holidays: frozenset[date], expected: int
) -> None:
    opening = datetime(opens.year, opens.month, opens.day, 9, tzinfo=UTC)
    assert working_days(Timetable(opening, opening + timedelta(days=days)), holidays) == expected


@pytest.mark.parametrize(
    ("code", "enough", "too_short"), [("default-28d", 28, 27), ("EU-84d", 84, 83), ("KZ-10wd", 14, 11)]
)
def test_each_named_rule_has_its_minimum(code: str, enough: int, too_short: int) -> None:
    rule = DURATION_RULES[code]
    assert is_long_enough(rule, Timetable(OPENING, OPENING + timedelta(days=enough)))
    assert not is_long_enough(rule, Timetable(OPENING, OPENING + timedelta(days=too_short)))


def test_holidays_lengthen_the_minimum_of_working_days() -> None:
    times = Timetable(OPENING + timedelta(days=14), OPENING + timedelta(days=28))
    assert is_long_enough(DURATION_RULES["KZ-10wd"], times)
    assert not is_long_enough(DURATION_RULES["KZ-10wd"], times, NAURYZ)


def test_an_unknown_duration_rule_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        duration_rule("KZ-1d")
    assert refused.value.reason is Reason.RULE_UNKNOWN


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


def test_a_closing_moves_only_forward_and_only_before_it_is_reached() -> None:
    check_extension(TIMES, CLOSING + BLINK, CLOSING - BLINK)
    for wanted in (CLOSING, CLOSING - BLINK):
        with pytest.raises(Refused) as refused:
            check_extension(TIMES, wanted, OPENING)
        assert refused.value.reason is Reason.CLOSING_ONLY_EXTENDED
    with pytest.raises(Refused) as refused:
        check_extension(TIMES, CLOSING + BLINK, CLOSING)
    assert refused.value.reason is Reason.CONSULTATION_CLOSED


@pytest.mark.parametrize("state", State)
def test_only_a_closed_consultation_is_overdue_and_from_the_day_after(state: State) -> None:
    due = date(2026, 5, 1)
    assert not is_answer_overdue(state, due, due)
    assert is_answer_overdue(state, due, due + timedelta(days=1)) is (state is State.CLOSED)
    assert not is_answer_overdue(state, None, due)


@pytest.mark.parametrize("slug", ["a", "7", "green-street", "a--b", "x" * 60, "2026-plan"])
def test_an_address_of_small_letters_digits_and_inner_hyphens_passes(slug: str) -> None:
    assert check_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    ["", "-", "-a", "a-", "A", "a b", "a_b", "x" * 61, "жол", "a/b", "a\n", "a\0", "..", "ａ", "a.b", "²"],
)
def test_any_other_address_is_refused(slug: str) -> None:
    with pytest.raises(Refused) as refused:
        check_slug(slug)
    assert refused.value.reason is Reason.SLUG_INVALID


@pytest.mark.parametrize("far", [datetime(1999, 12, 31, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)])
def test_times_of_another_century_are_slips_of_the_hand(far: datetime) -> None:
    for deed in (
        lambda: timetable(far, OPENING) if far < OPENING else timetable(OPENING, far),
        lambda: check_extension(TIMES, far, OPENING),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.reason is Reason.DATE_OUT_OF_RANGE


def test_days_are_those_of_kazakhstans_calendars() -> None:
    monday_morning = datetime(2026, 3, 1, 19, tzinfo=UTC)  # midnight in Almaty
    assert local_day(monday_morning) == date(2026, 3, 2)
    assert working_days(Timetable(monday_morning, monday_morning + timedelta(days=12))) == 10
    late = OPENING.replace(hour=20) + timedelta(days=28)  # the next day in Almaty
    promised = late.date()
    assert Missing.ANSWER_AFTER_CLOSING in missing_for_opening(
        draft(closes_at=late, answer_due_on=promised), OPENING
    )
