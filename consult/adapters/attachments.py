"""What kind of file was uploaded, told by its content; what unpacks too large or holds programs is refused"""

import re
import zipfile
import zlib

from consult.adapters.documents import binary_type_of
from consult.adapters.zip_limits import check_no_entities, open_archive
from consult.domain.attachments import LARGEST_BYTES
from consult.domain.errors import Reason, Refused

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
ODT = "application/vnd.oasis.opendocument.text"
PNG_START, PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
JPEG_START, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
CONTENT_TYPES, MIMETYPE = "[Content_Types].xml", "mimetype"
MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    b"spreadsheetml.sheet.main+xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
USUAL_PACKING = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""What office programs write; others may ask for gigabytes of memory before the first byte."""
MACRO_MARKS = (b"macroEnabled", b"vbaProject")
MACRO_PLACES = re.compile(r"(?:\A|/)(?:vbaProject|Basic/|Scripts/)", re.IGNORECASE)
FETCHED = (b"/attachedTemplate", b"/oleObject", b"/frame", b"/subDocument")
"""Kinds of parts that an office program loads from elsewhere as soon as the file is opened."""


def media_type_of(content: bytes) -> str:
    """The media type of an uploaded file, one of `domain.attachments.FILE_KINDS`.

    Raises:
        Refused: DOCUMENT_EMPTY; DOCUMENT_TOO_LARGE with `limit` in bytes; ATTACHMENT_TYPE_UNSUPPORTED;
            DOCUMENT_AMBIGUOUS for a file of two kinds; DOCUMENT_DAMAGED, DOCUMENT_ENCRYPTED,
            DOCUMENT_UNPACKS_TOO_LARGE, DOCUMENT_UNSAFE and DOCUMENT_WITH_MACROS for office files.
    """
    if not content:
        raise Refused(Reason.DOCUMENT_EMPTY)
    if len(content) > LARGEST_BYTES:
        raise Refused(Reason.DOCUMENT_TOO_LARGE, limit=LARGEST_BYTES)
    if content.startswith((PNG_START, JPEG_START)):
        return _picture(content)
    try:
        kind = binary_type_of(content)
    except Refused as refused:
        if refused.reason is Reason.DOCUMENT_TYPE_UNSUPPORTED:
            raise Refused(Reason.ATTACHMENT_TYPE_UNSUPPORTED) from None
        raise
    if kind is None:
        raise Refused(Reason.ATTACHMENT_TYPE_UNSUPPORTED)
    return PDF if kind == PDF else _office(content)


def _picture(content: bytes) -> str:
    """A picture that ends as one: nothing else hides behind it."""
    is_png = content.startswith(PNG_START)
    if not content.rstrip(b"\0").endswith(PNG_END if is_png else JPEG_END):
        raise Refused(Reason.DOCUMENT_DAMAGED)
    return PNG if is_png else JPEG


def _office(content: bytes) -> str:
    with open_archive(content) as archive:
        try:
            if any(member.compress_type not in USUAL_PACKING for member in archive.infolist()):
                raise Refused(Reason.DOCUMENT_UNSAFE)
            names = archive.namelist()
            media_type = _declared(archive, names)
            if any(MACRO_PLACES.search(name) for name in names):
                raise Refused(Reason.DOCUMENT_WITH_MACROS)
            check_no_entities(archive)
            for name in names:
                if name.lower().endswith(".rels") and _fetches(archive.read(name)):
                    raise Refused(Reason.DOCUMENT_UNSAFE)
        except BROKEN:
            raise Refused(Reason.DOCUMENT_DAMAGED) from None
    return media_type


def _fetches(relations: bytes) -> bool:
    return any(b"External" in tag and any(mark in tag for mark in FETCHED) for tag in relations.split(b">"))


def _declared(archive: zipfile.ZipFile, names: list[str]) -> str:
    """What the archive says it is; Raises Refused(ATTACHMENT_TYPE_UNSUPPORTED) for anything else."""
    if MIMETYPE in names and archive.read(MIMETYPE).strip() == ODT.encode():
        return ODT
    declared = archive.read(CONTENT_TYPES) if CONTENT_TYPES in names else b""
    if any(mark in declared for mark in MACRO_MARKS):
        raise Refused(Reason.DOCUMENT_WITH_MACROS)
    for mark, media_type in MAIN_PARTS.items():
        if mark in declared:
            return media_type
    raise Refused(Reason.ATTACHMENT_TYPE_UNSUPPORTED)
