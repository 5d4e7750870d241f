"""Reading what people reported: for moderators, for who reported, and whether one has reported already."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.domain.comment_orders import CommentKey
from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import Actor
from consult.domain.permissions import consultations_where, may_moderate, require_in, require_somewhere
from consult.domain.reports import ANSWERING_MOVES, Fate, fate_of
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.consultations import Consultation, ConsultationText
from consult.models.taking_part import CommentReport

PAGE = 20

_Place = tuple[int, int]
"""Consultation and number of a comment."""


@dataclass(frozen=True)
class Reports:
    """Complaints about one comment: how many people named each rule, their words, and when the last came."""

    rules: Mapping[str, int]
    words: tuple[str, ...]
    last_at: datetime

    @property
    def total(self) -> int:
        """People who reported it."""
        return sum(self.rules.values())


@dataclass(frozen=True)
class ReportedComment:
    """A published comment with the reports that nobody has answered."""

    id: int
    consultation: Shown
    body: str
    language: Language | None
    reports: Reports


@dataclass(frozen=True)
class Worklist:
    """A page, what should be read first at the top; `next_key` asks for the next page, None on the last."""

    comments: tuple[ReportedComment, ...]
    next_key: CommentKey | None


@dataclass(frozen=True)
class OwnReport:
    """A report of the reader's and what became of it; `answer` is the reason where it was dismissed."""

    comment_id: int
    slug: str
    rule: str
    words: str
    reported_at: datetime
    fate: Fate
    answer: str


@dataclass(frozen=True)
class OwnReports:
    reports: tuple[OwnReport, ...]
    next_before: int | None


def reports_of(
    reader: Actor, consultation_id: int, comment_ids: Collection[int] | None = None
) -> dict[int, Reports]:
    """Complaints by comment, of some comments or of all; comments without any are not in it. One query.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_in(reader, may_moderate, consultation_id)
    which = CommentReport.consultation_id == consultation_id
    if comment_ids is not None:
        which = sa.and_(which, CommentReport.comment_id.in_(comment_ids))
    return {comment_id: reports for (_, comment_id), reports in _grouped(which).items()}


def _grouped(which: sa.ColumnElement[bool]) -> dict[_Place, Reports]:
    found = defaultdict(list)
    query = db.select(CommentReport).where(which).execution_options(populate_existing=True)
    for row in db.session.scalars(query.order_by(CommentReport.reported_at, CommentReport.person_id)):
        found[row.consultation_id, row.comment_id].append(row)
    return {
        place: Reports(
            rules=Counter(row.rule for row in rows),
            words=tuple(row.words for row in rows if row.words),
            last_at=rows[-1].reported_at,
        )
        for place, rows in found.items()
    }


def _answering(column: Any) -> sa.ScalarSelect[Any]:
    """The last act at the desk that came after a report and still stands."""
    return (
        sa.select(column)
        .where(
            ModerationAct.consultation_id == CommentReport.consultation_id,
            ModerationAct.comment_id == CommentReport.comment_id,
            ModerationAct.acted_at >= CommentReport.reported_at,
            ModerationAct.undone_at.is_(None),
            ModerationAct.move.in_(ANSWERING_MOVES),
        )
        .order_by(ModerationAct.id.desc())
        .limit(1)
        .correlate(CommentReport)
        .scalar_subquery()
    )


def is_open() -> sa.ColumnElement[bool]:
    """Condition: a report that was neither dismissed nor answered by a decision at the desk."""
    return sa.and_(CommentReport.answered_at.is_(None), _answering(ModerationAct.id).is_(None))


def _reported(only: frozenset[int] | None) -> sa.ColumnElement[bool]:
    """Condition: a published comment with a report that waits, in the consultations given."""
    waits = sa.and_(Comment.state == CommentState.PUBLISHED, Comment.open_reports > 0)
    return waits if only is None else sa.and_(waits, Comment.consultation_id.in_(only))


def reported_count(reader: Actor) -> int:
    """Comments with reports that wait, in the consultations in which the reader moderates."""
    query = db.select(sa.func.count()).select_from(Comment)
    return db.session.scalar(query.where(_reported(consultations_where(reader, may_moderate)))) or 0


def worklist(reader: Actor, language: Language, *, after: CommentKey | None = None) -> Worklist:
    """Comments with reports that wait, those with the most against them first. Three queries.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(reader, may_moderate)
    query = db.select(Comment).where(_reported(consultations_where(reader, may_moderate)))
    if after is not None:
        query = query.where(sa.tuple_(Comment.desk_rank, Comment.id) > (after.rank, after.id))
    rows = db.session.scalars(
        query.order_by(Comment.desk_rank, Comment.id)
        .limit(PAGE + 1)
        .execution_options(populate_existing=True)
    ).all()
    page = rows[:PAGE]
    places = [(row.consultation_id, row.id) for row in page]
    is_here = sa.tuple_(CommentReport.consultation_id, CommentReport.comment_id).in_(places)
    reports, titles = _grouped(sa.and_(is_here, is_open())), _titles({row.consultation_id for row in page})
    return Worklist(
        tuple(
            ReportedComment(
                id=row.id,
                consultation=shown(titles[row.consultation_id], language),
                body=row.redacted_body or row.body,
                language=row.language,
                reports=reports[row.consultation_id, row.id],
            )
            for row in page
            if (row.consultation_id, row.id) in reports
        ),
        CommentKey(page[-1].desk_rank, page[-1].id) if len(rows) > PAGE else None,
    )


def _titles(keys: Collection[int]) -> dict[int, dict[Language, str]]:
    found: dict[int, dict[Language, str]] = defaultdict(dict)
    for text in db.session.scalars(
        db.select(ConsultationText).where(ConsultationText.consultation_id.in_(keys))
    ):
        found[text.consultation_id][text.language] = text.title
    return found


def own_reports(reader: Actor, *, before: int | None = None) -> OwnReports:
    """What the reader reported and what became of it, by number of the comment, the highest first.

    Raises:
        Refused: SIGN_IN_NEEDED for a guest.
    """
    if reader.person_id is None:
        raise Refused(Reason.SIGN_IN_NEEDED)
    query = (
        sa.select(
            CommentReport, Comment.state, Consultation.slug, _answering(ModerationAct.move).label("decided")
        )
        .join(
            Comment,
            sa.and_(
                Comment.consultation_id == CommentReport.consultation_id,
                Comment.id == CommentReport.comment_id,
            ),
        )
        .join(Consultation, Consultation.id == CommentReport.consultation_id)
        .where(CommentReport.person_id == reader.person_id)
        .order_by(CommentReport.comment_id.desc())
        .limit(PAGE + 1)
        .execution_options(populate_existing=True)
    )
    if before is not None:
        query = query.where(CommentReport.comment_id < before)
    rows = db.session.execute(query).all()
    reports = tuple(
        OwnReport(
            comment_id=report.comment_id,
            slug=slug,
            rule=report.rule,
            words=report.words,
            reported_at=report.reported_at,
            fate=fate_of(state, decided, is_dismissed=report.answered_at is not None),
            answer=report.answer,
        )
        for report, state, slug, decided in rows[:PAGE]
    )
    return OwnReports(reports, reports[-1].comment_id if len(rows) > PAGE else None)


def has_reported(reader: Actor, consultation_id: int, comment_id: int) -> bool:
    """Whether the reader has reported the comment; False for a guest."""
    if reader.person_id is None:
        return False
    key = (consultation_id, comment_id, reader.person_id)
    return db.session.get(CommentReport, key, populate_existing=True) is not None
