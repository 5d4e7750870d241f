"""Deleting an account: of its person an empty shell is left, under which votes go on counting."""

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from consult.adapters import passwords
from consult.adapters.letters import burn_letters_to
from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.holdings import HOLDINGS, Ending, Farewell, Holding
from consult.domain.people import PASSWORD_LONGEST, Actor, Role
from consult.domain.permissions import may_leave, require
from consult.models.base import Base, database_now, db, empty_write_ahead_log, transaction
from consult.models.comments import Comment
from consult.models.outbox import OutboxMessage
from consult.models.people import Person
from consult.models.taking_part import CommentRevision
from consult.queries import own_data as reads
from consult.queries.own_data import Owner
from consult.queries.second_factors import is_fresh
from consult.services import audit, indexing
from consult.services.sessions import token_hash


def erase_account(
    actor: Actor, *, password: str, token: str, confirmation: str, farewell: Farewell, instance: Path
) -> None:
    """Delete the account: nothing is left but an empty shell, under which votes go on counting.

    `confirmation` is what `OwnAccount.confirmation` says, written by hand. An account without a password is
    proven by `token`, that of a session which has just begun. What the person did as an official stays, and
    refers to the shell. `instance` is where letters lie if no mail server is set.

    Raises:
        Refused: SIGN_IN_NEEDED, SECOND_FACTOR_NEEDED, CONFIRMATION_WRONG, PASSWORD_WRONG,
            SIGN_IN_AGAIN, LAST_ADMINISTRATOR.
    """
    require(actor, may_leave)
    owner, mine = reads.owner_of(actor), reads.own_account(actor)
    if confirmation.strip().casefold() != mine.confirmation.casefold():
        raise Refused(Reason.CONFIRMATION_WRONG)
    _check_proof(owner.person_id, password, token)
    with transaction():
        _check_leaving(owner.person_id)
        _erase(owner, farewell)
        detail: dict[str, object] = {"comments": farewell.value}
        audit.record(actor, Entry(Act.ACCOUNT_ERASED, Thing.PERSON, owner.person_id, detail=detail))
        indexing.settle()
        burn_letters_to(owner.email, instance)
    db.session.expire_all()
    empty_write_ahead_log()


def _check_proof(person_id: int, password: str, token: str) -> None:
    """Raises Refused: PASSWORD_WRONG, or SIGN_IN_AGAIN where there is no password and the session is old."""
    kept_hash = db.session.scalar(sa.select(Person.password_hash).where(Person.id == person_id))
    if not kept_hash:
        if not is_fresh(token_hash(token)):
            raise Refused(Reason.SIGN_IN_AGAIN)
    elif not passwords.matches(password[: PASSWORD_LONGEST + 1], kept_hash):
        raise Refused(Reason.PASSWORD_WRONG)


def _check_leaving(person_id: int) -> None:
    """Lock the person and the administrators, in the order of their ids: of the last two only one can go.

    Raises:
        Refused: SIGN_IN_NEEDED where the account was deleted a moment ago, LAST_ADMINISTRATOR where nobody
            could make officials any more.
    """
    is_administrator = sa.and_(Person.role == Role.ADMINISTRATOR, Person.is_active)
    locked = db.session.execute(
        sa.select(Person.id, Person.role)
        .where(sa.or_(Person.id == person_id, is_administrator), Person.erased_at.is_(None))
        .order_by(Person.id)
        .with_for_update()
    ).all()
    roles = {row.id: row.role for row in locked}
    if person_id not in roles:
        raise Refused(Reason.SIGN_IN_NEEDED)
    if roles.pop(person_id) is Role.ADMINISTRATOR and Role.ADMINISTRATOR not in roles.values():
        raise Refused(Reason.LAST_ADMINISTRATOR)


def _erase(owner: Owner, farewell: Farewell) -> None:
    """End every holding as it says; of the person's own row a shell is left."""
    removed = _removed(owner, farewell)
    chosen = [holding for holding in HOLDINGS if holding.ending is Ending.CHOSEN]
    for holding in sorted(chosen, key=lambda each: each.table == Comment.__tablename__):
        _end(holding, _rows_with(holding, removed))
    _trim_what_stays(owner)
    for holding in HOLDINGS:
        if holding.ending in {Ending.GO, Ending.EMPTIED}:
            _end(holding, reads.rows_of(holding, owner))
    db.session.execute(sa.delete(OutboxMessage).where(_tells_of(owner.email)))
    db.session.execute(
        sa.update(Person)
        .where(Person.id == owner.person_id)
        .values(email=f"erased:{owner.person_id}", erased_at=database_now())
    )


def _tells_of(address: str) -> sa.ColumnElement[bool]:
    """Condition on messages: their content names an address, such as news of its change to a former one."""
    words = sa.cast(OutboxMessage.content, sa.Text)
    return sa.or_(
        words.contains(f'"{address}"', autoescape=True),
        words.contains(json.dumps(address), autoescape=True),  # as SQLite keeps other letters than Latin
    )


def _removed(owner: Owner, farewell: Farewell) -> sa.ColumnElement[bool]:
    """Condition: the comments that are removed. Those in the state ERASED were removed before."""
    own = reads.own_comments_condition(owner.person_id)
    return own if farewell is Farewell.REMOVE else own & (Comment.state == CommentState.WITHDRAWN)


def _rows_with(holding: Holding, removed: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Condition on the table of a holding: what belongs to the removed comments."""
    if holding.table == Comment.__tablename__:
        return removed
    table = Base.metadata.tables[holding.table]
    key = sa.tuple_(*(table.c[name] for name in holding.by))
    return key.in_(sa.select(Comment.consultation_id, Comment.id).where(removed))


def _end(holding: Holding, rows: sa.ColumnElement[bool]) -> None:
    table = Base.metadata.tables[holding.table]
    if not holding.emptied:
        db.session.execute(sa.delete(table).where(rows))
        return
    left: dict[str, Any] = dict(holding.emptied)
    if holding.table == Comment.__tablename__:
        left |= {"state": CommentState.ERASED, "version": table.c.version + 1}
    db.session.execute(sa.update(table).where(rows).values(left))


def _trim_what_stays(owner: Owner) -> None:
    """Of comments that stay, only what readers see: no word that a moderator or the author took out."""
    own = reads.own_comments_condition(owner.person_id) & (Comment.state != CommentState.ERASED)
    db.session.execute(sa.update(Comment).where(own).values(publication_reason="", idempotency_key=None))
    own_keys = sa.select(Comment.consultation_id, Comment.id).where(own)
    is_redacted = Comment.redacted_body.is_not(None)
    wording = sa.tuple_(CommentRevision.consultation_id, CommentRevision.comment_id)
    is_unread = sa.or_(sa.not_(CommentRevision.is_public), wording.in_(own_keys.where(is_redacted)))
    db.session.execute(sa.delete(CommentRevision).where(wording.in_(own_keys), is_unread))
    redacted = db.session.execute(
        sa.update(Comment)
        .where(own, is_redacted)
        .values(body=Comment.redacted_body)
        .returning(Comment.consultation_id, Comment.id)
    ).all()
    for consultation_id, comment_id in redacted:  # the database dropped the entries with the words
        indexing.index_comment(consultation_id, comment_id)
