"""Reading the opinion groups that were computed last."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from consult.domain.opinion import Clarity, Settling, group_letter
from consult.domain.privacy import participant_ref
from consult.domain.votes import Choice, Tally
from consult.models.base import db
from consult.models.consultations import Consultation
from consult.models.imports import ImportedParticipant
from consult.models.opinion import (
    OpinionGroup,
    OpinionGroupStatement,
    OpinionMember,
    OpinionRun,
    OpinionStatement,
)

MOST_COMMON = 5
"""Statements of common ground that are listed on each side."""
MEMBERS_AT_ONCE = 10_000


@dataclass(frozen=True)
class RunView:
    """A computation; figures as `models.opinion.OpinionRun` says."""

    id: int
    computed_at: datetime
    votes_sha256: str
    votes: int
    participants: int
    grouped: int
    statements: int
    left_out: int
    k: int
    best_k: int
    clarity: Clarity
    silhouette: float
    stability: float
    settling: Settling
    moved: int | None
    hexagon: float | None


@dataclass(frozen=True)
class Representative:
    """A statement that stands for a group: the side it takes, how far that sets it apart, its own tally."""

    comment_id: int
    side: Choice
    score: float
    tally: Tally


@dataclass(frozen=True)
class GroupView:
    """A group with its letter, the middle of it on the map, and up to five statements that stand for it."""

    number: int
    size: int
    x: float
    y: float
    representatives: tuple[Representative, ...]

    @property
    def letter(self) -> str:
        return group_letter(self.number)


@dataclass(frozen=True)
class CommonStatement:
    """A statement on which most of every group take one side; `score` is group-aware consensus, 0 to 1."""

    comment_id: int
    score: float
    tally: Tally


@dataclass(frozen=True)
class OpinionView:
    """The newest computation; `majority` counts everybody, `common` asks every group."""

    run: RunView
    groups: tuple[GroupView, ...]
    common: dict[Choice, tuple[CommonStatement, ...]]
    majority: dict[Choice, tuple[CommonStatement, ...]]


@dataclass(frozen=True)
class MemberView:
    """Where a participant stands, named by the imported reference or the pseudonym of exports.

    `letter` is empty for somebody who is in no group.
    """

    participant: str
    letter: str
    x: float
    y: float


def newest_run(consultation_id: int) -> RunView | None:
    """The newest computation; None before the first."""
    row = db.session.scalar(
        sa.select(OpinionRun)
        .where(OpinionRun.consultation_id == consultation_id)
        .order_by(OpinionRun.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return RunView(
        id=row.id,
        computed_at=row.computed_at,
        votes_sha256=row.votes_sha256,
        votes=row.votes,
        participants=row.participants,
        grouped=row.grouped,
        statements=row.statements,
        left_out=row.left_out,
        k=row.k,
        best_k=row.best_k,
        clarity=row.clarity,
        silhouette=row.silhouette,
        stability=row.stability,
        settling=Settling(row.held_k, row.waiting_k, row.waited),
        moved=row.moved,
        hexagon=row.hexagon,
    )


def opinion_of(consultation_id: int) -> OpinionView | None:
    """The newest computation with its groups and common ground; None before the first. Five queries."""
    run = newest_run(consultation_id)
    if run is None:
        return None
    sides = (Choice.AGREE, Choice.DISAGREE)
    return OpinionView(
        run=run,
        groups=_groups(consultation_id),
        common={side: _common(consultation_id, side) for side in sides},
        majority={side: _majority(consultation_id, side) for side in sides},
    )


def _groups(consultation_id: int) -> tuple[GroupView, ...]:
    standing: dict[int, list[Representative]] = {}
    for row in db.session.execute(
        sa.select(OpinionGroupStatement.__table__)
        .where(
            OpinionGroupStatement.consultation_id == consultation_id,
            OpinionGroupStatement.place.is_not(None),
        )
        .order_by(OpinionGroupStatement.number, OpinionGroupStatement.place)
    ):
        tally = Tally(row.agree, row.disagree, row.passes)
        one = Representative(row.comment_id, Choice(row.side), row.score, tally)
        standing.setdefault(row.number, []).append(one)
    groups = db.session.scalars(
        sa.select(OpinionGroup)
        .where(OpinionGroup.consultation_id == consultation_id)
        .order_by(OpinionGroup.number)
    )
    return tuple(
        GroupView(group.number, group.size, group.x, group.y, tuple(standing.get(group.number, ())))
        for group in groups
    )


def _common(consultation_id: int, side: Choice) -> tuple[CommonStatement, ...]:
    """Statements on which more than half of each group take the side, with a prior of one half."""
    here, there = OpinionStatement, OpinionGroupStatement
    taken = there.agree if side is Choice.AGREE else there.disagree
    least = sa.func.min((taken + 1.0) / (there.agree + there.disagree + there.passes + 2.0))
    shared = (
        sa.select(there.comment_id)
        .where(there.consultation_id == consultation_id)
        .group_by(there.comment_id)
        .having(least > 1 / 2)
    )
    score = here.common_agree if side is Choice.AGREE else here.common_disagree
    return _statements(consultation_id, score, here.comment_id.in_(shared))


def _majority(consultation_id: int, side: Choice) -> tuple[CommonStatement, ...]:
    return _statements(
        consultation_id, OpinionStatement.majority_score, OpinionStatement.majority == side.value
    )


def _statements(
    consultation_id: int, score: InstrumentedAttribute[Any], which: sa.ColumnElement[bool]
) -> tuple[CommonStatement, ...]:
    rows = db.session.execute(
        sa.select(
            OpinionStatement.comment_id,
            score.label("score"),
            OpinionStatement.agree,
            OpinionStatement.disagree,
            OpinionStatement.passes,
        )
        .where(OpinionStatement.consultation_id == consultation_id, which)
        .order_by(score.desc(), OpinionStatement.comment_id)
        .limit(MOST_COMMON)
    )
    return tuple(
        CommonStatement(row.comment_id, row.score, Tally(row.agree, row.disagree, row.passes)) for row in rows
    )


def members_of(consultation_id: int) -> Iterator[MemberView]:
    """Everybody who voted, as the newest computation placed them; imported people by their references.

    The rest are sorted by pseudonym, which tells nothing of the order in which people came.
    """
    secret = db.session.scalar(sa.select(Consultation.secret).filter_by(id=consultation_id)) or b""
    rows = db.session.execute(
        sa.select(
            OpinionMember.person_id,
            OpinionMember.number,
            OpinionMember.x,
            OpinionMember.y,
            ImportedParticipant.reference,
        )
        .outerjoin(
            ImportedParticipant,
            (ImportedParticipant.consultation_id == OpinionMember.consultation_id)
            & (ImportedParticipant.person_id == OpinionMember.person_id),
        )
        .where(OpinionMember.consultation_id == consultation_id)
        .order_by(OpinionMember.person_id),
        execution_options={"yield_per": MEMBERS_AT_ONCE},
    )
    named = (
        MemberView(
            participant_ref(secret, row.person_id) if row.reference is None else row.reference,
            "" if row.number is None else group_letter(row.number),
            row.x,
            row.y,
        )
        for row in rows
    )
    yield from sorted(named, key=lambda one: (len(one.participant), one.participant))
