"""The readable text of a page, paragraph by paragraph, however broken its markup is."""

from collections.abc import Iterator

from lxml import etree, html

from consult.adapters.passages import Parsed, Passage, bounded
from consult.domain.errors import Reason, Refused

SKIPPED = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "nav",
        "svg",
        "iframe",
        "object",
        "select",
        "button",
        "textarea",
    )
)
BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
        ),
        *(
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "html",
        ),
        *(
            "li",
            "main",
            "ol",
            "p",
            "pre",
            "section",
            "summary",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "tr",
            "ul",
        ),
    )
)
BULLET = "\u2022 "
CELL = " | "


def read_html(content: bytes) -> Parsed:
    """Read a page in UTF-8; what is no letter in it is replaced.

    Every paragraph is followed by an empty line of the same place; a line break stays one paragraph.
    Raises Refused as `parse` does.
    """
    text = content.decode("utf-8", "replace")
    passages = bounded(Passage(*line) for line in html_lines(text))
    return Parsed(html_title(text), html_source(text), passages, "paragraph")


def parse(text: str) -> html.HtmlElement:
    """Parse without network, external entities or unlimited trees.

    Raises:
        Refused: DOCUMENT_EMPTY when nothing is left, DOCUMENT_UNREADABLE when the parser gives up.
    """
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        raise Refused(Reason.DOCUMENT_EMPTY) from None
    except (etree.LxmlError, ValueError):
        raise Refused(Reason.DOCUMENT_UNREADABLE) from None


def html_title(text: str) -> str | None:
    """The page's own title, else its first heading."""
    page = parse(text)
    for words in page.xpath("//title/text() | //h1//text()"):
        if title := " ".join(str(words).split()):
            return title
    return None


def html_source(text: str) -> str | None:
    """The address that the page calls its own, if it is one of the web."""
    for address in parse(text).xpath("//link[@rel='canonical']/@href"):
        if str(address).startswith(("https://", "http://")):
            return str(address)
    return None


def html_lines(text: str) -> Iterator[tuple[str, int, int | None]]:
    """Yield line, number of its paragraph, line of the file; after each paragraph an empty line."""
    yield from _Walk().lines(parse(text))


class _Walk:
    """A walk over the elements that collects the lines of a paragraph until a block begins or ends."""

    def __init__(self) -> None:
        self.number = 0
        self.finished: list[str] = []
        self.words: list[str] = []
        self.source_line: int | None = None
        self.rows: list[html.HtmlElement] = []

    def lines(self, page: html.HtmlElement) -> Iterator[tuple[str, int, int | None]]:
        walk = etree.iterwalk(page, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if element.tag in SKIPPED or element.get("hidden") is not None:
                    walk.skip_subtree()
                    continue
                yield from self._begin(element)
                self._say(element.text, element.sourceline)
            else:
                yield from self._end(element)
                self._say(element.tail, element.sourceline)
        yield from self._paragraph()

    def _begin(self, element: html.HtmlElement) -> Iterator[tuple[str, int, int | None]]:
        tag = element.tag
        if tag == "tr" and not self.rows and _is_row(element):
            yield from self._paragraph()
            self.rows.append(element)
        elif tag in {"td", "th"} and self.rows:
            self._say(CELL if self.finished or self.words else None, None)
        elif tag == "br" or (tag in BLOCKS and self.rows):
            self._line()
        elif tag in BLOCKS:
            yield from self._paragraph()
        if tag == "li":
            self._say(BULLET, element.sourceline)

    def _end(self, element: html.HtmlElement) -> Iterator[tuple[str, int, int | None]]:
        if self.rows and self.rows[-1] is element:
            self.rows.pop()
            yield from self._paragraph()
        elif element.tag in BLOCKS and not self.rows:
            yield from self._paragraph()
        elif element.tag in BLOCKS - {"td", "th"}:
            self._line()

    def _say(self, words: str | None, source_line: int | None) -> None:
        if words:
            self.words.append(words)
            if self.source_line is None and words.strip():
                self.source_line = source_line

    def _line(self) -> None:
        """End a line inside the paragraph."""
        line = " ".join("".join(self.words).split())
        if line:
            self.finished.append(line)
        self.words = []

    def _paragraph(self) -> Iterator[tuple[str, int, int | None]]:
        self._line()
        if any(line.strip("|\u2022 ") for line in self.finished):
            self.number += 1
            yield from ((line, self.number, self.source_line) for line in [*self.finished, ""])
        self.finished = []
        self.source_line = None


def _is_row(element: html.HtmlElement) -> bool:
    """Whether a table row holds data; a row of one cell or with a table inside only lays out the page."""
    return sum(1 for child in element if child.tag in {"td", "th"}) > 1 and element.find(".//table") is None
