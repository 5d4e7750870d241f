"""Keeping when each job by the clock ran last, so that officials see whether anything runs at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from consult.models.base import db, now_in_database, transaction
from consult.models.jobs import JobRun

DONE = "done"
OUTCOME_LONGEST = 80


@contextmanager
def noted(name: str) -> Iterator[None]:
    """Keep the beginning and the end of what is done in the block; an error goes on, its name is kept."""
    _begin(name)
    try:
        yield
    except BaseException as error:
        _end(name, type(error).__name__)
        raise
    _end(name, DONE)


def _begin(name: str) -> None:
    with transaction(is_private=True):
        db.session.merge(JobRun(name=name, started_at=now_in_database(), ended_at=None, outcome=""))


def _end(name: str, outcome: str) -> None:
    with transaction(is_private=True):
        row = db.session.get(JobRun, name)
        if row is not None:
            row.ended_at, row.outcome = now_in_database(), outcome[:OUTCOME_LONGEST]
