"""The figures of docs/agendas.md: what share is found, and that nothing is invented, over three folders."""

from pathlib import Path

import pytest

from tests.agenda_score import ASIDE, FLOORS, OPEN, UNSEEN, Score, is_enough, line, score_over


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param(
            OPEN,
            marks=[
                pytest.mark.shared_data,
                pytest.mark.skipif(
                    not OPEN.is_dir(), reason="the real agendas do not lie beside this checkout"
                ),
            ],
        ),
        UNSEEN,
        ASIDE,
    ],
    ids=["open", "unseen", "aside"],
)
def test_agendas_are_read_as_well_as_their_floor_says(folder: Path) -> None:
    score = score_over(sorted(folder.glob("*.txt")))

    assert score.agendas > 5
    assert is_enough(score, FLOORS[folder]), line("below its floor", score) + str(score.missed)


def test_a_score_without_topics_or_sessions_is_no_failure_and_a_fault_is_one() -> None:
    assert is_enough(Score(), FLOORS[OPEN])
    assert not is_enough(Score(topics=1, invented=1), FLOORS[OPEN])
    assert not is_enough(Score(sessions=2, found=1), FLOORS[ASIDE])
