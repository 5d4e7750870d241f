"""One entry of an agenda: is it a point of substance, and what is its title?"""

import re
from dataclasses import dataclass, field

from consult.domain.agenda.items import Caution, LeftOut, ProposedTopic, Why
from consult.domain.agenda.logistics import why_not
from consult.domain.agenda.occasion import When
from consult.domain.agenda.pieces import Piece
from consult.domain.agenda.source import Extent, SourceText
from consult.domain.agenda.times import Slot
from consult.domain.agenda.titles import is_unfinished, label_of, title_extent, title_of

FLATTENED_LINE_CHARS = 500
LONGEST_WRAPPED_LINES = 8
SEVERAL = re.compile(
    r"\b(?:sessions|workshops|working groups|секции|сессии|мастер-классы"
    r"|секциялар)\b(?:\s?\([^)]{0,80}\)?)?\s{0,2}\Z",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Findings:
    """What one shape of agenda yields."""

    topics: list[ProposedTopic] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def extend(self, other: "Findings") -> None:
        self.topics += other.topics
        self.left_out += other.left_out


def wrapped_title(source: SourceText, lines: list[Piece]) -> Extent:
    """The extent of a title that may go on over several lines; `lines` begin with it."""
    extent = lines[0].extent
    for line in lines[1:LONGEST_WRAPPED_LINES]:
        within = title_extent(source, extent)
        is_cut = within.end < source.trim(extent, " \t\r.;:,*").end
        if line.mark or is_cut or not is_unfinished(source.words(extent), source.words(line.extent)):
            break
        extent = Extent(extent.start, line.extent.end)
    return extent


def judge(source: SourceText, entry: Extent) -> tuple[Extent, Why | None]:
    """The citable title of an entry, and why it is no topic if it is none."""
    cited = title_extent(source, entry)
    words = source.words(cited)
    label = label_of(words + " ")
    if label and not re.search(r"\w", words[label.end :]):
        return cited, why_not(words) or Why.NO_SUBJECT
    return cited, why_not(title_of(words))


def propose(
    source: SourceText, entry: Extent, when: When, slot: Slot | None, questions: tuple[str, ...] = ()
) -> Findings:
    """Turn an entry into a topic, or into what was left out and why."""
    cited, why = judge(source, entry)
    if why:
        return Findings(left_out=[LeftOut(source.cite(cited if len(cited) else entry), why)])
    cautions = [*when.cautions]
    if slot and slot.is_upside_down:
        cautions.append(Caution.TIME_RANGE_UPSIDE_DOWN)
    if SEVERAL.search(source.words(cited)):
        cautions.append(Caution.SEVERAL_SESSIONS)
    if _may_be_cut(source, cited):
        cautions.append(Caution.TEXT_MAY_BE_CUT)
    topic = ProposedTopic(
        title_of(source.words(cited)),
        source.cite(cited),
        when.day,
        slot.start if slot else None,
        slot.end if slot else None,
        questions,
        tuple(cautions),
    )
    return Findings(topics=[topic])


def _may_be_cut(source: SourceText, cited: Extent) -> bool:
    """Whether a title is the very end of a text whose lines are lost, as a cut download leaves it."""
    line_start = source.text.rfind("\n", 0, cited.end) + 1
    return cited.end >= len(source.text.rstrip()) and cited.end - line_start > FLATTENED_LINE_CHARS
