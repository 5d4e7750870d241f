"""Whoever has a duty in one consultation works on it as an official does, and learns nothing of another."""

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask

from consult.domain.people import Duty
from consult.services import duties
from tests.support.cast import Member
from tests.support.scenes import PENDING, WITHHELD, Scene, token_of, visitor
from tests.web.test_authorisation import TABLE, Row, address, routes

KEPT_OUT = {401, 403, 404}
OWN_CHOICES = {"officials.switch_desk_keys"}
"""What anybody with powers sets for the own desk."""
HOSTILE = {
    "reason": "A reason.", "seen": "1", "version": "1", "edition": "1", "text_kk": "Words", "title_kk": "W",
    "email": "aigerim@example.kz", "duty": "editor", "new_closing": "2090-01-01T00:00", "kind": "open",
    "rule": "insult", "body": "Words", "package": "restricted", "format": "csv", "delimiter": ",",
}  # fmt: skip
"""What forms hold, so that nothing but the rule of who may stands in the way."""
KNOWN = {
    "lang", "slug", "number", "comment_id", "document_id", "consultation_id", "topic_id", "attachment_id",
}  # fmt: skip
"""Arguments of addresses that `address` fills with things of the scene."""


def appointed(app: Flask, scene: Scene, member: Member, consultation_id: int, *which: Duty) -> Member:
    with app.app_context():
        for each in which:
            duties.appoint(scene.people.moderator.actor, consultation_id, member.email, each)
    return replace(member, actor=replace(member.actor, duties=frozenset((consultation_id, d) for d in which)))


def test_a_duty_in_another_consultation_opens_no_page_of_this_one(app: Flask, scene: Scene) -> None:
    """Every route of the officials, asked about consultations in which the reader has nothing to do."""
    elsewhere = appointed(app, scene, scene.people.dauren, scene.closed.id, *Duty)
    client = visitor(app, elsewhere)
    token = token_of(client.get("/en/me/answers"))
    secrets = (scene.waiting.slug, PENDING, WITHHELD)
    surprises, walked = [], 0
    for method, rule in routes(app):
        if not rule.endpoint.startswith("officials."):
            continue
        row = TABLE.get((method, rule.endpoint), Row((0, 0, 0, 0)))
        for slug in (scene.open.slug, scene.waiting.slug):
            named = dict.fromkeys(rule.arguments - KNOWN, 987_654) | {**row.values, "slug": slug}
            url = address(app, scene, rule, named)
            data = {**HOSTILE, "csrf_token": token, "slug": scene.waiting.slug, **row.fields}
            answer = (
                client.flask.get(url) if method == "GET" else client.flask.open(url, method=method, data=data)
            )
            is_list = rule.arguments == {"lang"}
            is_open = method == "GET" and answer.status_code not in KEPT_OUT and not is_list
            is_done = method == "POST" and answer.status_code < 400 and rule.endpoint not in OWN_CHOICES
            told = [word for word in secrets if answer.status_code < 300 and word in answer.text]
            if is_open or is_done or told:
                surprises.append(f"{method} {url}: {answer.status_code} {told}")
            walked += 1
    assert surprises == [], "\n".join(surprises)
    assert walked > 60


def test_public_pages_show_no_draft_of_another_consultation(app: Flask, scene: Scene) -> None:
    client = visitor(app, appointed(app, scene, scene.people.dauren, scene.closed.id, *Duty))
    for path in ("", "/q/1", "/documents", f"/documents/{scene.document}"):
        client.get(f"/en/c/{scene.waiting.slug}{path}", status=404)
    assert scene.waiting.slug not in client.get("/en/consultations").response.text


AGENDA = b"Workshop\n\n09:30 - 10:30 Lamps along the river\n11:00 - 12:00 Benches in the park\n"


@pytest.mark.parametrize("duty", Duty)
def test_whoever_has_a_duty_reads_the_draft_of_the_own_consultation(
    app: Flask, scene: Scene, duty: Duty
) -> None:
    client = visitor(app, appointed(app, scene, scene.people.dauren, scene.waiting.id, duty))
    client.get(f"/en/c/{scene.waiting.slug}")
    assert f"/en/c/{scene.waiting.slug}" in client.get("/en/consultations").response.text
    desk = client.get("/en/o")
    assert "Your duties" in desk.text


def test_an_editor_by_duty_edits_the_own_consultation_and_makes_no_other(app: Flask, scene: Scene) -> None:
    client = visitor(app, appointed(app, scene, scene.people.dauren, scene.waiting.id, Duty.EDITOR))
    tasks = client.get(f"/en/o/consultations/{scene.waiting.slug}")
    assert "People" not in tasks.texts("main li a")
    page = client.get(f"/en/o/consultations/{scene.waiting.id}/edit")
    client.submit(page, "/edit", title_en="Edited by duty")
    listed = client.get("/en/o/consultations")
    assert "Edited by duty" in listed.text
    assert len(listed.select("main tbody tr")) == 1
    assert "New consultation" not in listed.text
    client.get("/en/o/consultations/new", status=403)
    client.get(f"/en/o/consultations/{scene.waiting.slug}/people", status=403)
    client.get(f"/en/o/consultations/{scene.waiting.slug}/duplicate", status=403)
    client.get("/en/o/exports", status=403)


def test_an_editor_by_duty_imports_an_agenda_into_the_own_draft_only(app: Flask, scene: Scene) -> None:
    client = visitor(app, appointed(app, scene, scene.people.dauren, scene.waiting.id, Duty.EDITOR))
    url = "/en/o/consultations/import"
    token = token_of(client.get(url))
    for slug, status in (("never-made", 403), (scene.closed.slug, 403), (scene.waiting.slug, 303)):
        document = (BytesIO(AGENDA), "agenda.txt")
        sent = client.flask.post(
            url, data={"csrf_token": token, "slug": slug, "language": "", "document": document}
        )
        assert sent.status_code == status, slug
    client.get(sent.location)
    stranger = visitor(app, appointed(app, scene, scene.people.aigerim, scene.closed.id, Duty.EDITOR))
    stranger.get(sent.location, status=403)


def test_an_analyst_by_duty_exports_the_own_consultation_only(app: Flask, scene: Scene) -> None:
    client = visitor(app, appointed(app, scene, scene.people.dauren, scene.closed.id, Duty.ANALYST))
    page = client.get("/en/o/exports")
    assert [option.get("value") for option in page.select("#slug option")] == [scene.closed.slug]
    fields = {"csrf_token": token_of(page), "package": "restricted", "format": "csv", "delimiter": ","}
    made = client.flask.post("/en/o/exports", data={**fields, "slug": scene.closed.slug}, buffered=True)
    assert made.mimetype == "application/zip"
    client.post("/en/o/exports", {**fields, "slug": scene.open.slug}, status=422)


def test_people_are_appointed_by_address_and_dismissed(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    url = f"/en/o/consultations/{scene.open.slug}/people"
    seen = client.submit(client.get(url), "/people", email=" Dauren@Example.kz ", duty="moderator")
    assert "Dauren O'Neill" in seen.text
    assert scene.people.dauren.email in seen.text
    gone = client.submit(seen, "/dismiss")
    assert "Nobody has a duty" in gone.text


@pytest.mark.parametrize(
    ("email", "said"),
    [
        (
            "nobody@example.kz",
            "There is no account with this e-mail address. The person must register first.",
        ),
        (
            "blocked@example.kz",
            "There is no account with this e-mail address. The person must register first.",
        ),
        ("moderator@example.kz", "Nobody appoints themselves. Ask a colleague to do it."),
        (
            "official@example.kz",
            "This person is an official and may do this in every consultation already.",
        ),
    ],
)
def test_who_cannot_be_appointed_is_said_clearly(app: Flask, scene: Scene, email: str, said: str) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get(f"/en/o/consultations/{scene.open.slug}/people")
    refused = client.submit(page, "/people", status=422, email=email, duty="editor")
    assert refused.error_summary == [said]


def test_a_duty_that_is_taken_away_is_gone_with_the_next_request(app: Flask, scene: Scene) -> None:
    client = visitor(app, appointed(app, scene, scene.people.dauren, scene.waiting.id, Duty.EDITOR))
    client.get(f"/en/o/consultations/{scene.waiting.slug}")
    with app.app_context():
        duties.dismiss(scene.people.moderator.actor, scene.waiting.id, scene.people.dauren.id, Duty.EDITOR)
    client.get(f"/en/o/consultations/{scene.waiting.slug}", status=403)
    client.get("/en/o", status=403)
