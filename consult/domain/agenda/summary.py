"""A reading as the public contract names it, ready for JSON."""

from datetime import date, time
from typing import Any

from consult.domain.agenda.items import Agenda, LeftOut, Passage, ProposedTopic


def summary(agenda: Agenda, *, sha256: str, place_name: str = "lines") -> dict[str, Any]:
    """What an import would propose. `place_name` is what the document counts: lines, paragraph or page."""
    return {
        "title": agenda.title,
        "language": agenda.language.value,
        "dates": [day.isoformat() for day in agenda.dates],
        "sha256": sha256,
        "source_url": agenda.source_url,
        "warnings": [caution.value for caution in agenda.cautions],
        "topics": [_topic(topic, place_name) for topic in agenda.topics],
        "left_out": [_left_out(entry, place_name) for entry in agenda.left_out],
    }


def _topic(topic: ProposedTopic, place_name: str) -> dict[str, Any]:
    return {
        "title": topic.title,
        "quote": topic.passage.quote,
        place_name: _place(topic.passage),
        "day": topic.day.isoformat() if isinstance(topic.day, date) else topic.day,
        "start": _clock(topic.start),
        "end": _clock(topic.end),
        "questions": list(topic.questions),
        "warnings": [caution.value for caution in topic.cautions],
    }


def _left_out(entry: LeftOut, place_name: str) -> dict[str, Any]:
    return {"text": entry.passage.quote, place_name: _place(entry.passage), "why": entry.why.value}


def _place(passage: Passage) -> list[int]:
    return [passage.place.first, passage.place.last]


def _clock(moment: time | None) -> str | None:
    return moment.strftime("%H:%M") if moment else None
