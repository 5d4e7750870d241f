"""Reading themes, and comments by what was done with them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.outcomes import CommentTheme, Theme, ThemeText
from consult.models.people import Person
from consult.models.questions import Question
from consult.queries.answered import asks_for_an_answer, is_answered
from consult.queries.positions import Given, Words, positions_on

PAGE = 50


@dataclass(frozen=True)
class ThemeCard:
    """A theme with its words in every language, and how many published comments have it."""

    id: int
    version: int
    titles: Words
    descriptions: Words
    comments: int

    def title(self, language: Language) -> Shown:
        return shown(self.titles, language)

    def description(self, language: Language) -> Shown:
        return shown(self.descriptions, language)


class Standing(StrEnum):
    """Filter by what answers a comment."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Filters:
    """Which comments are wanted; None asks for any. `themeless` wants those without a theme.

    `found` are the numbers that a search gave.
    """

    question: int | None = None
    theme_id: int | None = None
    themeless: bool = False
    language: Language | None = None
    standing: Standing | None = None
    found: tuple[int, ...] | None = None


@dataclass(frozen=True)
class AnalysedComment:
    """A published comment in the words that everybody may read, with its themes and what answers it.

    `alike` counts published comments with nearly the same words, this one included; `positions` are those
    that reach it by itself, not through the comment that a reply stands under; `is_answered` counts both.
    """

    id: int
    question_number: int
    parent_id: int | None
    body: str
    language: Language | None
    submitted_at: datetime
    alike_id: int | None
    alike: int
    is_answered: bool
    themes: tuple[int, ...]
    positions: tuple[Given, ...]


@dataclass(frozen=True)
class AnalysedPage:
    """A page, oldest first; `next_after` asks for the page behind it, None on the last."""

    comments: tuple[AnalysedComment, ...]
    count: int
    next_after: int | None


def themes_of(consultation_id: int) -> tuple[ThemeCard, ...]:
    """All themes of a consultation in their order; three queries."""
    texts: dict[int, list[ThemeText]] = defaultdict(list)
    for text in db.session.scalars(
        sa.select(ThemeText)
        .filter_by(consultation_id=consultation_id)
        .execution_options(populate_existing=True)
    ):
        texts[text.theme_id].append(text)
    counts = dict(
        db.session.execute(
            sa.select(CommentTheme.theme_id, sa.func.count())
            .join(Comment, _is_marked())
            .where(CommentTheme.consultation_id == consultation_id, Comment.state == CommentState.PUBLISHED)
            .group_by(CommentTheme.theme_id)
        ).all()
    )
    rows = db.session.execute(
        sa.select(Theme.id, Theme.version).filter_by(consultation_id=consultation_id).order_by(Theme.id)
    )
    return tuple(_card(key, version, texts[key], counts.get(key, 0)) for key, version in rows)


def theme_at(consultation_id: int, theme_id: int) -> ThemeCard:
    """Raises Refused(NOT_FOUND) where the consultation has no such theme."""
    card = next((card for card in themes_of(consultation_id) if card.id == theme_id), None)
    if card is None:
        raise Refused(Reason.NOT_FOUND)
    return card


def analysed_comments(consultation_id: int, filters: Filters, *, after: int | None = None) -> AnalysedPage:
    """Published comments and replies that fit, but for what officials wrote; five queries, however many."""
    wanted = _wanted(consultation_id, filters)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    query = wanted.order_by(Comment.id).limit(PAGE + 1)
    if after is not None:
        query = query.where(Comment.id > after)
    rows = db.session.execute(query).all()
    page = rows[:PAGE]
    keys = [row.id for row in page]
    marks, positions = _marks(consultation_id, keys), positions_on(consultation_id, keys)
    alike = _alike(consultation_id, {row.alike_id for row in page})
    comments = tuple(
        AnalysedComment(
            id=row.id,
            question_number=row.number,
            parent_id=row.parent_id,
            body=row.words,
            language=row.language,
            submitted_at=row.submitted_at,
            alike_id=row.alike_id,
            alike=alike.get(row.alike_id, 1),
            is_answered=bool(row.is_answered),
            themes=tuple(marks.get(row.id, ())),
            positions=positions.get(row.id, ()),
        )
        for row in page
    )
    return AnalysedPage(comments, count, keys[-1] if len(rows) > PAGE else None)


def chosen_texts(consultation_id: int, comment_ids: Collection[int]) -> dict[int, str]:
    """The words of those of the numbers that are published comments here, by number."""
    words = sa.func.coalesce(Comment.redacted_body, Comment.body)
    rows = db.session.execute(
        sa.select(Comment.id, words)
        .where(
            Comment.consultation_id == consultation_id,
            Comment.state == CommentState.PUBLISHED,
            Comment.id.in_(comment_ids),
        )
        .order_by(Comment.id)
    )
    return dict(rows.all())


def alike_to(consultation_id: int, alike_id: int) -> list[int]:
    """The published comments of a group of near-identical ones, by number."""
    return list(
        db.session.scalars(
            sa.select(Comment.id)
            .filter_by(consultation_id=consultation_id, alike_id=alike_id, state=CommentState.PUBLISHED)
            .order_by(Comment.id)
        )
    )


def _wanted(consultation_id: int, filters: Filters) -> sa.Select[*tuple[Any, ...]]:
    columns = (
        Comment.id, Question.number, Comment.parent_id, Comment.language, Comment.submitted_at,
        Comment.alike_id, sa.func.coalesce(Comment.redacted_body, Comment.body).label("words"),
        is_answered().label("is_answered"),
    )  # fmt: skip
    query = (
        sa.select(*columns)
        .join(
            Question,
            sa.and_(Question.consultation_id == Comment.consultation_id, Question.id == Comment.question_id),
        )
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(Comment.consultation_id == consultation_id, asks_for_an_answer())
    )
    return query.where(*_conditions(filters))


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    marked = sa.select(CommentTheme.theme_id).where(_is_marked()).correlate(Comment)
    wanted: list[sa.ColumnElement[bool]] = []
    if filters.question is not None:
        wanted.append(Question.number == filters.question)
    if filters.theme_id is not None:
        wanted.append(marked.where(CommentTheme.theme_id == filters.theme_id).exists())
    if filters.themeless:
        wanted.append(~marked.exists())
    if filters.language is not None:
        wanted.append(Comment.language == filters.language)
    if filters.standing is not None:
        wanted.append(is_answered() if filters.standing is Standing.ANSWERED else ~is_answered())
    if filters.found is not None:
        wanted.append(Comment.id.in_(filters.found))
    return wanted


def _is_marked() -> sa.ColumnElement[bool]:
    return sa.and_(
        CommentTheme.consultation_id == Comment.consultation_id, CommentTheme.comment_id == Comment.id
    )


def _marks(consultation_id: int, comment_ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for comment_id, theme_id in db.session.execute(
        sa.select(CommentTheme.comment_id, CommentTheme.theme_id)
        .where(CommentTheme.consultation_id == consultation_id, CommentTheme.comment_id.in_(comment_ids))
        .order_by(CommentTheme.theme_id)
    ):
        found[comment_id].append(theme_id)
    return found


def _alike(consultation_id: int, keys: set[int | None]) -> dict[int | None, int]:
    """How many published comments each group of near-identical ones holds."""
    rows = db.session.execute(
        sa.select(Comment.alike_id, sa.func.count())
        .where(
            Comment.consultation_id == consultation_id,
            Comment.alike_id.in_({key for key in keys if key is not None}),
            Comment.state == CommentState.PUBLISHED,
        )
        .group_by(Comment.alike_id)
    )
    return dict(rows.all())


def _card(key: int, version: int, texts: list[ThemeText], comments: int) -> ThemeCard:
    return ThemeCard(
        id=key,
        version=version,
        titles={text.language: text.title for text in texts if text.title},
        descriptions={text.language: text.description for text in texts if text.description},
        comments=comments,
    )
