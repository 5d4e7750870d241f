"""A newer version of an agenda beside the topics that an older one gave: what stayed, moved, came, went."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from consult.domain.agenda.review import Proposal

ALIKE = 0.75
MOST_COMPARED = 200


class Change(StrEnum):
    """What a newer version did to a topic."""

    ADDED = "added"
    SAME = "same"
    MOVED = "moved"
    REWORDED = "reworded"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class KnownTopic:
    """A topic of the draft that cites the older version. `place` is the first line, paragraph or page."""

    id: int
    title: str
    quote: str
    place: int | None
    day: str | None
    starts: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """For each proposal in turn its change and the topic that it is; and the topics that are gone."""

    changes: tuple[Change, ...]
    known: tuple[KnownTopic | None, ...]
    removed: tuple[KnownTopic, ...]


def compare(known: Sequence[KnownTopic], proposals: Sequence[Proposal], text: str) -> Comparison:
    """Pair a newer version's proposals with the older one's topics: equal words first, then alike ones."""
    free = list(known[:MOST_COMPARED])
    pairs: dict[int, KnownTopic] = {}
    for is_pair in (_is_equal, _is_alike):
        for number, proposal in enumerate(proposals[:MOST_COMPARED]):
            if number not in pairs:
                topic = next((topic for topic in free if is_pair(topic, proposal, text)), None)
                if topic:
                    pairs[number] = topic
                    free.remove(topic)
    found = tuple(pairs.get(number) for number in range(len(proposals)))
    changes = tuple(_change(topic, each, text) for topic, each in zip(found, proposals, strict=True))
    return Comparison(changes, found, tuple(free))


def _change(topic: KnownTopic | None, proposal: Proposal, text: str) -> Change:
    if topic is None:
        return Change.ADDED
    if not _is_equal(topic, proposal, text):
        return Change.REWORDED
    here = (proposal.first, proposal.day, proposal.starts)
    return Change.SAME if here == (topic.place, topic.day, topic.starts) else Change.MOVED


def _is_equal(topic: KnownTopic, proposal: Proposal, text: str) -> bool:
    return _words(topic.quote) == _words(proposal.quote(text))


def _is_alike(topic: KnownTopic, proposal: Proposal, text: str) -> bool:
    pairs = ((topic.quote, proposal.quote(text)), (topic.title, proposal.title))
    return any(_likeness(_words(old), _words(new)) >= ALIKE for old, new in pairs)


def _likeness(old: str, new: str) -> float:
    """How much of two texts is the same, 0 to 1; 0 where their lengths already rule it out."""
    matcher = SequenceMatcher(None, old[:300], new[:300], autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _words(text: str) -> str:
    return " ".join(text.lower().split())
