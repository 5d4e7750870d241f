"""Real agendas that lie beside a checkout: what is proposed, and that nothing is invented."""

import json
import re
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from consult.domain.agenda.items import Agenda
from consult.domain.agenda.reading import read_agenda
from consult.domain.languages import Language

FOLDER = Path(__file__).parents[3].parent / "shared" / "data" / "agendas"
FILES = sorted(FOLDER.glob("*.txt"))
WITHOUT_YEAR = ("04", "15", "21")
LIKE_ENOUGH = 0.7
INFLECTED = 5

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FILES, reason="the real agendas do not lie beside this checkout"),
]


@dataclass(frozen=True)
class Case:
    name: str
    lines: list[str]
    agenda: Agenda
    expected: dict[str, Any]

    def sessions(self, kind: str) -> list[dict[str, Any]]:
        return [session for session in self.expected["sessions"] if session["kind"] == kind]


def case_of(file: Path) -> Case:
    expected = json.loads(file.with_suffix(".expected.json").read_text(encoding="utf-8"))
    lines = file.read_text(encoding="utf-8").split("\n")
    return Case(file.stem, lines, read_agenda(lines, Language(expected["language"])), expected)


def numbered(number: str) -> Case:
    return case_of(next(file for file in FILES if file.name.startswith(number)))


def stems(title: str) -> set[str]:
    """The beginnings of the words: titles are compared without their endings."""
    return {word[:INFLECTED] for word in re.findall(r"\w+", title.lower())}


def is_like(title: str, session: dict[str, Any]) -> bool:
    ours, theirs = stems(title), stems(session["title"])
    return len(ours & theirs) >= LIKE_ENOUGH * min(len(ours), len(theirs))


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def case(request: pytest.FixtureRequest) -> Case:
    return case_of(request.param)


def test_every_quote_is_verbatim(case: Case) -> None:
    topics, left_out = case.agenda.topics, case.agenda.left_out
    for passage in [*(topic.passage for topic in topics), *(entry.passage for entry in left_out)]:
        cited = case.lines[passage.place.first - 1 : passage.place.last]
        assert passage.quote in "\n".join(cited)


def test_no_topic_is_invented_and_none_is_logistics(case: Case) -> None:
    for topic in case.agenda.topics:
        assert any(is_like(topic.title, session) for session in case.sessions("substantive")), topic.title
        assert not any(
            is_like(topic.title, session) and topic.start == session["start"]
            for session in case.sessions("logistics")
        ), topic.title


def test_every_session_of_substance_is_found_on_its_day(case: Case) -> None:
    for session in case.sessions("substantive"):
        (topic,) = [topic for topic in case.agenda.topics if is_like(topic.title, session)]
        assert [clock(topic.start), clock(topic.end)] == [session["start"], session["end"]]
        if not case.name.startswith(WITHOUT_YEAR):
            assert str(topic.day) == session["day"]


def clock(moment: time | None) -> str | None:
    return moment.strftime("%H:%M") if moment else None


def test_dates_are_those_of_the_event_and_no_year_is_guessed(case: Case) -> None:
    if case.name.startswith(WITHOUT_YEAR):
        assert case.agenda.dates == ()
        assert all(
            isinstance(topic.day, str) and topic.day in "\n".join(case.lines) for topic in case.agenda.topics
        )
    else:
        assert [day.isoformat() for day in case.agenda.dates] == case.expected["dates"]


def test_the_workshop_of_2016_has_its_six_topics_on_two_days() -> None:
    topics = numbered("00").agenda.topics

    assert [topic.day for topic in topics] == [date(2016, 3, 1)] * 4 + [date(2016, 3, 2)] * 2
    assert [topic.passage.place.first for topic in topics] == [14, 14, 14, 14, 18, 18]


def test_the_round_table_has_one_topic_with_three_questions() -> None:
    (topic,) = numbered("16").agenda.topics

    assert list(topic.questions) == numbered("16").sessions("substantive")[0]["questions"]


def test_the_order_of_business_has_no_topic() -> None:
    case = numbered("19")

    assert case.agenda.topics == ()
    assert len(case.agenda.left_out) >= len(case.expected["sessions"])
