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
from consult.services import agendas, appeals, attachments, consultations, questions
from consult.services.drafting import TopicIn
from tests.support import cast
from tests.support.cast import Built, Cast, Member, within
from tests.support.channels import waiting_batch
from tests.support.outcomes import Answered, answered_consultation
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
PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff"
    b"?\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82"
)
"""One dot, as PNG."""
APPEAL = "Бұл сын ғана. It is only criticism."
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
    appeal: int
    waiting: Built
    topic: int
    document: int
    closed: Built
    scheduled: Built
    withdrawn: Built
    attachment: int
    answered: Answered
    batch: int


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
            withheld=(withheld := cast.withheld_comment(app, people.aigerim, opened, WITHHELD)),
            appeal=appeals.lodge_appeal(people.aigerim.actor, withheld, APPEAL),
            waiting=waiting,
            topic=topic,
            document=document,
            closed=cast.closed_consultation(app, slug="long-over"),
            scheduled=cast.open_consultation(app, slug="next-month", opens_in=timedelta(days=3)),
            withdrawn=withdrawn,
            attachment=attached(opened.id),
            answered=answered_consultation(app, people, slug="decided-upon"),
            batch=waiting_batch(app, opened),
        )


def attached(consultation_id: int) -> int:
    """A picture beside a consultation; answers its id."""
    titles = {Language.KK: "Көшенің жоспары", Language.RU: "План улицы"}
    return attachments.add_attachment(OPERATOR, consultation_id, PICTURE, "plan.png", titles, Language.RU)


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
        f"/c/{scene.open.slug}/rules",
        f"/c/{scene.open.slug}/moderation",
        f"/c/{scene.open.slug}/moderation/figures",
        f"{question}/1",
        f"{question}/2",
        f"/c/{scene.open.slug}/comments/{scene.published}",
        f"/c/{scene.open.slug}/comments/{scene.withheld}",
        f"/c/{scene.open.slug}/q/1?sort=agreed",
        f"/c/{scene.open.slug}/q/1/write",
        f"/c/{scene.open.slug}/comments/{scene.published}/write",
        f"/c/{scene.open.slug}/documents",
        f"/c/{scene.closed.slug}",
        f"/c/{scene.closed.slug}/q/2",
        f"/c/{scene.answered.slug}/outcome",
        f"/c/{scene.answered.slug}/report",
        f"/c/{scene.answered.slug}/q/1",
        f"/c/{scene.scheduled.slug}/q/1",
        f"/c/{scene.closed.slug}/results",
        f"/c/{scene.closed.slug}/results/map",
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
        f"/me/answers/{scene.withheld}/appeal",
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
        f"/o/moderation/{scene.withheld}",
        "/o/moderation/templates",
        "/o/appeals",
        f"/o/appeals/{scene.appeal}",
        "/o/reports",
        "/o/consultations",
        "/o/consultations/new",
        "/o/consultations/import",
        f"{consultation}/edit",
        f"/o/consultations/{scene.waiting.slug}",
        f"/o/consultations/{scene.waiting.slug}/translations",
        f"/o/consultations/{scene.open.id}/edit",
        f"/o/consultations/{scene.closed.id}/edit",
        f"/o/consultations/{scene.withdrawn.id}/edit",
        f"{consultation}/topics/new",
        f"{consultation}/topics/{scene.topic}",
        f"{consultation}/topics/{scene.topic}/questions/new",
        f"{consultation}/questions/1",
        f"/o/consultations/{scene.open.slug}/results",
        "/o/exports",
        "/o/jobs",
        f"/o/consultations/{scene.open.id}/input/{scene.batch}",
        f"/o/consultations/{scene.open.id}/input/{scene.batch}/file",
        f"/o/consultations/{scene.answered.slug}/analysis",
        f"/o/consultations/{scene.answered.slug}/positions?theme={scene.answered.theme}",
        f"/o/consultations/{scene.open.slug}/figures",
        f"/c/{scene.waiting.slug}",
        f"/c/{scene.waiting.slug}/q/3",
    ]


def administrator_paths(scene: Scene) -> list[str]:
    return [
        "/a/users",
        f"/a/users/{scene.people.dauren.id}",
        "/a/rules",
        "/a/profanity",
        "/a/settings",
        "/a/holidays?year=2026",
        "/a/audit",
        "/a/audit?act=comment_withheld",
    ]


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
