"""The test cast, and consultations built for it by the deeds themselves.

Builders work with and without an application context: inside one they use it (and its session), outside they
open their own. Tests of pages stay outside, so that requests get contexts of their own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask, current_app, has_app_context

from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode, ResultsPolicy
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import OPERATOR, Actor, Role
from consult.domain.questions import QuestionKind
from consult.domain.votes import Choice
from consult.models.base import Base, db, now_in_database, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import Person
from consult.models.questions import Question
from consult.services import comments, consultations, moderation, questions, votes
from consult.services.drafting import Basics, TextIn, TopicIn

PASSWORD = "correct horse battery"
"""Of everybody in the cast."""


@dataclass(frozen=True)
class QuestionAsked:
    """A question before it is built."""

    texts: Mapping[Language, str]
    kind: QuestionKind = QuestionKind.OPEN


OPEN_QUESTION = QuestionAsked({
    Language.KK: "Көшеге қанша ағаш керек?",
    Language.RU: "Сколько деревьев нужно улице?",
    Language.EN: "How many trees does the street need?",
})  # fmt: skip
PROPOSITION = QuestionAsked({
    Language.KK: "Көше жаяу жүргіншілерге берілсін.",
    Language.RU: "Улицу следует отдать пешеходам.",
    Language.EN: "The street should be given to pedestrians.",
}, QuestionKind.PROPOSITION)  # fmt: skip
TEXTS = {
    Language.KK: TextIn("Жасыл көше", "Көше туралы", "Жоба әлі өзгере алады.", "Қала әкімдігі"),
    Language.RU: TextIn("Зелёная улица", "Об улице", "Проект ещё можно изменить.", "Акимат города"),
    Language.EN: TextIn("A green street", "About a street", "The draft can still change.", "City hall"),
}


@dataclass(frozen=True)
class Member:
    """Somebody of the cast: as actor of deeds, and with what the sign-in form asks."""

    actor: Actor
    email: str
    password: str = PASSWORD

    @property
    def id(self) -> int:
        assert self.actor.person_id is not None
        return self.actor.person_id


@dataclass(frozen=True)
class Cast:
    """Two citizens, two officials, an administrator, and a citizen whose account is blocked."""

    aigerim: Member
    dauren: Member
    moderator: Member
    other_official: Member
    administrator: Member
    blocked: Member


@dataclass(frozen=True)
class Built:
    """A consultation of a test: its ids; `questions` are ids in the order of their numbers, from number 1."""

    id: int
    slug: str
    questions: tuple[int, ...]


@contextmanager
def within(app: Flask) -> Iterator[None]:
    """The application's context: the present one, or one of its own."""
    if has_app_context() and current_app == app:
        yield
        return
    with app.app_context():
        yield


@cache
def cheap_hash(password: str = PASSWORD) -> str:
    """An argon2 hash that takes no time to check; the parameters stand in the hash itself."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def person(
    app: Flask,
    email: str,
    name: str,
    role: Role = Role.CITIZEN,
    *,
    language: Language = Language.RU,
    is_active: bool = True,
) -> Member:
    """Put an account into the table; no deed blocks one yet, and `register` hashes for real."""
    with within(app), transaction():
        row = Person(
            email=email,
            name=name,
            role=role,
            language=language,
            password_hash=cheap_hash(),
            is_active=is_active,
            created_at=datetime(2026, 1, 2, tzinfo=UTC),
        )
        db.session.add(row)
        db.session.flush()
        return Member(Actor(row.id, role, name, language), email)


def make_cast(app: Flask) -> Cast:
    """Put the cast into an empty database."""
    return Cast(
        aigerim=person(app, "aigerim@example.kz", "Айгерім Серікқызы", language=Language.KK),
        dauren=person(app, "dauren@example.kz", "Dauren O'Neill", language=Language.EN),
        moderator=person(app, "moderator@example.kz", "Мария Модератор", Role.OFFICIAL),
        other_official=person(
            app, "official@example.kz", "Олжас Бекұлы", Role.OFFICIAL, language=Language.KK
        ),
        administrator=person(app, "administrator@example.kz", "Анна Администратор", Role.ADMINISTRATOR),
        blocked=person(app, "blocked@example.kz", "Борис Закрытый", is_active=False),
    )


def draft(
    app: Flask,
    *,
    slug: str = "green-street",
    questions: Sequence[QuestionAsked] = (OPEN_QUESTION, PROPOSITION),
    moderation_mode: ModerationMode = ModerationMode.POST,
    results_policy: ResultsPolicy = ResultsPolicy.AFTER_VOTING,
    opens_in: timedelta | None = None,
    closes_in: timedelta = timedelta(days=30),
    texts: Mapping[Language, TextIn] = TEXTS,
    by: Actor = OPERATOR,
) -> Built:
    """A draft that may be opened, all its questions under one topic; without `opens_in` it opens at once."""
    now = datetime.now(UTC)
    basics = Basics(
        texts=texts,
        contact="street@example.kz",
        opens_at=None if opens_in is None else now + opens_in,
        closes_at=now + closes_in,
        answer_due_on=(now + closes_in + timedelta(days=30)).date(),
        short_period_reason="It is only a test.",
        moderation_mode=moderation_mode,
        results_policy=results_policy,
    )
    with within(app):
        consultation_id = consultations.create_consultation(by, slug, basics)
        _ask(by, consultation_id, questions)
        ids = db.session.scalars(
            db.select(Question.id).filter_by(consultation_id=consultation_id).order_by(Question.number)
        )
        return Built(consultation_id, slug, tuple(ids))


def _ask(by: Actor, consultation_id: int, asked: Sequence[QuestionAsked]) -> None:
    titles = {Language.KK: "Ағаштар", Language.RU: "Деревья", Language.EN: "Trees"}
    topic_id = questions.add_topic(by, consultation_id, TopicIn(titles))
    for question in asked:
        questions.add_question(by, consultation_id, topic_id, question.texts, question.kind)


def open_consultation(
    app: Flask,
    *,
    slug: str = "green-street",
    questions: Sequence[QuestionAsked] = (OPEN_QUESTION, PROPOSITION),
    moderation_mode: ModerationMode = ModerationMode.POST,
    results_policy: ResultsPolicy = ResultsPolicy.AFTER_VOTING,
    opens_in: timedelta | None = None,
    closes_in: timedelta = timedelta(days=30),
    by: Actor = OPERATOR,
) -> Built:
    """A consultation that takes input now; with `opens_in` one that is scheduled."""
    built = draft(
        app,
        slug=slug,
        questions=questions,
        moderation_mode=moderation_mode,
        results_policy=results_policy,
        opens_in=opens_in,
        closes_in=closes_in,
        by=by,
    )
    with within(app):
        consultations.open_consultation(by, built.id)
    return built


def close_by_clock(app: Flask, built: Built, *, ago: timedelta = timedelta(seconds=1)) -> None:
    """Let the closing instant have passed, as if time had.

    By an UPDATE in the test's database: no deed may shorten a period, and the clock that decides is the
    database's own, which a test neither waits for nor patches.
    """
    with within(app), transaction():
        closed_at = now_in_database() - ago
        db.session.execute(
            sa.update(Consultation)
            .where(Consultation.id == built.id)
            .values(opens_at=closed_at - timedelta(days=30), closes_at=closed_at)
        )
        db.session.expire_all()


def closed_consultation(
    app: Flask,
    *,
    slug: str = "green-street",
    questions: Sequence[QuestionAsked] = (OPEN_QUESTION, PROPOSITION),
    moderation_mode: ModerationMode = ModerationMode.POST,
    results_policy: ResultsPolicy = ResultsPolicy.AFTER_VOTING,
    ago: timedelta = timedelta(seconds=1),
) -> Built:
    """A consultation that opened validly and has closed. To fill it first: open, fill, `close_by_clock`."""
    built = open_consultation(
        app,
        slug=slug,
        questions=questions,
        moderation_mode=moderation_mode,
        results_policy=results_policy,
    )
    close_by_clock(app, built, ago=ago)
    return built


def comment(
    app: Flask,
    by: Member,
    built: Built,
    body: str = "Көшеге ағаш керек. The street needs trees.",
    *,
    question: int = 1,
    reply_to: int | None = None,
    key: str | None = None,
) -> int:
    """Submit a comment on the question of that number, or a reply; answers its id, whatever its state."""
    words = comments.Words(body, by.actor.language)
    with within(app):
        if reply_to is not None:
            sent = comments.submit_reply(by.actor, built.id, reply_to, words, idempotency_key=key)
        else:
            question_id = built.questions[question - 1]
            sent = comments.submit_comment(by.actor, built.id, question_id, words, idempotency_key=key)
        return sent.comment_id


def published_comment(
    app: Flask,
    by: Member,
    built: Built,
    body: str = "Көшеге ағаш керек. The street needs trees.",
    *,
    question: int = 1,
    reply_to: int | None = None,
) -> int:
    """As `comment`, and published by the operator where it would wait."""
    with within(app):
        comment_id = comment(app, by, built, body, question=question, reply_to=reply_to)
        if comment_state(app, comment_id) is CommentState.PENDING:
            moderation.publish_comment(OPERATOR, comment_id)
        return comment_id


def withheld_comment(app: Flask, by: Member, built: Built, body: str = "Rude words.") -> int:
    """A comment that the operator has withheld as an insult."""
    with within(app):
        comment_id = comment(app, by, built, body)
        moderation.withhold_comment(OPERATOR, comment_id, "insult", "It insults a neighbour.")
        return comment_id


def comment_state(app: Flask, comment_id: int) -> CommentState:
    """The state that is kept now."""
    with within(app):
        db.session.rollback()
        state: CommentState = db.session.scalars(db.select(Comment.state).filter_by(id=comment_id)).one()
        return state


def vote(app: Flask, by: Member, built: Built, comment_id: int, choice: Choice = Choice.AGREE) -> None:
    """Cast a vote on a comment."""
    with within(app):
        votes.cast_vote(by.actor, built.id, comment_id, choice)


@pytest.fixture
def people(app: Flask) -> Cast:
    """The whole cast, in the test's database."""
    return make_cast(app)


@pytest.fixture
def aigerim(people: Cast) -> Member:
    """A citizen who reads Kazakh."""
    return people.aigerim


@pytest.fixture
def dauren(people: Cast) -> Member:
    """Another citizen, who reads English."""
    return people.dauren


@pytest.fixture
def moderator(people: Cast) -> Member:
    """An official who moderates and edits."""
    return people.moderator


@pytest.fixture
def other_official(people: Cast) -> Member:
    """An official of another body."""
    return people.other_official


@pytest.fixture
def administrator(people: Cast) -> Member:
    """Who may read the log and make accounts."""
    return people.administrator


@pytest.fixture
def blocked(people: Cast) -> Member:
    """A citizen whose account is blocked."""
    return people.blocked


def refusal(deed: Callable[[], object]) -> Reason:
    """Why a deed is refused; fails the test when it is done."""
    with pytest.raises(Refused) as refused:
        deed()
    return refused.value.reason


def count(table: type[Base]) -> int:
    """Rows of a table, as committed."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
