"""The moderation desk in a real browser, by keyboard alone."""

from collections import Counter

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consult.domain.audit import Act
from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.outbox import OutboxMessage
from tests.support import cast, desk
from tests.support.browser import Browsing, assert_accessible, sign_in
from tests.support.cast import Built, Cast, Member

pytestmark = [pytest.mark.journey, pytest.mark.parametrize("kind", ["sqlite"], indirect=True)]
KEYSTROKES_A_COMMENT = 3
REQUESTS_A_COMMENT = 1.5


@pytest.fixture
def built(app: Flask) -> Built:
    return cast.open_consultation(app, moderation_mode=ModerationMode.PRE)


def at_desk(browsing: Browsing, member: Member, *, language: str = "ru", javascript: bool = True) -> Page:
    page = browsing.open(f"/{language}/", language=language, javascript=javascript)
    sign_in(page, member.email, member.password, language=language)
    page.goto(f"/{language}/o/moderation")
    return page


def kept(app: Flask) -> Counter[CommentState]:
    with app.app_context():
        return Counter(db.session.scalars(db.select(Comment.state)))


def test_a_hundred_comments_are_decided_with_the_hands_on_the_keyboard(
    app: Flask, browsing: Browsing, people: Cast, built: Built
) -> None:
    numbers = desk.fill_queue(app, built)
    page = at_desk(browsing, people.moderator)
    assert_accessible(page)
    walk = desk.decide_on_all(page)
    expect(page.locator("main .empty")).to_be_visible()
    assert walk.decided == len(numbers) == desk.TOTAL
    assert walk.keystrokes <= KEYSTROKES_A_COMMENT * walk.decided
    assert sum(walk.requests.values()) <= REQUESTS_A_COMMENT * walk.decided
    assert kept(app) == {CommentState.WITHHELD: desk.COPIES, CommentState.PUBLISHED: desk.TOTAL - desk.COPIES}
    with app.app_context():
        acts = db.session.scalars(db.select(ModerationAct)).all()
        assert sorted(act.comment_id for act in acts) == numbers
        assert db.session.query(OutboxMessage).count() == desk.TOTAL
        logged = [Act.COMMENT_PUBLISHED, Act.COMMENT_WITHHELD, Act.COMMENT_REDACTED]
        assert db.session.query(AuditEntry).filter(AuditEntry.act.in_(logged)).count() == desk.TOTAL
        redacted = db.session.scalars(db.select(Comment).where(Comment.redacted_body.is_not(None))).all()
        assert len(redacted) == desk.WITH_DATA
        assert all("+7 701" not in (row.redacted_body or "") for row in redacted)
        assert {act.rule for act in acts if act.after is CommentState.WITHHELD} == {"advertising"}


def press(page: Page, code: str, letter: str) -> None:
    """A key by its place and by what the layout makes of it, as a keyboard sends both."""
    page.evaluate(
        """([code, key]) => document.activeElement.dispatchEvent(
            new KeyboardEvent('keydown', {code, key, bubbles: true, cancelable: true}))""",
        [code, letter],
    )


def state(app: Flask, key: int) -> CommentState:
    return cast.comment_state(app, key)


def test_keys_are_read_by_their_place_and_a_decision_is_undone(
    app: Flask, browsing: Browsing, people: Cast, built: Built
) -> None:
    keys = [cast.comment(app, people.aigerim, built, f"{word} керек") for word in ("Ағаш", "Субұрқақ")]
    page = at_desk(browsing, people.moderator)
    press(page, "KeyJ", "о")
    expect(page.locator(f"#comment-{keys[0]}")).to_be_focused()
    press(page, "KeyP", "з")
    expect(page.locator(f"#comment-{keys[1]}")).to_be_focused()
    expect(page.locator(f"#comment-{keys[0]}.item--done")).to_be_visible()
    assert state(app, keys[0]) is CommentState.PUBLISHED
    press(page, "KeyU", "г")
    expect(page.locator(f"#comment-{keys[0]}")).to_be_focused()
    assert state(app, keys[0]) is CommentState.PENDING
    page.keyboard.press("w")
    page.keyboard.press("2")
    expect(page.locator(f"#reason-{keys[0]}")).not_to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator(f"#comment-{keys[0]}")).to_be_focused()
    page.keyboard.press("Shift+?")
    expect(page.locator("#keys")).to_be_focused()
    assert_accessible(page)


def test_keys_that_are_switched_off_do_nothing(
    app: Flask, browsing: Browsing, people: Cast, built: Built
) -> None:
    key = cast.comment(app, people.aigerim, built)
    page = at_desk(browsing, people.moderator)
    page.locator("form[action$='/keys'] button").click()
    expect(page.locator("[data-keys=off]")).to_have_count(1)
    page.locator(f"#comment-{key}").focus()
    for letter in ("p", "1", "u", "j"):
        page.keyboard.press(letter)
    page.reload()
    expect(page.locator(f"#comment-{key}")).to_be_visible()
    assert state(app, key) is CommentState.PENDING


def test_of_two_moderators_in_front_of_one_comment_the_second_sees_what_the_first_did(
    app: Flask, browsing: Browsing, people: Cast, built: Built
) -> None:
    keys = [cast.comment(app, people.aigerim, built, f"{word} керек") for word in ("Ағаш", "Субұрқақ")]
    first = at_desk(browsing, people.moderator)
    second = at_desk(browsing, people.other_official)
    with first.expect_response("**/lock"):
        first.locator(f"#comment-{keys[0]}").focus()
    second.locator(f"#comment-{keys[0]}").focus()
    second.keyboard.press("p")
    expect(second.locator(f"#comment-{keys[0]} [role=alert]")).to_contain_text("Мария Модератор")
    assert state(app, keys[0]) is CommentState.PENDING
    second.locator(f"#comment-{keys[0]} [role=alert] button").click()
    expect(second.locator(f"#comment-{keys[0]}")).to_have_count(0)
    assert state(app, keys[0]) is CommentState.PUBLISHED
    first.keyboard.press("1")
    expect(first.locator(f"#comment-{keys[0]} [role=alert]")).to_contain_text("Олжас Бекұлы")
    assert state(app, keys[0]) is CommentState.PUBLISHED


def test_everything_works_without_scripts(app: Flask, browsing: Browsing, people: Cast, built: Built) -> None:
    numbers = desk.fill_queue(app, built)
    page = at_desk(browsing, people.moderator, javascript=False)
    group = page.locator("form.group").first
    group.locator("button[value=publish]").click()
    expect(page.locator(".messages")).to_contain_text("10")
    page.locator("form[action*='/undo/'] button").first.click()
    assert kept(app) == {CommentState.PENDING: len(numbers)}
    for box in page.locator("input[name=pick][form=bulk]").all()[:3]:
        box.check()
    page.locator("#bulk summary").click()
    page.locator("#bulk input[value=off-topic]").check()
    page.locator("#bulk button[value=withhold]").click()
    assert kept(app)[CommentState.WITHHELD] == 3
