"""Reading the public figures of moderation, of one consultation or of all that everybody may read."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlalchemy import FunctionElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from consult.domain.appeals import APPEALED_MOVES, REVERSALS
from consult.domain.comments import CommentState
from consult.domain.moderation_statistics import Counted, Counts, Dimension, Table, table_of, table_of_all
from consult.domain.visibility import READABLE_STAGES
from consult.models.appeals import Appeal
from consult.models.comments import Comment, ModerationAct
from consult.models.consultations import Consultation
from consult.queries.exports import stream
from consult.queries.freshness import kept

UNKNOWN = "unknown"
"""Category of comments in a language that nobody knows."""
TENTHS = 10
"""Time is read in tenths of an hour."""


class tenths_of_hours(FunctionElement[int]):  # noqa: N801 - reads as the SQL function it is
    """Tenths of an hour from the first instant to the second, rounded; for instants in this order."""

    type = sa.Integer()
    inherit_cache = True


@compiles(tenths_of_hours, "postgresql")
def _tenths_on_postgresql(element: tenths_of_hours, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(each, **kw) for each in element.clauses)
    return f"CAST(trunc(EXTRACT(EPOCH FROM ({second} - {first})) / 360.0 + 0.5) AS INTEGER)"


@compiles(tenths_of_hours, "sqlite")
def _tenths_on_sqlite(element: tenths_of_hours, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(each, **kw) for each in element.clauses)
    return f"CAST((julianday({second}) - julianday({first})) * 240.0 + 0.5 AS INTEGER)"


class local_month(FunctionElement[str]):  # noqa: N801
    """The month of an instant, such as `2026-11`, five hours ahead of UTC as Kazakhstan is since 2024."""

    type = sa.String()
    inherit_cache = True


@compiles(local_month, "postgresql")
def _month_on_postgresql(element: local_month, compiler: SQLCompiler, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    return f"to_char(({moment}) AT TIME ZONE 'UTC' + interval '5 hours', 'YYYY-MM')"


@compiles(local_month, "sqlite")
def _month_on_sqlite(element: local_month, compiler: SQLCompiler, **kw: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **kw)}, '+5 hours')"


@dataclass
class _Reading:
    """What was read by one dimension: counts by consultation and category, and how often each time was."""

    counts: dict[int, dict[str, Counts]] = field(default_factory=lambda: defaultdict(dict))
    times: dict[str | None, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, consultation_id: int, category: str | None, counts: Counts, tenths: int | None) -> None:
        if category is None:
            return
        here = self.counts[consultation_id]
        here[category] = here.get(category, Counts()) + counts
        if counts.waited and tenths is not None:
            self.times[category][tenths] += counts.waited
            self.times[None][tenths] += counts.waited

    def medians(self) -> dict[str | None, float]:
        """Median hours of each category, and of all together under None."""
        return {category: _median(times) / TENTHS for category, times in self.times.items()}


def _median(times: Counter[int]) -> float:
    """The median of values that occur so and so often."""
    values = sorted(times)
    ends = list(accumulate(times[value] for value in values))
    middle = [
        next(value for value, end in zip(values, ends, strict=True) if end > place)
        for place in ((ends[-1] - 1) // 2, ends[-1] // 2)
    ]
    return sum(middle) / 2


@kept
def tables_of(consultation_id: int, smallest_group: int) -> tuple[Table, ...]:
    """The figures of one consultation that everybody may read: by month, by language and by rule."""
    return tuple(
        _table(dimension, reading, consultation_id, smallest_group)
        for dimension, reading in _read(consultation_id).items()
    )


@kept
def tables_of_all(smallest_group: int) -> tuple[Table, ...]:
    """As `tables_of`, of all consultations that everybody may read."""
    return tuple(
        table_of_all(dimension, list(reading.counts.values()), reading.medians(), smallest_group)
        for dimension, reading in _read().items()
    )


def _table(dimension: Dimension, reading: _Reading, consultation_id: int, smallest_group: int) -> Table:
    counts, medians = reading.counts.get(consultation_id, {}), reading.medians()
    counted = {each: Counted(counts[each], medians.get(each)) for each in sorted(counts)}
    total = Counted(sum(counts.values(), Counts()), medians.get(None))
    return table_of(dimension, counted, total, smallest_group)


def _read(consultation_id: int | None = None) -> dict[Dimension, _Reading]:
    readings = {dimension: _Reading() for dimension in Dimension}
    for row in _groups(consultation_id):
        for dimension, reading in readings.items():
            counts = Counts(
                received=row.comments,
                decided=row.decided,
                withheld=row.withheld,
                waited=row.waited,
                appeals=row.appeals,
                reversed=row.reversed,
            )
            reading.add(row.consultation_id, getattr(row, dimension.value), counts, row.tenths)
    return readings


def _groups(consultation_id: int | None) -> Iterator[sa.Row[*tuple[Any, ...]]]:
    """Comments that are alike in every category and in the time they waited, counted together."""
    facts = _facts(consultation_id)
    alike = (
        facts.c.consultation_id,
        *(facts.c[dimension.value] for dimension in Dimension),
        facts.c.waited,
        facts.c.tenths,
    )
    sums = (
        sa.cast(sa.func.sum(facts.c[name]), sa.BigInteger).label(name)
        for name in ("decided", "withheld", "waited", "appeals", "reversed")
    )
    query = sa.select(*alike[:4], facts.c.tenths, sa.func.count().label("comments"), *sums)
    return stream(query.group_by(*alike))


def _facts(consultation_id: int | None) -> sa.Subquery:
    """What is counted of each comment: its categories, its state, the first decision, appeals."""
    waited = sa.case((ModerationAct.before == CommentState.PENDING, 1), else_=0)
    tenths = tenths_of_hours(Comment.submitted_at, ModerationAct.acted_at)
    appeals = _appeals()
    query = (
        sa.select(
            Comment.consultation_id,
            local_month(Comment.submitted_at).label(Dimension.MONTH.value),
            sa.func.coalesce(sa.cast(Comment.language, sa.String), UNKNOWN).label(Dimension.LANGUAGE.value),
            _last_rule().label(Dimension.RULE.value),
            sa.case((ModerationAct.id.is_not(None), 1), else_=0).label("decided"),
            sa.case((Comment.state == CommentState.WITHHELD, 1), else_=0).label("withheld"),
            waited.label("waited"),
            sa.case((waited == 1, tenths), else_=None).label("tenths"),
            sa.func.coalesce(appeals.c.lodged, 0).label("appeals"),
            sa.func.coalesce(appeals.c.reversed, 0).label("reversed"),
        )
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .outerjoin(
            ModerationAct,
            sa.and_(
                ModerationAct.consultation_id == Comment.consultation_id, ModerationAct.id == _first_act()
            ),
        )
        .outerjoin(
            appeals,
            sa.and_(appeals.c.consultation_id == Comment.consultation_id, appeals.c.comment_id == Comment.id),
        )
        .where(Consultation.stage.in_(READABLE_STAGES), Consultation.published_at.is_not(None))
    )
    if consultation_id is not None:
        query = query.where(Comment.consultation_id == consultation_id)
    return query.subquery()


def _first_act() -> sa.ScalarSelect[int]:
    """The first decision about a comment that nobody took back."""
    act = sa.orm.aliased(ModerationAct)
    return (
        sa.select(sa.func.min(act.id))
        .where(
            act.consultation_id == Comment.consultation_id,
            act.comment_id == Comment.id,
            act.undone_at.is_(None),
        )
        .correlate(Comment)
        .scalar_subquery()
    )


def _last_rule() -> sa.ScalarSelect[str | None]:
    """The rule under which a comment was withheld or redacted last, also where that was reversed since."""
    act = sa.orm.aliased(ModerationAct)
    return (
        sa.select(act.rule)
        .where(
            act.consultation_id == Comment.consultation_id,
            act.comment_id == Comment.id,
            act.undone_at.is_(None),
            act.move.in_(APPEALED_MOVES),
        )
        .order_by(act.id.desc())
        .limit(1)
        .correlate(Comment)
        .scalar_subquery()
    )


def _appeals() -> sa.Subquery:
    is_reversed = sa.case((Appeal.verdict.in_(REVERSALS), 1), else_=0)
    return (
        sa.select(
            Appeal.consultation_id,
            Appeal.comment_id,
            sa.func.count().label("lodged"),
            sa.func.sum(is_reversed).label("reversed"),
        )
        .group_by(Appeal.consultation_id, Appeal.comment_id)
        .subquery()
    )
