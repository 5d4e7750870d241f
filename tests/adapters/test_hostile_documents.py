"""Files that mean harm, or are broken: each is refused with its own reason, soon, and the reader lives on."""

import os
import resource
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from consult.adapters import document_child, document_reading
from consult.adapters.documents import read_document
from consult.adapters.zip_limits import MOST_MEMBERS
from consult.domain.errors import Reason, Refused
from consult.web import refusals
from tests.support.files import (
    LOCKED,
    docx_of,
    part_of,
    pdf_of,
    pdf_without_text,
    with_parts,
    zip_of,
)

WORD = docx_of(["Agenda", "Roads and bridges"])
PDF = pdf_of([["Agenda", "Roads and bridges"]])
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
MIB = 1024 * 1024


def body(inside: str, before: str = "") -> bytes:
    return with_parts(WORD, document=(f'<?xml version="1.0"?>{before}' + BODY.format(inside)).encode())


def laughs() -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE w [<!ENTITY e0 "ha">{entities}]>'


def lying_zip() -> bytes:
    """The archive says that its text has 200 MB, in both places where it says so."""
    content = bytearray(WORD)
    member = zipfile.ZipFile(BytesIO(WORD)).getinfo("word/document.xml")
    struct.pack_into("<I", content, member.header_offset + 22, 200 * MIB)
    at = content.index(b"PK\x01\x02")
    while content[at + 46 : at + 46 + 17] != b"word/document.xml":
        at = content.index(b"PK\x01\x02", at + 4)
    struct.pack_into("<I", content, at + 24, 200 * MIB)
    return bytes(content)


def locked_zip() -> bytes:
    content = bytearray(WORD)
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


MACRO_TYPES = part_of(WORD, "[Content_Types].xml").replace(
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    b"application/vnd.ms-word.document.macroEnabled.main+xml",
)
HOSTILE: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "a bomb of 200 MB in 200 kB": (
        lambda: with_parts(WORD, document=b" " * (200 * MIB)),
        Reason.DOCUMENT_UNPACKS_TOO_LARGE,
    ),
    "an archive that declares 200 MB": (lying_zip, Reason.DOCUMENT_UNPACKS_TOO_LARGE),
    "a bomb beside the text": (
        lambda: with_parts(WORD, **{"word/media/a.bmp": bytes(50 * MIB)}),
        Reason.DOCUMENT_UNPACKS_TOO_LARGE,
    ),
    "thousands of members": (
        lambda: zip_of({f"word/{n}.xml": b"" for n in range(MOST_MEMBERS + 1)}),
        Reason.DOCUMENT_UNPACKS_TOO_LARGE,
    ),
    "billion laughs": (
        lambda: body("<w:p><w:r><w:t>&e9;</w:t></w:r></w:p>", laughs()),
        Reason.DOCUMENT_UNSAFE,
    ),
    "an external entity": (
        lambda: body(
            "<w:p><w:r><w:t>&f;</w:t></w:r></w:p>", '<!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        ),
        Reason.DOCUMENT_UNSAFE,
    ),
    "entities in UTF-16": (
        lambda: with_parts(
            WORD,
            document=(f'<?xml version="1.0" encoding="UTF-16"?>{laughs()}' + BODY.format("")).encode(
                "utf-16"
            ),
        ),
        Reason.DOCUMENT_UNSAFE,
    ),
    "entities in the styles": (
        lambda: with_parts(WORD, **{"word/styles.xml": (laughs() + "<a>&e9;</a>").encode()}),
        Reason.DOCUMENT_UNSAFE,
    ),
    "a cut archive": (lambda: WORD[: len(WORD) // 2], Reason.DOCUMENT_DAMAGED),
    "an archive with rotten bytes": (lambda: WORD[:60] + b"\xff" * 400 + WORD[460:], Reason.DOCUMENT_DAMAGED),
    "broken XML": (lambda: with_parts(WORD, document=b"<w:document"), Reason.DOCUMENT_DAMAGED),
    "XML of another kind": (lambda: with_parts(WORD, document=b"<a/>"), Reason.DOCUMENT_DAMAGED),
    "deep nesting": (lambda: body("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000), Reason.DOCUMENT_DAMAGED),
    "a Word document with macros": (lambda: with_parts(WORD, types=MACRO_TYPES), Reason.DOCUMENT_WITH_MACROS),
    "macros under an innocent type": (
        lambda: with_parts(WORD, **{"word/vbaProject.bin": b"\0"}),
        Reason.DOCUMENT_WITH_MACROS,
    ),
    "a locked archive": (locked_zip, Reason.DOCUMENT_ENCRYPTED),
    "a locked Word document": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"),
        Reason.DOCUMENT_ENCRYPTED,
    ),
    "a workbook": (
        lambda: zip_of({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"}),
        Reason.DOCUMENT_TYPE_UNSUPPORTED,
    ),
    "any archive": (lambda: zip_of({"agenda.txt": b"10:00 Roads"}), Reason.DOCUMENT_TYPE_UNSUPPORTED),
    "an empty Word document": (lambda: docx_of([]), Reason.DOCUMENT_EMPTY),
    "a scan": (pdf_without_text, Reason.DOCUMENT_WITHOUT_TEXT),
    "a locked PDF": (lambda: pdf_of([["Agenda"]], encryption=LOCKED), Reason.DOCUMENT_ENCRYPTED),
    "a PDF without pages": (lambda: pdf_of([]), Reason.DOCUMENT_DAMAGED),
    "a cut PDF": (lambda: PDF[:400], Reason.DOCUMENT_DAMAGED),
    "a mere PDF header": (lambda: b"%PDF-1.7\n\x00\x01", Reason.DOCUMENT_DAMAGED),
    "a page bomb": (lambda: pdf_without_text(20_000), Reason.DOCUMENT_TOO_MANY_PAGES),
    "a PDF that is an archive too": (lambda: PDF + zip_of({"a": b"b"}), Reason.DOCUMENT_AMBIGUOUS),
    "an archive that is a PDF too": (
        lambda: zip_of({"a": PDF}, compression=zipfile.ZIP_STORED),
        Reason.DOCUMENT_AMBIGUOUS,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("filename", ["agenda.docx", "agenda.pdf"])
def test_a_hostile_file_is_refused_with_its_own_sentence(name: str, filename: str) -> None:
    content, reason = HOSTILE[name]
    with pytest.raises(Refused) as refusal:
        read_document(content(), filename)

    assert refusal.value.reason is reason
    assert refusals.plain_sentence(refusal.value).endswith(".")


def test_a_bomb_is_small_enough_to_pass_the_door() -> None:
    assert len(HOSTILE["a bomb of 200 MB in 200 kB"][0]()) < 300_000


def test_a_page_that_hides_much_text_is_read_only_as_far_as_an_agenda_goes() -> None:
    page = [f"Roads and bridges of the region and of its {number}th district" for number in range(50)]
    document = read_document(pdf_of([page] * 200), "a.pdf")

    assert 350_000 <= sum(map(len, document.lines)) < 450_000


@pytest.fixture
def strained(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The child reads from a module of the tests that asks for more than it may."""
    monkeypatch.setattr(document_child, "CHILD", "tests.support.straining")
    return monkeypatch


@pytest.mark.parametrize("strain", ["memory", "processor", "crash", "noise"])
def test_a_reader_that_takes_too_much_dies_alone(strained: pytest.MonkeyPatch, strain: str) -> None:
    with pytest.raises(Refused) as refusal:
        document_child.parse(b"x", strain)

    assert refusal.value.reason is Reason.DOCUMENT_TOO_COMPLEX


def test_a_reader_that_sleeps_is_woken_by_the_clock(strained: pytest.MonkeyPatch) -> None:
    strained.setattr(document_child, "WALL_SECONDS", 2)
    with pytest.raises(Refused) as refusal:
        document_child.parse(b"x", "sleep")

    assert refusal.value.reason is Reason.DOCUMENT_TOO_COMPLEX


def test_the_child_knows_no_secret_and_writes_no_file(
    strained: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSULT_SECRET_KEY", "canary-of-the-environment")
    seen = document_child.parse(b"x", "look").passages

    assert [passage.text for passage in seen] == ["no secret", "no file"]


def test_the_limits_hold_for_the_child_and_not_for_the_server() -> None:
    before = [resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]
    read_document(WORD, "a.docx")

    assert before == [resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]
    assert document_reading.MEMORY_BYTES < 1024 * MIB
    assert os.getpid()
