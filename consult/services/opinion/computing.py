"""Computing opinion groups from the votes of now, and keeping them."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import sqlalchemy as sa

from consult.analysis.hexagons import hexagons
from consult.analysis.opinion_map import OpinionMap, opinion_map
from consult.analysis.stability import moved_between
from consult.analysis.vote_matrix import VoteMatrix, vote_matrix
from consult.domain.audit import Act, Entry, Thing
from consult.domain.consultations import State, is_slug, state_at
from consult.domain.errors import Reason, Refused
from consult.domain.people import Actor
from consult.domain.permissions import may_answer, require_in, require_somewhere
from consult.domain.privacy import SMALLEST_GROUP
from consult.models.base import db, now_in_database, transaction
from consult.models.bulk import insert_rows
from consult.models.consultations import Consultation
from consult.models.opinion import (
    OPINION_RUN_IDS,
    OpinionBin,
    OpinionGroup,
    OpinionGroupStatement,
    OpinionMember,
    OpinionRun,
    OpinionStatement,
)
from consult.queries.exports import snapshot
from consult.queries.opinion import RunView, newest_run
from consult.queries.timetables import times_of
from consult.queries.vote_columns import vote_columns
from consult.services import audit
from consult.services.drafting import locked

METHOD = "1"
"""Changes with the mathematics, so that kept groups of an older method are computed anew."""


def compute_opinion(actor: Actor, slug: str, *, smallest_group: int = SMALLEST_GROUP) -> bool:
    """Compute the groups of a consultation and keep them; False where the votes are those of the kept ones.

    While people still vote, another number of groups is taken only when it was best several times running;
    once voting is over, the votes alone decide. The map's cells are as fine as `smallest_group` allows.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, OPINION_TOO_FEW.
    """
    require_somewhere(actor, may_answer)
    with snapshot():
        consultation_id, is_open = _found(slug)
        require_in(actor, may_answer, consultation_id)
        before = newest_run(consultation_id)
        columns = vote_columns(consultation_id)
    votes = vote_matrix(columns.person_ids, columns.comment_ids, columns.choices, columns.unpublished)
    del columns  # of millions of votes, which would lie beside what is computed
    digest = _digest(votes, is_open=is_open)
    if before is not None and before.votes_sha256 == digest:
        return False
    found = opinion_map(votes, before.settling if before and is_open else None)
    del votes
    with transaction():
        locked(consultation_id)
        run = _keep(actor, consultation_id, found, digest, before)
        _keep_cells(run, found, smallest_group)
    return True


def _found(slug: str) -> tuple[int, bool]:
    row = db.session.scalar(sa.select(Consultation).filter_by(slug=slug)) if is_slug(slug) else None
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return row.id, state_at(row.stage, times_of(row), now_in_database()) is State.OPEN


def _digest(votes: VoteMatrix, *, is_open: bool) -> str:
    """Of all that the groups follow from but for what was held: method, votes, whether voting goes on."""
    return hashlib.sha256(f"{METHOD} {is_open} {votes.sha256}".encode()).hexdigest()


def _keep(
    actor: Actor, consultation_id: int, found: OpinionMap, digest: str, before: RunView | None
) -> OpinionRun:
    moved = None if before is None else _moved(consultation_id, found)
    for table in (OpinionGroupStatement, OpinionStatement, OpinionGroup, OpinionMember):
        db.session.execute(sa.delete(table).where(table.consultation_id == consultation_id))
    run = _run(consultation_id, found, digest, moved)
    db.session.add(run)
    db.session.flush()
    insert_rows(OpinionGroup, _groups(consultation_id, found))
    insert_rows(OpinionStatement, _statements(consultation_id, found))
    insert_rows(OpinionGroupStatement, _group_statements(consultation_id, found))
    insert_rows(OpinionMember, _members(consultation_id, found))
    detail: dict[str, object] = {"votes": run.votes, "k": run.k, "clarity": run.clarity.value, "moved": moved}
    if before is not None:
        detail["k_before"] = before.k
    audit.record(
        actor, Entry(Act.OPINION_COMPUTED, Thing.CONSULTATION, consultation_id, consultation_id, detail)
    )
    return run


def _keep_cells(run: OpinionRun, found: OpinionMap, smallest_group: int) -> None:
    is_in = found.groups_of >= 0
    run.hexagon, cells = hexagons(found.points[is_in], found.groups_of[is_in], smallest_group)
    here = run.consultation_id
    db.session.execute(sa.delete(OpinionBin).where(OpinionBin.consultation_id == here))
    insert_rows(OpinionBin, ({"consultation_id": here, **asdict(cell)} for cell in cells))


def _moved(consultation_id: int, found: OpinionMap) -> int:
    """People in a group then and now who are in another one."""
    then = dict(
        db.session.execute(
            sa.select(OpinionMember.person_id, OpinionMember.number).where(
                OpinionMember.consultation_id == consultation_id, OpinionMember.number.is_not(None)
            )
        ).all()
    )
    pairs = [
        (then[person], now)
        for person, now in zip(found.participants.tolist(), found.groups_of.tolist(), strict=True)
        if now >= 0 and person in then
    ]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return moved_between(both[:, 0], both[:, 1])


def _run(consultation_id: int, found: OpinionMap, digest: str, moved: int | None) -> OpinionRun:
    return OpinionRun(
        consultation_id=consultation_id,
        id=OPINION_RUN_IDS.draw(db.session.connection()),
        computed_at=now_in_database(),
        votes_sha256=digest,
        votes=found.vote_count,
        participants=len(found.participants),
        grouped=found.grouped_count,
        statements=found.statement_count,
        left_out=found.left_out_count,
        k=found.k,
        best_k=found.best_k,
        clarity=found.clarity,
        silhouette=found.silhouette,
        stability=found.stability,
        held_k=found.settling.held,
        waiting_k=found.settling.waiting,
        waited=found.settling.waited,
        moved=moved,
    )


def _groups(consultation_id: int, found: OpinionMap) -> Iterator[dict[str, Any]]:
    for group in found.groups:
        x, y = group.centre
        yield {
            "consultation_id": consultation_id,
            "number": group.number,
            "size": group.size,
            "x": x,
            "y": y,
        }


def _statements(consultation_id: int, found: OpinionMap) -> Iterator[dict[str, Any]]:
    one = found.statements
    for at, comment_id in enumerate(one.ids.tolist()):
        side = int(one.majority[at])
        yield {
            "consultation_id": consultation_id,
            "comment_id": comment_id,
            "agree": int(one.agree[at]),
            "disagree": int(one.disagree[at]),
            "passes": int(one.passes[at]),
            "x": float(one.places[at, 0]),
            "y": float(one.places[at, 1]),
            "extremity": float(one.extremity[at]),
            "common_agree": float(one.common_agree[at]),
            "common_disagree": float(one.common_disagree[at]),
            "majority": side or None,
            "majority_score": float(one.majority_score[at]) if side else None,
            "priority": float(one.priority[at]),
        }


def _group_statements(consultation_id: int, found: OpinionMap) -> Iterator[dict[str, Any]]:
    for group in found.groups:
        for at, comment_id in enumerate(found.statements.ids.tolist()):
            yield {
                "consultation_id": consultation_id,
                "number": group.number,
                "comment_id": comment_id,
                "agree": int(group.agree[at]),
                "disagree": int(group.disagree[at]),
                "passes": int(group.passes[at]),
                "side": int(group.side[at]),
                "score": float(group.score[at]),
                "place": int(group.place[at]) or None,
            }


def _members(consultation_id: int, found: OpinionMap) -> Iterator[dict[str, Any]]:
    columns = zip(found.participants.tolist(), found.groups_of.tolist(), found.points.tolist(), strict=True)
    for person_id, number, (x, y) in columns:
        yield {
            "consultation_id": consultation_id,
            "person_id": person_id,
            "number": None if number < 0 else number,
            "x": x,
            "y": y,
        }
