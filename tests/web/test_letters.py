"""Every kind of letter, in every language, with nothing missing in it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import lxml.html
import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from consult.domain.appeals import Verdict
from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.mail import DUTY_LETTERS, NEWS, Frequency, Kind, Letter
from consult.domain.people import OPERATOR
from consult.models.base import db
from consult.models.consultations import Consultation
from consult.services import appeals, moderation, notices
from consult.services.appeals import Decision
from consult.services.delivery import Message
from consult.web.letters import write, writing
from consult.web.letters.account import PHRASES
from consult.web.letters.news import ABOUT_APPEALS, ABOUT_COMMENTS, ABOUT_CONSULTATIONS
from tests.support import cast
from tests.support.cast import Built, Cast

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ACCOUNT_CONTENT = {
    "token": "a-token",
    "email": "new@example.kz",
    "kind": "passkey",
    "change": "added",
    "role": "official",
}


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return cast.open_consultation(app)


def message(
    kind: Kind, person_id: int | None, content: Mapping[str, object], *, in_digest: bool = False
) -> Message:
    return Message(7, kind.value, person_id, "new@example.kz", None, dict(content), NOW, in_digest, 1)


def content_of(kind: Kind, app: Flask, people: Cast, built: Built) -> dict[str, object]:
    """What a deed would have written for Dauren, with the comment in the state that the news tells of."""
    content: dict[str, object] = {"consultation_id": built.id}
    if kind in ABOUT_CONSULTATIONS:
        if kind is Kind.OUTCOME_PUBLISHED:
            cast.close_by_clock(app, built)
        return content
    mine = cast.comment(app, people.dauren, built, "Own words.\nIn two lines.")
    match kind:
        case Kind.COMMENT_WITHHELD:
            moderation.withhold_comment(OPERATOR, mine, "insult", "It insults.")
        case Kind.COMMENT_REDACTED:
            moderation.redact_comment(OPERATOR, mine, "Own […].", "personal-data", "A name.")
        case Kind.COMMENT_WAITS_AGAIN:
            read_first = cast.open_consultation(app, slug="read-first", moderation_mode=ModerationMode.PRE)
            content["consultation_id"] = read_first.id
            mine = cast.comment(app, people.dauren, read_first, "Own words.")
        case Kind.APPEAL_DECIDED:
            moderation.withhold_comment(OPERATOR, mine, "insult", "It insults.")
            content["appeal_id"] = appeals.lodge_appeal(people.dauren.actor, mine, "It does not.")
            decision = Decision(Verdict.OVERTURNED, "It does not insult.")
            appeals.decide_appeal(people.moderator.actor, int(str(content["appeal_id"])), decision)
        case Kind.REPLY_RECEIVED:
            mine = cast.published_comment(app, people.aigerim, built, "A reply.", reply_to=mine)
        case _:
            pass
    return {**content, "comment_id": mine}


def check(app: Flask, letter: Letter, language: Language) -> None:
    """What every letter must be."""
    assert letter.language is language
    page = lxml.html.document_fromstring(letter.html)
    assert page.get("lang") == language.value
    assert len(page.cssselect("h1")) == 1
    assert page.findtext(".//title")
    assert not page.cssselect("script, img, link, [style]")
    assert "\n\n\n" not in letter.text
    for place in (letter.subject, letter.text, page.text_content()):
        assert not re.search(r"%\(|\{\{|\{%|None\b|Undefined|LazyString", place), place
    addresses = [
        *re.findall(r"https?://[^\s<>\"]+", letter.text),
        *(a.get("href") for a in page.cssselect("a")),
    ]
    assert len(addresses) >= 4
    for address in addresses:
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}" == "http://localhost"
        assert parts.path.startswith(f"/{language.value}/")
        adapter = app.url_map.bind("localhost")
        try:
            adapter.match(parts.path)
        except HTTPException as error:
            pytest.fail(f"{address} leads nowhere: {error}")


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("told", Kind)
def test_every_kind_is_written_in_every_language(
    app: Flask, people: Cast, built: Built, told: Kind, language: Language
) -> None:
    with app.app_context():
        notices.choose_mail(people.dauren.actor, Frequency.IMMEDIATE, language)
        is_told_of = told in NEWS | DUTY_LETTERS
        content = content_of(told, app, people, built) if is_told_of else ACCOUNT_CONTENT
        letter = write([message(told, people.dauren.id, content)])
        assert letter is not None
        check(app, letter, language)
        assert bool(letter.stop_url) is (told in NEWS)
        assert (letter.stop_url in letter.text) is True
        if told in NEWS:
            again = write([message(told, people.dauren.id, content, in_digest=True)])
            assert again is not None
            check(app, again, language)


def test_every_kind_has_its_sentences() -> None:
    assert {*PHRASES, *ABOUT_COMMENTS, *ABOUT_APPEALS, *ABOUT_CONSULTATIONS} == set(Kind)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_withheld_comment_comes_with_rule_reason_and_what_can_be_done(
    app: Flask, people: Cast, built: Built
) -> None:
    with app.app_context():
        content = content_of(Kind.COMMENT_WITHHELD, app, people, built)
        open_one = write([message(Kind.COMMENT_WITHHELD, people.dauren.id, content)])
        cast.close_by_clock(app, built)
        closed_one = write([message(Kind.COMMENT_WITHHELD, people.dauren.id, content)])
    assert open_one is not None
    assert closed_one is not None
    for said in (
        "Rule: Insult or threat",
        "It insults.",
        "street@example.kz",
        "> Own words.\n> In two lines.",
    ):
        assert said in open_one.text
    assert "you can say it again" in open_one.text
    assert "you can say it again" not in closed_one.text


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_long_day_is_counted_rather_than_told(
    app: Flask, people: Cast, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "ITEMS_IN_DIGEST", 2)
    with app.app_context():
        mine = cast.comment(app, people.dauren, built)
        replies = [
            cast.published_comment(app, people.aigerim, built, f"Reply {number}.", reply_to=mine)
            for number in range(5)
        ]
        contents = [{"consultation_id": built.id, "comment_id": reply} for reply in replies]
        messages = [
            message(Kind.REPLY_RECEIVED, people.dauren.id, content, in_digest=True) for content in contents
        ]
        letter = write(messages)
    assert letter is not None
    assert "Reply 1." in letter.text
    assert "Reply 2." not in letter.text
    assert "And 3 more" in letter.text


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_times_are_in_the_language_and_in_the_time_of_kazakhstan(
    app: Flask, people: Cast, built: Built
) -> None:
    with app.app_context():
        closes = db.session.get_one(Consultation, built.id).closes_at
        notices.choose_mail(people.dauren.actor, Frequency.IMMEDIATE, Language.RU)
        letter = write([message(Kind.CONSULTATION_EXTENDED, people.dauren.id, {"consultation_id": built.id})])
    assert letter is not None
    assert closes is not None
    local = closes + timedelta(hours=5)
    assert f"{local.year}\u202fг., {local:%H:%M}" in letter.text
