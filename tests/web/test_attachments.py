"""Documents beside a consultation: how they are laid there, and how everybody gets them."""

from io import BytesIO

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from consult.domain.errors import Reason
from consult.models.attachments import Attachment
from tests.support.cast import count
from tests.support.files import docx_of, pdf_of
from tests.support.pages import PageClient
from tests.support.scenes import PICTURE, Scene, token_of, visitor

PDF = pdf_of([["A plan of the street"]])


def upload(client: PageClient, slug: str, content: bytes, filename: str, **fields: str) -> TestResponse:
    url = f"/en/o/consultations/{slug}/documents"
    given = {"title_kk": "Жоспар", "title_ru": "План", "language": "ru", **fields}
    data = {"csrf_token": token_of(client.get(url)), "document": (BytesIO(content), filename), **given}
    return client.flask.post(url, data=data)


def test_a_document_is_laid_and_everybody_downloads_it(app: Flask, scene: Scene) -> None:
    official = visitor(app, scene.people.moderator)
    assert upload(official, scene.open.slug, PDF, "plan.pdf").status_code == 303
    seen = visitor(app).get(f"/ru/c/{scene.open.slug}/documents")
    entry = next(
        item
        for item in seen.select("main li")
        if "План" in item.text_content() and "PDF" in item.text_content()
    )
    assert "Русский" in entry.text_content()
    link = str(entry.cssselect("a")[0].get("href"))
    answer = visitor(app).flask.get(link)
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=plan.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_download_is_asked_for_by_its_checksum_and_not_sent_twice(app: Flask, scene: Scene) -> None:
    url = f"/en/c/{scene.open.slug}/files/{scene.attachment}"
    first = visitor(app).flask.get(url)
    assert first.data == PICTURE
    again = visitor(app).flask.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = visitor(app).flask.get(url, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    for member in (None, scene.people.dauren):
        answer = visitor(app, member).flask.get(url)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-cache"


def test_a_file_of_a_draft_is_nothing_to_others_and_kept_by_no_cache(app: Flask, scene: Scene) -> None:
    official = visitor(app, scene.people.moderator)
    upload(official, scene.waiting.slug, PDF, "plan.pdf")
    listed = official.get(f"/en/c/{scene.waiting.slug}/documents")
    link = next(
        url for url in (str(each.get("href")) for each in listed.select("main a")) if "/files/" in url
    )
    for member in (None, scene.people.dauren):
        visitor(app, member).get(link, status=404)
        visitor(app, member).get(f"/en/c/{scene.waiting.slug}/documents", status=404)
    answer = official.flask.get(link)
    assert answer.data == PDF
    assert answer.headers["Cache-Control"] == "private, no-store"
    visitor(app).get(link.replace(scene.waiting.slug, scene.open.slug), status=404)


@pytest.mark.parametrize(
    ("content", "filename", "reason"),
    [
        (b"<html><script>alert(1)</script></html>", "plan.pdf", Reason.ATTACHMENT_TYPE_UNSUPPORTED),
        (b"MZ a program", "plan.docx", Reason.ATTACHMENT_TYPE_UNSUPPORTED),
        (PICTURE, "", Reason.DOCUMENT_MISSING),
        (PDF + docx_of(["x"]), "plan.pdf", Reason.DOCUMENT_AMBIGUOUS),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence_at_its_field(
    app: Flask, scene: Scene, content: bytes, filename: str, reason: Reason
) -> None:
    client = visitor(app, scene.people.moderator)
    answer = upload(client, scene.open.slug, content, filename)
    assert answer.status_code == 422, reason
    assert 'href="#document"' in answer.text
    assert "Жоспар" in answer.text
    with app.app_context():
        assert count(Attachment) == 1


def test_a_hostile_name_becomes_a_harmless_one(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    upload(client, scene.open.slug, PDF, '..\\..\\"><img src=x onerror=alert(1)>.html')
    page = client.get(f"/en/o/consultations/{scene.open.slug}/documents")
    assert not page.select("main img")
    link = [
        str(each.get("href"))
        for each in visitor(app).get(f"/en/c/{scene.open.slug}/documents").select("main a")
    ]
    files = [url for url in link if "/files/" in url]
    answer = visitor(app).flask.get(files[-1])
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["Content-Disposition"].endswith('.html.pdf"')


def test_a_document_is_renamed_moved_and_removed(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.moderator)
    upload(client, scene.open.slug, PDF, "plan.pdf", title_kk="Екінші")
    url = f"/en/o/consultations/{scene.open.slug}/documents"
    page = client.submit(client.get(url), "/up")
    assert [each.text_content() for each in page.select("main ol div > a")] == ["Екінші", "Көшенің жоспары"]
    edit = client.get(f"{url}/{scene.attachment}")
    refused = client.submit(edit, f"/{scene.attachment}", status=422, title_kk="", title_ru="", title_en="")
    assert [link.get("href") for link in refused.select(".errors a")] == ["#title_kk"]
    page = client.submit(edit, f"/{scene.attachment}", title_en="The plan")
    assert "The plan" in page.text
    page = client.submit(page, f"/{scene.attachment}/remove")
    assert "The plan" not in page.text
    visitor(app).get(f"/en/c/{scene.open.slug}/files/{scene.attachment}", status=404)
    log = visitor(app, scene.people.administrator).get("/en/a/audit?act=attachment_removed")
    assert "Document removed" in log.text


def test_the_page_of_a_consultation_leads_to_its_documents(app: Flask, scene: Scene) -> None:
    links = {str(each.get("href")) for each in visitor(app).get(f"/en/c/{scene.open.slug}").select("main a")}
    assert f"/en/c/{scene.open.slug}/documents" in links
    seen = visitor(app, scene.people.moderator).get(f"/en/c/{scene.waiting.slug}/documents")
    assert "Agendas that the questions come from" in seen.text
