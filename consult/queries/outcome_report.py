"""The lines of the report on a consultation: the one reading for its page, CSV, DOCX, PDF and exports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from consult.domain.comment_orders import CommentKey
from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.outcome_report import Answer, ReportLine
from consult.domain.people import Actor
from consult.domain.permissions import may_answer, may_in
from consult.domain.visibility import are_positions_shown, is_tally_shown
from consult.domain.votes import Tally
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.questions import Question
from consult.queries.consultations import ConsultationView
from consult.queries.exports import AT_ONCE, question_texts, stream
from consult.queries.positions import Given, Positions, positions_of
from consult.queries.tallies import comment_tallies

PAGE = 50
"""Lines on one page."""
LISTED = (CommentState.PUBLISHED, CommentState.WITHHELD)


@dataclass(frozen=True)
class Told:
    """What the readers of a report may know, and the language in which they are told.

    `by_question` orders by question and then by number, else by number alone.
    """

    language: Language
    has_positions: bool
    has_tallies: bool
    by_question: bool = True


@dataclass(frozen=True)
class ReportPage:
    """Some lines; `next_key` asks for those behind them, None on the last page."""

    lines: tuple[ReportLine, ...]
    next_key: CommentKey | None


def told_to(reader: Actor, consultation: ConsultationView, language: Language) -> Told:
    """What a report may tell this reader: all of it once it is published, a draft to those who answer.

    Raises:
        Refused: NOT_FOUND where the reader may not read it yet.
    """
    if not (are_positions_shown(consultation.state) or is_draft_for(reader, consultation)):
        raise Refused(Reason.NOT_FOUND)
    has_tallies = is_tally_shown(consultation.results_policy, consultation.state, has_voted=False)
    return Told(language, has_positions=True, has_tallies=has_tallies)


def is_draft_for(reader: Actor, consultation: ConsultationView) -> bool:
    """Whether the reader may look at a report that is not published yet."""
    return not are_positions_shown(consultation.state) and may_in(reader, may_answer, consultation.id)


def report_lines(
    consultation_id: int, told: Told, *, after: CommentKey | None = None, limit: int | None = None
) -> Iterator[ReportLine]:
    """Published and withheld comments and replies, `AT_ONCE` read at a time; ask `told_to` before."""
    positions = positions_of(consultation_id) if told.has_positions else Positions({}, {}, {})
    sections = {key: shown(texts, told.language) for key, texts in question_texts(consultation_id).items()}
    rows = stream(_statement(consultation_id, told, after, limit))
    while part := list(islice(rows, AT_ONCE)):
        tallies = comment_tallies(consultation_id, [row.id for row in part]) if told.has_tallies else {}
        for row in part:
            yield _line(row, told, sections, positions.of(row.id), tallies.get(row.id))


def report_page(consultation_id: int, told: Told, after: CommentKey | None) -> ReportPage:
    """One page of lines; ask `told_to` before."""
    lines = tuple(report_lines(consultation_id, told, after=after, limit=PAGE + 1))
    last = lines[PAGE - 1] if len(lines) > PAGE else None
    return ReportPage(lines[:PAGE], CommentKey(last.question, last.comment_id) if last else None)


def count_lines(consultation_id: int) -> int:
    """How many lines the report has; a page, a count."""
    told = Told(Language.KK, has_positions=False, has_tallies=False)
    counted = sa.select(sa.func.count()).select_from(_statement(consultation_id, told).subquery())
    return db.session.scalar(counted) or 0


def _statement(
    consultation_id: int, told: Told, after: CommentKey | None = None, limit: int | None = None
) -> sa.Select[*tuple[Any, ...]]:
    order = (Question.number, Comment.id) if told.by_question else (Comment.id,)
    is_withheld = Comment.state == CommentState.WITHHELD
    words = sa.case((is_withheld, ""), else_=sa.func.coalesce(Comment.redacted_body, Comment.body))
    rule = sa.case((is_withheld, sa.func.coalesce(Comment.publication_rule, "")))
    columns = (
        Comment.id, Comment.parent_id, Comment.question_id, Comment.language, Question.number,
        words.label("words"), rule.label("rule"),
    )  # fmt: skip
    query = (
        sa.select(*columns)
        .join(
            Question,
            sa.and_(Question.consultation_id == Comment.consultation_id, Question.id == Comment.question_id),
        )
        .where(Comment.consultation_id == consultation_id, Comment.state.in_(LISTED))
        .order_by(*order)
    )
    if after is not None:
        query = query.where(sa.tuple_(Question.number, Comment.id) > (after.rank, after.id))
    return query.limit(limit)


def _line(
    row: sa.Row[*tuple[Any, ...]],
    told: Told,
    sections: dict[int, Shown],
    given: Iterable[Given],
    tally: Tally | None,
) -> ReportLine:
    answered = tuple(given) if row.rule is None else ()
    return ReportLine(
        comment_id=row.id,
        parent_id=row.parent_id,
        question=row.number,
        section=sections.get(row.question_id) or shown({}, told.language),
        comment=row.words,
        language=row.language,
        rule=row.rule,
        likes=tally.agree if tally else None,
        dislikes=tally.disagree if tally else None,
        answers=tuple(
            Answer(each.position.decision, each.position.reason(told.language)) for each in answered
        ),
        is_shared_text=any(each.position.is_shared_text for each in answered),
    )
