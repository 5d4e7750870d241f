"""Counting votes: one target, or all targets of a page in one query."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from time import monotonic
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Dialect, Engine

from consult.domain.consultations import ResultsPolicy, State
from consult.domain.visibility import is_tally_shown
from consult.domain.votes import Choice, Tally
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.prepared import Prepared
from consult.models.votes import CommentVote, PropositionVote


def tally_of(table: type[CommentVote] | type[PropositionVote], consultation_id: int, target_id: int) -> Tally:
    """The votes on one comment or proposition."""
    target = table.comment_id if table is CommentVote else PropositionVote.question_id
    rows = db.session.execute(
        db.select(table.choice, sa.func.count())
        .where(table.consultation_id == consultation_id, target == target_id)
        .group_by(table.choice)
    )
    return _tally(dict(rows.all()))


def comment_tallies(consultation_id: int, comment_ids: Collection[int]) -> dict[int, Tally]:
    """The votes on each of some comments; every asked id is in the answer."""
    counts: dict[int, dict[int, int]] = {comment_id: {} for comment_id in comment_ids}
    if counts:
        for comment_id, choice, number in _COUNTS.run(here=consultation_id, ids=json.dumps(list(counts))):
            counts[comment_id][choice] = number
    return {comment_id: _tally(found) for comment_id, found in counts.items()}


_COUNTS = Prepared(
    lambda dialect: (
        sa.select(CommentVote.comment_id, CommentVote.choice, sa.func.count())
        .where(
            CommentVote.consultation_id == sa.bindparam("here"), is_one_of(CommentVote.comment_id, dialect)
        )
        .group_by(CommentVote.comment_id, CommentVote.choice)
    )
)


def is_one_of(column: sa.orm.InstrumentedAttribute[int], dialect: Dialect) -> sa.ColumnElement[bool]:
    """Whether the column is in the JSON list `ids`: one statement, however many there are."""
    ids = sa.bindparam("ids", type_=sa.Text)
    if dialect.name == "postgresql":
        elements = sa.func.json_array_elements_text(sa.cast(ids, sa.JSON)).table_valued("value")
        return column.in_(sa.select(sa.cast(elements.c.value, sa.BigInteger)))
    return column.in_(sa.select(sa.func.json_each(ids).table_valued("value").c.value))


@dataclass(frozen=True)
class VotedComment:
    """A comment as one who may vote on it sees its buttons.

    `choice` is None before the vote, `tally` until the voter may see it.
    """

    id: int
    wording: int
    choice: Choice | None
    tally: Tally | None
    takes_votes: bool = True
    why_no_answer: None = None


def voted_comments(
    consultation_id: int,
    policy: ResultsPolicy,
    state: State,
    wordings: Mapping[int, int],
    choices: Mapping[int, Choice],
) -> tuple[VotedComment, ...]:
    """Somebody's votes on comments of a page, with the tallies that whoever gave them may see.

    `wordings` holds the wording of each comment of the page.
    """
    tallies = (
        _tallies_for_voter(consultation_id, state, choices)
        if choices and is_tally_shown(policy, state, has_voted=True)
        else {}
    )
    return tuple(
        VotedComment(key, wordings[key], choice, tallies.get(key)) for key, choice in choices.items()
    )


def _tallies_for_voter(consultation_id: int, state: State, comment_ids: Collection[int]) -> dict[int, Tally]:
    if state is not State.OPEN:
        return comment_tallies(consultation_id, comment_ids)
    kept = {key: large for key in comment_ids if (large := large_tally(key)) is not None}
    counted = comment_tallies(consultation_id, [key for key in comment_ids if key not in kept])
    for key, tally in counted.items():
        _keep_large(key, tally)
    return kept | counted


def shown_to_voter(
    consultation_id: int,
    policy: ResultsPolicy,
    comment_id: int,
    choice: Choice,
    wording: int | None,
    counted: Tally | None = None,
) -> VotedComment:
    """What a vote that was just kept leads to, while the consultation is open.

    `wording` is the one that was voted on, None where the form did not tell; `counted` are all votes on the
    comment with this one, where they were counted with it.
    """
    if counted is not None:
        _keep_large(comment_id, counted)  # also where it is hidden: then the next votes need not be counted
    is_shown = is_tally_shown(policy, State.OPEN, has_voted=True)
    tally = (counted or _counted(consultation_id, comment_id)) if is_shown else None
    return VotedComment(comment_id, wording or _wording(consultation_id, comment_id), choice, tally)


def _counted(consultation_id: int, comment_id: int) -> Tally:
    kept = large_tally(comment_id)
    if kept is not None:
        return kept
    tally = comment_tallies(consultation_id, (comment_id,))[comment_id]
    _keep_large(comment_id, tally)
    return tally


def large_tally(comment_id: int) -> Tally | None:
    """The votes on a comment that has very many, as they were within the last second; None for all others.

    Counting a hundred thousand votes after each of them would cost more than all else. Only for whoever votes
    while the consultation is open: what is counted after closing is exact.
    """
    if not _large_of_engines:
        return None
    kept = _large_of_engines.get(db.engine, {}).get(comment_id)
    return kept[1] if kept is not None and monotonic() < kept[0] else None


def _keep_large(comment_id: int, tally: Tally) -> None:
    if tally.total >= LARGE:
        large = _large_of_engines.setdefault(db.engine, {})
        if len(large) >= MOST_LARGE:
            large.clear()
        large[comment_id] = (monotonic() + LARGE_SECONDS, tally)


LARGE = 2_000
"""Votes; counting them takes some tenth of a millisecond."""
LARGE_SECONDS = 1.0
MOST_LARGE = 10_000
_large_of_engines: WeakKeyDictionary[Engine, dict[int, tuple[float, Tally]]] = WeakKeyDictionary()


def _wording(consultation_id: int, comment_id: int) -> int:
    ((wording,),) = _WORDING.run(here=consultation_id, target=comment_id)
    return int(wording)


_WORDING = Prepared(
    lambda _dialect: sa.select(Comment.wording).where(
        Comment.consultation_id == sa.bindparam("here"), Comment.id == sa.bindparam("target")
    )
)


def own_choices(
    person_id: int | None, consultation_id: int, comment_ids: Collection[int]
) -> dict[int, Choice]:
    """A person's votes on some comments; empty for a guest."""
    if person_id is None or not comment_ids:
        return {}
    rows = _OWN.run(here=consultation_id, me=person_id, ids=json.dumps(list(comment_ids)))
    return {comment_id: Choice(choice) for comment_id, choice in rows}


_OWN = Prepared(
    lambda dialect: sa.select(CommentVote.comment_id, CommentVote.choice).where(
        CommentVote.consultation_id == sa.bindparam("here"),
        CommentVote.person_id == sa.bindparam("me"),
        is_one_of(CommentVote.comment_id, dialect),
    )
)


def _tally(counts: dict[int, int]) -> Tally:
    return Tally(
        agree=counts.get(Choice.AGREE, 0),
        disagree=counts.get(Choice.DISAGREE, 0),
        pass_=counts.get(Choice.PASS, 0),
    )
