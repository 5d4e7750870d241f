"""What an archive says about itself, before anything in it is unpacked."""

import zipfile
from io import BytesIO

from consult.domain.errors import Reason, Refused

MOST_MEMBERS = 2_000
MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_XML_BYTES = 20 * 1024 * 1024
LARGEST_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 1024 * 1024
ENCRYPTED = 0x1
XML_NAMES = (".xml", ".rels")
DECLARATIONS = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


def open_archive(content: bytes) -> zipfile.ZipFile:
    """The archive, when what it declares is small enough to unpack.

    A member never yields more than it declares: zipfile stops there.

    Raises:
        Refused: DOCUMENT_DAMAGED, DOCUMENT_ENCRYPTED; DOCUMENT_UNPACKS_TOO_LARGE for too many members, too
            much text, or a ratio that only a bomb has.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refused(Reason.DOCUMENT_DAMAGED) from None
    members = archive.infolist()
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise Refused(Reason.DOCUMENT_ENCRYPTED)
    total = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or total > MOST_UNPACKED_BYTES or any(map(_is_bomb, members)):
        raise Refused(Reason.DOCUMENT_UNPACKS_TOO_LARGE)
    return archive


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    if member.filename.lower().endswith(XML_NAMES) and member.file_size > MOST_XML_BYTES:
        return True
    ratio = member.file_size / max(1, member.compress_size)
    return member.file_size > RATIO_COUNTS_FROM_BYTES and ratio > LARGEST_RATIO


def check_no_entities(archive: zipfile.ZipFile) -> None:
    """Raises Refused(DOCUMENT_UNSAFE) where a part declares a document type: office files never do."""
    for member in archive.infolist():
        if member.filename.lower().endswith(XML_NAMES):
            text = archive.read(member)
            if any(mark in text for mark in DECLARATIONS):
                raise Refused(Reason.DOCUMENT_UNSAFE)
