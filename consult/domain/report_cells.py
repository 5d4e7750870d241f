"""What stands in the seven cells of a line of the report; the same for every document."""

from consult.domain.languages import Shown
from consult.domain.outcome_report import ReportLine, ReportWords

ReportCell = tuple[str | Shown, ...]
"""Paragraphs; a `Shown` says in which language it is."""


def cells_of(line: ReportLine, words: ReportWords) -> tuple[ReportCell, ...]:
    """Number, comment, answer, decision, likes, dislikes, note: in the order of `ReportWords.columns`."""
    decisions = tuple(dict.fromkeys(words.decisions[answer.decision] for answer in line.answers))
    return (
        (f"№ {line.comment_id}",),
        _comment(line, words),
        tuple(answer.reason for answer in line.answers) or ((words.unanswered,) if line.rule is None else ()),
        decisions,
        (_number(line.likes),),
        (_number(line.dislikes),),
        (words.shared_text,) if line.is_shared_text else (),
    )


def _comment(line: ReportLine, words: ReportWords) -> ReportCell:
    if line.rule is not None:
        return (words.rules.get(line.rule, line.rule),)
    if line.language is None:
        return (line.comment,)
    return (Shown(line.comment, line.language, is_fallback=False),)


def _number(count: int | None) -> str:
    return "–" if count is None else str(count)
