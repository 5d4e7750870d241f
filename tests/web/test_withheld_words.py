"""Words that a moderator took away stand in no page, feed, search result, letter, answer or public export.

Every address of the table of authorisation is read, so that a new page is judged without being named here.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from consult.domain.mail import Frequency
from consult.domain.people import OPERATOR
from consult.services import following, moderation, notices, own_comments, reports
from consult.services.exports import export_consultation
from tests.support import cast
from tests.support.cast import Built, Member, within
from tests.support.post import deliver, let_time_pass, letters_in
from tests.support.scenes import Scene, visitor
from tests.web.test_authorisation import TABLE, address, routes

MARK = "qzvxkw"
"""Stands in everything that must not be read; it has no vowel, so that no stemming changes it."""
NEAR = "chestnuts"
"""Stands beside the mark in all of them, so that a search has something to find."""
OWN = f"Because of {MARK}5."
"""What the reader wrote when reporting, and may read again."""
SEARCHED = f"/search?q={NEAR}"


@dataclass(frozen=True)
class Taken:
    """What the author wrote: each carries the mark, and only the redacted one is seen without it."""

    redacted: int
    withheld: int


@pytest.fixture
def taken(app: Flask, scene: Scene) -> Taken:
    """Redacted, withheld, withdrawn and waiting words, reported and followed, in an open consultation."""
    author, reader, opened = scene.people.aigerim, scene.people.dauren, scene.open
    with within(app):
        notices.choose_mail(reader.actor, Frequency.IMMEDIATE, reader.actor.language)
        following.follow_consultation(reader.actor, opened.id)
        redacted = _shown(app, author, opened, f"Call {MARK}1 about the {NEAR}.")
        withheld = _shown(app, author, opened, f"Down with {MARK}2 and all {NEAR}!")
        withdrawn = _shown(app, author, opened, f"I take back {MARK}3 of the {NEAR}.")
        cast.comment(app, author, opened, f"Nobody has read {MARK}4 on {NEAR} yet.")
        cast.published_comment(app, reader, opened, "What was said here?", reply_to=withheld)
        reports.report_comment(reader.actor, opened.id, withheld, "insult", OWN)
        moderation.redact_comment(
            OPERATOR, redacted, f"Call … about the {NEAR}.", "personal-data", f"Not {MARK}6."
        )
        moderation.withhold_comment(OPERATOR, withheld, "insult", f"For {MARK}7.")
        own_comments.withdraw_comment(author.actor, opened.id, withdrawn)
    return Taken(redacted, withheld)


def _shown(app: Flask, by: Member, built: Built, body: str) -> int:
    number = cast.published_comment(app, by, built, body)
    cast.published_comment(app, by, built, "A reply stays.", reply_to=number)
    return number


def addresses(app: Flask, scene: Scene, taken: Taken) -> Iterator[str]:
    """Everything that can be read in the open consultation; what only staff read answers them no words."""
    yield from (SEARCHED, f"/en{SEARCHED}", f"/en/consultations?q={NEAR}", "/sitemap.xml")
    for method, rule in routes(app):
        if method != "GET":
            continue
        values = TABLE[method, rule.endpoint].values
        for comment_id in (taken.redacted, taken.withheld):
            for number in (1, 2):
                yield address(app, scene, rule, {"number": number, "comment_id": comment_id, **values})


@pytest.mark.parametrize("is_over", [False, True], ids=["open", "closed"])
def test_no_address_shows_them_to_anybody_but_their_author(
    app: Flask, scene: Scene, taken: Taken, *, is_over: bool
) -> None:
    if is_over:
        cast.close_by_clock(app, scene.open)
    read = 0
    for member in (None, scene.people.dauren):
        client = visitor(app, member)
        for url in sorted(set(addresses(app, scene, taken)), key=lambda url: "sign-out" in url):
            answer = client.flask.get(url)
            assert MARK.encode() not in answer.data.replace(OWN.encode(), b""), (url, member)
            read += answer.status_code == 200
    assert read > 60
    assert MARK in visitor(app, scene.people.aigerim).get("/en/me/answers").text


def test_the_search_finds_what_is_left_of_a_redacted_comment_alone(
    app: Flask, scene: Scene, taken: Taken
) -> None:
    found = visitor(app).get(f"/en{SEARCHED}")
    links = [str(link.get("href")) for link in found.select("main a[href*='/comments/']")]
    assert any(f"/comments/{taken.redacted}" in link for link in links)
    assert not any(f"/comments/{taken.withheld}" in link for link in links)
    by_mark = visitor(app).get(f"/en/search?q={MARK}1")
    assert not by_mark.select(f"main a[href*='/c/{scene.open.slug}/comments/']")


def test_no_letter_to_anybody_but_their_author_carries_them(app: Flask, scene: Scene, taken: Taken) -> None:
    let_time_pass(app)
    assert deliver(app) > 0
    letters = letters_in(Path(app.instance_path))
    others = [letter for letter in letters if letter["To"] != scene.people.aigerim.email]
    assert len(others) < len(letters)
    assert others
    for letter in others:
        parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
        assert parts
        assert not any(MARK in part for part in parts), letter["Subject"]
    assert taken.withheld


@pytest.mark.parametrize("format_name", ["csv", "jsonl"])
def test_no_public_package_carries_them(
    app: Flask, scene: Scene, taken: Taken, tmp_path: Path, format_name: str
) -> None:
    with within(app):
        export_consultation(
            OPERATOR, scene.open.slug, package="public", output=tmp_path, format=format_name, smallest_group=2
        )
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        assert not zipfile.is_zipfile(path)
        assert MARK.encode() not in path.read_bytes(), path.name
    assert taken.redacted
