"""When opinion groups are computed: after enough new votes, once at the closing, and when asked for."""

import logging
from collections.abc import Callable
from typing import Any

from blinker import Signal
from sqlalchemy.dialects import postgresql, sqlite

from consult.domain.audit import Act, Entry, Thing
from consult.domain.consultations import State
from consult.domain.errors import Refused
from consult.domain.opinion import Job, has_enough_new_votes, may_rest
from consult.domain.people import OPERATOR, Actor
from consult.domain.permissions import may_answer
from consult.models.base import db, now_in_database, transaction
from consult.models.opinion import OpinionJob
from consult.queries.access import key_at
from consult.queries.opinion_jobs import Standing, job_of, standings, votes_on_comments
from consult.services import audit
from consult.services.drafting import locked
from consult.services.opinion.computing import compute_opinion

log = logging.getLogger(__name__)

opinion_asked = Signal("Somebody asked for a computation, and the transaction was committed.")
"""Who listens may wake a worker. A listener must not raise: the deed is done."""

AfterComputing = Callable[[Actor, str], object]


def ask_for_opinion(actor: Actor, slug: str) -> None:
    """Have the groups of a consultation computed soon by the worker; asked twice it is done once.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND.
    """
    here = key_at(actor, may_answer, slug)
    with transaction():
        locked(here)
        if not job_of(here).is_waiting:
            _note(here, asked_at=now_in_database())
            audit.record(actor, Entry(Act.OPINION_ASKED, Thing.CONSULTATION, here, here))
    opinion_asked.send()


def compute_due_opinions(*, smallest_group: int, then: AfterComputing = lambda _actor, _slug: None) -> int:
    """Compute the groups of every consultation that is due, one after the other; answers how many were tried.

    `then` is called after each. What is wrong with one consultation does not keep the others from theirs.
    """
    tried = 0
    for standing in standings():
        if not _take(standing):
            continue
        tried += 1
        refusal: str | None = None
        try:
            compute_opinion(OPERATOR, standing.slug, smallest_group=smallest_group)
            then(OPERATOR, standing.slug)
        except Refused as refused:
            refusal = refused.reason.value
        except Exception:
            log.exception("the opinion groups of %s were not computed", standing.slug)
            refusal = "failed"
        with transaction():
            _note(standing.consultation_id, ended_at=now_in_database(), refusal=refusal)
    return tried


def _take(standing: Standing) -> bool:
    """Claim the computation where it is due, so that of several workers only one makes it."""
    here, is_open = standing.consultation_id, standing.state is State.OPEN
    if may_rest(job_of(here), now_in_database(), is_open=is_open):
        return False
    votes = votes_on_comments(here)
    with transaction():
        locked(here)
        job, now = job_of(here), now_in_database()
        if may_rest(job, now, is_open=is_open) or not _is_due(job, votes, is_open=is_open):
            return False
        _note(here, started_at=now, votes=votes, is_final=not is_open)
    return True


def _is_due(job: Job, votes: int, *, is_open: bool) -> bool:
    return job.is_waiting or not is_open or has_enough_new_votes(job, votes)


def _note(consultation_id: int, **noted: Any) -> None:
    """Keep something of where the computing stands; the rest of the row stays."""
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    blank = {"votes": 0, "is_final": False}
    statement = insert(OpinionJob).values({**blank, "consultation_id": consultation_id, **noted})
    db.session.execute(statement.on_conflict_do_update(index_elements=["consultation_id"], set_=noted))
