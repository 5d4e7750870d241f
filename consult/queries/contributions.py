"""What a person has sent: comments with what became of them, and votes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from consult.domain.comments import CommentState, why_not_editable, why_not_withdrawable
from consult.domain.consultations import Stage, State
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import Actor
from consult.domain.visibility import (
    READABLE_STATES,
    Sight,
    are_positions_shown,
    comment_sight,
    consultation_sight,
)
from consult.domain.votes import Choice
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.questions import Question
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.positions import Given, positions_with_threads
from consult.queries.questions import newest_texts
from consult.queries.timetables import is_open

PAGE = 20
VOTE_PAGE = 50


@dataclass(frozen=True)
class OwnComment:
    """A comment of the reader's; `rule` and `reason` say why it is withheld or was redacted.

    `may_change` says whether its words may be replaced or taken back now. `positions` are what the authority
    answered it with, once that is published and while everybody reads the comment.
    """

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
    corrected_at: datetime | None
    may_change: bool
    positions: tuple[Given, ...] = ()


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


class VoteKey(NamedTuple):
    """Where a page of votes ends: the time of its last vote and what it was cast on.

    `target` is the comment's id, or the question's with a minus sign.
    """

    cast_at: datetime
    target: int


@dataclass(frozen=True)
class OwnVotes:
    """A page of votes, newest first; `next_before` asks for the page behind it, None on the last."""

    votes: tuple[OwnVote, ...]
    next_before: VoteKey | None


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
        db.select(Comment, Consultation.slug, Question.number, is_open())
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .join(Question, Question.id == Comment.question_id)
        .where(Comment.author_id == reader.person_id)
        .order_by(Comment.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Comment.id < before)
    rows = db.session.execute(query).all()
    texts = newest_texts({row[0].question_id for row in rows})
    answers = _answers([comment for comment, *_ in rows[:PAGE]])
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
            corrected_at=comment.corrected_at,
            may_change=bool(can_change) and _is_in_hand(comment),
            positions=answers.get(comment.id, ()),
        )
        for comment, slug, number, can_change in rows[:PAGE]
    )
    return OwnComments(comments, comments[-1].id if len(rows) > PAGE else None)


def _answers(comments: Iterable[Comment]) -> dict[int, tuple[Given, ...]]:
    """What answers those that everybody reads, where the outcome is published; two queries a consultation."""
    here: dict[int, dict[int, int | None]] = defaultdict(dict)
    for comment in comments:
        if comment.state in READABLE_STATES:
            here[comment.consultation_id][comment.id] = comment.parent_id
    stages = db.session.execute(
        db.select(Consultation.id, Consultation.stage).where(Consultation.id.in_(here))
    ).all()
    found: dict[int, tuple[Given, ...]] = {}
    for key, stage in stages:
        if stage is not Stage.PUBLISHED and are_positions_shown(State(stage.value)):
            found |= positions_with_threads(key, here[key])
    return found


def own_votes(reader: Actor, language: Language, *, before: VoteKey | None = None) -> OwnVotes:
    """The reader's votes on comments and on propositions, newest first.

    Raises:
        Refused: SIGN_IN_NEEDED for a guest.
    """
    if reader.person_id is None:
        raise Refused(Reason.SIGN_IN_NEEDED)
    found = [*_comment_votes(reader, before), *_proposition_votes(reader, before)]
    ordered = sorted(found, key=_key, reverse=True)
    later = [row for row in ordered if before is None or _key(row) < before]
    newest = later[:VOTE_PAGE]
    texts = newest_texts({row.question_id for row in newest})
    votes = tuple(
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
    return OwnVotes(votes, _key(newest[-1]) if len(later) > VOTE_PAGE else None)


def _is_in_hand(comment: Comment) -> bool:
    is_editable = why_not_editable(comment.state, is_redacted=comment.redacted_body is not None) is None
    return is_editable or why_not_withdrawable(comment.state) is None


def _key(row: sa.Row[*tuple[Any, ...]]) -> VoteKey:
    return VoteKey(row.cast_at, row.comment_id or -row.question_id)


def _page_of(
    query: sa.Select[*tuple[Any, ...]], cast_at: Any, before: VoteKey | None
) -> list[sa.Row[*tuple[Any, ...]]]:
    """A page and one more of the newest votes; those of the same instant as `before` are told apart later."""
    if before is not None:
        query = query.where(cast_at <= before.cast_at)
    return list(db.session.execute(query.order_by(cast_at.desc()).limit(2 * VOTE_PAGE)))


def _is_full(reader: Actor, row: sa.Row[*tuple[Any, ...]]) -> bool:
    """Whether the words of a comment that was voted on may still be read, as on its own page."""
    if row.state is None or comment_sight(reader, row.state, row.author_id) is not Sight.FULL:
        return False
    is_withdrawn = row.stage is Stage.WITHDRAWN
    return not is_withdrawn or consultation_sight(reader, State.WITHDRAWN) is Sight.FULL


def _visible_body(reader: Actor, row: sa.Row[*tuple[Any, ...]]) -> str:
    return str(row.redacted_body or row.body) if _is_full(reader, row) else ""


def _comment_votes(reader: Actor, before: VoteKey | None) -> list[sa.Row[*tuple[Any, ...]]]:
    query = (
        db.select(
            Consultation.slug,
            Consultation.stage,
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
    )
    return _page_of(query, CommentVote.cast_at, before)


def _proposition_votes(reader: Actor, before: VoteKey | None) -> list[sa.Row[*tuple[Any, ...]]]:
    nothing = sa.null()
    query = (
        db.select(
            Consultation.slug,
            Consultation.stage,
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
    )
    return _page_of(query, PropositionVote.cast_at, before)
