"""Files that administrators upload."""

from flask import request

from consult.domain.errors import Reason, Refused


def uploaded(name: str, largest: int) -> bytes:
    """The octets of a file of the form; Raises Refused: DOCUMENT_MISSING, DOCUMENT_TOO_LARGE."""
    upload = request.files.get(name)
    if upload is None or not upload.filename:
        raise Refused(Reason.DOCUMENT_MISSING)
    content = upload.stream.read(largest + 1)
    if len(content) > largest:
        raise Refused(Reason.DOCUMENT_TOO_LARGE, limit=largest)
    return content


def uploaded_text(name: str, largest: int) -> str:
    """The text of a file in UTF-8; Raises as `uploaded`, and Refused(DOCUMENT_UNREADABLE)."""
    try:
        return uploaded(name, largest).decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        raise Refused(Reason.DOCUMENT_UNREADABLE) from None
