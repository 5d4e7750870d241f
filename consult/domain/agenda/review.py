"""Proposals under a person's eye: chosen or not, renamed, merged, split; quotes stay the source's words.

A proposal knows the stretch of the source that it quotes, so that no edit can make a quotation untrue.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from consult.domain.agenda.items import Agenda, Passage, Place, ProposedTopic
from consult.domain.agenda.source import SourceText
from consult.domain.errors import Reason, Refused

LONGEST_QUOTE_CHARS = 2_000
LONGEST_TITLE_CHARS = 300
MOST_LEFT_OUT = 300


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic that may be; `start` and `end` are offsets in the source, `day` a date or its own words."""

    title: str
    start: int
    end: int
    first: int
    last: int
    day: str | None = None
    is_date: bool = False
    starts: str | None = None
    ends: str | None = None
    questions: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    is_chosen: bool = True

    def quote(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Omission:
    """An entry that was left out, and why; a person may want it after all."""

    start: int
    end: int
    first: int
    last: int
    why: str


@dataclass(frozen=True, slots=True)
class Review:
    """What is on the table: proposals and omissions in the order of the source, warnings about it all."""

    proposals: tuple[Proposal, ...]
    left_out: tuple[Omission, ...] = ()
    cautions: tuple[str, ...] = ()


def review_of(agenda: Agenda, source: SourceText) -> Review:
    """The reading as a person gets it to review: every topic chosen, nothing left out taken."""
    return Review(
        tuple(_proposal(topic, source) for topic in agenda.topics),
        tuple(
            Omission(
                *_extent(entry.passage, source),
                entry.passage.place.first,
                entry.passage.place.last,
                entry.why,
            )
            for entry in agenda.left_out[:MOST_LEFT_OUT]
        ),
        tuple(caution.value for caution in agenda.cautions),
    )


def _proposal(topic: ProposedTopic, source: SourceText) -> Proposal:
    place = topic.passage.place
    return Proposal(
        topic.title[:LONGEST_TITLE_CHARS],
        *_extent(topic.passage, source),
        place.first,
        place.last,
        topic.day.isoformat() if isinstance(topic.day, date) else topic.day,
        isinstance(topic.day, date),
        topic.start.strftime("%H:%M") if topic.start else None,
        topic.end.strftime("%H:%M") if topic.end else None,
        topic.questions,
        tuple(caution.value for caution in topic.cautions),
    )


def _extent(passage: Passage, source: SourceText) -> tuple[int, int]:
    """Where a quotation stands: its first occurrence at or after the line where its place begins."""
    places = source.places or range(1, len(source.line_starts) + 1)
    at = next((n for n, place in enumerate(places) if place >= passage.place.first), 0)
    start = max(0, source.text.find(passage.quote, source.line_starts[at]))
    return start, start + len(passage.quote)


def renamed(
    review: Review, titles: Sequence[str], chosen: Collection[int], taken: Collection[int], source: SourceText
) -> Review:
    """The review with the titles as written, one for each proposal, and the ticks as set.

    An empty title leaves the old one. Omissions whose numbers are in `taken` become proposals.
    """
    written = [
        replace(each, title=title.strip() or each.title, is_chosen=number in chosen)
        for number, (each, title) in enumerate(zip(review.proposals, titles, strict=True))
    ]
    added = [_taken(each, source) for number, each in enumerate(review.left_out) if number in taken]
    left = tuple(each for number, each in enumerate(review.left_out) if number not in taken)
    ordered = sorted([*written, *added], key=lambda each: each.start) if added else written
    return replace(review, proposals=tuple(ordered), left_out=left)


def _taken(omission: Omission, source: SourceText) -> Proposal:
    words = " ".join(source.text[omission.start : omission.end].split())
    return Proposal(words[:LONGEST_TITLE_CHARS], omission.start, omission.end, omission.first, omission.last)


def merged(review: Review, at: int) -> Review:
    """The proposal at this position and the one before it as one, with all that stands between quoted.

    Raises:
        Refused: NOT_FOUND where there is no such pair; AGENDA_TOPICS_APART where the quote would be too long.
    """
    if not 0 < at < len(review.proposals):
        raise Refused(Reason.NOT_FOUND)
    before, this = review.proposals[at - 1], review.proposals[at]
    start, end = min(before.start, this.start), max(before.end, this.end)
    if end - start > LONGEST_QUOTE_CHARS:
        raise Refused(Reason.AGENDA_TOPICS_APART, limit=LONGEST_QUOTE_CHARS)
    one = replace(
        before,
        title=f"{before.title}; {this.title}"[:LONGEST_TITLE_CHARS],
        start=start,
        end=end,
        first=min(before.first, this.first),
        last=max(before.last, this.last),
        ends=this.ends if before.day == this.day else before.ends,
        questions=tuple(dict.fromkeys(before.questions + this.questions)),
        cautions=tuple(dict.fromkeys(before.cautions + this.cautions)),
        is_chosen=before.is_chosen or this.is_chosen,
    )
    return replace(review, proposals=(*review.proposals[: at - 1], one, *review.proposals[at + 1 :]))


def split(review: Review, at: int, source: SourceText) -> Review:
    """One proposal for each line of the title at this position.

    A part whose words stand in the quotation quotes only them; another quotes all that was quoted before.

    Raises:
        Refused: NOT_FOUND; AGENDA_NOTHING_TO_SPLIT where the title has one line.
    """
    if not 0 <= at < len(review.proposals):
        raise Refused(Reason.NOT_FOUND)
    whole = review.proposals[at]
    titles = [line.strip() for line in whole.title.splitlines() if line.strip()]
    if len(titles) < 2:  # noqa: PLR2004
        raise Refused(Reason.AGENDA_NOTHING_TO_SPLIT)
    parts = tuple(_part(whole, title, number, source) for number, title in enumerate(titles))
    return replace(review, proposals=(*review.proposals[:at], *parts, *review.proposals[at + 1 :]))


def _part(whole: Proposal, title: str, number: int, source: SourceText) -> Proposal:
    """The guiding questions stay with the first part: a person moves them if they belong to another."""
    part = replace(whole, title=title, questions=whole.questions if number == 0 else ())
    within = whole.quote(source.text).lower().find(title.lower())
    if within < 0 or len(whole.quote(source.text).lower()) != whole.end - whole.start:
        return part
    start = whole.start + within
    end = start + len(title)
    place = source.place_between(start, end)
    return replace(part, start=start, end=end, first=place.first, last=place.last)


def one_line(review: Review) -> Review:
    """Titles without line breaks, as topics have them."""
    return replace(
        review,
        proposals=tuple(replace(each, title=" ".join(each.title.split())) for each in review.proposals),
    )


def topics_of(review: Review, source: SourceText) -> Iterator[tuple[Proposal, Passage]]:
    """Yield what was chosen, each with its quotation and place."""
    for each in one_line(review).proposals:
        if each.is_chosen:
            yield each, Passage(each.quote(source.text), Place(each.first, each.last))


def to_json(review: Review) -> dict[str, Any]:
    return asdict(review)


def from_json(kept: dict[str, Any]) -> Review:
    return Review(
        tuple(
            Proposal(**{**each, "questions": tuple(each["questions"]), "cautions": tuple(each["cautions"])})
            for each in kept["proposals"]
        ),
        tuple(Omission(**each) for each in kept["left_out"]),
        tuple(kept["cautions"]),
    )
