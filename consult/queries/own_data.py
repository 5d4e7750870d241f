"""What we hold about one person: for the page about it, and row by row for the download."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from consult.domain.audit import Thing
from consult.domain.comments import Channel
from consult.domain.consents import CURRENT, Purpose
from consult.domain.errors import Reason, Refused
from consult.domain.holdings import Holding, Link
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.profile import Profile
from consult.models.audit import AuditEntry
from consult.models.base import Base, db
from consult.models.comments import Comment
from consult.models.own_data import Consent, PersonProfile
from consult.models.people import Person
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.exports import stream

Value = str | int | float | bool | None | date | list[Any] | dict[str, Any]
"""What a column holds, once enums are their words."""


@dataclass(frozen=True)
class Owner:
    """Whose rows are meant: a person and the address by which mail knows the same person."""

    person_id: int
    email: str


@dataclass(frozen=True)
class OwnConsent:
    """A consent of the reader's; `is_current` says that it stands, and to the newest text."""

    purpose: Purpose
    version: str
    given_at: datetime
    withdrawn_at: datetime | None

    @property
    def is_current(self) -> bool:
        return self.withdrawn_at is None and self.version == CURRENT[self.purpose].version


@dataclass(frozen=True)
class OwnAccount:
    """What the page about one's own data shows; `email` is empty where an identity provider told none."""

    email: str
    has_password: bool
    name: str
    language: Language
    profile: Profile
    consents: tuple[OwnConsent, ...]

    @property
    def confirmation(self) -> str:
        """What somebody writes by hand to confirm that the account is to be deleted."""
        return self.email or self.name

    @property
    def agrees_to_statistics(self) -> bool:
        return any(each.purpose is Purpose.STATISTICS and each.is_current for each in self.consents)


def owner_of(reader: Actor) -> Owner:
    """The reader as the owner of rows.

    Raises:
        Refused: SIGN_IN_NEEDED for a guest and for the operator, who are no persons in the tables.
    """
    if reader.person_id is None:
        raise Refused(Reason.SIGN_IN_NEEDED)
    email = db.session.execute(sa.select(Person.email).where(Person.id == reader.person_id)).scalar_one()
    return Owner(reader.person_id, email)


def own_account(reader: Actor) -> OwnAccount:
    """Raises Refused(SIGN_IN_NEEDED) for a guest."""
    if reader.person_id is None:
        raise Refused(Reason.SIGN_IN_NEEDED)
    row = db.session.execute(
        sa.select(
            Person.email,
            Person.password_hash,
            Person.name,
            Person.language,
            PersonProfile.region,
            PersonProfile.age_band,
            PersonProfile.gender,
        )
        .outerjoin(PersonProfile, PersonProfile.person_id == Person.id)
        .where(Person.id == reader.person_id)
    ).one()
    consents = db.session.scalars(
        sa.select(Consent).where(Consent.person_id == reader.person_id).order_by(Consent.id)
    )
    return OwnAccount(
        row.email if "@" in row.email else "",
        bool(row.password_hash),
        row.name,
        row.language,
        Profile(row.region, row.age_band, row.gender),
        tuple(OwnConsent(each.purpose, each.version, each.given_at, each.withdrawn_at) for each in consents),
    )


def is_asked_for_profile(reader: Actor) -> bool:
    """Whether to offer the questions for statistics: after a first contribution, until an answer."""
    if reader.person_id is None:
        return False
    here = reader.person_id
    has_answered = sa.exists().where(PersonProfile.person_id == here)
    took_part = sa.or_(
        sa.exists().where(Comment.author_id == here),
        sa.exists().where(CommentVote.person_id == here),
        sa.exists().where(PropositionVote.person_id == here),
    )
    return bool(db.session.scalar(sa.select(sa.and_(took_part, sa.not_(has_answered)))))


def own_comments_condition(person_id: int) -> sa.ColumnElement[bool]:
    """Condition on comments: those that the person wrote here, not those typed in for somebody else."""
    return sa.and_(Comment.author_id == person_id, Comment.channel == Channel.WEB)


def rows_of(holding: Holding, owner: Owner) -> sa.ColumnElement[bool]:
    """Condition on the table of a holding: the rows that are the owner's."""
    table = Base.metadata.tables[holding.table]
    match holding.link:
        case Link.AUTHOR:
            return own_comments_condition(owner.person_id)
        case Link.COMMENT:
            own = sa.select(Comment.consultation_id, Comment.id)
            here = sa.tuple_(*(table.c[name] for name in holding.by))
            return here.in_(own.where(own_comments_condition(owner.person_id)))
        case Link.LOG:
            is_about = sa.and_(AuditEntry.thing == Thing.PERSON, AuditEntry.thing_id == owner.person_id)
            return sa.or_(AuditEntry.actor_id == owner.person_id, is_about)
        case Link.PERSON | Link.MAILBOX:
            return sa.or_(*(_names(table.c[name], owner) for name in holding.by))


def _names(column: sa.Column[Any], owner: Owner) -> sa.ColumnElement[bool]:
    """Whether a column that holds an id or an address names the owner."""
    return column == (owner.email if isinstance(column.type, sa.String) else owner.person_id)


def rows_given(holding: Holding, owner: Owner) -> Iterator[Mapping[str, Value]]:
    """The owner's rows of a holding, the columns that the download has, in the order of the table's key."""
    table = Base.metadata.tables[holding.table]
    statement = (
        sa.select(*(table.c[name] for name in holding.given))
        .where(rows_of(holding, owner))
        .order_by(*table.primary_key)
    )
    for row in stream(statement):
        yield {name: _plain(value) for name, value in row._asdict().items()}


def _plain(value: Any) -> Value:
    plain: Value = value.value if isinstance(value, Enum) else value
    return plain


def cell_of(value: Value) -> str | int | date | None:
    """A value as a cell of a table; what is neither word, number nor time is written as JSON."""
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    return repr(value) if isinstance(value, float) else value


def is_text(holding: Holding, name: str) -> bool:
    """Whether the cells of a column are words, in which a spreadsheet could see a formula."""
    kind = Base.metadata.tables[holding.table].c[name].type
    return isinstance(kind, sa.String | sa.JSON)
