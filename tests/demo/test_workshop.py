"""The agenda that a demonstration begins with."""

import json
from datetime import date
from importlib.resources import files
from typing import Any

from consult.adapters.documents import read_document
from consult.domain.agenda.items import ProposedTopic
from consult.domain.agenda.reading import read_agenda
from consult.domain.languages import Language


def topics() -> tuple[ProposedTopic, ...]:
    content = files("consult.demo").joinpath("workshop-2016.txt").read_bytes()
    return read_agenda(read_document(content, "workshop-2016.txt").lines, Language.EN).topics


def questions() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(
        files("consult.demo").joinpath("questions.json").read_text("utf-8")
    )
    return loaded


def test_the_workshop_has_six_topics_on_two_days() -> None:
    assert [topic.day for topic in topics()] == [date(2016, 3, 1)] * 4 + [date(2016, 3, 2)] * 2
    assert all(topic.start and topic.end and not topic.cautions for topic in topics())


def test_each_topic_has_a_question_in_three_languages() -> None:
    assert [question["quote"] for question in questions()] == [topic.passage.quote for topic in topics()]
    for question in questions():
        assert all(question[kind][language] for kind in ("title", "question") for language in Language)
