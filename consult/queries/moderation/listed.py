"""The lists of the desk, page by page, each comment with everything to decide on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.domain.comment_orders import CommentKey
from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.moderation import DeskOrder, Selection, View
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, require_somewhere
from consult.domain.personal_data import Passage, personal_data
from consult.domain.risk import Mark, Marked, marked_text, read_marks, rude_places
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.questions import Question
from consult.queries.moderation.around import Around, Escalated, Taken, around
from consult.queries.moderation.selecting import in_order, is_first_of_group, is_moderated_by, is_selected

PAGE = 25

MEMBERS_SHOWN = 200
"""Comments of a group that one row lists; the rest comes when these are decided."""


@dataclass(frozen=True)
class Member:
    """One of several comments that say nearly the same."""

    id: int
    version: int
    author: str | None
    body: str
    language: Language | None
    submitted_at: datetime


@dataclass(frozen=True)
class QueuedComment:
    """A comment as a moderator reads it: whole text, where it stands, and what its author wrote before.

    `parent_body` is what a reply answers, None for a comment on the question. `author_published` and
    `author_withheld` count the author's other comments in this consultation. `alike` counts others that say
    nearly the same, by state; `members` are those that wait, this one included, where it stands for several.
    `author_language` is that of letters to the author.
    """

    id: int
    consultation_id: int
    version: int
    slug: str
    consultation: Shown
    question_number: int
    question: Shown
    parent_body: str | None
    author: str | None
    author_language: Language
    author_published: int
    author_withheld: int
    body: str
    redacted_body: str | None
    language: Language | None
    state: CommentState
    rule: str | None
    reason: str
    submitted_at: datetime
    wording: int
    marks: tuple[Mark, ...]
    reports: int
    rank: int
    parts: tuple[Marked, ...]
    passages: tuple[Passage, ...]
    alike: dict[CommentState, int]
    members: tuple[Member, ...]
    taken: Taken | None
    escalated: Escalated | None

    @property
    def group_size(self) -> int:
        """Comments that wait with nearly the same words, this one included; 1 where it stands alone."""
        if self.state is not CommentState.PENDING:
            return 1
        return 1 + self.alike.get(CommentState.PENDING, 0)

    @property
    def others_alike(self) -> int:
        """Other comments with nearly the same words that are published or withheld."""
        return self.alike.get(CommentState.PUBLISHED, 0) + self.alike.get(CommentState.WITHHELD, 0)


@dataclass(frozen=True)
class Queue:
    """A page of a list; `next_after` asks for the next, None on the last."""

    comments: tuple[QueuedComment, ...]
    next_after: CommentKey | None


def queue(
    reader: Actor, language: Language, selection: Selection | None = None, *, after: CommentKey | None = None
) -> Queue:
    """Selected comments, one row for those that wait with nearly the same words.

    As many queries for a page of any length.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(reader, may_moderate)
    chosen = selection or Selection()
    query = _rows().where(is_selected(reader, chosen)).order_by(*in_order(chosen.order)).limit(PAGE + 1)
    if chosen.view is View.PENDING:
        query = query.where(is_first_of_group(reader, chosen))
    if after is not None:
        query = query.where(_is_behind(chosen.order, after))
    rows = db.session.execute(query).all()
    page = rows[:PAGE]
    last = page[-1][0] if len(rows) > PAGE else None
    return Queue(_queued(reader, page, language, chosen), _key(chosen.order, last) if last else None)


def queued_comment(reader: Actor, comment_id: int, language: Language) -> QueuedComment:
    """One comment as the queue shows it, in whatever state.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, also where the reader does not moderate it.
    """
    require_somewhere(reader, may_moderate)
    rows = db.session.execute(_rows().where(Comment.id == comment_id, is_moderated_by(reader))).all()
    if not rows:
        raise Refused(Reason.NOT_FOUND)
    return _queued(reader, rows, language, Selection())[0]


def _key(order: DeskOrder, row: Comment) -> CommentKey:
    return CommentKey(row.desk_rank if order is DeskOrder.RISK else 0, row.id)


def _is_behind(order: DeskOrder, after: CommentKey) -> sa.ColumnElement[bool]:
    place = (after.rank, after.id) if order is DeskOrder.RISK else (after.id,)
    return sa.tuple_(*in_order(order)) > sa.tuple_(*(sa.literal(part) for part in place))


def _rows() -> sa.Select[*tuple[Any, ...]]:
    """Comments with what each stands under."""
    parent = sa.orm.aliased(Comment)
    return (
        sa.select(Comment, Consultation.slug, Question.number, Person.name, Person.language, parent.body)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .join(Question, Question.id == Comment.question_id)
        .outerjoin(Person, Person.id == Comment.author_id)
        .outerjoin(
            parent, sa.and_(parent.consultation_id == Comment.consultation_id, parent.id == Comment.parent_id)
        )
        .execution_options(populate_existing=True)
    )


def _queued(
    reader: Actor, rows: Sequence[sa.Row[*tuple[Any, ...]]], language: Language, selection: Selection
) -> tuple[QueuedComment, ...]:
    comments = [row[0] for row in rows]
    known = around(reader, comments, language)
    members = _members(reader, [row for row in comments if known.waiting_alike(row)], selection)
    return tuple(_one(row, known, members.get(row[0].alike_id, ())) for row in rows)


def _members(
    reader: Actor, leaders: Sequence[Comment], selection: Selection
) -> dict[int | None, tuple[Member, ...]]:
    """The waiting comments of each group, oldest first."""
    place = sa.func.row_number().over(partition_by=Comment.alike_id, order_by=Comment.id).label("place")
    columns = (
        Comment.alike_id, Comment.id, Comment.version, Person.name, Comment.body, Comment.language,
        Comment.submitted_at,
    )  # fmt: skip
    ranked = (
        sa.select(*columns, place)
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(
            Comment.consultation_id.in_({row.consultation_id for row in leaders}),
            Comment.alike_id.in_({row.alike_id for row in leaders}),
            is_selected(reader, replace(selection, view=View.PENDING)),
        )
    )
    found: dict[int | None, tuple[Member, ...]] = {}
    inner = ranked.subquery()
    for row in db.session.execute(
        sa.select(inner).where(inner.c.place <= MEMBERS_SHOWN).order_by(inner.c.id)
    ):
        found[row[0]] = (*found.get(row[0], ()), Member(*row[1:7]))
    return found


def _one(found: sa.Row[*tuple[Any, ...]], known: Around, members: tuple[Member, ...]) -> QueuedComment:
    row, slug, number, name, author_language, parent_body = found
    passages = personal_data(row.body)
    key = (row.consultation_id, row.id)
    return QueuedComment(
        id=row.id,
        consultation_id=row.consultation_id,
        version=row.version,
        slug=slug,
        consultation=shown(known.titles[row.consultation_id], known.language),
        question_number=number,
        question=shown(known.questions[row.question_id], known.language),
        parent_body=parent_body,
        author=name,
        author_language=author_language or row.question_language,
        author_published=known.others(row, CommentState.PUBLISHED),
        author_withheld=known.others(row, CommentState.WITHHELD),
        body=row.body,
        redacted_body=row.redacted_body,
        language=row.language,
        state=row.state,
        rule=row.publication_rule,
        reason=row.publication_reason,
        submitted_at=row.submitted_at,
        wording=row.wording,
        marks=read_marks(row.marks),
        reports=row.open_reports,
        rank=row.desk_rank,
        parts=marked_text(row.body, passages, rude_places(row.body, known.profanity)),
        passages=passages,
        alike=known.alike_by_state(row),
        members=members if row.state is CommentState.PENDING else (),
        taken=known.taken.get(key),
        escalated=known.escalated.get(key),
    )
