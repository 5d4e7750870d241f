"""Somebody who left a trace in every field of every table that may know people, and how to look for it.

`MARK` has no vowel, so that no stemming changes it, and only small letters, so that no folding does.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from consult.domain.appeals import Verdict
from consult.domain.comments import CommentState, Move
from consult.domain.consents import Purpose
from consult.domain.languages import Language
from consult.domain.people import OPERATOR, Duty, LinkPurpose, Role
from consult.domain.profile import AgeBand, Gender, Region
from consult.models.appeals import Appeal
from consult.models.base import Base, db, transaction
from consult.models.comments import Comment, ModerationAct
from consult.models.desk import ModerationLock, ModerationNote
from consult.models.duties import ConsultationDuty
from consult.models.imports import ImportedParticipant
from consult.models.opinion import OpinionMember
from consult.models.outbox import OutboxMessage
from consult.models.own_data import Consent, PersonProfile
from consult.models.people import (
    AccountLink,
    Identity,
    Passkey,
    Person,
    RecoveryCode,
    Registration,
    SignInSession,
    SignInStep,
    TotpDevice,
)
from consult.models.taking_part import CommentDraft, CommentReport, CommentRevision, Follow
from consult.models.votes import PropositionVote
from consult.services import moderation
from tests.support import cast
from tests.support.cast import Built, Member, within

MARK = "zqxqrdbx"
WORDS = f"= {MARK} и слова"
EMAIL = f"{MARK}@example.kz"
KEPT = "wvwkptwv"
"""Stands in the published comment alone."""
THEN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Planted:
    """The person, the consultation, and the comments: published, redacted, withheld, withdrawn, pending."""

    member: Member
    built: Built
    published: int
    redacted: int
    withheld: int
    withdrawn: int
    reply: int


def plant(app: Flask, *, role: Role = Role.CITIZEN) -> Planted:
    """Put the person with all traces into the database and the instance folder."""
    other = cast.person(app, "other@example.kz", "Other", language=Language.EN)
    member = cast.person(app, EMAIL, f"Name {MARK}", role)
    built = cast.open_consultation(app)
    with within(app):
        published = cast.comment(app, member, built, f"{KEPT} and more")
        planted = Planted(
            member,
            built,
            published,
            cast.comment(app, member, built, f"{KEPT} at 5, {WORDS}"),
            cast.comment(app, member, built, WORDS, key=f"{MARK}-key"),
            cast.comment(app, member, built, f"{WORDS} taken back"),
            cast.comment(app, other, built, "An innocent reply", reply_to=published),
        )
        cast.vote(app, other, built, planted.published)
        cast.vote(app, member, built, planted.reply)
        moderation.redact_comment(
            OPERATOR, planted.redacted, f"{KEPT} at [removed: personal data]", "personal-data", WORDS
        )
        moderation.withhold_comment(OPERATOR, planted.withheld, "insult", WORDS)
        with transaction():
            _plant_rows(planted, other)
            _plant_appeal(planted, other)
    letters = Path(app.instance_path) / "mail"
    letters.mkdir(exist_ok=True)
    (letters / "one.eml").write_bytes(f"To: {EMAIL}\r\nSubject: Hello\r\n\r\nName {MARK}".encode())
    (letters / "other.eml").write_bytes(b"To: other@example.kz\r\nSubject: Hello\r\n\r\nNobody else")
    return planted


def _plant_rows(planted: Planted, other: Member) -> None:
    """Rows that no deed of the test writes, with the mark wherever there is room for it."""
    me, here, question = planted.member.id, planted.built.id, planted.built.questions[0]
    mark = MARK.encode()
    withdrawn = db.session.get_one(Comment, (here, planted.withdrawn))
    withdrawn.state = CommentState.WITHDRAWN
    at, later = {"created_at": THEN}, {"expires_at": datetime(2027, 1, 1, tzinfo=UTC)}
    comment = {"consultation_id": here, "comment_id": planted.published}
    rows: list[Base] = [
        SignInSession(token_hash=mark, person_id=me, device=WORDS, **at, **later),
        Registration(
            token_hash=mark, email=EMAIL, name=WORDS, language=Language.RU, password_hash=WORDS,
            next_path=f"/{MARK}", **at, **later,
        ),
        AccountLink(
            token_hash=mark, person_id=me, purpose=LinkPurpose.CHANGE_EMAIL, email=f"new-{EMAIL}", **at,
            **later,
        ),
        SignInStep(token_hash=mark, person_id=me, challenge=mark, **at, **later),
        TotpDevice(person_id=me, secret=mark, **at),
        Passkey(person_id=me, credential_id=mark, public_key=mark, sign_count=1, name=WORDS, **at),
        RecoveryCode(person_id=me, code_hash=mark),
        Identity(issuer=f"https://{MARK}.example.kz", subject=MARK, person_id=me, linked_at=THEN),
        Consent(
            person_id=me, purpose=Purpose.TERMS, version=MARK, language=Language.RU, given_at=THEN
        ),
        PersonProfile(
            person_id=me, region=Region.ABAI, age_band=AgeBand.FROM_60, gender=Gender.FEMALE, updated_at=THEN
        ),
        CommentRevision(**comment, number=1, body=f"{WORDS} before", is_public=False, replaced_at=THEN),
        CommentRevision(**comment, number=2, body=f"{KEPT} before", is_public=True, replaced_at=THEN),
        CommentReport(
            consultation_id=here, comment_id=planted.reply, person_id=me, rule="insult", words=WORDS,
            reported_at=THEN,
        ),
        CommentReport(
            **comment, person_id=other.id, rule="insult", words=f"{KEPT} is rude", reported_at=THEN
        ),
        CommentDraft(
            consultation_id=here, person_id=me, question_id=question, reply_to=0, body=WORDS, saved_at=THEN
        ),
        Follow(consultation_id=here, person_id=me, followed_at=THEN),
        ConsultationDuty(consultation_id=here, person_id=me, duty=Duty.ANALYST, appointed_at=THEN),
        ModerationAct(
            **comment, actor_id=other.id, move=Move.PUBLISH, reason=WORDS, before=CommentState.PENDING,
            after=CommentState.PUBLISHED, acted_at=THEN,
        ),
        ModerationNote(
            **comment, author_id=other.id, to_id=me, is_escalation=True, words=WORDS, written_at=THEN
        ),
        ModerationNote(
            consultation_id=here, comment_id=planted.reply, author_id=other.id, to_id=me, is_escalation=True,
            words="An innocent note", written_at=THEN,
        ),
        ModerationLock(consultation_id=here, comment_id=planted.reply, person_id=me, until=THEN),
        PropositionVote(
            consultation_id=here, question_id=planted.built.questions[1], person_id=me, choice=1,
            question_version=1, question_language=Language.RU, cast_at=THEN,
        ),
        OpinionMember(consultation_id=here, person_id=me, number=None, x=-0.5, y=0.25),
        ImportedParticipant(consultation_id=here, person_id=me, reference="17"),
        OutboxMessage(
            kind="welcome", person_id=me, content={"words": WORDS}, created_at=THEN, due_at=THEN,
            last_error=WORDS,
        ),
        OutboxMessage(
            kind="confirm", address=EMAIL, language=Language.RU, content={"words": WORDS}, created_at=THEN,
            due_at=THEN,
        ),
    ]  # fmt: skip
    db.session.add_all(rows)


def _plant_appeal(planted: Planted, other: Member) -> None:
    """An appeal against the withholding, which somebody has decided."""
    act_id = db.session.scalars(
        sa.select(ModerationAct.id).filter_by(comment_id=planted.withheld, move=Move.WITHHOLD)
    ).one()
    db.session.add(
        Appeal(
            consultation_id=planted.built.id,
            comment_id=planted.withheld,
            act_id=act_id,
            person_id=planted.member.id,
            words=WORDS,
            lodged_at=THEN,
            verdict=Verdict.UPHELD,
            reason=WORDS,
            reason_language=Language.RU,
            decided_by=other.id,
            decided_at=THEN,
        )
    )


def tables_with(mark: str) -> set[str]:
    """Tables of the database, all there are, that hold the mark in any row; bytes are looked into as well."""
    db.session.rollback()
    found = set()
    with db.engine.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            table = sa.Table(name, sa.MetaData(), autoload_with=connection)
            if any(mark in text for row in connection.execute(sa.select(table)) for text in _texts(row)):
                found.add(name)
    return found


def _texts(row: sa.Row[tuple[object, ...]]) -> Iterator[str]:
    for value in row:
        if isinstance(value, bytes | memoryview):
            yield bytes(value).decode("latin-1").lower()
        else:
            yield str(value).lower()


def indexed_terms(app: Flask) -> set[str]:
    """Every word and every three letters in SQLite's search index; nothing on PostgreSQL, which has no other
    index than that of the table."""
    file = sqlite_file(app)
    if file is None:
        return set()
    terms: set[str] = set()
    with closing(sqlite3.connect(file)) as connection:
        for name in ("search_words", "search_pieces"):
            connection.execute(f"CREATE VIRTUAL TABLE temp.v_{name} USING fts5vocab(main, {name}, 'row')")
            terms.update(term for (term,) in connection.execute(f"SELECT term FROM temp.v_{name}"))  # noqa: S608
    return terms


def sqlite_file(app: Flask) -> Path | None:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None


def files_with(mark: str, *folders: Path) -> list[str]:
    """Names of files that hold the mark anywhere, in small or capital letters."""
    return sorted(
        path.name
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and mark.encode() in path.read_bytes().lower()
    )


def shell_of(planted: Planted) -> Person:
    db.session.rollback()
    person: Person = db.session.get_one(Person, planted.member.id)
    return person
