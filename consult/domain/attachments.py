"""Files beside a consultation: which kinds are taken, what they are called, how many there may be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from consult.domain.texts import kept_text

LARGEST_BYTES = 10 * 1024 * 1024
MOST_ATTACHMENTS = 50
"""Of one consultation."""
NAME_LONGEST = 120
"""Characters of a file's name, its ending included: some file systems take 255 octets."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file: how it is called on pages, and the ending that its name gets."""

    media_type: str
    label: str
    ending: str


FILE_KINDS: Mapping[str, FileKind] = {
    kind.media_type: kind
    for kind in (
        FileKind("application/pdf", "PDF", ".pdf"),
        FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX", ".docx"),
        FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX", ".xlsx"),
        FileKind("application/vnd.oasis.opendocument.text", "ODT", ".odt"),
        FileKind("image/png", "PNG", ".png"),
        FileKind("image/jpeg", "JPEG", ".jpg"),
    )
}
_SAME_ENDINGS: Mapping[str, tuple[str, ...]] = {".jpg": (".jpg", ".jpeg")}
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*%;\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


def clean_filename(written: str, media_type: str) -> str:
    """A name that every system takes, ending as its content asks, whatever it was called.

    Only the last part of a path is left; signs that a shell or a file system reads become hyphens.
    """
    ending = FILE_KINDS[media_type].ending
    last = written.replace("\\", "/").rpartition("/")[2]
    name = _NOT_IN_NAMES.sub("-", " ".join(kept_text(last).split())).strip(" .-")
    for same in _SAME_ENDINGS.get(ending, (ending,)):
        if name.lower().endswith(same):
            name = name[: -len(same)].rstrip(" .-")
            break
    stem = name[: NAME_LONGEST - len(ending)].rstrip(" .-") or "document"
    return f"document-{stem}{ending}" if _RESERVED.fullmatch(stem) else stem + ending
