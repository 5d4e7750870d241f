"""From a stack of paper to an answered consultation, as its people walk it, with every gate on the way.

Agenda, opening, comments, themes, positions, answer, report: each gate is tried before it may be passed.
"""

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import docx
import pypdfium2
import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect

from consult.domain.comments import CommentState
from consult.domain.consultations import Stage
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.outcomes import Theme
from tests.support import cast
from tests.support.browser import Browsing, sign_in
from tests.support.cast import Built, Cast, Member, within
from tests.support.scenes import AGENDA, local_time

pytestmark = pytest.mark.journey

SLUG = "from-agenda"
TOPIC = "Көшедегі ағаштар мен көлеңке"
WORDS = {
    "kk": ("Алаңға ағаш отырғызыңыз, жазда өте ыстық.", "Ағаштарды суаруды ұмытпаңыз.", "Бәрі ұры!"),
    "ru": ("Посадите деревья на площади, летом очень жарко.", "Не забывайте поливать деревья.", "Все воры!"),
}
DECIDED = {"kk": "Көктемде елу ағаш отырғызылады.", "ru": "Весной посадят пятьдесят деревьев."}
NOTED = {"kk": "Суару кестеге енгізілді.", "ru": "Полив внесён в график."}
RUNS = [
    pytest.param("sqlite", "ru", True, id="ru"),
    pytest.param("postgresql", "kk", False, id="kk-without-javascript-on-postgresql"),
]


@dataclass
class Path:
    """One walk: the official's page, and what stands in the database."""

    app: Flask
    browsing: Browsing
    language: str
    javascript: bool
    people: Cast
    official: Page

    def visitor(self, path: str, member: Member | None = None) -> Page:
        page = self.browsing.open(
            f"/{self.language}/", javascript=self.javascript, language=self.language, accept_downloads=True
        )
        if member is not None:
            sign_in(page, member.email, member.password, language=self.language)
        page.goto(f"/{self.language}{path}")
        return page

    def go(self, path: str) -> Page:
        self.official.goto(f"/{self.language}{path}")
        return self.official

    def press(self, action: str) -> None:
        self.official.locator(f"form[action$='{action}'] button").last.click()

    def is_refused(self, action: str) -> None:
        """The deed is tried, the page says why not, and the consultation stays as it was."""
        before = self.stage
        self.press(action)
        expect(self.official.locator(".errors")).to_be_visible()
        assert self.stage is before

    @property
    def stage(self) -> Stage:
        return self.kept.stage

    @property
    def kept(self) -> Consultation:
        with within(self.app):
            db.session.rollback()
            kept: Consultation = db.session.scalars(db.select(Consultation).filter_by(slug=SLUG)).one()
            return kept

    def fill(self, name: str, words: str) -> None:
        """The same field in the two languages that are needed."""
        for language in ("kk", "ru"):
            self.official.fill(f"[name={name}_{language}]", words)


@pytest.fixture
def path(app: Flask, browsing: Browsing, language: str, *, javascript: bool) -> Path:
    people = cast.make_cast(app)
    page = browsing.open(f"/{language}/", javascript=javascript, language=language, accept_downloads=True)
    sign_in(page, people.moderator.email, people.moderator.password, language=language)
    return Path(app, browsing, language, javascript, people, page)


@pytest.mark.parametrize(("kind", "language", "javascript"), RUNS, indirect=["kind"])
def test_from_the_agenda_to_the_published_answer(path: Path) -> None:
    _import_agenda(path)
    _open_once_everything_is_there(path)
    tree, water, insult = _write(path)
    _moderate(path, [tree, water], insult)
    outcome = f"/o/consultations/{SLUG}/outcome"
    path.go(outcome)
    path.is_refused("/outcome/publish")  # still open
    cast.close_by_clock(path.app, Built(path.kept.id, SLUG, ()))
    path.go(outcome)
    path.is_refused("/outcome/publish")  # nothing has a position
    _gather_under_a_theme(path, tree)
    _answer_the_theme(path)
    path.go(outcome)
    path.is_refused("/outcome/publish")  # one comment has none
    _answer_the_comment(path, water)
    path.go(outcome)
    path.is_refused("/outcome/publish")  # no words yet
    _publish_the_outcome(path)
    _read_the_answer(path, tree, water)
    _read_the_report(path, tree, water, insult)


def _import_agenda(path: Path) -> None:
    page = path.go("/o/consultations/import")
    agenda: FilePayload = {"name": "agenda.txt", "mimeType": "text/plain", "buffer": AGENDA.encode()}
    page.set_input_files("input[name=document]", agenda)
    page.fill("input[name=slug]", SLUG)
    page.locator("form[action$='/import'] button").click()
    expect(page.locator("fieldset[id^=topic-]")).to_have_count(2)
    page.locator("button[value=make]").click()
    expect(page.locator("article[id^=topic-]")).to_have_count(2)


def _open_once_everything_is_there(path: Path) -> None:
    page = path.official
    edit = page.url
    path.is_refused("/open")
    form = page.locator("form[action$='/edit']")
    for language in ("kk", "ru"):
        for name in ("title", "authority", "summary", "purpose"):
            form.locator(f"[name={name}_{language}]").fill(f"{name} {language}")
    form.locator("[name=contact]").fill("street@example.kz")
    form.locator("[name=closes_at]").fill(local_time(timedelta(days=40)))
    form.locator("[name=answer_due_on]").fill(local_time(timedelta(days=90))[:10])
    form.locator("button").click()
    path.is_refused("/open")  # no question yet, and a topic without its Russian title
    for number in range(page.locator("article[id^=topic-] h3 a").count()):
        page.goto(edit)
        page.locator("article[id^=topic-] h3 a").nth(number).click()
        page.fill("[name=text_ru]", f"Тема {number}")
        page.locator("main form button").last.click()
    page.goto(edit)
    page.locator("article[id^=topic-]").first.locator("a[href$='/questions/new']").click()
    page.fill("[name=text_kk]", "Көшеге не керек?")
    page.fill("[name=text_ru]", "Что нужно улице?")
    page.check("input[name=kind][value=open]")
    page.locator("main form button").last.click()
    page.goto(edit)
    path.press("/open")
    expect(page.locator("main .tag--ok").first).to_be_visible()
    assert path.stage is Stage.PUBLISHED


def _write(path: Path) -> list[int]:
    """Two citizens write on the pages; answers the numbers of their comments."""
    authors = (path.people.aigerim, path.people.dauren, path.people.dauren)
    for author, words in zip(authors, WORDS[path.language], strict=True):
        page = path.visitor(f"/c/{SLUG}/q/1", author)
        expect(page.locator("figure.quote blockquote")).to_contain_text(TOPIC)
        page.fill("textarea[name=body]", words)
        page.locator("form[action$='/q/1/comments'] button:not([formaction])").click()
        expect(page.locator(".messages")).to_be_visible()
    with within(path.app):
        return list(db.session.scalars(db.select(Comment.id).order_by(Comment.id)))


def _moderate(path: Path, wanted: list[int], insult: int) -> None:
    waiting = [number for number in wanted if cast.comment_state(path.app, number) is CommentState.PENDING]
    for number in waiting:
        path.go("/o/moderation")
        path.press(f"/{number}/publish")
    page = path.go(f"/o/moderation/{insult}")
    form = page.locator(f"form[action$='/{insult}/withhold']").first
    closed = page.locator("details:not([open])").filter(has=form)
    if closed.count():
        closed.first.locator("summary").first.click()
    form.locator("input[name=rule][value=insult]").check()
    form.locator("textarea[name=reason]").fill("Грубо. Дөрекі.")
    form.locator("button").last.click()
    expect(page.locator(".messages")).to_be_visible()
    states = [cast.comment_state(path.app, number).value for number in (*wanted, insult)]
    assert states == ["published", "published", "withheld"]


def _gather_under_a_theme(path: Path, tree: int) -> None:
    page = path.go(f"/o/consultations/{SLUG}/themes")
    page.fill("[name=title_kk]", "Ағаштар")
    page.locator("form[action$='/themes'] button").click()
    expect(page.locator(".errors")).to_be_visible()  # Russian is needed too
    page.fill("[name=title_ru]", "Деревья")
    page.locator("form[action$='/themes'] button").click()
    page = path.go(f"/o/consultations/{SLUG}/analysis")
    page.check(f"#tick-{tree}")
    page.locator("button[value=put]").click()
    expect(page.locator(f"#comment-{tree} .tag").first).to_have_text(
        "Ағаштар" if path.language == "kk" else "Деревья"
    )


def _answer_the_theme(path: Path) -> None:
    with within(path.app):
        theme = db.session.scalars(db.select(Theme.id)).one()
    page = path.go(f"/o/consultations/{SLUG}/positions?theme={theme}")
    page.check("input[name=decision][value=accepted]")
    page.fill("[name=reason_kk]", DECIDED["kk"])
    path.press("/positions")
    expect(page.locator(".errors")).to_be_visible()  # Russian is needed too
    expect(page.locator("[name=reason_kk]")).to_have_value(DECIDED["kk"])
    page.fill("[name=reason_ru]", DECIDED["ru"])
    path.press("/positions")
    expect(page.locator(".messages")).to_be_visible()


def _answer_the_comment(path: Path, water: int) -> None:
    page = path.go(f"/o/consultations/{SLUG}/positions?comment={water}")
    page.check("input[name=decision][value=noted]")
    for language in ("kk", "ru"):
        page.fill(f"[name=reason_{language}]", NOTED[language])
    path.press("/positions")
    expect(page.locator(".messages")).to_be_visible()


def _publish_the_outcome(path: Path) -> None:
    page = path.official
    for part in ("asked", "said", "did"):
        path.fill(part, f"{part}: улица, көше")
    path.press("/outcome")
    expect(page.locator(".messages")).to_be_visible()
    path.press("/outcome/publish")
    expect(page.locator(".messages")).to_be_visible()
    assert path.stage is Stage.ANSWERED


def _read_the_answer(path: Path, tree: int, water: int) -> None:
    guest = path.visitor(f"/c/{SLUG}/outcome")
    for said in (DECIDED[path.language], NOTED[path.language]):
        expect(guest.locator("main")).to_contain_text(said)
    assert guest.locator(f"main a[href*='/comments/{tree}']").count() > 0
    assert WORDS[path.language][2] not in guest.content()
    for member, number, said in (
        (path.people.aigerim, tree, DECIDED[path.language]),
        (path.people.dauren, water, NOTED[path.language]),
    ):
        page = path.visitor("/me/answers", member)
        expect(page.locator(f"article[aria-labelledby=c{number}]")).to_contain_text(said)


def _read_the_report(path: Path, tree: int, water: int, insult: int) -> None:
    guest = path.visitor(f"/c/{SLUG}/report")
    expect(guest.locator("main")).to_contain_text(DECIDED[path.language])
    files = {
        kind: guest.request.get(f"/{path.language}/c/{SLUG}/report.{kind}").body()
        for kind in ("csv", "docx", "pdf")
    }
    rows = {row["comment_id"]: row for row in csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig")))}
    assert rows[str(tree)]["decision"] == "accepted"
    assert rows[str(water)]["decision"] == "noted"
    assert WORDS[path.language][2] not in files["csv"].decode()
    assert str(insult) in rows
    document = docx.Document(BytesIO(files["docx"]))
    words = "\n".join(
        [paragraph.text for paragraph in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    with pypdfium2.PdfDocument(files["pdf"]) as opened:
        printed = "\n".join(page.get_textpage().get_text_range() for page in opened)
    for text in (words, " ".join(printed.split())):
        assert DECIDED[path.language] in text
        assert WORDS[path.language][0] in text
        assert WORDS[path.language][2] not in text
