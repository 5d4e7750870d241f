"""The script that judges the catalogues finds each way in which one can be wrong."""

import importlib.util
from pathlib import Path
from types import ModuleType

import polib
import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "translations.py"
UNREAD = "needs a native reader"
SOURCES = polib.POFile()
SOURCES.extend([
    polib.POEntry(msgid="Sign in"),
    polib.POEntry(msgid="Open until %(instant)s"),
    polib.POEntry(msgid="%(num)s vote", msgid_plural="%(num)s votes"),
])  # fmt: skip


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def good() -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Plural-Forms": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);",
        "Content-Type": "text/plain; charset=utf-8",
    }
    forms = {0: "%(num)s голос", 1: "%(num)s голоса", 2: "%(num)s голосов"}
    catalogue.extend([
        polib.POEntry(msgid="Sign in", msgstr="Войти", tcomment="source: Django"),
        polib.POEntry(msgid="Open until %(instant)s", msgstr="До %(instant)s", tcomment=UNREAD),
        polib.POEntry(
            msgid="%(num)s vote", msgid_plural="%(num)s votes", msgstr_plural=forms, tcomment=UNREAD
        ),
    ])  # fmt: skip
    return catalogue


def faults(script: ModuleType, catalogue: polib.POFile, folder: Path) -> list[str]:
    path = folder / "messages.po"
    catalogue.save(str(path))
    return list(script.catalogue_faults("ru", path, SOURCES))


def test_a_whole_catalogue_is_without_fault(script: ModuleType, tmp_path: Path) -> None:
    assert faults(script, good(), tmp_path) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda c: c.remove(c.find("Sign in")), "not in the catalogue: 'Sign in'"),
        (lambda c: setattr(c.find("Sign in"), "msgstr", ""), "0 of 1 forms translated"),
        (lambda c: setattr(c.find("Sign in"), "msgstr", "  "), "0 of 1 forms translated"),
        (lambda c: c.find("Sign in").flags.append("fuzzy"), "fuzzy"),
        (lambda c: setattr(c.find("Sign in"), "obsolete", True), "obsolete: 'Sign in'"),
        (lambda c: c.append(polib.POEntry(msgid="Gone", msgstr="Нет", tcomment=UNREAD)), "no page says it"),
        (lambda c: setattr(c.find("Sign in"), "tcomment", ""), "no comment"),
        (lambda c: setattr(c.find("Sign in"), "tcomment", "source:"), "no comment"),
        (lambda c: setattr(c.find("Sign in"), "tcomment", "checked"), "no comment"),
        (lambda c: setattr(c.find("Open until %(instant)s"), "msgstr", "До"), "placeholders []"),
        (lambda c: c.find("%(num)s vote").msgstr_plural.pop(2), "2 of 3 forms translated"),
        (lambda c: c.metadata.pop("Plural-Forms"), "no Plural-Forms"),
    ],
)
def test_every_way_to_be_wrong_is_found(script: ModuleType, tmp_path: Path, spoil: object, said: str) -> None:
    catalogue = good()
    spoil(catalogue)  # type: ignore[operator]
    found = faults(script, catalogue, tmp_path)
    assert any(said in fault for fault in found), found
    assert all(fault.startswith("ru: ") for fault in found)


def test_a_missing_catalogue_is_found(script: ModuleType, tmp_path: Path) -> None:
    assert list(script.catalogue_faults("ru", tmp_path / "messages.po", SOURCES)) == [
        "ru: there is no catalogue messages.po"
    ]


def test_marking_leaves_sourced_sentences_alone(script: ModuleType, tmp_path: Path) -> None:
    catalogue = good()
    entry = catalogue.find("Open until %(instant)s")
    assert entry is not None
    entry.tcomment = ""
    path = tmp_path / "ru" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    catalogue.save(str(path))
    assert script.note(path) == 1
    assert script.note(path) == 0
    comments = {entry.msgid: entry.tcomment for entry in polib.pofile(str(path))}
    assert comments["Open until %(instant)s"] == UNREAD
    assert comments["Sign in"] == "source: Django"
    assert list(script.catalogue_faults("ru", path, SOURCES)) == []
