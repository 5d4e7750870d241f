"""The outcome as everybody reads it: by theme, by group, by comment. Nothing before it is published."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.visibility import READABLE_STATES, are_positions_shown
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.outcomes import CommentTheme, OfficialPosition
from consult.models.questions import Question
from consult.queries.consultations import ConsultationView
from consult.queries.outcomes import OutcomeVersion, outcome_versions
from consult.queries.position_history import Correction, corrections_of
from consult.queries.positions import PositionView, positions_at
from consult.queries.themes import ThemeCard, themes_of

EXAMPLES = 3
_Corrections = Mapping[int, tuple[Correction, ...]]
PAGE = 50
"""Decisions on single comments on one page."""


@dataclass(frozen=True)
class Example:
    """A comment in the words that everybody may read."""

    comment_id: int
    parent_id: int | None
    question_number: int
    body: str
    language: Language | None


@dataclass(frozen=True)
class AnsweredTheme:
    """A theme: in which questions it came up, some comments, and the position; None where there is none.

    Comments of a theme without a position are answered one by one.
    """

    card: ThemeCard
    questions: tuple[int, ...]
    examples: tuple[Example, ...]
    position: PositionView | None
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class AnsweredComment:
    """A position on a comment, or on `alike` comments that say nearly the same, of which it is one."""

    example: Example
    alike: int
    position: PositionView
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class PublishedOutcome:
    """`versions` are the texts, the newest first; `next_after` asks for more `comments`, None on the last."""

    versions: tuple[OutcomeVersion, ...]
    themes: tuple[AnsweredTheme, ...] = ()
    comments: tuple[AnsweredComment, ...] = ()
    next_after: int | None = None


@dataclass
class _Around:
    """Comments of each theme: the questions that they are about, and the first of them."""

    questions: set[int] = field(default_factory=set)
    examples: list[Example] = field(default_factory=list)


def published_outcome(consultation: ConsultationView, *, after: int | None = None) -> PublishedOutcome:
    """The outcome with a page of decisions on single comments; some ten queries, however many there are.

    Raises:
        Refused: NOT_FOUND while it is not published.
    """
    if not are_positions_shown(consultation.state):
        raise Refused(Reason.NOT_FOUND)
    versions = tuple(each for each in outcome_versions(consultation.id) if each.published_at)
    keys, next_after = _single_positions(consultation.id, after)
    on_themes = OfficialPosition.theme_id.is_not(None)
    positions = positions_at(consultation.id, sa.or_(on_themes, OfficialPosition.id.in_(keys)))
    corrected = [key for key, position in positions.items() if position.version > 1]
    corrections = corrections_of(consultation.id, corrected)
    return PublishedOutcome(
        versions,
        _themes(consultation.id, positions.values(), corrections),
        _comments(consultation.id, [positions[key] for key in keys], corrections),
        next_after,
    )


def _themes(
    consultation_id: int, positions: Iterable[PositionView], corrections: _Corrections
) -> tuple[AnsweredTheme, ...]:
    by_theme = {position.target.theme_id: position for position in positions}
    around = _around(consultation_id)
    return tuple(
        AnsweredTheme(
            card,
            tuple(sorted(around[card.id].questions)),
            tuple(around[card.id].examples),
            position,
            corrections.get(position.id, ()) if position else (),
        )
        for card in themes_of(consultation_id)
        if card.comments
        for position in (by_theme.get(card.id),)
    )


def _around(consultation_id: int) -> dict[int, _Around]:
    """Questions and examples of each theme; two queries."""
    marked = _readable(consultation_id).join(
        CommentTheme,
        sa.and_(
            CommentTheme.consultation_id == Comment.consultation_id, CommentTheme.comment_id == Comment.id
        ),
    )
    found: dict[int, _Around] = defaultdict(_Around)
    asked = marked.with_only_columns(CommentTheme.theme_id, Question.number).distinct()
    for theme_id, number in db.session.execute(asked):
        found[theme_id].questions.add(number)
    place = sa.func.row_number().over(partition_by=CommentTheme.theme_id, order_by=Comment.id)
    ranked = marked.add_columns(CommentTheme.theme_id, place.label("place")).subquery()
    for row in db.session.execute(
        sa.select(ranked).where(ranked.c.place <= EXAMPLES).order_by(ranked.c.place)
    ):
        found[row.theme_id].examples.append(_example(row))
    return found


def _single_positions(consultation_id: int, after: int | None) -> tuple[list[int], int | None]:
    """Positions on comments and groups that somebody can read, a page of them, and the key of the next."""
    position = OfficialPosition
    here = sa.and_(Comment.consultation_id == position.consultation_id, Comment.state.in_(READABLE_STATES))
    # Two conditions, each with an index of its own: of one with an "or" no database makes good use.
    is_read = sa.or_(
        sa.exists().where(here, Comment.id == position.comment_id),
        sa.exists().where(here, Comment.alike_id == position.alike_id),
    )
    query = (
        sa.select(position.id)
        .where(position.consultation_id == consultation_id, position.theme_id.is_(None), is_read)
        .order_by(position.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(position.id > after)
    keys = list(db.session.scalars(query))
    return keys[:PAGE], keys[PAGE - 1] if len(keys) > PAGE else None


def _comments(
    consultation_id: int, positions: Collection[PositionView], corrections: _Corrections
) -> tuple[AnsweredComment, ...]:
    """Each position with the oldest readable comment that it is about; two queries."""
    groups = {each.target.alike_id for each in positions if each.target.alike_id is not None}
    own = {each.target.comment_id for each in positions if each.target.comment_id is not None}
    query = _readable(consultation_id).order_by(Comment.id.desc())
    by_id = {row.id: _example(row) for row in db.session.execute(query.where(Comment.id.in_(own)))}
    by_group: dict[int | None, list[Example]] = defaultdict(list)
    for row in db.session.execute(query.where(Comment.alike_id.in_(groups))):
        by_group[row.alike_id].append(_example(row))
    answered = []
    for position in positions:
        key, group = position.target.comment_id, by_group[position.target.alike_id]
        example = by_id.get(key) if key is not None else group[-1] if group else None
        if example is not None:
            count = 1 if key is not None else len(group)
            answered.append(AnsweredComment(example, count, position, corrections.get(position.id, ())))
    return tuple(answered)


def _readable(consultation_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Comments in the states in which everybody reads their words."""
    return (
        sa.select(
            Comment.id,
            Comment.parent_id,
            Comment.alike_id,
            Comment.language,
            Question.number,
            sa.func.coalesce(Comment.redacted_body, Comment.body).label("words"),
        )
        .join(
            Question,
            sa.and_(Question.consultation_id == Comment.consultation_id, Question.id == Comment.question_id),
        )
        .where(Comment.consultation_id == consultation_id, Comment.state.in_(READABLE_STATES))
    )


def _example(row: Any) -> Example:
    return Example(row.id, row.parent_id, row.number, row.words, row.language)
