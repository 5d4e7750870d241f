"""One comment at the desk with its history, its author's history here, and the thread around it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.domain.comments import CommentState, Move
from consult.domain.languages import Language
from consult.domain.people import Actor, Duty, Role
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.desk import ModerationNote
from consult.models.duties import ConsultationDuty
from consult.models.people import Person
from consult.models.taking_part import CommentReport, CommentRevision
from consult.queries.moderation.listed import QueuedComment, queued_comment

SHOWN = 20
"""Of the author's other comments, of replies, reports and earlier wordings: the newest."""


@dataclass(frozen=True)
class PastAct:
    """A decision about the comment; `undone_at` where somebody took it back."""

    move: Move
    rule: str | None
    reason: str
    by: str
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True)
class Note:
    """What a moderator wrote for others; `is_escalation`: asked to decide."""

    words: str
    by: str
    to: str | None
    is_escalation: bool
    at: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class Report:
    """What somebody complained of; who did is not told."""

    rule: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Near:
    """Another comment: of the same author, or in the same thread."""

    id: int
    body: str
    language: Language | None
    state: CommentState
    author: str | None
    at: datetime


@dataclass(frozen=True)
class Wording:
    """Words that the author replaced."""

    number: int
    body: str
    language: Language | None
    at: datetime


@dataclass(frozen=True)
class Colleague:
    """Somebody who may be asked to decide."""

    id: int
    name: str


@dataclass(frozen=True)
class ModeratedComment:
    """A hard case: the comment as the queue shows it, and everything around it."""

    comment: QueuedComment
    acts: tuple[PastAct, ...]
    notes: tuple[Note, ...]
    reports: tuple[Report, ...]
    wordings: tuple[Wording, ...]
    by_author: tuple[Near, ...]
    answers: tuple[Near, ...]
    colleagues: tuple[Colleague, ...]


def moderated_comment(reader: Actor, comment_id: int, language: Language) -> ModeratedComment:
    """Everything about one comment.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, also where the reader does not moderate it.
    """
    comment = queued_comment(reader, comment_id, language)
    row = db.session.get_one(Comment, (comment.consultation_id, comment_id))
    return ModeratedComment(
        comment,
        _acts(row),
        _notes(row),
        _reports(row),
        _wordings(row),
        _by_author(row),
        _answers(row),
        _colleagues(reader, row.consultation_id),
    )


def _acts(row: Comment) -> tuple[PastAct, ...]:
    found = db.session.execute(
        db.select(ModerationAct, Person.name)
        .outerjoin(Person, Person.id == ModerationAct.actor_id)
        .where(ModerationAct.consultation_id == row.consultation_id, ModerationAct.comment_id == row.id)
        .order_by(ModerationAct.id)
    )
    return tuple(
        PastAct(act.move, act.rule, act.reason, name or "", act.acted_at, act.undone_at)
        for act, name in found
    )


def _notes(row: Comment) -> tuple[Note, ...]:
    author, asked = sa.orm.aliased(Person), sa.orm.aliased(Person)
    found = db.session.execute(
        db.select(ModerationNote, author.name, asked.name)
        .outerjoin(author, author.id == ModerationNote.author_id)
        .outerjoin(asked, asked.id == ModerationNote.to_id)
        .where(ModerationNote.consultation_id == row.consultation_id, ModerationNote.comment_id == row.id)
        .order_by(ModerationNote.id)
    )
    return tuple(
        Note(note.words, by or "", to, note.is_escalation, note.written_at, note.settled_at)
        for note, by, to in found
    )


def _reports(row: Comment) -> tuple[Report, ...]:
    found = db.session.scalars(
        db.select(CommentReport)
        .filter_by(consultation_id=row.consultation_id, comment_id=row.id)
        .order_by(CommentReport.reported_at.desc())
        .limit(SHOWN)
    )
    return tuple(Report(report.rule, report.words, report.reported_at) for report in found)


def _wordings(row: Comment) -> tuple[Wording, ...]:
    found = db.session.scalars(
        db.select(CommentRevision)
        .filter_by(consultation_id=row.consultation_id, comment_id=row.id)
        .order_by(CommentRevision.number.desc())
        .limit(SHOWN)
    )
    return tuple(Wording(one.number, one.body, one.language, one.replaced_at) for one in found)


def _by_author(row: Comment) -> tuple[Near, ...]:
    if row.author_id is None:
        return ()
    return _near(
        Comment.consultation_id == row.consultation_id,
        Comment.author_id == row.author_id,
        Comment.id != row.id,
    )


def _answers(row: Comment) -> tuple[Near, ...]:
    return _near(Comment.consultation_id == row.consultation_id, Comment.replies_to == row.id)


def _near(*conditions: sa.ColumnElement[bool]) -> tuple[Near, ...]:
    found = db.session.execute(
        db.select(Comment, Person.name)
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(*conditions)
        .order_by(Comment.id.desc())
        .limit(SHOWN)
    )
    return tuple(
        Near(row.id, row.body, row.language, row.state, name, row.submitted_at) for row, name in found
    )


def _colleagues(reader: Actor, consultation_id: int) -> tuple[Colleague, ...]:
    """Who else may moderate here."""
    duty = db.select(ConsultationDuty.person_id).filter_by(
        consultation_id=consultation_id, duty=Duty.MODERATOR
    )
    is_moderator = sa.or_(Person.role.in_([Role.OFFICIAL, Role.ADMINISTRATOR]), Person.id.in_(duty))
    found = db.session.execute(
        db.select(Person.id, Person.name)
        .where(is_moderator, Person.is_active, Person.id.is_distinct_from(reader.person_id))
        .order_by(Person.name, Person.id)
        .limit(200)
    )
    return tuple(Colleague(row.id, row.name) for row in found)
