"""Every sentence comes out of the catalogue: a made-up language wraps each, and what is bare was forgotten.

The made-up catalogue stands in the place of the Russian one: addresses, dates and plurals work as ever.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
import sqlalchemy as sa
from babel import Locale
from flask import Flask
from flask_babel import force_locale
from lxml.html import HtmlElement
from wtforms.i18n import get_translations

from consult.domain.errors import Reason, Refused
from consult.domain.opening import Missing
from consult.models.base import Base, db
from consult.web import refusals, words
from consult.web.i18n import LABELS
from tests.support.application import SERVICE_NAMES, let_go
from tests.support.faults import SAID
from tests.support.installations import Installation, Installations
from tests.support.pages import Page, PageClient
from tests.support.scenes import (
    Scene,
    administrator_paths,
    citizen_paths,
    official_paths,
    public_paths,
    visitor,
)
from tests.web.test_authorisation import ROLES, TABLE, address

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)

PROJECT = Path(__file__).resolve().parents[2]
WRAPPED = re.compile(r"⟦[^⟦⟧]*⟧")
LETTER = re.compile(r"[^\W\d_]")
RUSSIAN = Locale("ru")
DATE = re.compile(
    rf"\d{{1,2}} (?:{'|'.join(RUSSIAN.months['format']['wide'].values())}) \d{{4}}(?:\sг\.)?", re.IGNORECASE
)
NAMES = re.compile(
    r"\b(?:Consult|SHA-256|CSV|JSON Lines|JSON|UTF-8|Excel|HTML|PDF|DOCX|PNG|JPEG|Markdown|ID|URL)\b"
)
"""Names of things that are the same in every language."""
SILENT = {"script", "style", "code", "kbd", "textarea", "time"}
"""What is no sentence: programs, codes, keys, people's own words, instants."""


def pseudo(sentence: str) -> str:
    """The sentence in the made-up language; the name of the service is a name there too."""
    return sentence if sentence in SERVICE_NAMES.values() else f"⟦{sentence}⟧"


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the catalogue of the made-up language."""
    folder = tmp_path_factory.mktemp("catalogues")
    template = folder / "messages.pot"
    script = [sys.executable, str(PROJECT / ".ci" / "translations.py"), "--extract", str(template)]
    subprocess.run(script, check=True, cwd=PROJECT)
    catalogue = polib.pofile(str(template))
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);",
    }
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {form: pseudo(entry.msgid_plural) for form in range(3)}
        else:
            entry.msgstr = pseudo(entry.msgid)
    path = folder / "ru" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    catalogue.save(str(path))
    return folder


@pytest.fixture
def pseudo_app(installations: Installations, installation: Installation, catalogues: Path) -> Iterator[Flask]:
    """The application in the made-up language, on the database of the scene."""
    app = installations.another_app(installation)
    app.config["CATALOGUES"] = catalogues
    yield app
    let_go(app)


@pytest.fixture
def content(app: Flask, scene: Scene) -> list[str]:
    """Every word that people wrote: all texts of all tables that are no codes, the longest first."""
    del scene  # it must stand before it is read
    found: set[str] = set()
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum):
                    found |= set(db.session.scalars(sa.select(column).distinct()))
    texts = {" ".join(str(text).split()) for text in found if text}
    return sorted([*filter(_is_written, texts), *library_messages()], key=len, reverse=True)


def library_messages() -> list[str]:
    """What the form library says of itself in Russian: it has a catalogue of its own."""
    catalogue = getattr(get_translations(["ru"]), "_catalog", {})
    return [said for key, said in catalogue.items() if key and said]


def _is_written(text: str) -> bool:
    """Whether somebody wrote it: several words, Cyrillic letters, an address or the name of a file."""
    return bool(re.search(r"[\s@.А-яӘ-ӿ]", text))


def bare(document: HtmlElement, content: list[str]) -> Iterator[str]:
    """Pieces of what a page says that neither the catalogue nor a person has said."""
    for element in document.iter("*"):
        if not isinstance(element.tag, str) or element.tag in SILENT or _is_in_another_language(element):
            continue
        pieces = [element.get(name) for name in (*SAID, "data-toast")]
        pieces += [element.text, *(child.tail for child in element)]
        for piece in filter(None, pieces):
            if rest := remainder(piece, content):
                yield f"{rest!r} in {' '.join(piece.split())[:90]!r} of <{element.tag}>"


def remainder(said: str, content: list[str]) -> str:
    """What is left without the catalogue, people's words, dates and names; empty where no letter is."""
    rest = " ".join(said.split())
    for text in content:
        rest = rest.replace(text, "")
    while WRAPPED.search(rest):
        rest = WRAPPED.sub("", rest)
    rest = NAMES.sub("", DATE.sub("", rest)).strip()
    return rest if LETTER.search(rest) else ""


def _is_in_another_language(element: HtmlElement) -> bool:
    """Content and names of languages; the page itself is in Russian's place."""
    chain = (element, *element.iterancestors())
    language = next((found for each in chain if (found := each.get("lang"))), "ru")
    names = {*LABELS.values(), *words.LANGUAGE_NAMES.values()}
    return language != "ru" or " ".join((element.text or "").split()) in names


def paths_of(app: Flask, scene: Scene, role: str) -> list[str]:
    """Every page that answers a role with 200: those of the scene, and each route of the table."""
    groups = {
        "anonymous": public_paths(scene),
        "citizen": citizen_paths(scene),
        "official": official_paths(scene),
        "administrator": administrator_paths(scene),
    }
    by_table = []
    for rule in app.url_map.iter_rules():
        row = TABLE.get(("GET", rule.endpoint))
        if row is not None and row.statuses[ROLES.index(role)] == 200 and "lang" in rule.arguments:
            by_table.append(address(app, scene, rule, row.values).removeprefix("/en"))
    return list(dict.fromkeys([*groups[role], *by_table]))


def member_of(scene: Scene, role: str) -> object:
    people = scene.people
    return dict(zip(ROLES, (None, people.aigerim, people.moderator, people.administrator), strict=True))[role]


def forms_sent_empty(client: PageClient, page: Page) -> Iterator[Page]:
    """What each form of a page answers when it is sent with nothing but its hidden fields."""
    for form in page.document.forms:
        action = form.get("action") or page.url
        if form.method.upper() == "POST" and not re.search("sign-out|/delete|/publish|/restore", action):
            hidden = {
                str(field.get("name")): field.get("value", "")
                for field in form.cssselect("input[type=hidden][name]")
            }
            answer = client.flask.post(action, data=hidden)
            if answer.mimetype == "text/html" and answer.status_code >= 400:
                yield Page(answer, action)


@pytest.mark.parametrize("role", ROLES)
def test_no_page_says_anything_that_is_not_in_the_catalogue(
    pseudo_app: Flask, scene: Scene, content: list[str], role: str
) -> None:
    member = member_of(scene, role)
    client = visitor(pseudo_app, member)  # type: ignore[arg-type]
    forgotten: set[str] = set()
    for path in paths_of(pseudo_app, scene, role):
        answer = client.flask.get(f"/ru{path}")
        if answer.mimetype != "text/html" or answer.status_code in {301, 302, 303}:
            continue
        page = Page(answer, f"/ru{path}")
        for seen in (page, *forms_sent_empty(client, page)):
            forgotten |= {f"{seen.url.partition('?')[0]}: {piece}" for piece in bare(seen.document, content)}
    assert not forgotten, "\n".join(sorted(forgotten))


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_comes_from_the_catalogue(pseudo_app: Flask, reason: Reason) -> None:
    refused = Refused(reason, limit=5000, missing=[item.value for item in Missing])
    with pseudo_app.test_request_context("/ru/"), force_locale("ru"):
        said = refusals.sentence(refused)
    assert said.startswith("⟦")
    assert remainder(said, []) == ""


def test_the_search_for_bare_sentences_finds_them(kind: str) -> None:
    import lxml.html  # noqa: PLC0415

    page = lxml.html.document_fromstring(
        "<html lang=ru><body><p title='A hint'>⟦Kept %s⟧ until 3 июня 2026 г., 18:00</p>"
        "<p>⟦a ⟦nested⟧ one⟧ – Айгерім</p><img alt='A picture'><p lang=kk>Жасыл</p><code>x</code>"
    )
    assert [piece.split(" in ")[0] for piece in bare(page, ["Айгерім"])] == [
        "'A hint'",
        "'until , 18:00'",
        "'A picture'",
    ]


def test_messages_of_the_form_library_are_translated(kind: str) -> None:
    for language in ("kk", "ru"):
        translated = get_translations([language]).gettext("Not a valid choice.")
        assert translated != "Not a valid choice."
