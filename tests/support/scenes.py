"""A whole scene for tests of pages: the cast, consultations in every state, comments in every state.

Paths stand here without their language, in groups by who may read them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask

from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.domain.questions import QuestionKind
from consult.models.base import db
from consult.models.documents import SourceDocument
from consult.queries.editing import topics_of
from consult.services import agendas, consultations, questions
from consult.services.drafting import TopicIn
from tests.support import cast
from tests.support.cast import Built, Cast, Member, within
from tests.support.pages import Page, PageClient

AGENDA = """Көше туралы семинар
Астана, 1 наурыз 2016 жыл

09:00-09:30  Тіркелу
09:30-10:30  1-сессия: Көшедегі ағаштар мен көлеңке
10:30-11:00  Кофе-брейк
11:00-12:00  2-сессия: Жаяу жүргіншілердің қауіпсіздігі
"""
ANSWER = "Әр үйдің алдына бір ағаш. One tree for each house."
REPLY = "Суаруды кім төлейді? Who pays for the water?"
PENDING = "Әлі оқылмаған сөз. Words not read yet."
WITHHELD = "Дөрекі сөз. Rude words for the withheld one."
GONE = "Жобаның қаражаты бөлінбеді."


@dataclass(frozen=True)
class Scene:
    """What `build_scene` put up; numbers are ids. `waiting` is a draft with topics and a document."""

    people: Cast
    open: Built
    published: int
    reply: int
    pending: int
    withheld: int
    waiting: Built
    topic: int
    document: int
    closed: Built
    scheduled: Built
    withdrawn: Built


def build_scene(app: Flask) -> Scene:
    """Put the scene into an empty database."""
    with within(app):
        people = cast.make_cast(app)
        opened = cast.open_consultation(app, moderation_mode=ModerationMode.PRE)
        published = cast.published_comment(app, people.aigerim, opened, ANSWER)
        withdrawn = cast.open_consultation(app, slug="given-up")
        consultations.withdraw_consultation(OPERATOR, withdrawn.id, GONE)
        waiting, topic, document = _waiting_draft(app)
        return Scene(
            people=people,
            open=opened,
            published=published,
            reply=cast.published_comment(app, people.dauren, opened, REPLY, reply_to=published),
            pending=cast.comment(app, people.aigerim, opened, PENDING),
            withheld=cast.withheld_comment(app, people.aigerim, opened, WITHHELD),
            waiting=waiting,
            topic=topic,
            document=document,
            closed=cast.closed_consultation(app, slug="long-over"),
            scheduled=cast.open_consultation(app, slug="next-month", opens_in=timedelta(days=3)),
            withdrawn=withdrawn,
        )


def _waiting_draft(app: Flask) -> tuple[Built, int, int]:
    """A draft with a topic of its own and two from an agenda, one of them asked about."""
    made = cast.draft(app, slug="on-paper")
    agendas.import_agenda(OPERATOR, made.slug, AGENDA.encode(), "agenda.txt", Language.KK)
    questions.add_topic(OPERATOR, made.id, TopicIn({Language.KK: "Бос тақырып", Language.RU: "Пустая тема"}))
    cited = next(topic for topic in topics_of(made.id) if topic.citation)
    texts = {Language.KK: "Ағаштарды кім күтеді?", Language.RU: "Кто ухаживает за деревьями?"}
    questions.add_question(OPERATOR, made.id, cited.id, texts, QuestionKind.PROPOSITION)
    document: int = db.session.scalars(db.select(SourceDocument.id)).one()
    return made, cited.id, document


def public_paths(scene: Scene) -> list[str]:
    """What everybody may read, the sign-in forms included."""
    question = f"/c/{scene.open.slug}/q"
    return [
        "/",
        "/consultations",
        "/consultations?phase=soon",
        "/consultations?q=street&topic=1",
        "/search",
        "/search?q=street",
        "/search?q=nothing-alike",
        f"/c/{scene.open.slug}",
        f"{question}/1",
        f"{question}/2",
        f"/c/{scene.open.slug}/comments/{scene.published}",
        f"/c/{scene.open.slug}/comments/{scene.withheld}",
        f"/c/{scene.open.slug}/q/1?sort=agreed",
        f"/c/{scene.open.slug}/q/1/write",
        f"/c/{scene.open.slug}/comments/{scene.published}/write",
        f"/c/{scene.closed.slug}",
        f"/c/{scene.closed.slug}/q/2",
        f"/c/{scene.scheduled.slug}/q/1",
        f"/c/{scene.withdrawn.slug}",
        "/rules",
        "/accessibility",
        "/privacy",
        "/help",
        "/sign-in",
        "/register",
        "/password/forgotten",
        "/nothing-here",
    ]


def citizen_paths(scene: Scene) -> list[str]:
    """What looks otherwise to a citizen who is signed in, and what may be read only then."""
    return [
        "/me",
        "/me/answers",
        "/me/privacy",
        "/me/privacy/delete",
        f"/c/{scene.open.slug}/q/1/statements",
        f"/c/{scene.closed.slug}/q/1/statements",
        f"/c/{scene.open.slug}/q/1/write",
        f"/c/{scene.open.slug}/comments/{scene.published}/edit",
        f"/c/{scene.open.slug}/comments/{scene.withheld}/edit",
        f"/c/{scene.open.slug}/comments/{scene.reply}/report",
        f"/c/{scene.open.slug}",
        f"/c/{scene.open.slug}/q/1",
        f"/c/{scene.open.slug}/q/2",
        f"/c/{scene.open.slug}/comments/{scene.published}",
        f"/c/{scene.open.slug}/comments/{scene.withheld}",
        "/o",
    ]


def official_paths(scene: Scene) -> list[str]:
    consultation = f"/o/consultations/{scene.waiting.id}"
    return [
        "/o",
        "/o/moderation",
        "/o/moderation?state=published",
        "/o/moderation?state=withheld",
        "/o/consultations",
        "/o/consultations/new",
        "/o/consultations/import",
        f"{consultation}/edit",
        f"/o/consultations/{scene.open.id}/edit",
        f"/o/consultations/{scene.closed.id}/edit",
        f"/o/consultations/{scene.withdrawn.id}/edit",
        f"{consultation}/topics/new",
        f"{consultation}/topics/{scene.topic}",
        f"{consultation}/topics/{scene.topic}/questions/new",
        f"{consultation}/questions/1",
        "/o/exports",
        f"/c/{scene.waiting.slug}",
        f"/c/{scene.waiting.slug}/q/3",
    ]


def administrator_paths(_scene: Scene) -> list[str]:
    return ["/a/audit", "/a/audit?act=comment_withheld"]


def visitor(app: Flask, member: Member | None = None, *, language: str = "en") -> PageClient:
    """A client of its own, signed in as the member where one is given."""
    client = PageClient(app, language=language)
    if member is not None:
        client.sign_in(member.email, member.password)
    return client


def token_of(page: Page) -> str:
    """The token that protects the forms of a page."""
    return str(page.select("input[name=csrf_token]")[0].get("value"))


def local_time(from_now: timedelta) -> str:
    """An instant as a person in Kazakhstan writes it into a date-and-time field, to the minute."""
    return (datetime.now(UTC) + from_now + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
