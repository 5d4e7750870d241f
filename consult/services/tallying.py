"""Keeping the figures by which lists are sorted and counts are shown; done by the worker each minute.

What decides anything counts the votes themselves. A list sorted by votes may lag behind them for a minute,
and no longer: what a closed consultation shows last is what was counted after its closing.
"""

from datetime import timedelta

import sqlalchemy as sa

from consult.domain.comment_orders import CommentOrder, rank
from consult.domain.consultations import Stage
from consult.domain.votes import Choice, Tally
from consult.models.base import database_now, database_past, db, transaction
from consult.models.consultations import Consultation
from consult.models.tallies import CommentCount, CommentTally
from consult.models.votes import CommentVote

LAST_VOTES = timedelta(minutes=10)
"""So long after its closing a consultation is still counted: far longer than writing a vote may take."""
GATHERED = 50
"""Rows of changes of a question from which on they are added up."""
AT_ONCE = 1_000


def count_votes() -> int:
    """Count the votes of every consultation that takes some, and give its comments their ranks.

    Answers how many comments got another figure. Each consultation is a transaction of its own.
    """
    return sum(count_votes_of(key) for key in _counted_now())


def _counted_now() -> list[int]:
    """Consultations that are open, or closed a moment ago."""
    query = sa.select(Consultation.id).where(
        Consultation.stage != Stage.DRAFT,
        Consultation.opens_at <= database_now(),
        Consultation.closes_at > database_past(LAST_VOTES),
    )
    return list(db.session.scalars(query))


def count_votes_of(consultation_id: int) -> int:
    """Count the votes of one consultation; answers how many comments got another figure."""
    changed = [
        {"here": consultation_id, "key": comment_id, **_figures(tally)}
        for comment_id, tally in _uncounted(consultation_id)
    ]
    if not changed:
        return 0
    update = (
        sa.update(CommentTally)
        .where(
            CommentTally.consultation_id == sa.bindparam("here"),
            CommentTally.comment_id == sa.bindparam("key"),
        )
        .values(counted_at=database_now())
    )
    with transaction():
        connection = db.session.connection()
        for start in range(0, len(changed), AT_ONCE):
            connection.execute(update, changed[start : start + AT_ONCE])
    return len(changed)


def _uncounted(consultation_id: int) -> list[tuple[int, Tally]]:
    """Comments whose votes are others than those counted last; replies have no rank."""

    def counted(choice: Choice) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((CommentVote.choice == choice.value, 1), else_=0))

    votes = (
        sa.select(
            CommentVote.comment_id,
            counted(Choice.AGREE).label("agree"),
            counted(Choice.DISAGREE).label("disagree"),
            counted(Choice.PASS).label("passed"),
        )
        .where(CommentVote.consultation_id == consultation_id)
        .group_by(CommentVote.comment_id)
        .subquery()
    )
    kept = (CommentTally.agree, CommentTally.disagree, CommentTally.passed)
    now = tuple(sa.func.coalesce(votes.c[name], 0) for name in ("agree", "disagree", "passed"))
    rows = db.session.execute(
        sa.select(CommentTally.comment_id, *now)
        .outerjoin(votes, votes.c.comment_id == CommentTally.comment_id)
        .where(
            CommentTally.consultation_id == consultation_id,
            sa.or_(*(old != new for old, new in zip(kept, now, strict=True))),
        )
    )
    return [
        (comment_id, Tally(int(agree), int(disagree), int(passed)))
        for comment_id, agree, disagree, passed in rows
    ]


def _figures(tally: Tally) -> dict[str, int]:
    return {
        "agree": tally.agree,
        "disagree": tally.disagree,
        "passed": tally.pass_,
        "agreed_rank": rank(CommentOrder.AGREED, tally),
        "divided_rank": rank(CommentOrder.DIVIDED, tally),
        "needs_rank": rank(CommentOrder.NEEDS_VOTES, tally),
    }


def add_up_counts() -> None:
    """Put one row for each state in the place of the many that deeds have left; the sums stay as they are."""
    key = (CommentCount.consultation_id, CommentCount.question_id)
    many = db.session.execute(sa.select(*key).group_by(*key).having(sa.func.count() > GATHERED)).all()
    for consultation_id, question_id in many:
        with transaction(is_private=True):
            _add_up(consultation_id, question_id)


def _add_up(consultation_id: int, question_id: int) -> None:
    sums: dict[str, int] = {}
    for state, number in db.session.execute(
        sa.delete(CommentCount)
        .where(CommentCount.consultation_id == consultation_id, CommentCount.question_id == question_id)
        .returning(CommentCount.state, CommentCount.number)
    ):
        sums[state] = sums.get(state, 0) + number
    db.session.add_all(
        CommentCount(consultation_id=consultation_id, question_id=question_id, state=state, number=number)
        for state, number in sums.items()
        if number
    )


def tally_by_the_clock() -> None:
    """What the worker does each minute."""
    count_votes()
    add_up_counts()
