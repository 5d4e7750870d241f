"""What is taken as a document beside a consultation, told by its content and never by its name."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from consult.adapters.attachments import media_type_of
from consult.domain.attachments import FILE_KINDS, LARGEST_BYTES
from consult.domain.errors import Reason, Refused
from tests.support.files import docx_of, pdf_of, with_parts, zip_of
from tests.support.scenes import PICTURE

WORD = docx_of(["A plan of the street"])
PDF = pdf_of([["A plan of the street"]])
SHEET_TYPES = (
    b'<Types><Override PartName="/xl/workbook.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 40 + b"\xff\xd9"
RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="https://elsewhere.example/" TargetMode="External"/></Relationships>'
)


def odt(**more: bytes) -> bytes:
    return zip_of({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>", **more})


def sheet(**more: bytes) -> bytes:
    return zip_of({"[Content_Types].xml": SHEET_TYPES, "xl/workbook.xml": b"<workbook/>", **more})


def bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", b"\0" * (70 * 1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "label"),
    [(PDF, "PDF"), (WORD, "DOCX"), (sheet(), "XLSX"), (odt(), "ODT"), (PICTURE, "PNG"), (JPEG, "JPEG")],
    ids=["pdf", "docx", "xlsx", "odt", "png", "jpeg"],
)
def test_each_kind_is_known_by_its_content(content: bytes, label: str) -> None:
    assert FILE_KINDS[media_type_of(content)].label == label


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.DOCUMENT_EMPTY),
        (b"%PDF-" + b"0" * LARGEST_BYTES, Reason.DOCUMENT_TOO_LARGE),
        (b"MZ\x90\0 a program", Reason.ATTACHMENT_TYPE_UNSUPPORTED),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Reason.ATTACHMENT_TYPE_UNSUPPORTED),
        (b"<!doctype html><script>alert(1)</script>", Reason.ATTACHMENT_TYPE_UNSUPPORTED),
        (b"plain words", Reason.ATTACHMENT_TYPE_UNSUPPORTED),
        (b"{\\rtf1 words}", Reason.ATTACHMENT_TYPE_UNSUPPORTED),
        (b"GIF89a" + b"\0" * 40, Reason.ATTACHMENT_TYPE_UNSUPPORTED),
        (zip_of({"program.exe": b"MZ"}), Reason.ATTACHMENT_TYPE_UNSUPPORTED),
        (PICTURE + b"<script>alert(1)</script>", Reason.DOCUMENT_DAMAGED),
        (PICTURE[:30], Reason.DOCUMENT_DAMAGED),
        (JPEG[:-2] + WORD, Reason.DOCUMENT_DAMAGED),
        (PDF + WORD, Reason.DOCUMENT_AMBIGUOUS),
        (WORD[:-30], Reason.DOCUMENT_DAMAGED),
        (bomb(), Reason.DOCUMENT_UNPACKS_TOO_LARGE),
        (zip_of({"mimetype": b"x"}, compression=zipfile.ZIP_LZMA), Reason.DOCUMENT_UNSAFE),
        (with_parts(WORD, document=b'<!DOCTYPE w [<!ENTITY e "ha">]><w/>'), Reason.DOCUMENT_UNSAFE),
        (sheet(**{"xl/_rels/workbook.xml.rels": RELATIONS % b"oleObject"}), Reason.DOCUMENT_UNSAFE),
        (
            with_parts(WORD, **{"word/_rels/settings.xml.rels": RELATIONS % b"attachedTemplate"}),
            Reason.DOCUMENT_UNSAFE,
        ),
        (sheet(**{"xl/vbaProject.bin": b"macro"}), Reason.DOCUMENT_WITH_MACROS),
        (odt(**{"Basic/Standard/Module1.xml": b"<a/>"}), Reason.DOCUMENT_WITH_MACROS),
    ],
)
def test_what_is_none_of_them_or_means_harm_is_refused(content: bytes, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        media_type_of(content)
    assert refused.value.reason is reason


def test_a_link_to_elsewhere_in_the_words_of_a_document_is_fine() -> None:
    linking = with_parts(WORD, **{"word/_rels/extra.xml.rels": RELATIONS % b"hyperlink"})
    assert FILE_KINDS[media_type_of(linking)].label == "DOCX"


@pytest.mark.parametrize("make", [lambda: WORD, odt, sheet], ids=["docx", "odt", "xlsx"])
def test_an_office_file_cut_or_changed_anywhere_is_taken_or_refused_but_never_breaks(
    make: Callable[[], bytes],
) -> None:
    whole = make()
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        for broken in (whole[:at], whole[:at] + b"\xff\x00" + whole[at + 2 :]):
            assert outcome(broken) in {*FILE_KINDS, *Reason}


def outcome(content: bytes) -> str:
    try:
        return media_type_of(content)
    except Refused as refused:
        return refused.reason
