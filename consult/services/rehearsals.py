"""Rehearsing a consultation: imagined people play a draft through, in a period that is over already.

A demonstration shows how consultations end, and the clock lets none end before its time. This is the one way
round it: for whoever holds the machine, with a draft that nobody was promised anything by, and with people of
its own who have no address and no password. What staff do with it afterwards, they do by the usual deeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import Channel, CommentState, comment_body
from consult.domain.consultations import Stage, Timetable
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.mail import Frequency
from consult.domain.opening import Missing, missing_for_opening
from consult.domain.people import Actor, Role, Verification
from consult.domain.permissions import may_rehearse, require
from consult.domain.questions import QuestionKind
from consult.domain.votes import Choice
from consult.models.base import db, now_in_database, transaction
from consult.models.bulk import insert_rows
from consult.models.comments import COMMENT_IDS, Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.questions import Question
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.drafts import draft_of
from consult.queries.timetables import times_of
from consult.services import audit, indexing, marking
from consult.services.drafting import keep_rules, locked


@dataclass(frozen=True)
class Player:
    """An imagined citizen."""

    language: Language
    name: str


@dataclass(frozen=True)
class Remark:
    """A comment of a player, told by the place in the list of players."""

    player: int
    question_id: int
    body: str
    language: Language
    at: datetime


@dataclass(frozen=True)
class Ballot:
    """A player's vote. `on` is the place of a remark in its list, or the id of a proposition."""

    player: int
    on: int
    choice: Choice
    at: datetime


@dataclass(frozen=True)
class Script:
    """Who is imagined, and what they did between opening and closing."""

    players: Sequence[Player]
    remarks: Sequence[Remark]
    on_remarks: Sequence[Ballot]
    on_propositions: Sequence[Ballot]


@dataclass(frozen=True)
class Rehearsed:
    """The ids of players and comments, in the order of the script."""

    person_ids: tuple[int, ...]
    comment_ids: tuple[int, ...]


def rehearse_consultation(actor: Actor, consultation_id: int, script: Script) -> Rehearsed:
    """Publish a draft whose period is over, and what imagined people did in it; it is then closed.

    The draft must have held everything that an opening asks for on the day when it opened. Comments are
    published, whatever its mode of moderation.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED for all but the operator, NOT_FOUND, STATE_FORBIDS when it is
            no draft, OPENING_INCOMPLETE with `missing`, CLOSING_NOT_REACHED with `closes_at`,
            CONSULTATION_CLOSED for what was not done between opening and closing, VOTE_NOT_ASKED for a vote
            on an open question, COMMENT_EMPTY, COMMENT_TOO_LONG.
    """
    require(actor, may_rehearse)
    with transaction():
        row = locked(consultation_id)
        times = _past_times(row)
        _check(consultation_id, times, script)
        row.stage = Stage.PUBLISHED
        row.published_at = now_in_database()
        row.version += 1
        keep_rules(row.id)
        people = _write_players(row.slug, script.players)
        comments = _write_remarks(row.id, script.remarks, people)
        _write_ballots(row.id, script, people, comments)
        indexing.index_consultation(row.id)
        indexing.index_comments(row.id, comments)
        detail: dict[str, object] = {
            "opens_at": times.opens_at.isoformat(),
            "closes_at": times.closes_at.isoformat(),
            "players": len(people),
            "comments": len(comments),
            "votes": len(script.on_remarks) + len(script.on_propositions),
        }
        audit.record(actor, Entry(Act.CONSULTATION_REHEARSED, Thing.CONSULTATION, row.id, row.id, detail))
    return Rehearsed(tuple(people), tuple(comments))


def _past_times(row: Consultation) -> Timetable:
    """From when to when it was open, by what the draft says."""
    if row.stage is not Stage.DRAFT:
        raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)
    times = times_of(row)
    if times is None:
        raise Refused(Reason.OPENING_INCOMPLETE, missing=[Missing.TIMETABLE.value])
    if times.closes_at > now_in_database():
        raise Refused(Reason.CLOSING_NOT_REACHED, closes_at=times.closes_at)
    missing = missing_for_opening(draft_of(row), times.opens_at)
    if missing:
        raise Refused(Reason.OPENING_INCOMPLETE, missing=[item.value for item in missing])
    return times


def _check(consultation_id: int, times: Timetable, script: Script) -> None:
    moments = [remark.at for remark in script.remarks]
    moments += [ballot.at for ballot in (*script.on_remarks, *script.on_propositions)]
    if not all(map(times.holds, moments)):
        raise Refused(Reason.CONSULTATION_CLOSED)
    kinds = dict(
        db.session.execute(
            sa.select(Question.id, Question.kind).where(Question.consultation_id == consultation_id)
        ).all()
    )
    if not {remark.question_id for remark in script.remarks} <= kinds.keys():
        raise Refused(Reason.NOT_FOUND)
    if any(kinds.get(ballot.on) is not QuestionKind.PROPOSITION for ballot in script.on_propositions):
        raise Refused(Reason.VOTE_NOT_ASKED)


def _write_players(slug: str, players: Sequence[Player]) -> list[int]:
    """People without address and password; their ids in the order of the script."""
    now = now_in_database()
    addresses = [f"imagined:{slug}:{number}" for number in range(1, len(players) + 1)]
    rows = (
        {
            "email": address,
            "name": player.name,
            "role": Role.CITIZEN,
            "language": player.language,
            "password_hash": "",
            "is_active": False,
            "created_at": now,
            "verification": Verification.NONE,
            "email_frequency": Frequency.NONE,
        }
        for address, player in zip(addresses, players, strict=True)
    )
    insert_rows(Person, rows)
    found = db.session.execute(
        sa.select(Person.email, Person.id).where(
            Person.email.startswith(f"imagined:{slug}:", autoescape=True)
        )
    )
    people = dict(found.all())
    return [people[address] for address in addresses]


def _write_remarks(consultation_id: int, remarks: Sequence[Remark], people: Sequence[int]) -> list[int]:
    keys = COMMENT_IDS.draw_many(db.session.connection(), len(remarks))
    rows = (
        {
            "consultation_id": consultation_id,
            "id": key,
            "question_id": remark.question_id,
            "author_id": people[remark.player],
            "body": comment_body(remark.body),
            "language": remark.language,
            "question_version": 1,
            "question_language": remark.language,
            "channel": Channel.WEB,
            "state": CommentState.PUBLISHED,
            "submitted_at": remark.at,
        }
        for key, remark in zip(keys, remarks, strict=True)
    )
    insert_rows(Comment, rows)
    for key in keys:
        marking.mark_comment(consultation_id, key)
    return keys


def _write_ballots(
    consultation_id: int, script: Script, people: Sequence[int], comments: Sequence[int]
) -> None:
    """The votes, as rows; the last of a player on the same thing must be the only one."""
    insert_rows(
        CommentVote,
        (
            {
                "consultation_id": consultation_id,
                "comment_id": comments[ballot.on],
                "person_id": people[ballot.player],
                "choice": ballot.choice,
                "cast_at": ballot.at,
            }
            for ballot in script.on_remarks
        ),
    )
    insert_rows(
        PropositionVote,
        (
            {
                "consultation_id": consultation_id,
                "question_id": ballot.on,
                "person_id": people[ballot.player],
                "choice": ballot.choice,
                "question_version": 1,
                "question_language": script.players[ballot.player].language,
                "cast_at": ballot.at,
            }
            for ballot in script.on_propositions
        ),
    )
