"""How heavy a page is: what is compressed, what stays plain on purpose, and files of other releases."""

from pathlib import Path

import pytest
from flask import Flask

from consult.web import assets
from tests.support.faults import unpacked
from tests.support.pages import PageClient
from tests.support.scenes import Scene, token_of, visitor

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("zstd", "zstd"),
        ("zstd;q=0, deflate", None),
        ("identity", None),
        ("", None),
    ],
)
def test_a_page_goes_out_as_the_browser_can_unpack_it(
    app: Flask, scene: Scene, accepted: str, encoding: str | None
) -> None:
    client = visitor(app).flask
    url = f"/kk/c/{scene.open.slug}/q/1"
    answer = client.get(url, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert {"Accept-Encoding", "Cookie"} <= set(answer.vary)
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert unpacked(answer.data, dict(answer.headers)) == client.get(url).data
    assert (len(answer.data) < len(client.get(url).data) / 2) is (encoding is not None)


def test_a_page_with_secrets_is_compressed_only_where_nobody_else_chooses_its_words(
    app: Flask, scene: Scene
) -> None:
    """The BREACH attack reads a secret from the size of a page that repeats an attacker's guesses."""
    known = visitor(app, scene.people.dauren)
    question = f"/en/c/{scene.open.slug}/q/1"

    def encoding(url: str, **sent: str) -> str | None:
        page = (
            known.flask.post(url, data=sent, headers=BROWSER)
            if sent
            else known.flask.get(url, headers=BROWSER)
        )
        return page.headers.get("Content-Encoding")

    assert encoding(question) == "zstd"
    assert encoding(f"{question}?before=7") is None
    assert encoding("/en/sign-in?next=/en/csrf_token=guess") is None
    assert encoding("/en/a-guess-in-the-address") is None
    token = token_of(known.get(question))
    assert encoding(f"{question}/comments", csrf_token=token, body=" ") is None
    stranger = visitor(app).flask
    assert stranger.get("/en/consultations?phase=soon", headers=BROWSER).headers["Content-Encoding"] == "br"
    assert stranger.get("/en/sign-in?next=/en/guess", headers=BROWSER).headers.get("Content-Encoding") is None


def test_a_document_is_handed_out_as_it_is(app: Flask, scene: Scene) -> None:
    known = visitor(app, scene.people.moderator).flask
    answer = known.get(f"/en/c/{scene.waiting.slug}/documents/{scene.document}", headers=BROWSER)
    assert "Content-Encoding" not in answer.headers


def test_files_come_compressed_from_the_instance_folder(client: PageClient) -> None:
    sheet = client.get("/kk/").select("link[rel=stylesheet]")[0].get("href", "")
    plain = client.flask.get(sheet, buffered=True).data
    for encoding in ("br", "gzip"):
        answer = client.flask.get(sheet, headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert unpacked(answer.data, dict(answer.headers)) == plain
        answer.close()


def test_files_of_another_release_lead_to_those_of_this_one(client: PageClient) -> None:
    sheet = client.get("/kk/").select("link[rel=stylesheet]")[0].get("href", "")
    name = sheet.split("/", 3)[3]
    answer = client.flask.get(f"/s/0123456789/{name}")
    assert (answer.status_code, answer.location) == (302, sheet)
    assert answer.headers["Cache-Control"] == "no-cache"
    client.get("/s/0123456789/css/never-was.css", status=404)
    client.get(sheet.replace(".css", "-never-was.css"), status=404)
    client.get("/s/0123456789/../../setup.cfg", status=404)


def test_files_are_compressed_once_and_whole(tmp_path: Path, app: Flask) -> None:
    root = tmp_path / "static"
    root.mkdir()
    (root / "long.css").write_text("a { color: red; }\n" * 200)
    (root / "short.txt").write_text("x")
    made = assets.compressed(root, tmp_path / "cache" / "one")
    assert {path.name for path in made.iterdir()} == {"long.css", "long.css.br", "long.css.gz", "short.txt"}
    before = (made / "long.css.br").stat().st_mtime_ns
    assert assets.compressed(root, tmp_path / "cache" / "one") == made
    assert (made / "long.css.br").stat().st_mtime_ns == before
    assert [path.name for path in made.parent.iterdir()] == ["one"], "no half-made folder is left"
    assert {path.name for path in root.iterdir()} == {"long.css", "short.txt"}, "the sources stay as they are"


def test_where_nothing_can_be_written_files_go_out_as_they_are(
    tmp_path: Path, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    root = tmp_path / "static"
    root.mkdir()
    assert assets.compressed(root, tmp_path / "file" / "one") == root
    assert "uncompressed" in caplog.text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_needs_no_script_and_stays(app: Flask, theme: str) -> None:
    client = PageClient(app)
    page = client.get("/en/appearance")
    assert page.document.get("data-theme") is None
    assert page.select("input[name=theme][checked]")[0].get("value") == "auto"
    seen = client.submit(page, "/appearance", theme=theme)
    assert seen.url == "/en/appearance"
    for path in ("/en/appearance", "/kk/", "/ru/nothing-here"):
        chosen = client.get(path, status=404 if "nothing" in path else 200)
        assert chosen.document.get("data-theme") == theme
        assert chosen.select("meta[name=color-scheme]")[0].get("content") == theme
    assert seen.select("input[name=theme][checked]")[0].get("value") == theme
    client.submit(seen, "/appearance", theme="auto")
    assert client.get("/kk/").document.get("data-theme") is None


def test_the_cookie_of_the_theme_holds_a_theme_and_nothing_else(app: Flask) -> None:
    client = PageClient(app)
    answer = client.submit(client.get("/en/appearance"), "/appearance", follow=False, theme="dark")
    cookies = answer.response.headers.getlist("Set-Cookie")
    kept = next(cookie for cookie in cookies if cookie.startswith("theme="))
    assert kept.startswith("theme=dark;")
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    refused = client.submit(client.get("/en/appearance"), "/appearance", status=422, theme='dark" onload="x')
    assert refused.error_summary
    client.flask.set_cookie("theme", 'dark" onload="x')
    assert client.get("/en/").document.get("data-theme") is None


def test_pages_without_a_form_for_it_load_no_htmx(app: Flask, scene: Scene) -> None:
    question = f"/kk/c/{scene.open.slug}/q/1"
    assert visitor(app).get(question).select("script[src*=htmx]") == []
    assert visitor(app, scene.people.dauren).get(question).select("script[src*=htmx]")
    assert visitor(app, scene.people.dauren).get("/kk/rules").select("script[src*=htmx]") == []


def test_a_page_names_beforehand_the_letters_of_its_language(client: PageClient) -> None:
    for language, font in (("kk", "cyrillic"), ("ru", "cyrillic"), ("en", "latin")):
        (link,) = client.get(f"/{language}/").select("link[rel=preload]")
        assert f"onest-{font}.woff2" in link.get("href", "")
