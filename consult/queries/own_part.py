"""What is the reader's own on the page of a question, in one statement."""

from dataclasses import dataclass
from enum import IntEnum

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from consult.domain.comments import CommentState
from consult.domain.votes import Choice
from consult.models.comments import Comment
from consult.models.prepared import Prepared
from consult.models.taking_part import CommentDraft
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.tallies import is_one_of


class _Kind(IntEnum):
    VOTE = 1
    TAKEN_PART = 2
    PARTICULAR = 3


@dataclass(frozen=True)
class OwnPart:
    """`choices` are the votes on the comments of the page, `questions` those of the consultation answered.

    `is_particular`: there is more that only this reader sees there, such as own words or a draft.
    """

    choices: dict[int, Choice]
    questions: frozenset[int]
    is_particular: bool


def own_part(person_id: int, consultation_id: int, question_id: int, comment_ids: str) -> OwnPart:
    """`comment_ids` are those of the page, as a JSON list."""
    rows = _OWN_PART.run(me=person_id, here=consultation_id, question=question_id, ids=comment_ids)
    return OwnPart(
        {key: Choice(choice) for kind, key, choice in rows if kind == _Kind.VOTE},
        frozenset(key for kind, key, _ in rows if kind == _Kind.TAKEN_PART),
        any(kind == _Kind.PARTICULAR for kind, _, _ in rows),
    )


def _own_part(dialect: Dialect) -> sa.CompoundSelect[tuple[int, int, int]]:
    here, me, question = (sa.bindparam(name, type_=sa.BigInteger) for name in ("here", "me", "question"))
    nothing: sa.ColumnElement[int] = sa.literal_column("0", sa.SmallInteger)

    def kind(which: _Kind) -> sa.ColumnElement[int]:
        return sa.literal_column(str(which.value), sa.Integer)

    voted_here = (CommentVote.consultation_id == here, CommentVote.person_id == me)
    is_comment = sa.and_(
        Comment.consultation_id == CommentVote.consultation_id, Comment.id == CommentVote.comment_id
    )
    is_own = (Comment.consultation_id == here, Comment.author_id == me)
    is_shown_otherwise = sa.or_(Comment.state != CommentState.PUBLISHED, is_one_of(Comment.id, dialect))
    return sa.union_all(
        sa.select(kind(_Kind.VOTE), CommentVote.comment_id, CommentVote.choice).where(
            *voted_here, is_one_of(CommentVote.comment_id, dialect)
        ),
        sa.select(kind(_Kind.TAKEN_PART), Comment.question_id, nothing)
        .select_from(CommentVote)
        .join(Comment, is_comment)
        .where(*voted_here)
        .distinct(),
        sa.select(kind(_Kind.TAKEN_PART), Comment.question_id, nothing).where(*is_own).distinct(),
        sa.select(kind(_Kind.TAKEN_PART), PropositionVote.question_id, nothing).where(
            PropositionVote.consultation_id == here, PropositionVote.person_id == me
        ),
        sa.select(kind(_Kind.PARTICULAR), Comment.id, nothing).where(
            *is_own, Comment.question_id == question, is_shown_otherwise
        ),
        sa.select(kind(_Kind.PARTICULAR), CommentDraft.question_id, nothing).where(
            CommentDraft.person_id == me,
            CommentDraft.consultation_id == here,
            CommentDraft.question_id == question,
            CommentDraft.reply_to == 0,
        ),
    )


_OWN_PART = Prepared(_own_part)
