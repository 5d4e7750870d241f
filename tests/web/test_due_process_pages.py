"""Pages of due process: appealing, deciding, reports, the rules, the log and the figures."""

import csv
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.mail import Frequency
from consult.models.base import db, transaction
from consult.models.people import Person
from consult.services import moderation, notices
from consult.services.reports import report_comment
from tests.support import cast
from tests.support.cast import Built, Cast, within
from tests.support.post import deliver, let_time_pass, letters_in, link_in, text_of
from tests.support.scenes import Scene, token_of, visitor

WORDS = "The street needs no Askar. MARKED-WORDS"
REASON = "Сын айтуға болады."


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return cast.open_consultation(app)


@pytest.fixture
def withheld(app: Flask, people: Cast, built: Built) -> int:
    """A comment of Aigerim's that the moderator has withheld; she wants news at once."""
    with within(app):
        aigerim = people.aigerim.actor
        notices.choose_mail(aigerim, Frequency.IMMEDIATE, aigerim.language)
        key = cast.comment(app, people.aigerim, built, WORDS)
        moderation.withhold_comment(people.moderator.actor, key, "insult", "It insults.")
    return key


def letter_to(app: Flask, address: str) -> str:
    """Text of the newest letter, and the path of its appeal link."""
    let_time_pass(app)
    assert deliver(app) > 0
    letter = [each for each in letters_in(Path(app.instance_path)) if each["To"] == address][-1]
    assert "/appeal" in link_in(letter, "/appeal")
    return text_of(letter)


def test_an_author_is_told_appeals_and_gets_the_comment_back(
    app: Flask, people: Cast, built: Built, withheld: int
) -> None:
    assert "It insults." in letter_to(app, people.aigerim.email)
    author = visitor(app, people.aigerim)
    page = author.get("/en/me/answers")
    page = author.get(page.links[f"Appeal against this decision comment {withheld}"])
    assert "It insults." in page.text
    page = author.submit(page, "/appeal", status=422, words=" ")
    assert page.error_summary == ["Give the reason in words."]
    page = author.submit(page, "/appeal", words="It is only criticism.")
    number = int(page.texts(".messages .notice")[0].split()[-1].rstrip("."))
    assert f"Your appeal {number}" in page.text
    assert not page.select("form[action*='/appeal']")
    assert "It waits for a decision." in author.get("/en/me/answers").text

    decider = visitor(app, people.other_official)
    desk = decider.get("/en/o")
    assert "Appeals 1 waiting" in desk.texts("nav.side a")
    page = decider.get(decider.get("/en/o/appeals").links[f"Appeal {number}"])
    assert {WORDS, "It is only criticism."} <= set(page.texts("main blockquote"))
    assert "Мария Модератор withheld it" in page.text
    page = decider.submit(page, f"/appeals/{number}", status=422, reason=REASON)
    assert page.error_summary == ["Choose what is decided."]
    page = decider.submit(page, f"/appeals/{number}", verdict="overturned", reason=REASON)
    assert page.url == "/en/o/appeals"
    assert not decider.get("/en/o").select("nav.side .tag")
    assert f"Appeal {number}" in decider.get("/en/o/appeals?state=decided").links
    assert REASON in decider.get(f"/en/o/appeals/{number}").text

    assert REASON in letter_to(app, people.aigerim.email)
    stranger = visitor(app)
    shown = stranger.get(f"/en/c/{built.slug}/comments/{withheld}")
    assert WORDS in shown.text
    mine = author.get("/en/me/answers").text
    assert f"Your appeal {number}: The comment is published again." in mine
    log = stranger.get(f"/en/c/{built.slug}/moderation")
    assert log.texts("main tbody th")[0].startswith("Appeal decided: reversed")
    for secret in (WORDS, REASON, "It insults.", "It is only", "Мария", "Айгерім", "Олжас"):
        assert secret not in log.text


def test_no_other_citizen_reaches_an_appeal(app: Flask, people: Cast, withheld: int) -> None:
    other = visitor(app, people.dauren)
    url = f"/en/me/answers/{withheld}/appeal"
    other.get(url, status=404)
    token = token_of(other.get("/en/me/answers"))
    other.post(url, {"csrf_token": token, "words": "Let me in."}, status=404)
    other.get("/en/o/appeals", status=403)
    visitor(app).get(url, status=303)


def lodged(app: Flask, people: Cast, withheld: int) -> int:
    author = visitor(app, people.aigerim)
    page = author.get(f"/en/me/answers/{withheld}/appeal")
    page = author.submit(page, "/appeal", words="It is only criticism.")
    return int(page.texts(".messages .notice")[0].split()[-1].rstrip("."))


def test_who_decided_is_shown_no_form_and_gets_none_through(app: Flask, people: Cast, withheld: int) -> None:
    number = lodged(app, people, withheld)
    moderator = visitor(app, people.moderator)
    url = f"/en/o/appeals/{number}"
    page = moderator.get(url)
    assert "This is not yours to decide" in page.text
    assert not page.select("form[action*='/appeals/']")
    assert "Not yours to decide" in moderator.get("/en/o/appeals").text
    fields = {"csrf_token": token_of(page), "verdict": "upheld", "reason": "I was right.", "version": "2"}
    refused = moderator.post(url, fields, status=403)
    assert "Somebody else decides the appeal." in refused.text


def test_the_second_of_two_deciders_reads_what_the_first_decided(
    app: Flask, people: Cast, withheld: int
) -> None:
    number = lodged(app, people, withheld)
    url = f"/en/o/appeals/{number}"
    slow, quick = visitor(app, people.other_official), visitor(app, people.administrator)
    seen = slow.get(url)
    quick.submit(quick.get(url), f"/appeals/{number}", verdict="upheld", reason="It stays.")
    page = slow.submit(seen, f"/appeals/{number}", status=409, verdict="overturned", reason="It goes.")
    assert page.error_summary == ["Somebody has already decided this appeal: The decision stays."]
    assert "It stays." in page.text
    slow.get(url)
    author = visitor(app, people.aigerim).get(f"/en/me/answers/{withheld}/appeal")
    assert "The decision stays." in author.text
    assert not author.select("form[action*='/appeal']")


def test_a_reply_in_the_language_of_the_author_can_be_begun_with(
    app: Flask, people: Cast, withheld: int
) -> None:
    number = lodged(app, people, withheld)
    decider = visitor(app, people.other_official)
    page = decider.get(f"/en/o/appeals/{number}")
    assert "the language that the author reads: Қазақша" in page.text
    assert page.texts("main details h3") == ["Қазақша", "Русский", "English"]
    page = decider.get(f"/en/o/appeals/{number}?reply=partly-en")
    assert "Most of the comment keeps to the rules." in str(page.select("textarea[name=reason]")[0].text)
    assert page.select("input[name=verdict][checked]")[0].get("value") == "partly"
    page = decider.submit(page, f"/appeals/{number}", body="The street needs no […].")
    shown = visitor(app).get(f"/en/c/green-street/comments/{withheld}")
    assert "The street needs no […]." in shown.text


def test_where_nobody_else_is_there_to_decide_the_page_says_so(
    app: Flask, people: Cast, withheld: int
) -> None:
    number = lodged(app, people, withheld)
    others = [people.other_official.id, people.administrator.id]
    with within(app), transaction():
        db.session.execute(sa.update(Person).where(Person.id.in_(others)).values(is_active=False))
    page = visitor(app, people.moderator).get(f"/en/o/appeals/{number}")
    assert "Nobody may decide this appeal" in page.text
    assert not page.select("form[action*='/appeals/']")


def test_reports_reach_the_desk_and_their_answer_who_reported(app: Flask, people: Cast, built: Built) -> None:
    with within(app):
        key = cast.comment(app, people.aigerim, built, "Reported words.")
        report_comment(people.dauren.actor, built.id, key, "insult", "Look at it.")
        report_comment(people.administrator.actor, built.id, key, "insult")
    assert "Reports 1 waiting" in visitor(app, people.moderator).get("/en/o").texts("nav.side a")
    reader, moderator = visitor(app, people.dauren), visitor(app, people.moderator)
    assert "No moderator has answered it yet." in reader.get("/en/me/reports").text
    page = moderator.get("/en/o/reports")
    assert {"2 people reported it", "Insult or threat: 2", "Look at it."} <= {
        *page.texts(".meta span"), *page.texts("main li"), *page.texts("main blockquote"),
    }  # fmt: skip
    assert f"/en/o/moderation/{key}" in page.links.values()
    page = moderator.submit(page, "/dismiss", status=422, reason=" ")
    assert page.error_summary
    page = moderator.submit(page, "/dismiss", reason="It is hard, and no insult.")
    assert "No report waits." in page.text
    assert "It is hard, and no insult." in reader.get("/en/me/reports").text
    author = visitor(app, people.aigerim)
    for path in ("/en/me/answers", "/en/me/reports", f"/en/c/{built.slug}/comments/{key}"):
        assert "Look at it." not in author.get(path).text
    visitor(app, people.dauren).get("/en/o/reports", status=403)


def test_reports_that_came_meanwhile_are_not_dismissed_unread(app: Flask, people: Cast, built: Built) -> None:
    with within(app):
        key = cast.comment(app, people.aigerim, built, "Reported words.")
        report_comment(people.dauren.actor, built.id, key, "insult")
    moderator = visitor(app, people.moderator)
    page = moderator.get("/en/o/reports")
    with within(app):
        report_comment(people.administrator.actor, built.id, key, "hate")
    moderator.submit(page, "/dismiss", status=409, reason="No.")


def test_the_rules_stand_near_the_form_and_in_the_note_of_a_withheld_comment(
    app: Flask, people: Cast, built: Built, withheld: int
) -> None:
    rules = f"/en/c/{built.slug}/rules"
    page = visitor(app, people.dauren).get(f"/en/c/{built.slug}/q/1")
    assert page.links["Rules of this consultation"] == rules
    assert f"{rules}#insult" in page.links.values()
    page = visitor(app).get(rules)
    assert [heading.get("id") for heading in page.select("main h2")][:2] == ["off-topic", "insult"]
    for language, said in (("kk", "Ереже"), ("ru", "Правил")):
        assert said[:4].lower() in visitor(app).get(f"/{language}/c/{built.slug}/rules").text.lower()


@pytest.mark.parametrize(
    ("path", "header"),
    [
        ("/c/{slug}/moderation.csv", "entry_id,day,action,rule,language,appeal_of,undone"),
        (
            "/c/{slug}/moderation/figures.csv",
            "by,category,received,decided,median_hours,withheld,withheld_share,appeals,reversed",
        ),
        (
            "/moderation.csv",
            "by,category,received,decided,median_hours,withheld,withheld_share,appeals,reversed",
        ),
    ],
)
def test_log_and_figures_are_files_too(
    app: Flask, people: Cast, built: Built, withheld: int, path: str, header: str
) -> None:
    answer = visitor(app).flask.get(f"/en{path.format(slug=built.slug)}", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = answer.get_data(as_text=True).split("\r\n")
    assert lines[0] == header
    rows = list(csv.DictReader(lines))
    assert rows
    assert "MARKED-WORDS" not in answer.get_data(as_text=True)
    if "figures" in path or path == "/moderation.csv":
        assert {row["received"] for row in rows} == {"suppressed"}
        assert {row["median_hours"] for row in rows} == {""}
    else:
        assert [(row["action"], row["rule"]) for row in rows] == [("withhold", "insult")]


def test_figures_say_what_is_hidden(app: Flask, scene: Scene) -> None:
    page = visitor(app).get(f"/en/c/{scene.open.slug}/moderation/figures")
    assert "Counts of less than 10 are hidden" in page.text
    assert page.texts("main tfoot td")[0] == "hidden"
    assert "All consultations together" in visitor(app).get("/en/moderation").text


def test_a_draft_tells_nothing_of_its_moderation(app: Flask, scene: Scene) -> None:
    for path in ("rules", "moderation", "moderation.csv", "moderation/figures", "moderation/figures.csv"):
        visitor(app).get(f"/en/c/{scene.waiting.slug}/{path}", status=404)
