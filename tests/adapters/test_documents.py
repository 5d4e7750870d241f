"""Bytes that people upload, and the text with places that they become."""

import contextlib
import hashlib
import time

import pytest

from consult.adapters.documents import LARGEST_BYTES, read_document
from consult.domain.agenda.items import Agenda
from consult.domain.agenda.reading import read_agenda
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language

PAGE = """<!doctype html><html><head><title>Forum &amp; agenda</title><link rel="canonical" href="https://example.org/f">
<style>p {}</style></head><body><nav>Home</nav><h1>Programme</h1><p>5 March 2019</p>
<table><tr><th>Time<th>What<th>Who</tr><tr><td>9:00-9:30<td>Registration<td></tr>
<tr><td>9:30-10:00<td><p>Water prices in cities</p><p>Ms A, Minister</p><td>Room 2</tr>
<tr><td>10:00-11:00<td><b>Bus</b> lanes<td>Mr B</table>
<script>alert(1)</script><p hidden>secret</p><ul><li>one<li>two</ul>"""


def read(content: bytes, filename: str = "agenda.html") -> Agenda:
    document = read_document(content, filename)
    return read_agenda(document.lines, Language.EN, document.places)


def test_plain_text_keeps_its_lines_and_numbers() -> None:
    content = b"Source: https://example.org/a (copy)\r\nAgenda\r\n\r\n- Roads\r\n"
    document = read_document(content, "a.txt")

    assert document.media_type == "text/plain"
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.source_url == "https://example.org/a"
    assert [(p.place, p.text) for p in document.passages][-1] == (4, "- Roads")
    assert document.place_name == "lines"


def test_markdown_is_known_by_its_name_and_takes_its_first_heading_as_title() -> None:
    document = read_document(b"intro\n# Forum on rivers #\n", "a.MD")

    assert (document.media_type, document.title) == ("text/markdown", "Forum on rivers")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_russian_text_is_read_in_the_usual_encodings(encoding: str) -> None:
    assert read_document("Повестка дня: дороги".encode(encoding), "a.txt").lines == ["Повестка дня: дороги"]


def test_a_page_is_known_by_its_content_and_becomes_paragraphs() -> None:
    document = read_document(PAGE.encode(), "agenda.txt")

    assert (document.media_type, document.title, document.place_name) == (
        "text/html",
        "Forum & agenda",
        "paragraph",
    )
    assert document.source_url == "https://example.org/f"
    assert "10:00-11:00 | Bus lanes | Mr B" in document.lines
    assert not any("alert" in line or "secret" in line or "Home" in line for line in document.lines)
    assert document.passages[0].source_line == 2


def test_the_topics_of_a_page_cite_their_paragraph() -> None:
    topics = read(PAGE.encode()).topics

    assert [(t.title, t.passage.place.first) for t in topics] == [
        ("Water prices in cities", 5),
        ("Bus lanes", 6),
    ]


def test_a_page_may_declare_its_encoding() -> None:
    page = '<html><meta charset="koi8-r"><p>Повестка дня</p>'

    assert read_document(page.encode("koi8-r"), "a.html").lines[0] == "Повестка дня"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.DOCUMENT_EMPTY),
        (b" \r\n\t", Reason.DOCUMENT_EMPTY),
        (b"\xef\xbb\xbf\n", Reason.DOCUMENT_EMPTY),
        (b"<html><body></body></html>", Reason.DOCUMENT_EMPTY),
        (b"a" * (LARGEST_BYTES + 1), Reason.DOCUMENT_TOO_LARGE),
        (b"%PDF-1.7\n\x00\x01", Reason.DOCUMENT_DAMAGED),
        (b"PK\x03\x04\x14\x00", Reason.DOCUMENT_DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Reason.DOCUMENT_TYPE_UNSUPPORTED),
        (b"{\\rtf1 Agenda}", Reason.DOCUMENT_TYPE_UNSUPPORTED),
        (b"<?xml version='1.0'?><a>b</a>", Reason.DOCUMENT_TYPE_UNSUPPORTED),
        (b"\x89PNG\r\n\x1a\n\x00\x00", Reason.DOCUMENT_NOT_TEXT),
        (b"\x7fELF\x02\x01\x01\x00", Reason.DOCUMENT_NOT_TEXT),
        ("café déjà vu".encode("latin-1"), Reason.DOCUMENT_UNREADABLE),
        (b"\xff\xfea", Reason.DOCUMENT_UNREADABLE),
        (b"abc \x98\x98", Reason.DOCUMENT_UNREADABLE),
    ],
)
@pytest.mark.parametrize("filename", ["a.txt", "a.html", "a"])
def test_what_cannot_be_read_is_refused_with_a_reason(content: bytes, reason: Reason, filename: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_document(content, filename)

    assert refusal.value.reason is reason


def test_entities_of_a_page_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    outside = '<!ENTITY f SYSTEM "file:///etc/hostname">'
    page = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "ha">{entities}{outside}]>'
    page += "<html><p>&e9;&f; Agenda</p></html>"
    began = time.perf_counter()
    document = read_document(page.encode(), "a.html")

    assert time.perf_counter() - began < 2
    assert sum(map(len, document.lines)) < len(page)


@pytest.mark.parametrize(
    "page",
    [
        "<p>" + "<div>" * 100_000 + "deep",
        "<table><tr><td>" * 20_000 + "x",
        "<p>a<p" * 100_000,
        "<html>" + "&" * 1_000_000,
        "<ul><li>x" * 100_000,
    ],
    ids=["divs", "tables", "open tags", "ampersands", "lists"],
)
def test_broken_or_endless_markup_is_read_or_refused_soon(page: str) -> None:
    began = time.perf_counter()
    with contextlib.suppress(Refused):
        read_document(page.encode(), "a.html")

    assert time.perf_counter() - began < 20
