"""How well agendas are read: figures over folders of agendas with what a person found in them.

`python -m tests.agenda_score` prints one line a folder and ends with status 1 below a floor. A folder that
is absent is skipped, loudly. `--each` prints every agenda.
"""

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from consult.domain.agenda.items import Agenda, ProposedTopic
from consult.domain.agenda.reading import read_agenda
from consult.domain.languages import Language

TESTS = Path(__file__).parent
OPEN = TESTS.parent.parent / "shared" / "data" / "agendas"
"""Agendas that lay open while the rules were written."""
UNSEEN = TESTS / "domain" / "agenda" / "unseen"
"""Agendas written before the rules were run on them; the rules have learnt from what they got wrong since."""
ASIDE = TESTS / "domain" / "agenda" / "aside"
"""Agendas kept aside: no rule may be changed for them, so their figures stay honest."""
LIKE_ENOUGH = 0.7
INFLECTED = 5


@dataclass
class Score:
    """Counts over sessions of substance and proposed topics; each figure names what it counts."""

    agendas: int = 0
    sessions: int = 0
    found: int = 0
    topics: int = 0
    invented: int = 0
    logistics_published: int = 0
    quotes_not_verbatim: int = 0
    years_guessed: int = 0
    days_expected: int = 0
    days_right: int = 0
    times_right: int = 0
    questions_expected: int = 0
    questions_found: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the sessions of substance that are proposed, 0 to 1; 1 where there are none."""
        return self.found / self.sessions if self.sessions else 1.0

    @property
    def precision(self) -> float:
        """Share of the proposed topics that are sessions of substance, 0 to 1; 1 where there are none."""
        return 1 - (self.invented + self.logistics_published) / self.topics if self.topics else 1.0

    @property
    def faults(self) -> int:
        return self.invented + self.logistics_published + self.quotes_not_verbatim + self.years_guessed

    def add(self, other: "Score") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass(frozen=True)
class Floor:
    """Smallest recall, and most faults: invented, logistics, quotes that are not verbatim, guessed years."""

    recall: float
    faults: int


FLOORS = {OPEN: Floor(1.0, 0), UNSEEN: Floor(1.0, 0), ASIDE: Floor(0.9, 1)}


def is_enough(score: Score, floor: Floor) -> bool:
    return score.recall >= floor.recall and score.faults <= floor.faults


def stems(title: str) -> set[str]:
    """The beginnings of the words: titles are compared without their endings."""
    return {word[:INFLECTED] for word in re.findall(r"\w+", title.lower())}


def is_like(title: str, session: dict[str, Any]) -> bool:
    ours, theirs = stems(title), stems(session["title"])
    return len(ours & theirs) >= LIKE_ENOUGH * min(len(ours), len(theirs))


def score_of(file: Path) -> Score:
    """The figures of one agenda beside its `.expected.json`."""
    expected = json.loads(file.with_suffix(".expected.json").read_text(encoding="utf-8"))
    lines = file.read_text(encoding="utf-8").split("\n")
    agenda = read_agenda(lines, Language(expected["language"]))
    score = Score(agendas=1, topics=len(agenda.topics))
    _judge_topics(score, agenda, lines, expected["sessions"])
    free = list(agenda.topics)
    for session in _of(expected, "substantive"):
        topic = next((topic for topic in free if is_like(topic.title, session)), None)
        score.sessions += 1
        score.questions_expected += len(session.get("questions", []))
        if topic is None:
            score.missed.append(f"{file.stem}: {session['title']}")
            continue
        free.remove(topic)
        _judge_session(score, topic, session)
    return score


def _of(expected: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [session for session in expected["sessions"] if session["kind"] == kind]


def _judge_topics(score: Score, agenda: Agenda, lines: list[str], sessions: list[dict[str, Any]]) -> None:
    text = "\n".join(lines)
    for topic in agenda.topics:
        alike = [session for session in sessions if is_like(topic.title, session)]
        kinds = {session["kind"] for session in alike if session["start"] == _clock(topic)} or {
            session["kind"] for session in alike
        }
        score.invented += not kinds
        score.logistics_published += kinds == {"logistics"}
        place = topic.passage.place
        score.quotes_not_verbatim += topic.passage.quote not in "\n".join(lines[place.first - 1 : place.last])
        score.years_guessed += isinstance(topic.day, date) and str(topic.day.year) not in text


def _judge_session(score: Score, topic: ProposedTopic, session: dict[str, Any]) -> None:
    score.found += 1
    if re.fullmatch(r"\d{4}-\d\d-\d\d", session["day"] or ""):
        score.days_expected += 1
        score.days_right += str(topic.day) == session["day"]
    score.times_right += _clock(topic) == session["start"]
    wanted = [question.lower() for question in session.get("questions", [])]
    score.questions_found += sum(question.lower() in wanted for question in topic.questions)


def _clock(topic: ProposedTopic) -> str | None:
    return topic.start.strftime("%H:%M") if topic.start else None


def score_over(files: Iterable[Path]) -> Score:
    total = Score()
    for file in files:
        total.add(score_of(file))
    return total


def line(name: str, score: Score) -> str:
    return (
        f"{name}: {score.agendas} agendas, recall {score.found}/{score.sessions} ({score.recall:.2f}), "
        f"precision {score.precision:.2f} of {score.topics} topics, invented {score.invented}, "
        f"logistics {score.logistics_published}, quotes not verbatim {score.quotes_not_verbatim}, "
        f"years guessed {score.years_guessed}, days {score.days_right}/{score.days_expected}, "
        f"starts {score.times_right}/{score.found}, "
        f"guiding questions {score.questions_found}/{score.questions_expected}"
    )


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


def main() -> int:
    failed = 0
    for folder, floor in FLOORS.items():
        files = sorted(folder.glob("*.txt"))
        if not files:
            say(f"SKIPPED: {folder.name} does not lie beside this checkout, so it was not scored")
            continue
        if "--each" in sys.argv:
            for file in files:
                say(line(file.stem, score_of(file)))
        total = score_over(files)
        say(line(folder.name, total))
        for missed in total.missed:
            say(f"  missed: {missed}")
        failed |= not is_enough(total, floor)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
