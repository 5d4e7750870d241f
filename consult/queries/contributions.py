"""What a person has sent: comments with what became of them, and votes."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import Actor
from consult.domain.visibility import Sight, comment_sight
from consult.domain.votes import Choice
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.questions import Question, QuestionText
from consult.models.votes import CommentVote, PropositionVote

PAGE = 20


@dataclass(frozen=True)
class OwnComment:
    """A comment of the reader's; `rule` and `reason` say why it is withheld or was redacted."""

    id: int
    slug: str
    question_number: int
    question: Shown
    is_reply: bool
    body: str
    language: Language | None
    state: CommentState
    rule: str | None
    reason: str
    submitted_at: datetime


@dataclass(frozen=True)
class OwnVote:
    """A vote of the reader's on a comment (with its words, where they may be seen) or on a proposition."""

    slug: str
    question_number: int
    question: Shown
    comment_id: int | None
    comment_body: str
    comment_author: str | None
    choice: Choice
    cast_at: datetime


@dataclass(frozen=True)
class OwnComments:
    comments: tuple[OwnComment, ...]
    next_before: int | None


def own_comments(reader: Actor, language: Language, *, before: int | None = None) -> OwnComments:
    """The reader's comments and replies, newest first.

    Raises:
        Refused: SIGN_IN_NEEDED for a guest.
    """
    if reader.person_id is None:
        raise Refused(Reason.SIGN_IN_NEEDED)
    query = (
        db.select(Comment, Consultation.slug, Question.number)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .join(Question, Question.id == Comment.question_id)
        .where(Comment.author_id == reader.person_id)
        .order_by(Comment.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Comment.id < before)
    rows = db.session.execute(query).all()
    texts = _texts([row[0].question_id for row in rows])
    comments = tuple(
        OwnComment(
            id=comment.id,
            slug=slug,
            question_number=number,
            question=shown(texts.get(comment.question_id, {}), language),
            is_reply=comment.parent_id is not None,
            body=comment.redacted_body or comment.body,
            language=comment.language,
            state=comment.state,
            rule=comment.publication_rule,
            reason=comment.publication_reason,
            submitted_at=comment.submitted_at,
        )
        for comment, slug, number in rows[:PAGE]
    )
    return OwnComments(comments, comments[-1].id if len(rows) > PAGE else None)


def own_votes(reader: Actor, language: Language, *, limit: int = 100) -> tuple[OwnVote, ...]:
    """The reader's newest votes, on comments and on propositions.

    Raises:
        Refused: SIGN_IN_NEEDED for a guest.
    """
    if reader.person_id is None:
        raise Refused(Reason.SIGN_IN_NEEDED)
    found = [*_comment_votes(reader, limit), *_proposition_votes(reader, limit)]
    newest = sorted(found, key=lambda row: row.cast_at, reverse=True)[:limit]
    texts = _texts([row.question_id for row in newest])
    return tuple(
        OwnVote(
            slug=row.slug,
            question_number=row.number,
            question=shown(texts.get(row.question_id, {}), language),
            comment_id=row.comment_id,
            comment_body=_visible_body(reader, row),
            comment_author=row.author if _is_full(reader, row) else None,
            choice=Choice(row.choice),
            cast_at=row.cast_at,
        )
        for row in newest
    )


def _is_full(reader: Actor, row: sa.Row[*tuple[object, ...]]) -> bool:
    return row.state is not None and comment_sight(reader, row.state, row.author_id) is Sight.FULL


def _visible_body(reader: Actor, row: sa.Row[*tuple[object, ...]]) -> str:
    return str(row.redacted_body or row.body) if _is_full(reader, row) else ""


def _comment_votes(reader: Actor, limit: int) -> list[sa.Row[*tuple[object, ...]]]:
    return list(
        db.session.execute(
            db.select(
                Consultation.slug,
                Question.number,
                Comment.question_id,
                Comment.id.label("comment_id"),
                Comment.body,
                Comment.redacted_body,
                Comment.state,
                Comment.author_id,
                Person.name.label("author"),
                CommentVote.choice,
                CommentVote.cast_at,
            )
            .select_from(CommentVote)
            .join(
                Comment,
                sa.and_(
                    Comment.consultation_id == CommentVote.consultation_id,
                    Comment.id == CommentVote.comment_id,
                ),
            )
            .join(Consultation, Consultation.id == CommentVote.consultation_id)
            .join(Question, Question.id == Comment.question_id)
            .outerjoin(Person, Person.id == Comment.author_id)
            .where(CommentVote.person_id == reader.person_id)
            .order_by(CommentVote.cast_at.desc())
            .limit(limit)
        )
    )


def _proposition_votes(reader: Actor, limit: int) -> list[sa.Row[*tuple[object, ...]]]:
    nothing = sa.null()
    return list(
        db.session.execute(
            db.select(
                Consultation.slug,
                Question.number,
                PropositionVote.question_id,
                nothing.label("comment_id"),
                nothing.label("body"),
                nothing.label("redacted_body"),
                nothing.label("state"),
                nothing.label("author_id"),
                nothing.label("author"),
                PropositionVote.choice,
                PropositionVote.cast_at,
            )
            .select_from(PropositionVote)
            .join(Consultation, Consultation.id == PropositionVote.consultation_id)
            .join(Question, Question.id == PropositionVote.question_id)
            .where(PropositionVote.person_id == reader.person_id)
            .order_by(PropositionVote.cast_at.desc())
            .limit(limit)
        )
    )


def _texts(question_ids: list[int]) -> dict[int, dict[Language, str]]:
    """Newest texts of some questions."""
    found: dict[int, dict[Language, str]] = {}
    if question_ids:
        for key, language, words in db.session.execute(
            db.select(QuestionText.question_id, QuestionText.language, QuestionText.text)
            .join(Question, Question.id == QuestionText.question_id)
            .where(Question.id.in_(set(question_ids)), QuestionText.version == Question.version)
        ).tuples():
            found.setdefault(key, {})[language] = words
    return found
