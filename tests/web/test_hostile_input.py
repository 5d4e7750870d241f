"""Hostile input: every form field, every number in an address, uploads, return addresses. Never a 5xx."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml.html import HtmlElement
from werkzeug.test import TestResponse

from consult.models.base import db
from consult.models.consultations import Consultation
from consult.web.session import safe_next
from tests.support import cast
from tests.support.pages import Page, PageClient
from tests.support.scenes import AGENDA, Scene, local_time, token_of, visitor
from tests.support.uploads import send_file

CANARY = "<script>alert('xss')</script>"
HOSTILE: dict[str, str | bytes] = {
    "nul": "before\x00after",
    "right-to-left": "\u202eevil\u202c\u2066txt.exe",
    "emoji": "👩‍👩‍👧‍👦🇰🇿 \U0001f9ff",
    "script": f'{CANARY}"><img src=x onerror=alert(1)>',
    "attribute": "\" autofocus onfocus=alert(1) x='",
    "template": "{{ 7*7 }}{% raw %}${7*7}#{7*7}",
    "combining": "a" + "\u0301" * 5_000,
    "surrogate": b"\xed\xa0\x80\xed\xb0\x80",
    "broken-utf8": b"\xff\xfe\xc3(",
    "quotes": "'; DROP TABLE person; -- \"); SELECT 1/0; \\' %s %(a)s :name",
    "newlines": "a\r\nSet-Cookie: stolen=1\r\n\r\nb",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028\u2029",
    "noncharacters": "\ufffe\uffff\U0010ffff\ue000",
    "digits": "9" * 5_000,
    "arabic-digits": "٣٣٣",
    "number": "-1e999",
    "format": "%d %n %x %00 %2e%2e%2f",
    "time": "0001-01-01T00:00",
    "late": "9999-12-31T23:59",
    "day": "0001-01-01",
}
FORMS = {
    None: ("/sign-in", "/register"),
    "dauren": ("/c/green-street/q/1", "/c/green-street/q/2", "/c/green-street/comments/1", "/me/privacy"),
    "moderator": (
        "/o/moderation",
        "/o/moderation?state=published",
        "/o/moderation?state=withheld",
        "/o/consultations/new",
        "/o/consultations/import",
        "/o/consultations/1/edit",
        "/o/consultations/3/edit",
        "/o/consultations/3/topics/new",
        "/o/consultations/3/topics/{topic}",
        "/o/consultations/3/topics/{topic}/questions/new",
        "/o/consultations/3/questions/1",
        "/o/exports",
    ),
    "administrator": ("/a/audit",),
}
HUGE_NUMBERS = (
    2**31 - 1, 2**31, 2**32, 2**63 - 1, 2**63, 2**64, 10**30, "9" * 5_000, "-1", "abc", "1.5", "", " 1", "٣",
    "0x10", "1e5", "%00", "1;--", "\U0001f600",
)  # fmt: skip


def assert_answered(client: PageClient, answer: Any, what: str) -> None:
    """Not a fault of ours, and nothing of what was sent is live on the page."""
    assert answer.status_code < 500, f"{what}: {answer.status_code}"
    if answer.mimetype != "text/html":
        return
    assert CANARY not in answer.text, what
    if answer.status_code in {301, 302, 303}:
        assert answer.location.startswith("/"), f"{what}: leads to {answer.location}"
        assert "stolen" not in answer.headers.get("Set-Cookie", ""), what
        return
    page = Page(answer, "/en/")
    live = page.select("[onerror], [onfocus], main script:not([type='application/json']), img[src=x]")
    assert live == [], what
    assert "\x00" not in answer.text, what


def field_names(form: HtmlElement) -> list[str]:
    controls = form.cssselect("input[name], textarea[name], select[name], button[name]")
    return list(dict.fromkeys(control.get("name", "") for control in controls))


@pytest.mark.parametrize("who", FORMS, ids=str)
def test_no_form_field_breaks_on_hostile_words(app: Flask, scene: Scene, who: str | None) -> None:
    client = visitor(app, getattr(scene.people, who) if who else None)
    sent = 0
    for path in FORMS[who]:
        page = client.get(f"/en{path.format(topic=scene.topic)}")
        for form in page.select("main form"):
            names = [name for name in field_names(form) if name not in {"csrf_token", "document"}]
            url = form.get("action") or page.url
            for name, words in HOSTILE.items():
                fields = {**dict.fromkeys(names, words), "csrf_token": token_of(page)} if names else {}
                if (form.get("method") or "get").lower() == "get":
                    answer = client.flask.get(url, query_string=dict.fromkeys(names, words))
                else:
                    answer = client.flask.post(url, data=fields)
                assert_answered(client, answer, f"{url}, every field {name}")
                sent += 1
    assert sent >= len(HOSTILE)


@pytest.mark.parametrize("who", ["dauren", "moderator"])
def test_what_was_kept_of_hostile_words_is_shown_as_words(app: Flask, scene: Scene, who: str) -> None:
    """One hostile field at a time, the others as they should be: so that the words get through."""
    client = visitor(app, getattr(scene.people, who))
    reader = visitor(app, scene.people.moderator)
    for name, words in HOSTILE.items():
        if who == "dauren":
            token = token_of(client.get("/en/me/answers"))
            url = f"/en/c/{scene.open.slug}/q/1/comments"
            answer = client.flask.post(url, data={"csrf_token": token, "body": words})
            assert_answered(client, answer, name)
            paths = ["/en/me/answers", f"/en/c/{scene.open.slug}/q/1", "/kk/o/moderation"]
        else:
            page = client.get(f"/en/o/consultations/{scene.waiting.id}/edit")
            form = page.form("/edit")
            fields = {**dict(form.form_values()), "title_en": words, "summary_en": words, "contact": words}
            answer = client.flask.post(str(form.get("action")), data=fields)
            assert_answered(client, answer, name)
            paths = [page.url, f"/en/c/{scene.waiting.slug}", "/en/o/exports", "/en/consultations"]
        for path in paths:
            visitor_there = client if path.startswith("/en/me") else reader
            assert_answered(visitor_there, visitor_there.flask.get(path), f"{path} after {name}")


def test_addresses_take_hostile_words(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.administrator)
    for name, written in HOSTILE.items():
        for url in hostile_addresses(scene, quote(written, safe="")):
            assert_answered(client, client.flask.get(url), f"{url[:60]} with {name}")


def hostile_addresses(scene: Scene, part: str) -> tuple[str, ...]:
    return (
        f"/en/c/{part}", f"/en/c/{part}/q/1", f"/en/{part}", f"/{part}", f"/en/consultations?phase={part}",
        f"/en/o/moderation?state={part}&after={part}", f"/en/a/audit?act={part}&before={part}",
        f"/en/sign-in?next={part}", f"/en/language?next=/{part}", f"/en/c/{scene.open.slug}?{part}={part}",
    )  # fmt: skip


def test_no_number_in_an_address_breaks_a_page(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.administrator)
    for number in HUGE_NUMBERS:
        for url in numbered_addresses(scene, number):
            assert_answered(client, client.flask.get(url), url[:90])


def numbered_addresses(scene: Scene, number: int | str) -> tuple[str, ...]:
    slug = f"/en/c/{scene.open.slug}"
    return (
        f"{slug}/q/1?before={number}", f"{slug}/q/{number}", f"{slug}/comments/{number}",
        f"{slug}/comments/{scene.published}?after={number}", f"{slug}/documents/{number}",
        f"/en/consultations?before={number}", f"/en/me/answers?before={number}",
        f"/en/me/answers?votes_before=2026-01-01T00:00:00Z~{number}",
        f"/en/me/answers?votes_before={number}~1",
        f"/en/o/moderation?after={number}", f"/en/o/consultations?before={number}",
        f"/en/a/audit?before={number}", f"/en/o/consultations/{number}/edit",
        f"/en/o/consultations/{scene.waiting.id}/topics/{number}",
        f"/en/o/consultations/{scene.waiting.id}/questions/{number}",
    )  # fmt: skip


def test_no_number_in_an_address_breaks_a_deed(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.administrator)
    fields = {
        "csrf_token": token_of(client.get("/en/me/answers")), "choice": "agree", "body": "x", "reason": "x",
        "rule": "insult", "new_closing": local_time(timedelta(days=60)), "version": "1", "title_kk": "x",
    }  # fmt: skip
    for number in (0, 2**31, 2**63, 10**30, "9" * 5_000):
        for url in numbered_deeds(scene, number):
            answer = client.flask.post(url, data=fields)
            assert answer.status_code == 404, f"{url[:80]}: {answer.status_code}"


def numbered_deeds(scene: Scene, number: int | str) -> tuple[str, ...]:
    slug = f"/en/c/{scene.open.slug}"
    drafts = "/en/o/consultations"
    return (
        f"{slug}/q/{number}/vote", f"{slug}/q/{number}/comments", f"{slug}/comments/{number}/vote",
        f"{slug}/comments/{number}/replies",
        *(f"/en/o/moderation/{number}/{deed}" for deed in ("publish", "withhold", "redact", "restore")),
        *(f"{drafts}/{number}/{deed}" for deed in ("edit", "open", "close", "extend", "withdraw")),
        f"{drafts}/{scene.waiting.id}/questions/{number}/remove",
        f"{drafts}/{scene.waiting.id}/topics/{number}/remove",
        f"{drafts}/{number}/questions/1/remove",
    )  # fmt: skip


def test_no_version_of_a_form_breaks_the_desk(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get(f"/en/o/consultations/{scene.waiting.id}/edit")
    for version in ("", "abc", "-1", str(2**31), str(2**64), "9" * 5_000, "1.0", "\x00", "²"):
        client.submit(page, "/edit", status=409, version=version)
        fields = {"csrf_token": token_of(page), "version": version, "rule": "insult", "reason": "x"}
        answer = client.flask.post(f"/en/o/moderation/{scene.pending}/withhold", data=fields)
        assert_answered(client, answer, version[:20])


OPEN_REDIRECTS = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example",
    "https:evil.example", "https://evil.example", "HTTPS://evil.example", "http:///evil.example",
    "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example", ".evil.example", "",
    "/\x00/evil.example", "/\x0b/evil.example", "/%0d%0aSet-Cookie:x=1\r\n", "/\x7f/evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", OPEN_REDIRECTS, ids=ascii)
def test_no_return_address_leads_elsewhere(target: str) -> None:
    assert safe_next(target) is None


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("target", [*OPEN_REDIRECTS, "/%09/evil.example", "/%5cevil.example"], ids=ascii)
def test_no_door_redirects_elsewhere(app: Flask, target: str) -> None:
    member = cast.person(app, "dauren@example.kz", "Dauren")
    client = PageClient(app)
    answers = [client.flask.get("/en/language", query_string={"next": target})]
    token = token_of(client.get("/en/sign-in"))
    fields = {"csrf_token": token, "email": member.email, "password": member.password}
    answers.append(client.flask.post("/en/sign-in", query_string={"next": target}, data=fields))
    for answer in answers:
        assert answer.status_code == 303
        assert "evil" not in answer.location or answer.location.startswith("/%"), answer.location
        assert answer.location.startswith("/")
        assert not answer.location.startswith(("//", "/\\"))


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_harmless_return_address_is_kept(app: Flask) -> None:
    member = cast.person(app, "dauren@example.kz", "Dauren")
    client = PageClient(app)
    page = client.get("/en/sign-in?next=/en/rules%3Fa%3D1%23insult")
    back = client.submit(page, "/sign-in", follow=False, email=member.email, password=member.password)
    assert back.response.location == "/en/rules?a=1#insult"


def upload(
    client: PageClient, url: str, token: str, slug: str, filename: str, content: bytes
) -> TestResponse:
    fields = {"csrf_token": token, "slug": slug, "language": "kk"}
    return send_file(client, url, fields, "document", filename, content)


UPLOADS = {
    "binary": (bytes(range(256)) * 40, "agenda.txt", 422),
    "empty": (b"", "agenda.txt", 422),
    "blank": (b" \n\t\n", "agenda.txt", 422),
    "no-topics": (b"Lunch\nCoffee break\n", "agenda.txt", 422),
    "pdf": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n", "agenda.pdf", 422),
    "pdf-called-text": (b"%PDF-1.7\n\x00\x01\x02 binary", "agenda.txt", 422),
    "zip": (b"PK\x03\x04" + bytes(60), "agenda.docx", 422),
    "program": (b"\x7fELF" + bytes(200), "agenda.md", 422),
    "fifty-megabytes": (b"x" * 50_000_000, "agenda.txt", 413),
    "eleven-megabytes": (b"x\n" * 5_500_000, "agenda.txt", 413),
}


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["kk", "en"])
@pytest.mark.parametrize("name", UPLOADS)
def test_a_file_that_is_no_agenda_is_refused_with_a_sentence(
    app: Flask, scene: Scene, name: str, language: str
) -> None:
    content, filename, status = UPLOADS[name]
    client = visitor(app, scene.people.moderator, language=language)
    token = token_of(client.get(f"/{language}/o/consultations/import"))
    answer = upload(client, f"/{language}/o/consultations/import", token, "from-upload", filename, content)
    assert answer.status_code == status
    page = Page(answer, f"/{language}/o/consultations/import")
    assert page.document.get("lang") == language
    assert page.error_summary or status == 413
    with app.app_context():
        assert not db.session.scalar(sa.select(Consultation.id).filter_by(slug="from-upload"))


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\agenda\\a.txt", "a\x00.txt", "ә" * 300 + ".txt", '"a.txt']
)
def test_the_name_of_a_file_is_only_a_name(app: Flask, scene: Scene, name: str) -> None:
    client = visitor(app, scene.people.moderator)
    token = token_of(client.get("/en/o/consultations/import"))
    answer = upload(client, "/en/o/consultations/import", token, "named", name, AGENDA.encode())
    assert_answered(client, answer, ascii(name))
    if answer.status_code == 303:
        client.submit(client.follow(Page(answer, "/en/o/consultations/import")), "/import/", act="make")
        page = client.get("/en/c/named")
        (link,) = [link.get("href", "") for link in page.select("#documents ~ ul a, a[download]")][:1]
        document = client.get(link)
        disposition = document.response.headers["Content-Disposition"]
        assert disposition.startswith("attachment")
        assert "/" not in disposition.replace("UTF-8''", "")
        assert document.response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert document.response.data == AGENDA.encode()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_an_upside_down_timetable_is_refused_and_the_words_stay(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get("/en/o/consultations/new")
    refused = client.submit(
        page, "/new", status=422, slug="upside-down", title_kk="Көше", summary_ru="Долгий текст",
        opens_at=local_time(timedelta(days=9)), closes_at=local_time(timedelta(days=8)),
    )  # fmt: skip
    assert refused.error_summary == ["The closing time must come after the opening time."]
    assert refused.select(".errors a")[0].get("href") == "#closes_at"
    assert refused.select("#summary_ru")[0].text_content().strip() == "Долгий текст"
    assert refused.select("#title_kk")[0].get("value") == "Көше"


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "written", ["yesterday", "2026-02-30T10:00", "0001-01-01T00:00", "10000-01-01T00:00"]
)
def test_a_time_that_is_none_is_refused_at_its_field(app: Flask, scene: Scene, written: str) -> None:
    client = visitor(app, scene.people.moderator)
    page = client.get("/en/o/consultations/new")
    refused = client.submit(page, "/new", status=422, slug="no-time", title_kk="Көше", closes_at=written)
    assert [link.get("href") for link in refused.select(".errors a")] == ["#closes_at"]
