"""Opinion groups as they were computed last: the run, its groups, statements and members.

Of earlier runs only the summary stays. Groups are numbered from 0; 0 is shown as A. Coordinates are those of
the opinion map, without a unit.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.opinion import Clarity
from consult.models.base import Base, BigId, IdSequence, UtcDateTime, words_of

OPINION_RUN_IDS = IdSequence("opinion_run_id_seq")


class OpinionRun(Base):
    """One computation. `votes` and `votes_sha256` say from which votes.

    `participants` voted, `grouped` of them often enough to be placed in a group; of the `statements`,
    `left_out` were not published. `silhouette` and `stability` (an adjusted Rand index) are -1 to 1. `k` is 1
    where there are no clear groups, and `best_k` what this run alone would take. `held_k`, `waiting_k` and
    `waited` keep the number of groups from flickering while people vote. `moved` counts those who are in
    another group than in the run before, None in the first. `hexagon` is the size (middle to corner) of the
    map's cells, None in runs that were made before there was a map.
    """

    __tablename__ = "opinion_run"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=OPINION_RUN_IDS)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    votes_sha256: Mapped[str] = mapped_column(String(64))
    votes: Mapped[int] = mapped_column(BigId)
    participants: Mapped[int]
    grouped: Mapped[int]
    statements: Mapped[int]
    left_out: Mapped[int]
    k: Mapped[int]
    best_k: Mapped[int]
    clarity: Mapped[Clarity] = mapped_column(words_of(Clarity))
    silhouette: Mapped[float]
    stability: Mapped[float]
    held_k: Mapped[int]
    waiting_k: Mapped[int]
    waited: Mapped[int]
    moved: Mapped[int | None]
    hexagon: Mapped[float | None]


class OpinionGroup(Base):
    """A group of the newest run: how many people, and the middle of them on the map."""

    __tablename__ = "opinion_group"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int]
    x: Mapped[float]
    y: Mapped[float]


class OpinionStatement(Base):
    """A comment of the newest run with the votes of all who are in a group.

    `common_agree` and `common_disagree` are group-aware consensus, 0 to 1. `majority` is the side that a
    majority of everybody takes, 1 or -1, None where none does; `majority_score` its strength. `priority` is
    the weight with which it is drawn as the next one to vote on.
    """

    __tablename__ = "opinion_statement"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    agree: Mapped[int]
    disagree: Mapped[int]
    passes: Mapped[int]
    x: Mapped[float]
    y: Mapped[float]
    extremity: Mapped[float]
    common_agree: Mapped[float]
    common_disagree: Mapped[float]
    majority: Mapped[int | None] = mapped_column(SmallInteger)
    majority_score: Mapped[float | None]
    priority: Mapped[float]


class OpinionGroupStatement(Base):
    """How one group of the newest run voted on a comment.

    `side` is what sets the group apart from the others, 1 agree or -1 disagree, and `score` how far.
    `place` counts the statements that stand for the group from 1; None for the others.
    """

    __tablename__ = "opinion_group_statement"
    __table_args__ = (
        ForeignKeyConstraint(["consultation_id", "comment_id"], ["comment.consultation_id", "comment.id"]),
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    agree: Mapped[int]
    disagree: Mapped[int]
    passes: Mapped[int]
    side: Mapped[int] = mapped_column(SmallInteger)
    score: Mapped[float]
    place: Mapped[int | None] = mapped_column(SmallInteger)


class OpinionMember(Base):
    """Where somebody who voted stands on the map of the newest run; `number` is None without a group."""

    __tablename__ = "opinion_member"
    __table_args__ = (Index(None, "person_id"),)

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    number: Mapped[int | None] = mapped_column(SmallInteger)
    x: Mapped[float]
    y: Mapped[float]


class OpinionBin(Base):
    """A hexagon of the newest run's map: how many grouped people stand in it, and the group of most of them.

    `q` and `r` are axial coordinates of hexagons with a corner on top. Cells of a few people are kept here
    too; who shows them hides what is below the smallest group.
    """

    __tablename__ = "opinion_bin"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    q: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    r: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(SmallInteger)
    people: Mapped[int]


class OpinionJob(Base):
    """Where the computing of a consultation stands, as `domain.opinion.Job` says.

    `refusal` is the code of the reason why the last attempt gave nothing, None where it did.
    """

    __tablename__ = "opinion_job"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    votes: Mapped[int] = mapped_column(BigId, default=0)
    is_final: Mapped[bool] = mapped_column(default=False)
    refusal: Mapped[str | None] = mapped_column(String(40))
