"""The judge of pages finds each fault that it is there for, and no test can get a page past it."""

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from tests.support.application import let_go, make_application, migrate
from tests.support.faults import WatchedClient, answer_faults, watched

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Encoding, Cookie",
}
PRIVATE = HEADERS | {"Cache-Control": "private, no-store"}
PROPER = """<!DOCTYPE html><html lang="ru"><head><meta name="viewport" content="width=device-width">
<title>Вопрос – Consult</title></head><body><main><h1>Вопрос</h1><h2>Ответы</h2>{}</main></body></html>"""


def faults(main: str = "", page: str = PROPER, **headers: str) -> list[str]:
    changed = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    return list(answer_faults("/ru/q/1", changed, page.format(main).encode(), {}))


def test_a_proper_page_is_without_fault() -> None:
    assert faults("<p>Слова</p><img src='/s/1/a.svg' alt=''>") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lang="ru"', "", "has lang=None"),
        ('lang="ru"', 'lang="kk"', "has lang='kk'"),
        ("Вопрос – Consult", "Вопрос", "does not say the page and then"),
        ("Вопрос – Consult", "– Consult", "does not say the page and then"),
        ("viewport", "other", "no viewport"),
        ("<h1>Вопрос</h1>", "", "0 h1"),
        ("<h1>", "<h1>Ещё</h1><h1>", "2 h1"),
        ("h2>", "h3>", "h3 'Ответы' follows h1"),
        ("main>", "div>", "not exactly one <main>"),
    ],
)
def test_faults_of_the_whole_page_are_found(old: str, new: str, said: str) -> None:
    found = faults(page=PROPER.replace(old, new))
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize(
    ("main", "said"),
    [
        ("<p id=a></p><p id=a></p>", "id 'a' stands 2 times"),
        ("<p aria-describedby='b'>x</p>", "points to ['b']"),
        ("<p aria-errormessage='b'>x</p>", "points to ['b']"),
        ("<a href='#b'>x</a>", "leads to #b"),
        ("<input name=q>", "has no label"),
        ("<label for=q> </label><input id=q>", "has no label"),
        ("<form method=post></form>", "without a token"),
        ("<form method=POST><input type=hidden name=csrf_token value=''></form>", "without a token"),
        ("<fieldset></fieldset>", "without a legend"),
        ("<button> <svg aria-hidden=true></svg></button>", "without a name"),
        ("<a href='/'><img src='/a' alt=''></a>", "without a name"),
        ("<img src='/a'>", "without alt"),
        ("<svg></svg>", "neither hidden nor named"),
        ("<nav></nav>", "a region without a name"),
        ("<p style='color: red'>x</p>", "inline style"),
        ("<p onclick='x()'>x</p>", "inline onclick"),
        ("<p hx-on:click='x()'>x</p>", "inline hx-on:click"),
        ("<a href=' JavaScript:x()'>x</a>", "inline href"),
        ("<style></style>", "a <style> element"),
        ("<script>x()</script>", "an inline script"),
        ("<script src='/x.js'></script>", "waits for"),
        ("<img alt='' src='//elsewhere.example/a'>", "another host"),
        ("<form action='https://elsewhere.example/'></form>", "another host"),
        ("<p tabindex=3>x</p>", "tabindex above 0"),
        ("<h2></h2>", "empty heading"),
        ("<p hx-get='/x'>x</p>", "htmx is not loaded and used"),
        ("<script defer src='/s/1/htmx.min.js'></script>", "htmx is loaded and not used"),
        ("<p>Открыто до %(instant)s</p>", "'%(instant)'"),
        ("<p title='Choice.AGREE'>x</p>", "'Choice.AGREE'"),
        ("<p>Всего: None</p>", "'None'"),
        ("<p>Register</p>", "says it in English"),
        ("<p>Жасыл көше</p>", "is in kk and stands as ru"),
        ("<p lang=en>Зелёная улица</p>", "is in ru and stands as en"),
    ],
)
def test_faults_inside_a_page_are_found(main: str, said: str) -> None:
    found = faults(main)
    assert any(said in fault for fault in found), found


def test_content_that_names_its_language_and_peoples_own_words_are_no_faults() -> None:
    assert faults("<p lang=kk>Жасыл көше</p><p class=prose>None of %(this)s</p><p>Войти</p>") == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Content_Security_Policy", "", "lacks default-src 'none'"),
        ("Content_Security_Policy", HEADERS["Content-Security-Policy"] + " 'unsafe-inline'", "is lax"),
        ("Content_Security_Policy", HEADERS["Content-Security-Policy"] + " https://cdn.example", "is lax"),
        ("X_Content_Type_Options", "", "nosniff"),
        ("Cache_Control", "", "no Cache-Control"),
        ("Vary", "Cookie", "Vary names only"),
    ],
)
def test_faults_of_headers_are_found(name: str, value: str, said: str) -> None:
    found = faults(**{name: value})
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize("main", [
    "<form method=post action='/ru/sign-out'><input type=hidden name=csrf_token value=t></form>",
    "<form method=post action='/ru/other'><input type=hidden name=csrf_token value=t></form>",
])  # fmt: skip
def test_a_personal_page_must_not_be_cached(main: str) -> None:
    assert any("Cache-Control" in fault for fault in faults(main))
    assert faults(main, Cache_Control="private, no-store") == []


def test_a_fragment_is_judged_without_a_head() -> None:
    asked = {"HX-Request": "true"}
    assert list(answer_faults("/ru/x", HEADERS, "<p>Слова</p>".encode(), asked)) == []
    assert list(answer_faults("/ru/x", HEADERS, b"<p onclick=x>Register</p>", asked)) != []


def _application(folder: Path) -> Flask:
    app = make_application(f"sqlite:///{folder / 'pages.sqlite'}", folder)
    migrate(app)
    let_go(app)
    app.add_url_rule("/ru/improper", "improper", lambda: "<p>Not a page</p>")
    return app


def test_no_client_of_an_application_gets_a_page_unjudged(tmp_path: Path) -> None:
    client = _application(tmp_path).test_client()
    assert isinstance(client, WatchedClient)
    with pytest.raises(AssertionError, match="no proper page"):
        client.get("/ru/improper")


def test_a_live_server_hands_out_no_improper_page(tmp_path: Path) -> None:
    app = _application(tmp_path)
    answer = Client(watched(app.wsgi_app)).get("/ru/improper", headers={"Accept-Encoding": "br"})
    assert answer.status_code == 500
    assert "0 h1 instead of one" in answer.text
    assert (
        Client(watched(app.wsgi_app)).get("/ru/rules", headers={"Accept-Encoding": "br"}).status_code == 200
    )


def test_tests_make_applications_only_where_the_judge_is_put_in() -> None:
    """`create_app` beside `make_application` would give a client that looks away."""
    makers = re.compile(r"\bcreate_app\(|\bFlaskClient\(")
    tests = Path(__file__).parent
    guilty = [
        path.name
        for path in tests.rglob("*.py")
        if path != Path(__file__) and makers.search(path.read_text())
    ]
    assert set(guilty) <= {"application.py", "faults.py"}
