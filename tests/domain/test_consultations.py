"""When a consultation is open, and in which state a reader finds it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.domain.consultations import (
    NEXT_STAGES,
    Stage,
    State,
    Timetable,
    check_extension,
    check_slug,
    check_stage_move,
    is_answer_overdue,
    local_day,
    state_at,
    timetable,
)
from consult.domain.errors import Reason, Refused

OPENING = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday."""
CLOSING = OPENING + timedelta(days=28)
TIMES = Timetable(OPENING, CLOSING)
BLINK = timedelta(microseconds=1)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


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
    [
        "",
        "-",
        "-a",
        "a-",
        "A",
        "a b",
        "a_b",
        "x" * 61,
        "жол",
        "a/b",
        "a\n",
        "a\0",
        "..",
        "ａ",
        "a.b",
        "²",
        "new",
        "import",
    ],
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
    assert local_day(datetime(2026, 3, 1, 19, tzinfo=UTC)) == date(2026, 3, 2)  # midnight in Almaty
