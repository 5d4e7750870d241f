"""What the figures are measured on: an installation with consultations, people, comments and votes.

People, comments and votes come in bulk: by deeds, twenty thousand comments would take minutes.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask, g, session
from flask_wtf.csrf import generate_csrf

from bench._ground import Connection
from consult.app import create_app
from consult.config import Settings
from consult.domain.comments import Channel, CommentState
from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.people import OPERATOR, Role
from consult.domain.questions import QuestionKind
from consult.domain.votes import Choice
from consult.models.base import SequenceValue, db, transaction
from consult.models.comments import COMMENT_IDS, Comment
from consult.models.people import Person
from consult.models.questions import Question
from consult.models.schema import upgrade
from consult.models.votes import CommentVote
from consult.services import accounts, consultations, questions
from consult.services.drafting import Basics, TextIn, TopicIn
from consult.services.sessions import begin
from consult.web import session as web_session

PASSWORD = "a bench needs a pass phrase"  # noqa: S105 - of nobody
SECRET_KEY = "0123456789-bench-only-abcdefghijklmnopqrstuvwxyz"  # noqa: S105 - of no installation
AUTHORS = 200
VOTES_EACH = 5
"""Votes on each comment."""
MANY = 20_000
"""Comments, from which on each gets one vote only."""
QUESTIONS = 6
"""In each consultation; all comments stand under the first."""
AT_ONCE = 5_000
BODIES = (
    (
        "Көшеге ағаш көбірек отырғызу керек: жазда көлеңке жоқ, балалар мен қарттарға ыстықта жүру қиын. "
        "Суару жүйесін алдымен ойластырған жөн, әйтпесе көшеттер бірінші жылы-ақ қурап қалады."
    ),
    (
        "Предлагаю расширить тротуар у школы и поставить скамейки. Двум коляскам не разойтись, а зимой "
        "снег с проезжей части сгребают прямо на дорожку. Кто будет отвечать за уборку?"
    ),
    (
        "The crossing near the market needs a light: people wait for minutes, then run between the buses. "
        "A raised crossing would help those in wheelchairs too, and it costs less than a bridge."
    ),
)
LANGUAGES = (Language.KK, Language.RU, Language.EN)


@dataclass(frozen=True)
class Filled:
    """A consultation with comments; `first_id` is its oldest comment, ids follow without a gap."""

    id: int
    slug: str
    question_id: int
    first_id: int
    comments: int

    @property
    def path(self) -> str:
        """The question's page."""
        return f"/kk/c/{self.slug}/q/1"


@contextlib.contextmanager
def installation(instance: Path, *, database_url: str | None = None) -> Iterator[Flask]:
    """The application on a new database, in its context; connections are let go at the end."""
    instance.mkdir(parents=True, exist_ok=True)
    (instance / "secret_key").write_text(SECRET_KEY, encoding="ascii")
    url = database_url or f"sqlite:///{instance / 'consult.sqlite'}"
    app = create_app(Settings(database_url=url, instance=instance, secret_key=SECRET_KEY))
    upgrade(app)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def add_authors() -> None:
    """People who wrote and voted, and who cannot sign in."""
    now = datetime.now(UTC)
    rows = [
        {
            "email": f"author-{number}@example.kz",
            "name": f"Тұрғын Серікқызы {number}",
            "role": Role.CITIZEN,
            "language": LANGUAGES[number % 3],
            "password_hash": "-",
            "is_active": True,
            "created_at": now,
        }
        for number in range(AUTHORS)
    ]
    with transaction():
        db.session.execute(sa.insert(Person), rows)


def author_ids() -> list[int]:
    ids = db.session.scalars(db.select(Person.id).where(Person.password_hash == "-").order_by(Person.id))  # noqa: S105
    return list(ids)


def add_readers(count: int) -> list[tuple[str, int]]:
    """Citizens who can sign in with `PASSWORD`: address and id of each."""
    readers = []
    for number in range(count):
        email = f"reader-{number}@example.kz"
        name = f"Оқырман {number}"
        reader = accounts.create_account(OPERATOR, email, name, PASSWORD, Role.CITIZEN, Language.KK)
        readers.append((email, reader))
    return readers


def add_voters(count: int, prefix: str = "voter") -> list[int]:
    """Citizens who can take part: the id of each. Nobody can sign in as them with a password."""
    now = datetime.now(UTC)
    rows = [
        {
            "email": f"{prefix}-{number}@example.kz",
            "name": f"Дауыс беруші {number}",
            "role": Role.CITIZEN,
            "language": Language.KK,
            "password_hash": "!",
            "is_active": True,
            "created_at": now,
        }
        for number in range(count)
    ]
    with transaction():
        return sorted(db.session.scalars(sa.insert(Person).returning(Person.id), rows))


@dataclass(frozen=True)
class Reader:
    """What the browser of somebody signed in sends: the Cookie header, and the token of its forms."""

    cookie: str
    token: str


def sessions(app: Flask, person_ids: list[int]) -> list[tuple[int, Reader]]:
    """A sign-in of each person, as `/sign-in` leaves it; by hashing passwords a hundred would take long."""
    made = []
    for person_id in person_ids:
        person = db.session.get_one(Person, person_id)
        with transaction():
            signed_in = begin(person, "bench")
        with app.test_request_context("/"):
            g.pop("csrf_token", None)  # of the person before: the context of the application stays
            web_session.begin(signed_in)
            token = generate_csrf()
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            kept = serializer.dumps(dict(session))
        made.append((person_id, Reader(f"{app.config['SESSION_COOKIE_NAME']}={kept}", token)))
    return made


def add_consultation(slug: str, comments: int) -> Filled:
    """An open consultation; every comment of its first question has one reply, together `comments`."""
    now = datetime.now(UTC)
    words = {
        language: TextIn("Жасыл көше", "Көше туралы", "Жоба әлі өзгере алады.", "Қала әкімдігі")
        for language in Language
    }
    basics = Basics(
        texts=words,
        contact="street@example.kz",
        closes_at=now + timedelta(days=60),
        answer_due_on=(now + timedelta(days=90)).date(),
        moderation_mode=ModerationMode.POST,
    )
    key = consultations.create_consultation(OPERATOR, slug, basics)
    topic = questions.add_topic(OPERATOR, key, TopicIn(dict.fromkeys(Language, "Ағаштар")))
    for number in range(QUESTIONS):
        texts = dict.fromkeys(Language, f"Көшеге қанша ағаш керек, {number + 1}?")
        questions.add_question(OPERATOR, key, topic, texts, QuestionKind.OPEN)
    consultations.open_consultation(OPERATOR, key)
    question_id = db.session.scalars(
        db.select(Question.id).filter_by(consultation_id=key).order_by(Question.number)
    ).first()
    assert question_id is not None
    filled = Filled(key, slug, question_id, _reserve_ids(comments), comments)
    _add_comments(filled, now)
    _add_votes(filled, now)
    return filled


def _reserve_ids(count: int) -> int:
    """The first of so many numbers of comments in a row."""
    with transaction():
        first = COMMENT_IDS.draw(db.session.connection())
        if db.engine.dialect.name == "postgresql":
            db.session.execute(
                sa.text("SELECT setval(:name, :last)"), {"name": COMMENT_IDS.name, "last": first + count}
            )
        else:
            db.session.execute(
                db.update(SequenceValue)
                .where(SequenceValue.name == COMMENT_IDS.name)
                .values(last_value=first + count)
            )
    return first


def _add_comments(filled: Filled, now: datetime) -> None:
    authors = author_ids()
    rows = [
        {
            "consultation_id": filled.id,
            "id": filled.first_id + place,
            "question_id": filled.question_id,
            "parent_id": filled.first_id + place - 1 if place % 2 else None,
            "author_id": authors[place * 7 % AUTHORS],
            "body": f"{BODIES[place % 3]} ({place})",
            "language": LANGUAGES[place % 3],
            "question_version": 1,
            "question_language": LANGUAGES[place % 3],
            "channel": Channel.WEB,
            "state": CommentState.PUBLISHED,
            "publication_reason": "",
            "submitted_at": now - timedelta(minutes=(filled.comments - place) * 3),
            "version": 1,
        }
        for place in range(filled.comments)
    ]
    for start in range(0, len(rows), AT_ONCE):
        with transaction():
            db.session.execute(sa.insert(Comment), rows[start : start + AT_ONCE])


def _add_votes(filled: Filled, now: datetime) -> None:
    authors = author_ids()
    for start in range(0, filled.comments, AT_ONCE):
        rows = [
            {
                "consultation_id": filled.id,
                "comment_id": filled.first_id + place,
                "person_id": authors[(place + number * 13) % AUTHORS],
                "choice": (place + number) % 3 - 1,
                "cast_at": now,
            }
            for place in range(start, min(start + AT_ONCE, filled.comments))
            for number in range(VOTES_EACH if filled.comments < MANY else 1)
        ]
        with transaction():
            db.session.execute(sa.insert(CommentVote), rows)


def vote_on_newest(filled: Filled, person_id: int, count: int) -> None:
    """Let a reader have voted on some of the newest comments, so that the page shows those tallies."""
    last = filled.first_id + filled.comments
    rows = [
        {
            "consultation_id": filled.id,
            "comment_id": comment_id,
            "person_id": person_id,
            "choice": Choice.AGREE.value,
            "cast_at": datetime.now(UTC),
        }
        for comment_id in range(last - count, last)
    ]
    with transaction():
        db.session.execute(sa.insert(CommentVote), rows)


def sign_in(port: int, email: str, path: str) -> tuple[str, str]:
    """Sign in over HTTP as a browser does and open a page; the Cookie header to send, and its token."""
    with contextlib.closing(Connection(port)) as connection:
        page = connection.get("/kk/sign-in")
        kept = dict(page.cookies)
        form = {"email": email, "password": PASSWORD, "csrf_token": csrf_token(page.body)}
        answer = connection.post("/kk/sign-in", urlencode(form).encode(), Cookie=_cookie_header(kept))
        assert answer.status in {302, 303}, answer
        kept |= answer.cookies
        page = connection.get(path, Cookie=_cookie_header(kept))
        return _cookie_header({**kept, **page.cookies}), csrf_token(page.body)


def _cookie_header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def csrf_token(page: bytes) -> str:
    """The token that protects the forms of a page."""
    for field in re.findall(rb"<input[^>]+>", page):
        if b'name="csrf_token"' in field:
            found = re.search(rb'value="([^"]+)"', field)
            assert found is not None
            return found[1].decode()
    raise AssertionError("the page has no form")
