"""The tables of an export that grow with the people: comments, votes, participants, acts of moderation."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

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
from consult.domain.outcome_report import ReportLine
from consult.domain.people import Role, Verification
from consult.domain.privacy import item_ref, participant_ref, shown_together
from consult.domain.visibility import are_positions_shown
from consult.domain.votes import Tally
from consult.models.base import db
from consult.models.channels import InputItem
from consult.models.comments import Comment
from consult.models.own_data import PersonProfile
from consult.models.people import Person
from consult.models.questions import Question
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.exports import (
    Scope,
    is_attributed_here,
    is_item_here,
    stream,
    tally_columns,
    vote_cells,
)
from consult.queries.outcome_report import Told, report_lines


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
    """The report by the comments' numbers; positions are in the public package once they are published."""
    told = Told(
        scope.language,
        has_positions=not scope.is_public or are_positions_shown(scope.state),
        has_tallies=scope.has_tallies,
        by_question=False,
    )
    for line in report_lines(scope.consultation_id, told):
        yield report_record(line)


def report_record(line: ReportLine) -> Record:
    """A line of the report as a record of its table."""
    first = line.first
    return {
        "section": line.section.text,
        "comment": line.comment,
        "answer": "\n\n".join(answer.reason.text for answer in line.answers),
        "decision": first.decision.value if first else None,
        "reason": first.reason.text if first else None,
        "likes": line.likes,
        "dislikes": line.dislikes,
        "comment_id": str(line.comment_id),
        "rule": line.rule,
        "shared_text": int(line.is_shared_text),
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
    if row.author_id is None and row.channel is not Channel.WEB:
        return item_ref(scope.secret, row.id) if is_attributed(row.state, Channel.WEB) else None
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
    yield from _item_participants(scope, shown)


def _item_participants(
    scope: Scope, shown: dict[tuple[str, tuple[str, ...]], tuple[Cell, ...]]
) -> Iterator[Record]:
    """Whoever spoke by another channel: one row an item, since nobody knows who is the same."""
    for comment_id, *told in stream(_items(scope, Comment.id)):
        characteristics = _words_of((None, Verification.NONE, *told, None))
        language, verification, region, age_band, gender = shown[_kind(None), characteristics]
        yield {
            "participant_ref": item_ref(scope.secret, comment_id),
            "consultation_id": scope.slug,
            "author_kind": _kind(None),
            "region": region,
            "age_band": age_band,
            "gender": gender,
            "ui_language": language if scope.is_public else None,
            "verification": verification if scope.is_public else characteristics[1],
            "comments": 1,
            "votes": 0,
        }


def _items(scope: Scope, *columns: sa.SQLColumnExpression[Any]) -> sa.Select[*tuple[Any, ...]]:
    """Columns of the items of other channels, and what was told of who spoke."""
    return (
        sa.select(*columns, InputItem.region, InputItem.age_band)
        .select_from(Comment)
        .outerjoin(
            InputItem,
            sa.and_(InputItem.consultation_id == Comment.consultation_id, InputItem.comment_id == Comment.id),
        )
        .where(is_item_here(scope))
    )


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
    items = _items(scope, sa.func.count()).group_by(InputItem.region, InputItem.age_band)
    for count, *told in db.session.execute(items):
        of_kind = counts.setdefault(_kind(None), {})
        characteristics = _words_of((None, Verification.NONE, *told, None))
        of_kind[characteristics] = of_kind.get(characteristics, 0) + count
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
