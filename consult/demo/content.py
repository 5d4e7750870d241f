"""What the consultations of a demonstration have in common: words from the package, questions, themes."""

import json
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from consult.domain.consultations import ZONE
from consult.domain.languages import Language
from consult.domain.outcomes import Target
from consult.domain.people import Actor
from consult.domain.questions import QuestionKind
from consult.services import outcomes, questions, themes
from consult.services.drafting import TextIn, TopicIn
from consult.services.outcomes import PositionIn
from consult.services.themes import ThemeIn


def read(name: str) -> bytes:
    return (files("consult.demo") / name).read_bytes()


def read_json(name: str) -> Any:
    return json.loads(read(name))


def texts_in(texts: dict[str, dict[str, str]]) -> dict[Language, TextIn]:
    return {Language(code): TextIn(**words) for code, words in texts.items()}


def by_language(texts: dict[str, str]) -> dict[Language, str]:
    return {Language(code): words for code, words in texts.items()}


def position_in(written: dict[str, Any]) -> PositionIn:
    return PositionIn(written["decision"], by_language(written["reason"]))


def at_hour(moment: datetime, hour: int) -> datetime:
    """The same day at that hour on Kazakhstan's clocks."""
    return moment.astimezone(ZONE).replace(hour=hour, minute=0, second=0, microsecond=0)


def ask(official: Actor, key: int, part: dict[str, Any]) -> None:
    """The topic of a consultation and its questions."""
    topic_id = questions.add_topic(official, key, TopicIn(by_language(part["topic"])))
    for question in part["questions"]:
        kind = QuestionKind(question.get("kind", QuestionKind.OPEN))
        questions.add_question(official, key, topic_id, by_language(question["texts"]), kind)


def gather(official: Actor, key: int, theme: dict[str, Any], comment_ids: Sequence[int]) -> None:
    """A theme on some comments, with a position where one is written."""
    theme_id = themes.add_theme(official, key, ThemeIn(by_language(theme["title"])))
    themes.put_theme(official, key, theme_id, comment_ids)
    if "position" in theme:
        outcomes.give_position(official, key, Target(theme_id=theme_id), position_in(theme["position"]))
