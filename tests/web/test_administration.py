"""Pages of administrators, as they are seen and used."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from consult.domain.people import OPERATOR
from consult.models.base import db
from consult.models.people import Person
from consult.services.imports import import_polis
from tests.support.cast import Cast, within
from tests.support.pages import PageClient
from tests.support.polis import write_export
from tests.support.scenes import Scene, token_of, visitor
from tests.support.uploads import send_file

pytestmark = pytest.mark.usefixtures("installation")


@pytest.fixture
def office(app: Flask, people: Cast) -> PageClient:
    """An administrator who is signed in."""
    return visitor(app, people.administrator)


MINE = (
    "/a/users", "/a/users/new", "/a/users/1", "/a/audit", "/a/rules", "/a/rules/new", "/a/rules/insult",
    "/a/profanity", "/a/settings",
)  # fmt: skip
DEEDS = (
    "/a/users/new", "/a/users/1/role", "/a/users/1/block", "/a/users/1/unblock", "/a/users/1/sessions/end",
    "/a/users/1/second-factors/reset", "/a/users/1/password-link", "/a/audit.csv", "/a/rules/new",
    "/a/rules/insult", "/a/rules/insult/up", "/a/rules/insult/retire", "/a/rules/insult/bring-back",
    "/a/profanity", "/a/profanity/import", "/a/profanity/remove", "/a/settings", "/a/settings/logo",
    "/a/settings/logo/remove",
)  # fmt: skip


def test_every_page_opens_for_administrators_and_for_nobody_else(app: Flask, people: Cast) -> None:
    for member, status in (
        (None, 303),
        (people.dauren, 403),
        (people.moderator, 403),
        (people.administrator, 200),
    ):
        client = visitor(app, member)
        for path in MINE:
            client.get(f"/en{path}", status=status)


def test_every_deed_is_refused_to_everybody_else(app: Flask, people: Cast) -> None:
    for member, status in ((None, 401), (people.dauren, 403), (people.moderator, 403)):
        client = visitor(app, member)
        token = token_of(client.get("/en/sign-in"))
        for path in DEEDS:
            client.post(f"/en{path}", {"csrf_token": token}, status=status)


def test_the_list_shows_no_address_and_the_accounts_page_does(office: PageClient, people: Cast) -> None:
    page = office.get("/en/a/users")
    assert "@" not in page.text
    found = office.submit(page, "/a/users", q=people.dauren.email)
    assert people.dauren.actor.name in found.links
    assert people.aigerim.actor.name not in found.links
    assert people.dauren.email in office.get(found.links[people.dauren.actor.name]).text


def test_an_account_is_blocked_with_a_reason_and_let_in_again(
    office: PageClient, app: Flask, people: Cast
) -> None:
    theirs = visitor(app, people.dauren)
    page = office.get(f"/en/a/users/{people.dauren.id}")
    refused = office.submit(page, "/block", status=422, reason=" ")
    assert refused.error_summary
    blocked = office.submit(page, "/block", reason="Sent threats.")
    assert "This account is blocked. Reason: Sent threats." in blocked.text
    theirs.get("/en/me", status=303)
    opened = office.submit(blocked, "/unblock")
    assert "This account is blocked" not in opened.text


def test_people_of_an_import_cannot_sign_in_and_are_not_called_blocked(
    office: PageClient, app: Flask, people: Cast, tmp_path: Path
) -> None:
    with within(app):
        import_polis(OPERATOR, write_export(tmp_path), "trees")
        newest = db.session.scalars(sa.select(Person.id).order_by(Person.id.desc()).limit(1)).one()
    assert newest > people.administrator.id
    (row,) = [row for row in office.get("/en/a/users").texts("tbody tr") if f" {newest} " in row]
    assert "Cannot sign in" in row
    assert "Blocked" not in row
    assert "No name" in row
    page = office.get(f"/en/a/users/{newest}")
    assert page.h1 == "No name"
    assert "Nobody can sign in with this account" in page.text
    assert "blocked" not in page.text
    assert not page.select("form[action$='/unblock'], form[action$='/block']")
    blocked = office.get("/en/a/users?blocked=1").texts("tbody tr")
    assert [row for row in blocked if "Blocked" in row] == blocked
    assert blocked


def test_an_invited_official_who_is_blocked_before_the_first_password_is_called_blocked(
    office: PageClient,
) -> None:
    page = office.get("/en/a/users/new")
    invited = office.submit(page, "/a/users/new", email="new@example.kz", name="New One", role="official")
    office.submit(invited, "/block", reason="Left the authority.")
    (row,) = [row for row in office.get("/en/a/users?blocked=1").texts("tbody tr") if "New One" in row]
    assert "Blocked" in row
    assert "Cannot sign in" not in row


def test_a_role_changes_and_the_last_administrator_keeps_hers(office: PageClient, people: Cast) -> None:
    page = office.get(f"/en/a/users/{people.dauren.id}")
    assert "The role is changed." in office.submit(page, "/role", role="official").text
    own = office.get(f"/en/a/users/{people.administrator.id}")
    refused = office.submit(own, "/role", status=409, role="citizen")
    assert refused.error_summary == [
        "This is the last administrator. Make somebody else an administrator first."
    ]


def test_sessions_are_listed_and_ended(office: PageClient, app: Flask, people: Cast) -> None:
    theirs = visitor(app, people.dauren)
    page = office.get(f"/en/a/users/{people.dauren.id}")
    assert "1 session is ended." in office.submit(page, "/sessions/end").text
    theirs.get("/en/me", status=303)
    for session in ("zz", "0" * 63, "g" * 64):
        office.post(
            f"/en/a/users/{people.dauren.id}/sessions/end",
            {"csrf_token": token_of(page), "session": session},
            status=404,
        )


def test_an_invitation_makes_an_account(office: PageClient, app: Flask) -> None:
    page = office.get("/en/a/users/new")
    seen = office.submit(
        page, "/users/new", email="new@example.kz", name="Жанар", role="official", language="kk"
    )
    assert "The invitation is on its way." in seen.text
    again = office.submit(page, "/users/new", status=422, email="new@example.kz", name="Жанар")
    assert again.error_summary == ["There is an account with this address. Change its role on its page."]
    with within(app):
        assert (
            db.session.scalars(db.select(Person.password_hash).filter_by(email="new@example.kz")).one() == ""
        )


def test_the_log_is_filtered_and_downloaded(office: PageClient, people: Cast) -> None:
    page = office.get(f"/en/a/users/{people.dauren.id}")
    office.submit(page, "/block", reason="=cmd|' /C calc'!A0")
    seen = office.get(f"/en/a/audit?thing=person&number={people.dauren.id}")
    assert seen.texts("tbody th") == ["Account blocked"]
    assert office.get("/en/a/audit?since=2001-01-01&until=2001-12-31").select("tbody tr") == []
    office.get("/en/a/audit?since=yesterday&actor=x&number=-1&thing=nothing&act=none&until=9999-12-31")
    answer = office.flask.post(
        "/en/a/audit.csv",
        data={"csrf_token": token_of(seen), "thing": "person", "number": str(people.dauren.id)},
    )
    lines = answer.get_data(as_text=True).splitlines()
    assert answer.mimetype == "text/csv"
    assert lines[0].startswith("id,at,actor_id,actor_role,act,thing,thing_id")
    assert len(lines) == 2
    assert "account_blocked" in lines[1]
    assert "@" not in answer.get_data(as_text=True)
    assert "Audit log downloaded" in office.get("/en/a/audit").text


def test_rules_are_added_reworded_ordered_and_retired(office: PageClient, client: PageClient) -> None:
    page = office.get("/en/a/rules/new")
    refused = office.submit(page, "/rules/new", status=422, code="spam", title_kk="Спам")
    assert refused.error_summary == [
        "Write title and text in Kazakh and in Russian; in English both or neither."
    ]
    words: dict[str, Any] = {"title_kk": "Спам", "text_kk": "Мәтін.", "title_ru": "Спам", "text_ru": "Текст."}
    listed = office.submit(page, "/rules/new", code="spam", **words)
    assert listed.texts("main li code")[-1] == "spam"
    moved = office.submit(listed, "/rules/spam/up")
    assert moved.texts("main li code")[-2] == "spam"
    reword = office.get("/en/a/rules/insult")
    assert reword.select("#title_en")[0].get("value") == "Insult or threat"
    office.submit(reword, "/rules/insult", title_en="Insults", text_en="Do not insult people.")
    office.submit(office.get("/en/a/rules"), "/rules/hate/retire")
    public = client.get("/en/rules")
    assert "Insults" in public.texts("h2")
    assert "Incitement to hatred" not in public.texts("h2")
    assert "Спам" in public.texts("h2")
    office.get("/en/a/rules/never-was", status=404)


def test_rude_words_are_added_imported_and_removed(office: PageClient) -> None:
    page = office.get("/en/a/profanity")
    assert office.submit(page, "/a/profanity", status=422, language="en", word="two words").error_summary
    added = office.submit(page, "/a/profanity", language="en", word="Blockhead")
    assert "blockhead" in added.text
    answer = office.flask.post(
        "/en/a/profanity/import",
        data={
            "csrf_token": token_of(added),
            "file_language": "ru",
            "table": (BytesIO("балда\nдубина\n".encode()), "words.csv"),
        },
    )
    assert answer.status_code == 303
    assert "2 new words are added." in office.get("/en/a/profanity").text
    for content, status in ((b"\xff\xfe", 422), (b"x" * 1_000_001, 413), (b"two words\n", 422)):
        fields = {"csrf_token": token_of(added), "file_language": "ru"}
        answer = send_file(office, "/en/a/profanity/import", fields, "table", "w.csv", content)
        assert answer.status_code == status
    assert "blockhead" not in office.submit(added, "/profanity/remove").text


def picture() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (200, 100), "#0b5a73").save(out, "PNG")
    return BytesIO(out.getvalue())


def test_the_authority_stands_on_every_page_once_it_has_said_so(
    office: PageClient, client: PageClient
) -> None:
    plain = client.get("/en/")
    page = office.get("/en/a/settings")
    light = office.submit(page, "/a/settings", status=422, accent="#ffd23f")
    assert "White letters on this colour cannot be read well" in light.error_summary[0]
    office.submit(
        page,
        "/a/settings",
        name_en="City of <Trees>",
        name_kk="Қала",
        accent="#7a1f5c",
        contact_email="city@example.kz",
        postal_address="Abai 1\n050000",
    )
    answer = office.flask.post(
        "/en/a/settings/logo", data={"csrf_token": token_of(page), "picture": (picture(), "sign.png")}
    )
    assert answer.status_code == 303
    branded = client.get("/en/")
    assert branded.texts(".logo span")[0].startswith("City of <Trees>")
    assert "city@example.kz" in branded.links
    sign = branded.select(".logo img")[0].get("src", "")
    for address, kind in ((sign, "image/png"), ("/branding/7a1f5c.css", "text/css")):
        got = client.flask.get(address)
        assert (got.status_code, got.mimetype) == (200, kind)
        assert "immutable" in got.headers["Cache-Control"]
    assert client.flask.get("/branding/ffffff.css").status_code == 404
    assert client.flask.get("/branding/0000.png").status_code == 404
    assert "branding" not in plain.response.get_data(as_text=True)


def test_a_page_of_an_installation_without_branding_carries_nothing_of_it(client: PageClient) -> None:
    octets = client.get("/kk/").response.get_data(as_text=True)
    assert "/branding/" not in octets
    assert "<address>" not in octets


def test_what_is_no_picture_is_refused_with_a_sentence(office: PageClient) -> None:
    page = office.get("/en/a/settings")
    for content, status in ((b"<svg/>", 422), (b"x" * 2_000_001, 413)):
        fields = {"csrf_token": token_of(page)}
        answer = send_file(office, "/en/a/settings/logo", fields, "picture", "sign.svg", content)
        assert answer.status_code == status


def test_a_comment_can_be_reported_under_a_rule_of_the_authoritys_own(app: Flask, scene: Scene) -> None:
    """The rules of a consultation that is open stay as they were: a new rule is not offered there."""
    office = visitor(app, scene.people.administrator)
    words: dict[str, Any] = {"title_kk": "Спам", "text_kk": "Мәтін.", "title_ru": "Спам", "text_ru": "Текст."}
    office.submit(office.get("/en/a/rules/new"), "/rules/new", code="spam", **words)
    citizen = visitor(app, scene.people.dauren)
    form = citizen.get(f"/en/c/{scene.open.slug}/comments/{scene.published}/report").form("/report")
    offered = [field.get("value") for field in form.cssselect("input[name=rule]")]
    assert "insult" in offered
    assert "spam" not in offered
    desk = visitor(app, scene.people.moderator).get("/en/o/moderation")
    assert "spam" in [field.get("value") for field in desk.select("input[name=rule]")]
