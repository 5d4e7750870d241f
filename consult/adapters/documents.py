"""Documents that people upload: bytes in, passages with their places out.

The type is told by the content; a name only tells Markdown from plain text. A new type joins by a line
in `READERS` and a reader of its own.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from consult.adapters.html_text import html_lines, html_source, html_title
from consult.domain.agenda.source import SOURCE_LINE
from consult.domain.errors import Reason, Refused

LARGEST_BYTES = 10 * 1024 * 1024
SNIFFED_CHARS = 4000
MOST_MIXED_WORDS = 0.2

PLAIN, MARKDOWN, HTML = "text/plain", "text/markdown", "text/html"
UNSUPPORTED_STARTS = (b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
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
class Passage:
    """A line of text; `place` is the number of the line or, where the document has none, of its paragraph.

    `source_line` is the line of the file that it comes from, where that is known and another number.
    """

    text: str
    place: int
    source_line: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as text. `place_name` says what a place counts: `lines` or `paragraph`."""

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
            kind of document that is not read yet; DOCUMENT_NOT_TEXT for other binary content;
            DOCUMENT_UNREADABLE for text in an unknown encoding.
    """
    if len(content) > LARGEST_BYTES:
        raise Refused(Reason.DOCUMENT_TOO_LARGE, limit=LARGEST_BYTES)
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise Refused(Reason.DOCUMENT_EMPTY)
    if content[:1024].lstrip().startswith(UNSUPPORTED_STARTS):
        raise Refused(Reason.DOCUMENT_TYPE_UNSUPPORTED)
    text = decode(content)
    media_type = media_type_of(text, filename)
    document = READERS[media_type](text, hashlib.sha256(content).hexdigest())
    if not any(passage.text.strip() for passage in document.passages):
        raise Refused(Reason.DOCUMENT_EMPTY)
    return document


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


def _read_plain(text: str, sha256: str) -> Document:
    lines = LINE_END.split(re.sub(r"(?:\r\n|\r|\n)\Z", "", text))
    source = SOURCE_LINE.match(lines[0])
    passages = tuple(Passage(line, number) for number, line in enumerate(lines, start=1))
    return Document(PLAIN, sha256, None, source[1] if source else None, passages, "lines")


def _read_markdown(text: str, sha256: str) -> Document:
    plain = _read_plain(text, sha256)
    title = MARKDOWN_TITLE.search(text)
    return Document(MARKDOWN, sha256, title[1] if title else None, plain.source_url, plain.passages, "lines")


def _read_html(text: str, sha256: str) -> Document:
    """Every paragraph is followed by an empty line of the same place; a line break stays one paragraph."""
    passages = tuple(Passage(*line) for line in html_lines(text))
    return Document(HTML, sha256, html_title(text), html_source(text), passages, "paragraph")


READERS: dict[str, Callable[[str, str], Document]] = {
    PLAIN: _read_plain,
    MARKDOWN: _read_markdown,
    HTML: _read_html,
}
