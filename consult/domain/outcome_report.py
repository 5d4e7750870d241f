"""The report on a consultation: each comment with the authority's answer, in the form that bodies print."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown
from consult.domain.outcomes import Decision


class ReportFormat(StrEnum):
    CSV = "csv"
    DOCX = "docx"
    PDF = "pdf"


LINES_MOST: Mapping[ReportFormat, int] = {ReportFormat.DOCX: 3_000, ReportFormat.PDF: 1_000}
"""Comments of a report as one document: a request writes no more in ten seconds. CSV takes any number."""


@dataclass(frozen=True)
class Answer:
    """A decision with its reason in the language of the report, or in the one there is."""

    decision: Decision
    reason: Shown


@dataclass(frozen=True)
class ReportLine:
    """A comment and what answers it.

    `section` is the question. A withheld comment has no words but the code of a `rule`, empty for none; any
    other has None there. `likes` and `dislikes` are None while they are hidden. `is_shared_text`: the same
    answer stands under several comments.
    """

    comment_id: int
    parent_id: int | None
    question: int
    section: Shown
    comment: str
    language: Language | None
    rule: str | None
    likes: int | None
    dislikes: int | None
    answers: tuple[Answer, ...] = ()
    is_shared_text: bool = False

    @property
    def first(self) -> Answer | None:
        """The answer where only one can be told; None where there is none yet."""
        return self.answers[0] if self.answers else None


@dataclass(frozen=True)
class Report:
    """A report in one language; a draft is one that is not published."""

    title: Shown
    authority: Shown
    language: Language
    is_draft: bool
    lines: tuple[ReportLine, ...]


@dataclass(frozen=True)
class ReportWords:
    """The words around the lines, in the language of the report.

    `columns` head the seven columns: number, comment, answer, decision, likes, dislikes, note. `rules` say by
    code under which rule a comment is withheld; `draft` is empty in a published report.
    """

    heading: str
    draft: str
    columns: tuple[str, ...]
    decisions: Mapping[Decision, str]
    rules: Mapping[str, str]
    shared_text: str
    unanswered: str


def report_format(code: str) -> ReportFormat:
    """Raises Refused(NOT_FOUND) for a format that is none."""
    try:
        return ReportFormat(code)
    except ValueError:
        raise Refused(Reason.NOT_FOUND) from None


def check_length(form: ReportFormat, lines: int) -> None:
    """Raises Refused(REPORT_TOO_LONG) with `limit` where a document would have more lines."""
    if form in LINES_MOST and lines > LINES_MOST[form]:
        raise Refused(Reason.REPORT_TOO_LONG, limit=LINES_MOST[form])
