"""Rules about positions and outcomes, without a database."""

from datetime import UTC, datetime

import pytest

from consult.domain.consultations import Stage, State
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.outcomes import (
    NOTE_LONGEST,
    REASON_LONGEST,
    Decision,
    OutcomePart,
    check_answering,
    check_outcome,
    correction_notes,
    decision,
    lacking_languages,
    reason_texts,
)
from consult.domain.themes import theme_titles
from consult.domain.visibility import are_positions_shown

KK, RU, EN = Language
CLOSES = datetime(2026, 12, 1, tzinfo=UTC)


def test_the_codes_of_decisions_are_those_of_the_export() -> None:
    assert [each.value for each in Decision] == [
        "accepted",
        "partly_accepted",
        "not_accepted",
        "noted",
        "outside_powers",
    ]
    with pytest.raises(Refused) as refused:
        decision("maybe")
    assert refused.value.reason is Reason.DECISION_MISSING


def test_reasons_are_kept_trimmed_and_empty_languages_are_left_out() -> None:
    kept = reason_texts({KK: " Иә. ", RU: "Да.\r\n", EN: "\u200b"})
    assert kept == {KK: "Иә.", RU: "Да."}


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ({}, Reason.REASON_MISSING),
        ({RU: "Да.", EN: "Yes."}, Reason.REASON_MISSING),
        ({KK: " ", RU: "Да."}, Reason.REASON_MISSING),
        ({KK: "а" * (REASON_LONGEST + 1), RU: "Да."}, Reason.TEXT_TOO_LONG),
    ],
)
def test_a_reason_needs_kazakh_and_russian_and_has_an_end(
    written: dict[Language, str], reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        reason_texts(written)
    assert refused.value.reason is reason


def test_a_note_needs_kazakh_and_russian() -> None:
    assert correction_notes({KK: "Күн", RU: "Дата"}) == {KK: "Күн", RU: "Дата"}
    for written, reason in (
        ({RU: "Дата"}, Reason.NOTE_MISSING),
        ({KK: "а" * (NOTE_LONGEST + 1), RU: "б"}, Reason.TEXT_TOO_LONG),
    ):
        with pytest.raises(Refused) as refused:
            correction_notes(written)
        assert refused.value.reason is reason


def test_titles_of_themes_stand_in_one_line() -> None:
    assert theme_titles({KK: "Ағаш\n тар", RU: " Де  ревья ", EN: ""}) == {KK: "Ағаш тар", RU: "Де ревья"}


@pytest.mark.parametrize("stage", list(Stage))
def test_comments_are_answered_from_the_opening_until_the_archive(stage: Stage) -> None:
    if stage in {Stage.PUBLISHED, Stage.ANSWERED}:
        check_answering(stage)
        return
    with pytest.raises(Refused) as refused:
        check_answering(stage)
    assert refused.value.reason is Reason.STATE_FORBIDS


@pytest.mark.parametrize("state", list(State))
def test_an_outcome_is_published_only_for_what_is_closed(state: State) -> None:
    if state is State.CLOSED:
        check_outcome(state, CLOSES, unanswered=0, lacking=())
        return
    with pytest.raises(Refused) as refused:
        check_outcome(state, CLOSES, unanswered=0, lacking=())
    is_early = state in {State.OPEN, State.SCHEDULED}
    assert refused.value.reason is (Reason.CLOSING_NOT_REACHED if is_early else Reason.STATE_FORBIDS)


@pytest.mark.parametrize(("unanswered", "lacking"), [(1, ()), (0, (KK,)), (3, (KK, RU))])
def test_what_an_outcome_lacks_is_counted(unanswered: int, lacking: tuple[Language, ...]) -> None:
    with pytest.raises(Refused) as refused:
        check_outcome(State.CLOSED, CLOSES, unanswered=unanswered, lacking=lacking)
    assert refused.value.reason is Reason.OUTCOME_INCOMPLETE
    assert refused.value.details == {"unanswered": unanswered, "lacking": [code.value for code in lacking]}


def test_each_part_is_needed_in_kazakh_and_russian() -> None:
    whole = {part: {KK: "сөз", RU: "слово"} for part in OutcomePart}
    assert lacking_languages(whole) == ()
    assert lacking_languages(whole | {OutcomePart.DID: {KK: "сөз"}}) == (RU,)
    assert lacking_languages({}) == (KK, RU)


def test_positions_are_shown_once_the_outcome_is_published() -> None:
    assert {state for state in State if are_positions_shown(state)} == {State.ANSWERED, State.ARCHIVED}
