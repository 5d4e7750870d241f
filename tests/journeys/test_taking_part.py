"""Taking part in a real browser: writing before signing in, changing, withdrawing, voting by keys."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consult.domain.comments import CommentState
from consult.models.comments import Comment
from consult.models.taking_part import CommentDraft, CommentRevision, GuestDraft
from consult.models.votes import CommentVote
from tests.journeys.test_main_journey import RUNS, Journey
from tests.support import cast
from tests.support.browser import Browsing

pytestmark = pytest.mark.journey

WORDS = "Аула жанына жарық шам қойылсын. WRITTEN-BEFORE-SIGNING-IN"
OLD, NEW = "Он ағаш егілсін. OLD-WORDS", "Он екі ағаш егілсін. NEW-WORDS"


@pytest.fixture
def journey(app: Flask, browsing: Browsing, language: str, *, javascript: bool) -> Journey:
    people = cast.make_cast(app)
    return Journey(app, browsing, language, javascript, people, cast.open_consultation(app))


def _sign_in_here(journey: Journey, page: Page) -> None:
    """On the page to which the guest was led."""
    expect(page).to_have_url(re.compile("/sign-in"))
    page.fill("input[name=email]", journey.people.aigerim.email)
    page.fill("input[name=password]", journey.people.aigerim.password)
    page.press("input[name=password]", "Enter")


@pytest.mark.parametrize(("kind", "language", "javascript"), RUNS, indirect=["kind"])
def test_a_guest_writes_first_and_signs_in_after(journey: Journey) -> None:
    theirs = cast.published_comment(journey.app, journey.people.dauren, journey.built)
    page = journey.visitor(f"{journey.consultation}/q/1")
    page.locator("section[aria-labelledby=write] a.button").click()
    journey.see(page)
    page.fill("textarea[name=body]", WORDS)
    page.locator("form[action$='/q/1/comments'] button").click()
    assert [row.body for row in journey.kept(GuestDraft)] == [WORDS]
    journey.see(page)
    _sign_in_here(journey, page)
    expect(page).to_have_url(re.compile(r"/q/1#write$"))
    expect(page.locator("textarea[name=body]")).to_have_value(WORDS)
    journey.see(page)
    page.locator("form[action$='/q/1/comments'] button:not([formaction])").click()
    expect(page.locator(".messages .notice")).to_be_visible()
    (kept,) = journey.kept(Comment, author_id=journey.people.aigerim.id)
    assert (kept.body, kept.state) == (WORDS, CommentState.PUBLISHED)
    assert journey.kept(GuestDraft) == []
    expect(page.locator("textarea[name=body]")).to_have_value("")
    guest = journey.visitor(f"{journey.consultation}/q/1")
    guest.locator(f"#comment-{theirs} .vote button.agree").click()
    _sign_in_here(journey, guest)
    expect(guest).to_have_url(re.compile(rf"/q/1#comment-{theirs}$"))
    journey.press(guest, f"#c{theirs}-agree")


@pytest.mark.parametrize(("kind", "language", "javascript"), RUNS, indirect=["kind"])
def test_an_author_changes_corrects_and_withdraws(journey: Journey) -> None:
    mine = cast.published_comment(journey.app, journey.people.aigerim, journey.built, "Бес ағаш.")
    page = journey.visitor(f"/{journey.language}/me/answers", journey.people.aigerim)
    page.locator(f"a[href$='/{mine}/edit']").click()
    journey.see(page)
    page.fill("textarea[name=body]", "")
    page.locator(f"form[action$='/{mine}/edit'] button").click()
    expect(page.locator(".errors a[href='#body']")).to_be_visible()
    journey.see(page)
    page.fill("textarea[name=body]", OLD)
    page.locator(f"form[action$='/{mine}/edit'] button").click()
    expect(page.locator(f"#comment-{mine}")).to_contain_text("OLD-WORDS")
    expect(page.locator(f"#earlier-{mine}")).to_have_count(0)
    cast.vote(journey.app, journey.people.dauren, journey.built, mine)
    page.locator(f"#comment-{mine} a[href$='/{mine}/edit']").click()
    page.fill("textarea[name=body]", NEW)
    page.locator(f"form[action$='/{mine}/edit'] button").click()
    guest = journey.visitor(f"{journey.consultation}/comments/{mine}")
    for reader in (page, guest):
        expect(reader.locator(f"#comment-{mine} > .prose")).to_contain_text("NEW-WORDS")
        reader.locator(f"#earlier-{mine} summary").click()
        expect(reader.locator(f"#earlier-{mine} blockquote")).to_contain_text("OLD-WORDS")
        expect(reader.locator(f"#earlier-{mine} blockquote")).to_be_visible()
        journey.see(reader)
    assert [row.is_public for row in journey.kept(CommentRevision)] == [False, True]
    page.locator(f"#comment-{mine} a[href$='/{mine}/edit']").click()
    page.locator(f"form[action$='/{mine}/withdraw'] button").click()
    assert cast.comment_state(journey.app, mine) is CommentState.WITHDRAWN
    journey.see(page)
    guest.reload()
    expect(guest.locator(f"#comment-{mine}.stub")).to_be_visible()
    assert "WORDS" not in guest.content()
    journey.see(guest)


@pytest.mark.parametrize(("kind", "language", "javascript"), RUNS, indirect=["kind"])
def test_statements_are_voted_on_one_by_one_by_keys_alone(journey: Journey) -> None:
    for number in range(4):
        cast.published_comment(journey.app, journey.people.dauren, journey.built, f"{number}. Ағаш керек.")
    page = journey.visitor(f"{journey.consultation}/q/1", journey.people.aigerim)
    page.locator("main a[href$='/q/1/statements']").click()
    journey.see(page)
    if journey.javascript:
        page.evaluate("document.body.dataset.stayed = 'yes'")
    first = page.locator("#statement-words").inner_text()
    page.locator("#statement-skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#statement-words")).not_to_have_text(first)
    assert journey.kept(CommentVote) == [], "a skip is no vote"
    for choice, number in (("agree", 1), ("disagree", 2), ("pass", 3)):
        shown = page.locator("#statement-words").inner_text()
        if number == 1 or not journey.javascript:
            page.locator(f"#statement-{choice}").focus()
        else:
            # The focus is still on the button of the last vote: the next choice is one step on.
            page.keyboard.press("Tab")
            expect(page.locator(f"#statement-{choice}")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text(shown, exact=True)).to_have_count(0)
        assert len(journey.kept(CommentVote)) == number
    expect(page.locator("#statement-end")).to_be_visible()
    journey.see(page)
    if journey.javascript:
        assert page.evaluate("document.body.dataset.stayed") == "yes", "a vote reloaded the page"
    page.locator("#statement a.button").click()
    expect(page.locator("#statement-words")).to_have_text(first)
    page.locator("#statement-agree").click()
    expect(page.locator("#statement-end")).to_be_visible()
    votes = journey.kept(CommentVote, person_id=journey.people.aigerim.id)
    assert sorted(vote.choice for vote in votes) == [-1, 0, 1, 1]


@pytest.mark.parametrize(("kind", "language", "javascript"), RUNS, indirect=["kind"])
def test_a_draft_waits_until_it_is_finished(journey: Journey) -> None:
    page = journey.visitor(f"{journey.consultation}/q/2", journey.people.aigerim)
    page.locator("textarea[name=body]").type(WORDS)
    if journey.javascript:
        expect(page.locator("#draft-state")).to_contain_text(re.compile(r"\d\d:\d\d"))
    else:
        page.locator("button[formaction$='/draft']").click()
        expect(page.locator(".messages .notice")).to_be_visible()
    assert [row.body for row in journey.kept(CommentDraft)] == [WORDS]
    journey.see(page)
    page.goto(f"/{journey.language}/me")
    journey.see(page)
    page.locator("section[aria-labelledby=to-finish] a").first.click()
    expect(page.locator("textarea[name=body]")).to_have_value(WORDS)
    journey.see(page)
    page.locator("form[action$='/q/2/comments'] button:not([formaction])").click()
    assert journey.kept(CommentDraft) == []
    assert [row.body for row in journey.kept(Comment)] == [WORDS]


@pytest.mark.parametrize(
    ("kind", "language", "javascript"),
    [pytest.param("sqlite", "ru", True, id="ru"), pytest.param("postgresql", "kk", False, id="kk-no-js")],
    indirect=["kind"],
)
def test_a_reader_reports_follows_and_sorts(journey: Journey) -> None:
    theirs = cast.published_comment(journey.app, journey.people.dauren, journey.built)
    page = journey.visitor(f"{journey.consultation}/q/1", journey.people.aigerim)
    page.locator(".sort a[href*='sort=agreed']").click()
    expect(page.locator(".sort [aria-current]")).to_have_attribute("href", re.compile("sort=agreed"))
    journey.press(page, f"#c{theirs}-agree")
    page.locator(f"a[href$='/{theirs}/report']").click()
    journey.see(page)
    page.locator("form[action$='/report'] button").click()
    expect(page.locator(".errors a[href='#rule-0']")).to_be_visible()
    journey.see(page)
    page.locator("input[name=rule][value=insult]").check()
    page.locator("form[action$='/report'] button").click()
    expect(page.locator(".messages .notice")).to_contain_text(str(theirs))
    page.goto(journey.consultation)
    page.locator("form[action$='/follow'] button").click()
    expect(page.locator("form[action$='/unfollow'] button")).to_be_visible()
    journey.see(page)
    page.goto(f"/{journey.language}/me")
    expect(page.locator("section[aria-labelledby=followed] li")).to_have_count(1)
    journey.see(page)
