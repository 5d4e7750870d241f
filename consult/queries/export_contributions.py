"""The tables of an export that grow with the people: comments, votes, participants, acts of moderation."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from consult.domain.audit import Thing
from consult.domain.comments import Channel, CommentState
from consult.domain.export_tables import SUPPRESSED
from consult.domain.exports import (
    Cell,
    Record,
    exported_states,
    has_body,
    is_attributed,
    publication,
    question_id,
)
from consult.domain.languages import shown
from consult.domain.people import Role, Verification
from consult.domain.privacy import official_ref, participant_ref, shown_together
from consult.domain.votes import Tally
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.own_data import PersonProfile
from consult.models.people import Person
from consult.models.questions import Question
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.exports import (
    Scope,
    is_attributed_here,
    question_texts,
    stream,
    tally_columns,
    vote_cells,
)


def comments(scope: Scope) -> Iterator[Record]:
    """The comments and replies by id, as far as the package may show them."""
    states = exported_states(scope.package)
    for row, tally in _with_tallies(scope, stream(_comments(scope, states))):
        yield {
            "comment_id": str(row.id),
            "question_id": question_id(scope.slug, row.number),
            "parent_comment_id": None if row.parent_id is None else str(row.parent_id),
            "participant_ref": _author_ref(scope, row),
            "author_kind": _kind(row.role if row.channel is Channel.WEB else None),
            "question_version": row.question_version,
            "language": row.language.value if row.language else "und",
            "submitted_at": row.submitted_at,
            "channel": row.channel.value,
            "body": _words(row) if has_body(scope.package, row.state) else None,
            "publication": publication(row.state, is_redacted=row.redacted_body is not None),
            "publication_rule": row.publication_rule,
            **vote_cells(tally),
        }


def report(scope: Scope) -> Iterator[Record]:
    """The published comments under the words of their question; but for votes, one in both packages."""
    sections = {
        question: shown(texts, scope.language).text
        for question, texts in question_texts(scope.consultation_id).items()
    }
    for row, tally in _with_tallies(scope, stream(_comments(scope, (CommentState.PUBLISHED,)))):
        yield {
            "section": sections.get(row.question_id),
            "comment": _words(row),
            "likes": tally.agree if tally else None,
            "dislikes": tally.disagree if tally else None,
            "comment_id": str(row.id),
        }


def _comments(scope: Scope, states: tuple[CommentState, ...]) -> sa.Select[*tuple[Any, ...]]:
    columns = (
        Comment.id, Comment.question_id, Question.number, Comment.parent_id, Comment.author_id, Person.role,
        Comment.question_version, Comment.language, Comment.submitted_at, Comment.channel, Comment.body,
        Comment.redacted_body, Comment.state, Comment.publication_rule,
    )  # fmt: skip
    return (
        sa.select(*columns)
        .join(Question, Question.id == Comment.question_id)
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(Comment.consultation_id == scope.consultation_id, Comment.state.in_(states))
        .order_by(Comment.id)
    )


def _words(row: sa.Row[*tuple[Any, ...]]) -> str:
    """The words that readers may have once the comment is shown: the redacted ones where there are some."""
    words: str = row.body if row.redacted_body is None else row.redacted_body
    return words


def _author_ref(scope: Scope, row: sa.Row[*tuple[Any, ...]]) -> Cell:
    if row.author_id is None or not is_attributed(row.state, row.channel):
        return None
    return participant_ref(scope.secret, row.author_id)


def _kind(role: Role | None) -> str:
    return "official" if role in {Role.OFFICIAL, Role.ADMINISTRATOR} else "citizen"


def _with_tallies(
    scope: Scope, rows: Iterator[sa.Row[*tuple[Any, ...]]]
) -> Iterator[tuple[sa.Row[*tuple[Any, ...]], Tally | None]]:
    """Each comment with its tally, None where the package holds none: two streams in the order of the ids."""
    if not scope.has_tallies:
        yield from ((row, None) for row in rows)
        return
    tallies = _tallies(scope)
    comment_id, tally = next(tallies, _NO_MORE)
    for row in rows:
        while comment_id is not None and comment_id < row.id:
            comment_id, tally = next(tallies, _NO_MORE)
        yield row, tally if comment_id == row.id else Tally()


_NO_MORE: tuple[int | None, Tally] = (None, Tally())


def _tallies(scope: Scope) -> Iterator[tuple[int | None, Tally]]:
    statement = (
        sa.select(CommentVote.comment_id, *tally_columns(CommentVote.choice))
        .where(CommentVote.consultation_id == scope.consultation_id)
        .group_by(CommentVote.comment_id)
        .order_by(CommentVote.comment_id)
    )
    for comment_id, *counts in stream(statement):
        yield comment_id, Tally(*counts)


def votes(scope: Scope) -> Iterator[Record]:
    """The current votes: on propositions by question, then on comments by id; within one in no order."""
    here = scope.consultation_id
    on_questions = (
        sa.select(Question.number, PropositionVote.person_id, PropositionVote.choice, PropositionVote.cast_at)
        .join(Question, Question.id == PropositionVote.question_id)
        .where(PropositionVote.consultation_id == here)
        .order_by(Question.number)
    )
    for number, person_id, choice, cast_at in stream(on_questions):
        target = {"question_id": question_id(scope.slug, number)}
        yield {**target, **_vote(scope, person_id, choice), "cast_on": cast_at.date(), "cast_at": cast_at}
    on_comments = (
        sa.select(CommentVote.comment_id, CommentVote.person_id, CommentVote.choice, CommentVote.cast_at)
        .where(CommentVote.consultation_id == here)
        .order_by(CommentVote.comment_id)
    )
    for comment_id, person_id, choice, cast_at in stream(on_comments):
        target = {"comment_id": str(comment_id)}
        yield {**target, **_vote(scope, person_id, choice), "cast_on": cast_at.date(), "cast_at": cast_at}


def _vote(scope: Scope, person_id: int, choice: int) -> dict[str, Cell]:
    ref = participant_ref(scope.secret, person_id)
    return {"consultation_id": scope.slug, "participant_ref": ref, "value": choice}


def participants(scope: Scope) -> Iterator[Record]:
    """Everybody whose comment or vote the package counts, in no order.

    What people told for statistics is hidden for small groups in both packages, language and verification in
    the public.
    """
    active = _activity(scope)
    shown = _shown_characteristics(scope, active)
    statement = sa.select(Person.id, Person.role, active.c.comments, active.c.votes, *_CHARACTERISTICS)
    for person_id, role, comment_count, vote_count, *told in stream(_with_profiles(statement, active)):
        kind, characteristics = _kind(role), _words_of(told)
        language, verification, region, age_band, gender = shown[kind, characteristics]
        yield {
            "participant_ref": participant_ref(scope.secret, person_id),
            "consultation_id": scope.slug,
            "author_kind": kind,
            "region": region,
            "age_band": age_band,
            "gender": gender,
            "ui_language": language if scope.is_public else characteristics[0],
            "verification": verification if scope.is_public else characteristics[1],
            "comments": comment_count,
            "votes": vote_count,
        }


_CHARACTERISTICS = (
    Person.language,
    Person.verification,
    PersonProfile.region,
    PersonProfile.age_band,
    PersonProfile.gender,
)
"""In the order in which they give way: the first is hidden last."""


def _with_profiles(
    statement: sa.Select[*tuple[Any, ...]], active: sa.Subquery
) -> sa.Select[*tuple[Any, ...]]:
    return (
        statement.select_from(Person)
        .join(active, active.c.person_id == Person.id)
        .outerjoin(PersonProfile, PersonProfile.person_id == Person.id)
    )


_EXPORTED: dict[StrEnum, str] = {Verification.IDENTITY: "egov"}
"""Words of the export's columns where they are other than ours."""


def _words_of(told: Iterable[StrEnum | None]) -> tuple[str, ...]:
    return tuple("" if value is None else _EXPORTED.get(value, value.value) for value in told)


def _shown_characteristics(
    scope: Scope, active: sa.Subquery
) -> dict[tuple[str, tuple[str, ...]], tuple[Cell, ...]]:
    """By author kind and characteristics what may be shown: officials are few, and hide no citizen."""
    statement = sa.select(Person.role, sa.func.count(), *_CHARACTERISTICS)
    counts: dict[str, dict[tuple[str, ...], int]] = {}
    for role, count, *told in db.session.execute(
        _with_profiles(statement, active).group_by(Person.role, *_CHARACTERISTICS)
    ):
        of_kind = counts.setdefault(_kind(role), {})
        of_kind[_words_of(told)] = of_kind.get(_words_of(told), 0) + count
    return {
        (kind, characteristics): tuple(SUPPRESSED if cell is None else cell or None for cell in cells)
        for kind, of_kind in counts.items()
        for characteristics, cells in shown_together(of_kind, scope.smallest_group).items()
    }


def _activity(scope: Scope) -> sa.Subquery:
    """Comments and votes of each participant."""
    here, nothing, count = scope.consultation_id, sa.literal(0), sa.func.count()
    commented = (
        sa.select(Comment.author_id.label("person_id"), count.label("comments"), nothing.label("votes"))
        .where(is_attributed_here(scope))
        .group_by(Comment.author_id)
    )
    voted = [
        sa.select(vote.person_id, nothing, count).where(vote.consultation_id == here).group_by(vote.person_id)
        for vote in (CommentVote, PropositionVote)
    ]
    each = sa.union_all(commented, *voted).subquery()
    return (
        sa.select(
            each.c.person_id,
            sa.cast(sa.func.sum(each.c.comments), sa.BigInteger).label("comments"),
            sa.cast(sa.func.sum(each.c.votes), sa.BigInteger).label("votes"),
        )
        .group_by(each.c.person_id)
        .subquery()
    )


def moderation_log(scope: Scope) -> Iterator[Record]:
    """The acts of moderation by id, on comments that the package has a row of."""
    columns = (
        ModerationAct.id, ModerationAct.acted_at, ModerationAct.actor_id, Person.role, Person.name,
        ModerationAct.comment_id, ModerationAct.move, ModerationAct.rule, ModerationAct.reason,
        ModerationAct.before, ModerationAct.after,
    )  # fmt: skip
    statement = (
        sa.select(*columns)
        .join(
            Comment,
            (Comment.consultation_id == ModerationAct.consultation_id)
            & (Comment.id == ModerationAct.comment_id),
        )
        .outerjoin(Person, Person.id == ModerationAct.actor_id)
        .where(
            ModerationAct.consultation_id == scope.consultation_id,
            Comment.state.in_(exported_states(scope.package)),
        )
        .order_by(ModerationAct.id)
    )
    for row in stream(statement):
        yield {
            "entry_id": row.id,
            "at": row.acted_at,
            "actor_role": _acting_role(row),
            "actor_ref": official_ref(scope.secret, row.actor_id) if row.actor_id is not None else None,
            "object_type": Thing.COMMENT.value,
            "object_id": str(row.comment_id),
            "action": row.move.value,
            "rule": row.rule,
            "reason": None if scope.is_public else row.reason,
            "before": row.before.value,
            "after": row.after.value,
            "actor_name": row.name,
        }


def _acting_role(row: sa.Row[*tuple[Any, ...]]) -> str:
    """SYSTEM where nobody signed in acted; whoever moderated and is no official any more was a moderator."""
    match row.role:
        case None:
            return "system"
        case Role.CITIZEN:
            return "moderator"
        case role:
            return str(role.value)
