"""Documents that people upload: bytes in, passages with their places out.

The type is told by the content; a name only tells Markdown from plain text. Pages, Word documents and PDF
are read in a child process with limits (a new type joins in `document_reading`). Plain text and
Markdown are read here: splitting lines is linear, calls no parser, and the size is bounded.
"""

import hashlib
import re
import zipfile
from dataclasses import dataclass, replace
from io import BytesIO

from consult.adapters import document_child
from consult.adapters.document_child import DOCX, HTML, PDF
from consult.adapters.passages import Parsed, Passage
from consult.domain.agenda.source import SOURCE_LINE
from consult.domain.errors import Reason, Refused

LARGEST_BYTES = 10 * 1024 * 1024
SNIFFED_CHARS = 4000
MOST_MIXED_WORDS = 0.2

PLAIN, MARKDOWN = "text/plain", "text/markdown"
COMPOUND_START, RICH_TEXT_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"
PDF_START, ZIP_STARTS = b"%PDF-", (b"PK\x03\x04", b"PK\x05\x06")
SNIFFED_BYTES = 1024
LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
LINE_END = re.compile(r"\r\n|\r|\n")
HTML_START = re.compile(
    r"\s*(?:<!--.{0,1000}?-->\s*)*<(?:!doctype\s+html|html|head|body|main|article|section|div|table|p|h[1-6]|ul|ol)\b",
    re.IGNORECASE | re.DOTALL,
)
XML_START = re.compile(r"\s*<\?xml\b", re.IGNORECASE)
HTML_ANYWHERE = re.compile(r"<html\b", re.IGNORECASE)
DECLARED_CHARSET = re.compile(rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,20})", re.IGNORECASE)
ACCEPTED_CHARSETS = {
    "windows-1251": "cp1251",
    "cp1251": "cp1251",
    "windows-1252": "cp1252",
    "iso-8859-1": "cp1252",
    "koi8-r": "koi8_r",
}
MIXED_WORD = re.compile(r"[A-Za-z]+[\u0400-\u04ff]|[\u0400-\u04ff]+[A-Za-z]")
FOREIGN_WORD = re.compile(r"\w*[^\W\d_a-zA-Z]\w*")
MARKDOWN_TITLE = re.compile(r"^#\s+(\S.*?)\s*#*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """A document as text. `place_name` says what a place counts: `lines`, `paragraph` or `page`."""

    media_type: str
    sha256: str
    title: str | None
    source_url: str | None
    passages: tuple[Passage, ...]
    place_name: str

    @property
    def lines(self) -> list[str]:
        return [passage.text for passage in self.passages]

    @property
    def places(self) -> list[int]:
        return [passage.place for passage in self.passages]


def read_document(content: bytes, filename: str) -> Document:
    """Read a document.

    Raises:
        Refused: DOCUMENT_EMPTY; DOCUMENT_TOO_LARGE with `limit` in bytes; DOCUMENT_TYPE_UNSUPPORTED for a
            kind of document that is not read; DOCUMENT_AMBIGUOUS for a file of two kinds; DOCUMENT_ENCRYPTED;
            DOCUMENT_NOT_TEXT for other binary content; DOCUMENT_UNREADABLE for text in an unknown encoding;
            and what the readers of pages, Word documents and PDF refuse.
    """
    if len(content) > LARGEST_BYTES:
        raise Refused(Reason.DOCUMENT_TOO_LARGE, limit=LARGEST_BYTES)
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise Refused(Reason.DOCUMENT_EMPTY)
    media_type = binary_type_of(content)
    parsed, media_type = (
        (document_child.parse(content, media_type), media_type)
        if media_type
        else _read_text(content, filename)
    )
    if not any(word.strip("|\u2022") for passage in parsed.passages for word in passage.text.split()):
        raise Refused(Reason.DOCUMENT_EMPTY)
    sha256 = hashlib.sha256(content).hexdigest()
    return Document(media_type, sha256, parsed.title, parsed.source_url, parsed.passages, parsed.place_name)


def binary_type_of(content: bytes) -> str | None:
    """PDF or DOCX by the first bytes, None for text. What the archive holds is looked at by its reader.

    Raises:
        Refused: DOCUMENT_AMBIGUOUS, DOCUMENT_ENCRYPTED, DOCUMENT_TYPE_UNSUPPORTED.
    """
    start = content[:SNIFFED_BYTES].lstrip()
    if start.startswith(COMPOUND_START):
        is_locked = LOCKED_OFFICE in content
        raise Refused(Reason.DOCUMENT_ENCRYPTED if is_locked else Reason.DOCUMENT_TYPE_UNSUPPORTED)
    if start.startswith(RICH_TEXT_START):
        raise Refused(Reason.DOCUMENT_TYPE_UNSUPPORTED)
    is_pdf, is_zip = start.startswith(PDF_START), start.startswith(ZIP_STARTS)
    if (is_pdf and zipfile.is_zipfile(BytesIO(content))) or (is_zip and PDF_START in content[:SNIFFED_BYTES]):
        raise Refused(Reason.DOCUMENT_AMBIGUOUS)
    if is_pdf:
        return PDF
    return DOCX if is_zip else None


def _read_text(content: bytes, filename: str) -> tuple[Parsed, str]:
    text = decode(content)
    media_type = media_type_of(text, filename)
    if media_type == HTML:
        return document_child.parse(text.encode("utf-8", "replace"), HTML), HTML
    return (_read_markdown if media_type == MARKDOWN else _read_plain)(text), media_type


def decode(content: bytes) -> str:
    """The text of the bytes: UTF-8, UTF-16 with its mark, a page's declared charset, or Windows-1251.

    Raises:
        Refused: DOCUMENT_NOT_TEXT, DOCUMENT_UNREADABLE.
    """
    if content.startswith(UTF_16_MARKS):
        text = _decoded(content, "utf-16")
        if "\0" in text:
            raise Refused(Reason.DOCUMENT_NOT_TEXT)
        return text
    if _is_binary(content):
        raise Refused(Reason.DOCUMENT_NOT_TEXT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = DECLARED_CHARSET.search(content[:SNIFFED_CHARS])
        charset = ACCEPTED_CHARSETS.get(declared[1].decode("ascii", "replace").lower()) if declared else None
        return _decoded(content, charset) if charset else _cyrillic(_decoded(content, "cp1251"))


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset)
    except UnicodeDecodeError:
        raise Refused(Reason.DOCUMENT_UNREADABLE) from None


def _is_binary(content: bytes) -> bool:
    """Whether there are control characters that no text has."""
    controls = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})
    return len(content.translate(None, controls)) < len(content)


def _cyrillic(text: str) -> str:
    """The same text if it has Cyrillic words; a Western encoding read so mixes alphabets in a word."""
    foreign = FOREIGN_WORD.findall(text)
    mixed = sum(1 for word in foreign if MIXED_WORD.search(word))
    if not foreign or mixed > len(foreign) * MOST_MIXED_WORDS:
        raise Refused(Reason.DOCUMENT_UNREADABLE)
    return text


def media_type_of(text: str, filename: str) -> str:
    """The type of decoded text; the name decides only between Markdown and plain text.

    Raises:
        Refused: DOCUMENT_TYPE_UNSUPPORTED for XML that is no page.
    """
    start = text[:SNIFFED_CHARS]
    if HTML_START.match(start) or (XML_START.match(start) and HTML_ANYWHERE.search(start)):
        return HTML
    if XML_START.match(start):
        raise Refused(Reason.DOCUMENT_TYPE_UNSUPPORTED)
    return MARKDOWN if filename.lower().endswith((".md", ".markdown")) else PLAIN


def _read_plain(text: str) -> Parsed:
    lines = LINE_END.split(re.sub(r"(?:\r\n|\r|\n)\Z", "", text))
    source = SOURCE_LINE.match(lines[0])
    passages = tuple(Passage(line, number) for number, line in enumerate(lines, start=1))
    return Parsed(None, source[1] if source else None, passages, "lines")


def _read_markdown(text: str) -> Parsed:
    title = MARKDOWN_TITLE.search(text)
    return replace(_read_plain(text), title=title[1] if title else None)
