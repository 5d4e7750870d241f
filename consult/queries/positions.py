"""Official positions, and how they reach comments. Who may read them: `visibility.are_positions_shown`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.consultations import State
from consult.domain.languages import Language, Shown, shown
from consult.domain.outcomes import Decision, Target, Through
from consult.domain.visibility import are_positions_shown
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.outcomes import CommentTheme, OfficialPosition, PositionText, PositionVersion

Words = dict[Language, str]


@dataclass(frozen=True)
class PositionView:
    """A position as it stands now, in every language it is written in.

    `authorities` name the responsible body as it was called when it decided; `notes` say what the newest
    version corrected. `shared` counts positions on comments of the consultation that have the same words,
    this one included; 0 for a position on a theme or a group.
    """

    id: int
    target: Target
    version: int
    decision: Decision
    decided_at: datetime
    shared: int
    reasons: Words = field(default_factory=dict)
    authorities: Words = field(default_factory=dict)
    notes: Words = field(default_factory=dict)

    @property
    def is_shared_text(self) -> bool:
        """Whether the same words stand under more than one comment."""
        return self.shared > 1

    def reason(self, language: Language) -> Shown:
        return shown(self.reasons, language)

    def authority(self, language: Language) -> Shown:
        return shown(self.authorities, language)


@dataclass(frozen=True)
class Given:
    """A position as it reaches a comment; `theme_id` is set where it comes through a theme."""

    position: PositionView
    through: Through
    theme_id: int | None = None


@dataclass(frozen=True)
class Reach:
    """That a position is about a comment, a theme of it, or its group."""

    comment_id: int
    position_id: int
    through: Through
    theme_id: int | None


@dataclass(frozen=True)
class Positions:
    """All positions of a consultation, and which comments they reach by themselves.

    `parents` has the published comment above each reply.
    """

    by_id: Mapping[int, PositionView]
    reaches: Mapping[int, tuple[Reach, ...]]
    parents: Mapping[int, int]

    def of(self, comment_id: int) -> tuple[Given, ...]:
        """What answers a comment, by the precedence of `domain.outcomes`; empty where nothing does."""
        given = given_by(self.reaches.get(comment_id, ()), self.by_id)
        if given or comment_id not in self.parents:
            return given
        above = given_by(self.reaches.get(self.parents[comment_id], ()), self.by_id)
        return tuple(Given(each.position, Through.THREAD) for each in above)


def given_by(reaches: Iterable[Reach], by_id: Mapping[int, PositionView]) -> tuple[Given, ...]:
    """Of the positions that reach a comment those that answer it: its own, its themes', or its group's."""
    reached = sorted(reaches, key=lambda reach: reach.theme_id or 0)
    for through in (Through.COMMENT, Through.THEME, Through.GROUP):
        found = tuple(
            Given(by_id[reach.position_id], through, reach.theme_id)
            for reach in reached
            if reach.through is through
        )
        if found:
            return found
    return ()


def positions_of(consultation_id: int) -> Positions:
    """All positions of a consultation and what they reach; three queries, however many comments there are."""
    by_id = _views(consultation_id)
    if not by_id:
        return Positions({}, {}, {})
    reaches: dict[int, list[Reach]] = defaultdict(list)
    for row in db.session.execute(sa.select(_reached(Comment.consultation_id == consultation_id))):
        reaches[row.comment_id].append(_reach(row))
    above = sa.orm.aliased(Comment)
    replies = db.session.execute(
        sa.select(Comment.id, Comment.parent_id)
        .join(above, sa.and_(above.consultation_id == Comment.consultation_id, above.id == Comment.parent_id))
        .where(Comment.consultation_id == consultation_id, above.state == CommentState.PUBLISHED)
    )
    parents = {reply: parent for reply, parent in replies if parent is not None}
    return Positions(by_id, {key: tuple(some) for key, some in reaches.items()}, parents)


def positions_on(consultation_id: int, comment_ids: Collection[int]) -> dict[int, tuple[Given, ...]]:
    """What answers some comments by themselves, not through the thread; one query, none for no comments."""
    if not comment_ids:
        return {}
    reached = _reached(Comment.consultation_id == consultation_id, Comment.id.in_(comment_ids))
    query = _with_texts(consultation_id, reached.c.comment_id, reached.c.through)
    rows = db.session.execute(query.join(reached, reached.c.position_id == OfficialPosition.id)).all()
    by_id = _read(rows)
    reaches: dict[int, set[Reach]] = defaultdict(set)
    for row in rows:
        reaches[row.comment_id].add(
            Reach(row.comment_id, row.position_id, Through(row.through), row.target_theme)
        )
    return {key: given_by(some, by_id) for key, some in reaches.items()}


def shown_positions(
    state: State, consultation_id: int, comment_ids: Collection[int]
) -> dict[int, tuple[Given, ...]]:
    """As `positions_on`, for pages that everybody reads: without a query until the outcome is published."""
    return positions_on(consultation_id, comment_ids) if are_positions_shown(state) else {}


def positions_with_threads(
    consultation_id: int, parents: Mapping[int, int | None]
) -> dict[int, tuple[Given, ...]]:
    """What answers some comments, given with the comment above each reply; two queries."""
    above = {parent for parent in parents.values() if parent is not None}
    published = db.session.scalars(
        sa.select(Comment.id).where(
            Comment.consultation_id == consultation_id,
            Comment.id.in_(above),
            Comment.state == CommentState.PUBLISHED,
        )
    ).all()
    found = positions_on(consultation_id, {*parents, *published})
    in_thread = {
        key: tuple(Given(each.position, Through.THREAD) for each in found[parent])
        for key, parent in parents.items()
        if parent in published and parent in found
    }
    return {key: found.get(key, in_thread.get(key, ())) for key in parents}


def positions_at(consultation_id: int, which: sa.ColumnElement[bool]) -> dict[int, PositionView]:
    """The positions of a consultation that a condition picks, by id; one query."""
    return _views(consultation_id, which)


def position_for(consultation_id: int, target: Target) -> PositionView | None:
    """The position on exactly this target; None where there is none."""
    found = positions_at(consultation_id, is_about(target))
    return next(iter(found.values()), None)


def is_about(target: Target) -> sa.ColumnElement[bool]:
    """Condition: the position of the statement is on this target."""
    if target.comment_id is not None:
        return OfficialPosition.comment_id == target.comment_id
    if target.theme_id is not None:
        return OfficialPosition.theme_id == target.theme_id
    return OfficialPosition.alike_id == target.alike_id


def _reached(*which: sa.ColumnElement[bool]) -> sa.Subquery:
    """Comments with each position that reaches them by itself; several rows where several positions do."""
    position = OfficialPosition
    own = _reaching(Through.COMMENT).join(
        position,
        sa.and_(position.consultation_id == Comment.consultation_id, position.comment_id == Comment.id),
    )
    by_theme = (
        _reaching(Through.THEME)
        .join(
            CommentTheme,
            sa.and_(
                CommentTheme.consultation_id == Comment.consultation_id, CommentTheme.comment_id == Comment.id
            ),
        )
        .join(
            position,
            sa.and_(
                position.consultation_id == CommentTheme.consultation_id,
                position.theme_id == CommentTheme.theme_id,
            ),
        )
    )
    by_group = _reaching(Through.GROUP).join(
        position,
        sa.and_(position.consultation_id == Comment.consultation_id, position.alike_id == Comment.alike_id),
    )
    return sa.union_all(*(way.where(*which) for way in (own, by_theme, by_group))).subquery("reached")


def _reaching(through: Through) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        Comment.id.label("comment_id"),
        OfficialPosition.id.label("position_id"),
        OfficialPosition.theme_id.label("theme_id"),
        sa.literal(through.value).label("through"),
    ).select_from(Comment)


def _views(consultation_id: int, *which: sa.ColumnElement[bool]) -> dict[int, PositionView]:
    return _read(db.session.execute(_with_texts(consultation_id).where(*which)))


def _with_texts(consultation_id: int, *more: sa.ColumnElement[Any]) -> sa.Select[*tuple[Any, ...]]:
    """One row for each position of a consultation and language."""
    twin = sa.orm.aliased(OfficialPosition)
    same = (
        sa.select(twin.text_key, sa.func.count().label("number"))
        .where(twin.consultation_id == consultation_id, twin.comment_id.is_not(None))
        .group_by(twin.text_key)
        .subquery("same")
    )
    position, version, text = OfficialPosition, PositionVersion, PositionText
    shared = sa.case((position.comment_id.is_not(None), same.c.number), else_=0)
    columns = (
        *more, position.id.label("position_id"), position.comment_id.label("target_comment"),
        position.theme_id.label("target_theme"), position.alike_id, position.version, version.decision,
        version.decided_at, text.language, text.reason, text.note, text.authority, shared.label("shared"),
    )  # fmt: skip
    return (
        sa.select(*columns)
        .join(
            version,
            sa.and_(
                version.consultation_id == position.consultation_id,
                version.position_id == position.id,
                version.number == position.version,
            ),
        )
        .join(
            text,
            sa.and_(
                text.consultation_id == version.consultation_id,
                text.position_id == version.position_id,
                text.number == version.number,
            ),
        )
        .outerjoin(same, same.c.text_key == position.text_key)
        .where(position.consultation_id == consultation_id)
    )


def _read(rows: Iterable[sa.Row[*tuple[Any, ...]]]) -> dict[int, PositionView]:
    found: dict[int, PositionView] = {}
    for row in rows:
        if row.position_id not in found:
            found[row.position_id] = PositionView(
                id=row.position_id,
                target=Target(row.target_comment, row.target_theme, row.alike_id),
                version=row.version,
                decision=row.decision,
                decided_at=row.decided_at,
                shared=row.shared,
            )
        view = found[row.position_id]
        for kept, words in (
            (view.reasons, row.reason),
            (view.authorities, row.authority),
            (view.notes, row.note),
        ):
            if words:
                kept[row.language] = words
    return found


def _reach(row: sa.Row[*tuple[Any, ...]]) -> Reach:
    return Reach(row.comment_id, row.position_id, Through(row.through), row.theme_id)
