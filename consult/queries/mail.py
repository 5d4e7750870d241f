"""Reading for letters: to whom, what they may tell, whom news concern, and whether mail goes out at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from consult.domain.appeals import Verdict
from consult.domain.comments import CommentState
from consult.domain.consultations import State
from consult.domain.errors import Refused
from consult.domain.languages import DEFAULT, Language
from consult.domain.mail import (
    APPEAL_NEWS,
    COMMENT_NEWS,
    DUTY_LETTERS,
    TO_PARTICIPANTS,
    Frequency,
    Kind,
)
from consult.domain.people import GUEST, Actor, Duty, Role
from consult.domain.visibility import Sight, comment_sight
from consult.models.appeals import Appeal
from consult.models.base import db, now_in_database
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.duties import ConsultationDuty
from consult.models.outbox import OutboxMessage
from consult.models.people import Person
from consult.models.questions import Question
from consult.models.taking_part import Follow
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.consultations import ConsultationView, consultation_at

LATE = timedelta(minutes=15)
"""A message that is due for longer waits for a worker that does not run, or that cannot keep up."""
GIVEN_UP_LATELY = timedelta(days=7)

_STATES = {
    Kind.COMMENT_PUBLISHED: CommentState.PUBLISHED,
    Kind.COMMENT_RESTORED: CommentState.PUBLISHED,
    Kind.COMMENT_REDACTED: CommentState.PUBLISHED,
    Kind.COMMENT_WITHHELD: CommentState.WITHHELD,
    Kind.COMMENT_WAITS_AGAIN: CommentState.PENDING,
    Kind.REPLY_RECEIVED: CommentState.PUBLISHED,
}
"""The state in which a comment must still be for the news to be true."""
_RUNNING = frozenset({State.SCHEDULED, State.OPEN})
_OVER = frozenset({State.CLOSED, State.ANSWERED, State.ARCHIVED})
_TRUE_IN = {
    Kind.CONSULTATION_OPENED: frozenset({State.OPEN}),
    Kind.CONSULTATION_CLOSING_SOON: frozenset({State.OPEN}),
    Kind.CONSULTATION_EXTENDED: _RUNNING,
    Kind.OUTCOME_PUBLISHED: _OVER,
    Kind.ANSWER_DUE: frozenset({State.OPEN, State.CLOSED}),
}


@dataclass(frozen=True)
class Recipient:
    """Whom a letter goes to; `reader` is who the visibility policy is asked for."""

    reader: Actor
    address: str
    language: Language
    wants_news: bool


@dataclass(frozen=True)
class CommentNews:
    """What became of the reader's comment, or a reply to it; `body` is what the reader may see now.

    `author` is the public name of who replied, None for a former participant; `rule` and `reason` are the
    moderator's, for the author of the comment alone.
    """

    kind: Kind
    consultation: ConsultationView
    comment_id: int
    body: str
    language: Language | None
    author: str | None
    rule: str | None
    reason: str


@dataclass(frozen=True)
class AppealNews:
    """What was decided about the reader's appeal, with the reason; `body` is the comment as it stands now."""

    kind: Kind
    consultation: ConsultationView
    number: int
    comment_id: int
    body: str
    language: Language | None
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class ConsultationNews:
    kind: Kind
    consultation: ConsultationView


News = CommentNews | AppealNews | ConsultationNews


@dataclass(frozen=True)
class MailHealth:
    """How the outbox stands: messages due for longer than `LATE`, or given up within a week, and why."""

    late: int
    given_up: int
    last_error: str


def recipient(person_id: int | None, address: str, language: Language | None) -> Recipient | None:
    """Who gets a message; None where the account is blocked or erased.

    Whatever their role, people get by mail what every citizen may see.
    """
    if person_id is None:
        return Recipient(GUEST, address, language or DEFAULT, wants_news=False)
    row = db.session.execute(
        db.select(Person.email, Person.name, Person.language, Person.email_frequency).where(
            Person.id == person_id, Person.is_active, Person.erased_at.is_(None)
        )
    ).first()
    if row is None:
        return None
    reader = Actor(person_id, name=row.name, language=row.language)
    return Recipient(reader, row.email, row.language, wants_news=row.email_frequency is not Frequency.NONE)


def news(reader: Actor, kind: Kind, content: Mapping[str, Any], language: Language) -> News | None:
    """What a message tells this reader now; None where it is true no more or not the reader's to see."""
    slug = db.session.scalar(db.select(Consultation.slug).filter_by(id=content.get("consultation_id")))
    if slug is None:
        return None
    try:
        consultation = consultation_at(reader, slug, language)
    except Refused:
        return None
    if consultation.sight is not Sight.FULL:
        return None
    if kind in APPEAL_NEWS:
        return _appeal_news(reader, kind, consultation, content.get("appeal_id"))
    if kind in COMMENT_NEWS:
        return _comment_news(reader, kind, consultation, content.get("comment_id"))
    return ConsultationNews(kind, consultation) if consultation.state in _TRUE_IN[kind] else None


def _appeal_news(
    reader: Actor, kind: Kind, consultation: ConsultationView, appeal_id: int | None
) -> AppealNews | None:
    row = db.session.execute(
        db.select(Appeal, Comment)
        .join(
            Comment,
            sa.and_(Comment.consultation_id == Appeal.consultation_id, Comment.id == Appeal.comment_id),
        )
        .where(
            Appeal.consultation_id == consultation.id,
            Appeal.id == appeal_id,
            Appeal.person_id == reader.person_id,
            Comment.state != CommentState.ERASED,
        )
        .execution_options(populate_existing=True)
    ).first()
    if row is None or row[0].verdict is None:
        return None
    appeal, comment = row
    return AppealNews(
        kind=kind,
        consultation=consultation,
        number=appeal.id,
        comment_id=comment.id,
        body=comment.redacted_body or comment.body,
        language=comment.language,
        verdict=appeal.verdict,
        reason=appeal.reason,
    )


def _comment_news(
    reader: Actor, kind: Kind, consultation: ConsultationView, comment_id: int | None
) -> CommentNews | None:
    row = db.session.execute(
        db.select(Comment, Person.name)
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(Comment.consultation_id == consultation.id, Comment.id == comment_id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None or not _is_true(reader, kind, row[0]):
        return None
    comment: Comment = row[0]
    is_mine = comment.author_id == reader.person_id
    return CommentNews(
        kind=kind,
        consultation=consultation,
        comment_id=comment.id,
        body=comment.redacted_body or comment.body,
        language=comment.language,
        author=None if is_mine else row.name or None,
        rule=comment.publication_rule if is_mine else None,
        reason=comment.publication_reason if is_mine else "",
    )


def _is_true(reader: Actor, kind: Kind, comment: Comment) -> bool:
    """Whether the news still holds, belongs to this reader, and the words may be seen by the reader."""
    is_mine = comment.author_id == reader.person_id
    if comment.state is not _STATES[kind] or is_mine is (kind is Kind.REPLY_RECEIVED):
        return False
    if kind is Kind.COMMENT_REDACTED and comment.redacted_body is None:
        return False
    is_corrected = comment.corrected_at is not None
    sight = comment_sight(reader, comment.state, comment.author_id, is_corrected=is_corrected)
    return sight is Sight.FULL


def people_to_tell(
    kind: Kind, consultation_id: int, *, after: int, limit: int
) -> list[tuple[int, Frequency]]:
    """Some of those whom an announcement concerns, by id from above `after`; with how they want news.

    That is who follows the consultation, and once it is open, who takes part in it. The reminder of the last
    days leaves out who has answered every question. Of an answer that is due those are told who owe it.
    """
    if kind in DUTY_LETTERS:
        return _answering(consultation_id, after=after, limit=limit)
    concerned = [db.select(Follow.person_id).where(Follow.consultation_id == consultation_id)]
    if kind in TO_PARTICIPANTS:
        concerned += _participants(consultation_id)
    is_concerned = sa.or_(*(Person.id.in_(some) for some in concerned))
    query = db.select(Person.id, Person.email_frequency).where(
        is_concerned,
        Person.id > after,
        Person.is_active,
        Person.erased_at.is_(None),
        Person.email_frequency != Frequency.NONE,
    )
    if kind is Kind.CONSULTATION_CLOSING_SOON:
        query = query.where(_has_something_left(consultation_id))
    return [
        (row.id, row.email_frequency) for row in db.session.execute(query.order_by(Person.id).limit(limit))
    ]


def _answering(consultation_id: int, *, after: int, limit: int) -> list[tuple[int, Frequency]]:
    """Who has the duty to answer and who made the consultation; every official where that is nobody."""
    on_duty = sa.select(ConsultationDuty.person_id).filter_by(
        consultation_id=consultation_id, duty=Duty.ANALYST
    )
    is_official = Person.role.in_((Role.OFFICIAL, Role.ADMINISTRATOR))
    maker = sa.select(Consultation.created_by).filter_by(id=consultation_id)
    is_responsible = sa.or_(Person.id.in_(on_duty), sa.and_(Person.id.in_(maker), is_official))
    reachable = sa.and_(Person.is_active, Person.erased_at.is_(None))
    someone = sa.select(Person.id).where(is_responsible, reachable).limit(1)
    told = is_responsible if db.session.scalar(someone) is not None else is_official
    rows = db.session.execute(
        sa.select(Person.id, Person.email_frequency)
        .where(told, reachable, Person.id > after)
        .order_by(Person.id)
        .limit(limit)
    )
    return [(row.id, row.email_frequency) for row in rows]


def _participants(consultation_id: int) -> list[sa.Select[Any]]:
    return [
        sa.select(Comment.author_id).where(
            Comment.consultation_id == consultation_id, Comment.author_id.is_not(None)
        ),
        sa.select(CommentVote.person_id).where(CommentVote.consultation_id == consultation_id),
        sa.select(PropositionVote.person_id).where(PropositionVote.consultation_id == consultation_id),
    ]


def _has_something_left(consultation_id: int) -> sa.ColumnElement[bool]:
    """Condition: there is a question that the person has not voted on, written to or judged answers of."""
    voted = sa.exists().where(
        PropositionVote.consultation_id == consultation_id,
        PropositionVote.question_id == Question.id,
        PropositionVote.person_id == Person.id,
    )
    wrote = sa.exists().where(
        Comment.consultation_id == consultation_id,
        Comment.question_id == Question.id,
        Comment.author_id == Person.id,
    )
    judged = sa.exists().where(
        CommentVote.consultation_id == consultation_id,
        CommentVote.person_id == Person.id,
        Comment.consultation_id == consultation_id,
        Comment.id == CommentVote.comment_id,
        Comment.question_id == Question.id,
    )
    untouched = (~judged.correlate(Question, Person), ~wrote.correlate(Question, Person))
    return sa.exists().where(
        Question.consultation_id == consultation_id, ~voted.correlate(Question, Person), *untouched
    )


def mail_choices(person_id: int | None) -> tuple[Frequency, Language]:
    """How often somebody wants news, and in which language."""
    row = db.session.execute(db.select(Person.email_frequency, Person.language).filter_by(id=person_id)).one()
    return row.email_frequency, row.language


def mail_health() -> MailHealth:
    """What an operator should know about the outbox."""
    now: datetime = now_in_database()
    waits = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))
    late = (
        db.select(sa.func.count()).select_from(OutboxMessage).where(waits, OutboxMessage.due_at < now - LATE)
    )
    lost = OutboxMessage.given_up_at > now - GIVEN_UP_LATELY
    errors = db.select(OutboxMessage.last_error).order_by(OutboxMessage.id.desc()).limit(1)
    return MailHealth(
        late=db.session.scalar(late) or 0,
        given_up=db.session.scalar(db.select(sa.func.count()).select_from(OutboxMessage).where(lost)) or 0,
        last_error=db.session.scalar(errors.where(OutboxMessage.last_error != "")) or "",
    )
