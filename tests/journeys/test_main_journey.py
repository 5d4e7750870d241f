"""The journeys of the product in a real browser: what the people see, and what is kept.

Controls are found by their names and addresses, which are the same in every language, as are the deeds.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consult.domain.audit import Act
from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode, Stage
from consult.domain.people import Role
from consult.domain.questions import QuestionKind
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.consultations import Consultation
from consult.models.documents import Passage
from consult.models.people import Person
from consult.models.questions import Question, TopicText
from consult.models.votes import CommentVote, PropositionVote
from tests.support import cast
from tests.support.browser import Browsing, assert_accessible, sign_in
from tests.support.cast import Built, Cast, Member
from tests.support.letters import confirmed
from tests.support.scenes import AGENDA, local_time

pytestmark = pytest.mark.journey

RUNS = [
    pytest.param("sqlite", "kk", True, id="kk"),
    pytest.param("postgresql", "kk", False, id="kk-without-javascript-on-postgresql"),
    pytest.param("postgresql", "ru", True, id="ru-on-postgresql"),
    pytest.param("sqlite", "ru", False, id="ru-without-javascript"),
    pytest.param("sqlite", "en", True, id="en"),
    pytest.param("sqlite", "en", False, id="en-without-javascript"),
]
WORDS = "Алаңға жарық шам керек, көршім Ерлан жалқау. CANARY-OF-THE-AUTHOR"
REPLY = "Келісемін, бірақ суды кім төлейді?"
REASON = "Көршіңіз туралы сөзді алып тастап, қайта жіберіңіз."
THEIR_REPLY = "Шам шынымен керек. THE-REPLY-STAYS"


@dataclass
class Journey:
    """One run: who travels, where, in which language, with or without scripts."""

    app: Flask
    browsing: Browsing
    language: str
    javascript: bool
    people: Cast
    built: Built

    @property
    def consultation(self) -> str:
        return f"/{self.language}/c/{self.built.slug}"

    def visitor(self, path: str, member: Member | None = None) -> Page:
        page = self.browsing.open(
            f"/{self.language}/", javascript=self.javascript, language=self.language, accept_downloads=True
        )
        if member is not None:
            sign_in(page, member.email, member.password, language=self.language)
        page.goto(path)
        return page

    def see(self, page: Page) -> None:
        """The page is in the language of the journey and axe finds nothing; axe is a script itself."""
        expect(page.locator("html")).to_have_attribute("lang", self.language)
        if self.javascript:
            assert_accessible(page)

    def press(self, page: Page, selector: str) -> None:
        """Press a vote button, and see it pressed; with scripts the page stays where it is."""
        if self.javascript:
            page.evaluate("document.body.dataset.stayed = 'yes'")
        page.locator(selector).click()
        expect(page.locator(selector)).to_have_attribute("aria-pressed", "true")
        if self.javascript:
            assert page.evaluate("document.body.dataset.stayed") == "yes", "the vote reloaded the page"

    def kept(self, table: type[Any], **columns: object) -> list[Any]:
        with self.app.app_context():
            return list(db.session.scalars(db.select(table).filter_by(**columns)))


@pytest.fixture
def journey(app: Flask, browsing: Browsing, language: str, *, javascript: bool) -> Journey:
    people = cast.make_cast(app)
    built = cast.open_consultation(app, moderation_mode=ModerationMode.PRE)
    return Journey(app, browsing, language, javascript, people, built)


@pytest.mark.parametrize(("kind", "language", "javascript"), RUNS, indirect=["kind"])
def test_from_the_first_comment_to_the_row_of_the_public_table(journey: Journey, tmp_path: Path) -> None:
    theirs = cast.published_comment(journey.app, journey.people.dauren, journey.built)
    guest = journey.visitor(f"{journey.consultation}/q/1")
    journey.see(guest)
    citizen = journey.visitor(f"{journey.consultation}/q/1", journey.people.aigerim)
    mine = _comment(journey, citizen)
    answer = _reply(journey, citizen, theirs)
    _vote(journey, citizen, theirs)
    _read_own_contributions(journey, citizen, [mine, answer])
    official = journey.visitor(f"/{journey.language}/o/moderation", journey.people.moderator)
    _publish(journey, official, mine)
    guest.reload()
    expect(guest.locator(f"#comment-{mine}")).to_contain_text("CANARY-OF-THE-AUTHOR")
    stays = cast.published_comment(
        journey.app, journey.people.dauren, journey.built, THEIR_REPLY, reply_to=mine
    )
    _withhold(journey, official, mine)
    citizen.goto(f"/{journey.language}/me/answers")
    expect(citizen.locator("main")).to_contain_text(REASON)
    journey.see(citizen)
    _find_the_stub(journey, guest, mine, stays)
    _export(journey, official, mine, tmp_path)


def _comment(journey: Journey, page: Page) -> int:
    journey.see(page)
    page.fill("textarea[name=body]", WORDS)
    page.locator("form[action$='/q/1/comments'] button:not([formaction])").click()
    kept = journey.kept(Comment, author_id=journey.people.aigerim.id)
    assert [(row.body, row.state, row.parent_id) for row in kept] == [(WORDS, CommentState.PENDING, None)]
    assert kept[0].question_language == journey.language
    expect(page.locator(".messages")).to_contain_text(str(kept[0].id))
    expect(page.locator(f"#comment-{kept[0].id}")).to_contain_text(WORDS)
    journey.see(page)
    return int(kept[0].id)


def _reply(journey: Journey, page: Page, to: int) -> int:
    page.locator(f"#comment-{to} a[href$='#reply']").click()
    journey.see(page)
    page.fill("textarea[name=body]", REPLY)
    page.locator("form[action$='/replies'] button:not([formaction])").click()
    kept = journey.kept(Comment, parent_id=to)
    assert [(row.body, row.state) for row in kept] == [(REPLY, CommentState.PENDING)]
    expect(page.locator(f"#comment-{kept[0].id}")).to_contain_text(REPLY)
    return int(kept[0].id)


def _vote(journey: Journey, page: Page, on: int) -> None:
    person = journey.people.aigerim.id
    for choice, number in (("agree", 1), ("disagree", -1)):
        journey.press(page, f"#c{on}-{choice}")
        votes = journey.kept(CommentVote, person_id=person, comment_id=on)
        assert [vote.choice for vote in votes] == [number]
    expect(page.locator(f"#c{on}-disagree b")).to_have_text("1")
    page.goto(f"{journey.consultation}/q/2")
    journey.see(page)
    for choice, number in (("agree", 1), ("pass", 0)):
        journey.press(page, f"#question-{choice}")
        answers = journey.kept(PropositionVote, person_id=person)
        assert [(vote.choice, vote.question_language) for vote in answers] == [(number, journey.language)]
    expect(page.locator("#question-vote .legend .pass")).to_contain_text("100 %")
    journey.see(page)


def _read_own_contributions(journey: Journey, page: Page, numbers: list[int]) -> None:
    page.locator("nav.menu a[href$='/me']").click()
    page.locator("main a[href$='/me/answers']").click()
    for number in numbers:
        expect(page.locator(f"article[aria-labelledby=c{number}] .tag--warn")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    journey.see(page)


def _publish(journey: Journey, page: Page, mine: int) -> None:
    journey.see(page)
    expect(page.locator(f"#comment-{mine}")).to_contain_text(WORDS)
    page.locator(f"form[action$='/{mine}/publish'] button").click()
    expect(page.locator(f"#comment-{mine}")).to_have_count(0)
    expect(page.locator(".messages")).to_contain_text(str(mine))
    assert cast.comment_state(journey.app, mine) is CommentState.PUBLISHED


def _withhold(journey: Journey, page: Page, mine: int) -> None:
    page.locator("a[href$='state=published']").click()
    form = page.locator(f"form[action$='/{mine}/withhold']")
    page.locator(f"#comment-{mine} details").filter(has=form).locator("summary").click()
    journey.see(page)
    form.locator("textarea[name=reason]").fill(REASON)
    form.locator("button").click()
    expect(page.locator(".errors")).to_be_visible()
    expect(form.locator("textarea[name=reason]")).to_have_value(REASON)
    journey.see(page)
    form.locator("input[name=rule][value=insult]").check()
    form.locator("button").click()
    expect(page.locator(f"#comment-{mine}")).to_have_count(0)
    (row,) = journey.kept(Comment, id=mine)
    assert (row.state, row.publication_rule, row.publication_reason, row.body) == (
        CommentState.WITHHELD,
        "insult",
        REASON,
        WORDS,
    )
    acts = journey.kept(ModerationAct, comment_id=mine)
    assert [act.actor_id for act in acts] == [journey.people.moderator.id] * 2
    logged = [entry.act for entry in journey.kept(AuditEntry, thing_id=mine)]
    assert {Act.COMMENT_PUBLISHED, Act.COMMENT_WITHHELD} <= set(logged)


def _find_the_stub(journey: Journey, guest: Page, mine: int, stays: int) -> None:
    guest.goto(f"{journey.consultation}/q/1")
    expect(guest.locator(f"#comment-{mine}.stub a[href$='/rules#insult']")).to_be_visible()
    expect(guest.locator(f"#comment-{mine} #comment-{stays}")).to_contain_text("THE-REPLY-STAYS")
    for address in (f"{journey.consultation}/q/1", f"{journey.consultation}/comments/{mine}"):
        guest.goto(address)
        said = guest.content()
        assert "CANARY-OF-THE-AUTHOR" not in said
        assert REASON not in said
        assert journey.people.aigerim.actor.name not in said
        assert "THE-REPLY-STAYS" in said
        journey.see(guest)


def _export(journey: Journey, page: Page, mine: int, folder: Path) -> None:
    page.goto(f"/{journey.language}/o/exports")
    journey.see(page)
    page.select_option("select[name=slug]", journey.built.slug)
    page.check("input[name=package][value=public]")
    with page.expect_download() as download:
        page.locator("form[action$='/o/exports'] button").click()
    archive = folder / "public.zip"
    download.value.save_as(archive)
    with zipfile.ZipFile(archive) as opened:
        (name,) = [name for name in opened.namelist() if name.endswith("comments.csv")]
        everything = b"".join(opened.read(each) for each in opened.namelist()).decode()
        rows = {row["comment_id"]: row for row in csv.DictReader(io.StringIO(opened.read(name).decode()))}
    assert rows[str(mine)]["body"] == ""
    assert rows[str(mine)]["publication_rule"] == "insult"
    for canary in ("CANARY-OF-THE-AUTHOR", REASON, "aigerim@", journey.people.aigerim.actor.name):
        assert canary not in everything
    assert "THE-REPLY-STAYS" in everything
    assert journey.kept(AuditEntry, act=Act.EXPORT_MADE, actor_id=journey.people.moderator.id)


@pytest.mark.parametrize(
    ("kind", "language", "javascript"),
    [pytest.param("sqlite", "kk", True, id="kk"), pytest.param("sqlite", "ru", False, id="ru-no-js")],
    indirect=["kind"],
)
def test_a_newcomer_registers_and_comes_back_to_the_same_question(journey: Journey) -> None:
    question = f"{journey.consultation}/q/2"
    page = journey.visitor(f"/{journey.language}/sign-in?next={question}")
    page.locator("main a[href*='/register?']").click()
    journey.see(page)
    page.fill("input[name=email]", "newcomer@example.kz")
    page.fill("input[name=password]", "two words and more")
    page.locator("main form button").click()
    expect(page.locator(".errors a[href='#name']")).to_be_visible()
    journey.see(page)
    page.fill("input[name=name]", "Жаңа Қатысушы")
    page.fill("input[name=password]", "two words and more")
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text("newcomer@example.kz")
    journey.see(page)
    assert journey.kept(Person, email="newcomer@example.kz") == []
    page.goto(f"/{journey.language}{confirmed(journey.app, 'newcomer@example.kz')}")
    assert urlsplit(page.url).path == question
    expect(page.locator("textarea[name=body]")).to_be_visible()
    expect(page.locator(".messages")).to_contain_text("Жаңа Қатысушы")
    journey.press(page, "#question-agree")
    (person,) = journey.kept(Person, email="newcomer@example.kz")
    assert (person.role, person.language, person.name) == (Role.CITIZEN, journey.language, "Жаңа Қатысушы")
    assert "two words" not in person.password_hash
    assert len(journey.kept(PropositionVote, person_id=person.id)) == 1


@pytest.mark.parametrize(
    ("kind", "language", "javascript"),
    [
        pytest.param("sqlite", "kk", True, id="kk"),
        pytest.param("postgresql", "ru", False, id="ru-no-js-on-postgresql"),
    ],
    indirect=["kind"],
)
def test_an_official_makes_a_consultation_of_an_agenda_and_takes_it_back(journey: Journey) -> None:
    page = journey.visitor(f"/{journey.language}/o/consultations/import", journey.people.moderator)
    consultation = _import(journey, page)
    _open_too_early(journey, page, consultation)
    _write_texts(journey, page)
    _ask(journey, page, consultation)
    page.locator("form[action$='/open'] button").click()
    expect(page.locator("main .tag--ok").first).to_be_visible()
    assert journey.kept(Consultation, id=consultation)[0].stage is Stage.PUBLISHED
    journey.see(page)
    guest = journey.visitor(f"/{journey.language}/c/from-agenda/q/1")
    expect(guest.locator("figure.quote blockquote")).to_contain_text("Көшедегі ағаштар мен көлеңке")
    journey.see(guest)
    _extend(journey, page, consultation)
    page.locator("details").filter(has=page.locator("form[action$='/withdraw']")).locator("summary").click()
    page.fill("textarea[name=reason]", "Қаражат бөлінбеді.")
    page.locator("form[action$='/withdraw'] button").click()
    expect(page.locator("main .tag--error").first).to_be_visible()
    (kept,) = journey.kept(Consultation, id=consultation)
    assert (kept.stage, kept.withdrawal_reason) == (Stage.WITHDRAWN, "Қаражат бөлінбеді.")
    journey.see(page)
    answer = guest.goto(f"/{journey.language}/c/from-agenda")
    assert answer is not None
    assert answer.status == 410
    expect(guest.locator("main")).to_contain_text("Қаражат бөлінбеді.")
    journey.see(guest)


def _import(journey: Journey, page: Page) -> int:
    journey.see(page)
    page.set_input_files(
        "input[name=document]", {"name": "agenda.txt", "mimeType": "text/plain", "buffer": AGENDA.encode()}
    )
    page.fill("input[name=slug]", "from-agenda")
    page.locator("form[action$='/import'] button").click()
    expect(page.locator("fieldset[id^=topic-]")).to_have_count(2)
    journey.see(page)
    page.locator("button[value=make]").click()
    expect(page.locator("article[id^=topic-]")).to_have_count(2)
    expect(page.locator("main")).not_to_contain_text("Кофе-брейк")
    (kept,) = journey.kept(Consultation, slug="from-agenda")
    quotes = [passage.quote for passage in journey.kept(Passage, consultation_id=kept.id)]
    assert len(quotes) == 2
    assert all(quote in AGENDA for quote in quotes), "a citation is the agenda's own words"
    journey.see(page)
    return int(kept.id)


def _open_too_early(journey: Journey, page: Page, consultation: int) -> None:
    page.locator("form[action$='/open'] button").click()
    expect(page.locator(".errors")).to_be_visible()
    assert page.locator("section[aria-labelledby=checklist] li").count() >= 5
    assert journey.kept(Consultation, id=consultation)[0].stage is Stage.DRAFT
    journey.see(page)


def _write_texts(journey: Journey, page: Page) -> None:
    form = page.locator("form[action$='/edit']")
    for language, word in (("kk", "Көше"), ("ru", "Улица"), ("en", "Street")):
        for name in ("title", "authority", "summary", "purpose"):
            form.locator(f"[name={name}_{language}]").fill(f"{word}: {name}")
    form.locator("[name=contact]").fill("street@example.kz")
    form.locator("[name=closes_at]").fill(local_time(timedelta(days=40)))
    form.locator("[name=answer_due_on]").fill(local_time(timedelta(days=90))[:10])
    form.locator("button").click()
    expect(page.locator("[name=title_ru]")).to_have_value("Улица: title")
    expect(page.locator(".messages .notice")).to_be_visible()


def _ask(journey: Journey, page: Page, consultation: int) -> None:
    topic = page.locator("article[id^=topic-]").first
    topic.locator("h3 a").click()
    page.fill("[name=text_ru]", "Деревья и тень")
    journey.see(page)
    page.locator("main form button").click()
    titles = journey.kept(TopicText, consultation_id=consultation, language="ru")
    assert [title.title for title in titles] == ["Деревья и тень"]
    topic.locator("a[href$='/questions/new']").click()
    page.fill("[name=text_kk]", "Ағаштарды қала күтсін.")
    page.fill("[name=text_ru]", "За деревьями должен ухаживать город.")
    page.check("input[name=kind][value=proposition]")
    journey.see(page)
    page.locator("main form button").click()
    (kept,) = journey.kept(Question, consultation_id=consultation)
    assert (kept.number, kept.kind, kept.version) == (1, QuestionKind.PROPOSITION, 1)


def _extend(journey: Journey, page: Page, consultation: int) -> None:
    before = journey.kept(Consultation, id=consultation)[0].closes_at
    for later, works in ((timedelta(days=39), False), (timedelta(days=50), True)):
        page.fill("[name=new_closing]", local_time(later))
        page.locator("form[action$='/extend'] button").click()
        expect(page.locator(".errors" if not works else ".messages .notice")).to_be_visible()
        after = journey.kept(Consultation, id=consultation)[0].closes_at
        assert (after > before) is works
