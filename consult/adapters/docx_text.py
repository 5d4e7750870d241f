"""The text of a Word document, paragraph by paragraph; a row of a table counts as one paragraph."""

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from consult.adapters.passages import Parsed, Passage, bounded
from consult.adapters.zip_limits import check_no_entities, open_archive
from consult.domain.errors import Reason, Refused

CONTENT_TYPES = "[Content_Types].xml"
WORD_PART = "word/document.xml"
MACRO_MARKS = (b"macroEnabled", b"vbaProject")
BULLET = "\u2022 "
CELL = " | "
PARAGRAPH, TABLE, ROW, TEXT_BOX = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:txbxContent")
TEXT, TAB, VALUE = qn("w:t"), qn("w:tab"), qn("w:val")
BREAKS = frozenset((qn("w:br"), qn("w:cr")))
HYPHEN = qn("w:noBreakHyphen")
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
NOT_SHOWN = frozenset((qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:tblPr"), TEXT_BOX, FALLBACK))
MOST_STYLES = 20
BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
Element = Any


def read_docx(content: bytes) -> Parsed:
    """Read a document; its source line numbers are unknown.

    Raises:
        Refused: what `open_archive` refuses; DOCUMENT_WITH_MACROS; DOCUMENT_TYPE_UNSUPPORTED for another
            archive; DOCUMENT_UNSAFE; DOCUMENT_DAMAGED.
    """
    with open_archive(content) as archive:
        try:
            _check_is_word(archive)
            check_no_entities(archive)
        except BROKEN_ARCHIVE:
            raise Refused(Reason.DOCUMENT_DAMAGED) from None
    try:
        document = docx.Document(BytesIO(content))
        passages = bounded(_Walk(document).passages())
    except (OpcError, etree.LxmlError, LookupError, AttributeError, TypeError, *BROKEN_ARCHIVE):
        raise Refused(Reason.DOCUMENT_DAMAGED) from None
    return Parsed(document.core_properties.title or None, None, passages, "paragraph")


def _check_is_word(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if CONTENT_TYPES not in names or not any(name.startswith("word/") for name in names):
        raise Refused(Reason.DOCUMENT_TYPE_UNSUPPORTED)
    declared = archive.read(CONTENT_TYPES)
    if any(mark in declared for mark in MACRO_MARKS) or any("vbaProject" in name for name in names):
        raise Refused(Reason.DOCUMENT_WITH_MACROS)
    if WORD_PART not in names:
        raise Refused(Reason.DOCUMENT_DAMAGED)


class _Walk:
    """A walk over body, tables, content controls and text boxes; empty paragraphs have no number."""

    def __init__(self, document: Any) -> None:
        self.body = document.element.body
        self.number = 0
        self.marks = _Marks(document)

    def passages(self) -> Iterator[Passage]:
        yield from self._blocks(self.body)

    def _blocks(self, parent: Element) -> Iterator[Passage]:
        for child in parent:
            if child.tag == PARAGRAPH:
                yield from self._paragraph(child)
            elif child.tag == TABLE:
                yield from self._table(child)
            elif child.tag not in NOT_SHOWN:
                yield from self._blocks(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Passage]:
        lines = _lines(paragraph)
        if lines:
            lines[0] = self.marks.before(paragraph) + lines[0]
        yield from self._numbered(lines)
        for box in _text_boxes(paragraph):
            yield from self._blocks(box)

    def _table(self, table: Element) -> Iterator[Passage]:
        for row in _inside(table, ROW):
            cells = list(_inside(row, qn("w:tc")))
            if len(cells) < 2 or next(row.iter(TABLE), None) is not None:  # noqa: PLR2004
                for cell in cells:
                    yield from self._blocks(cell)
                continue
            yield from self._numbered(self._row(cells))

    def _row(self, cells: list[Element]) -> list[str]:
        """The lines of a row: cells stand side by side, the lines within a cell one below the other."""
        lines: list[str] = []
        for cell in cells:
            inside = [line for paragraph in cell.iter(PARAGRAPH) for line in self._marked(paragraph)]
            if lines:
                lines[-1] += CELL + (inside[0] if inside else "")
                lines += inside[1:]
            else:
                lines = inside or [""]
        return [line.strip() for line in lines] if any(line.strip("| ") for line in lines) else []

    def _marked(self, paragraph: Element) -> list[str]:
        lines = _lines(paragraph)
        return [self.marks.before(paragraph, is_cell=True) + lines[0], *lines[1:]] if lines else []

    def _numbered(self, lines: list[str]) -> Iterator[Passage]:
        if lines:
            self.number += 1
            yield from (Passage(line, self.number) for line in [*lines, ""])


class _Marks:
    """Marks of lists, which the text itself does not hold.

    A number stands as a cell of its own ("1. | Roads"), so that no quotation takes it for the author's words.
    """

    def __init__(self, document: Any) -> None:
        self.formats = dict(_formats(document))
        self.styles = {style.style_id: style.element for style in document.styles}
        self.counts: Counter[str] = Counter()

    def before(self, paragraph: Element, *, is_cell: bool = False) -> str:
        """What Word would print before the text; empty outside lists."""
        number_id, level = self._numbering(paragraph)
        if number_id in {None, "0"}:
            return ""
        if is_cell or level != "0" or self.formats.get((str(number_id), "0"), "bullet") in {"bullet", "none"}:
            return BULLET
        self.counts[str(number_id)] += 1
        return f"{self.counts[str(number_id)]}.{CELL}"

    def _numbering(self, paragraph: Element) -> tuple[str | None, str]:
        holder: Element | None = paragraph
        for _ in range(MOST_STYLES):
            if holder is None:
                break
            number_id = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
            if number_id is not None:
                level = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:ilvl')}")
                return number_id.get(VALUE), "0" if level is None else level.get(VALUE)
            path = f"{qn('w:pPr')}/{qn('w:pStyle')}" if holder is paragraph else qn("w:basedOn")
            style = holder.find(path)
            holder = self.styles.get(style.get(VALUE)) if style is not None else None
        return None, "0"


def _formats(document: Any) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield ((list, level), format) of every list that the document defines, such as `decimal`."""
    part = next(
        (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
    )
    if part is None:
        return
    root = part.element
    levels: dict[str, dict[str, str]] = {}
    for abstract in root.iter(qn("w:abstractNum")):
        levels[abstract.get(qn("w:abstractNumId"))] = {
            level.get(qn("w:ilvl")): kind.get(VALUE)
            for level in abstract.iter(qn("w:lvl"))
            if (kind := level.find(qn("w:numFmt"))) is not None
        }
    for number in root.iter(qn("w:num")):
        abstract_id = number.find(qn("w:abstractNumId"))
        known = levels.get(abstract_id.get(VALUE), {}) if abstract_id is not None else {}
        for level, kind in known.items():
            yield (number.get(qn("w:numId")), level), kind


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in content controls; not those of tables within."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in {PARAGRAPH, TABLE, qn("w:tc"), *NOT_SHOWN}:
            yield from _inside(child, tag)


def _lines(paragraph: Element) -> list[str]:
    """The shown words of a paragraph, one string for each of its lines."""
    text = "".join(_words(paragraph))
    return [line for part in text.split("\n") if (line := " ".join(part.split()))]


def _words(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == TEXT:
            yield child.text or ""
        elif child.tag == TAB:
            yield "\t"
        elif child.tag == HYPHEN:
            yield "-"
        elif child.tag in BREAKS:
            yield "\n"
        elif child.tag not in NOT_SHOWN and not _is_hidden(child):
            yield from _words(child)


def _is_hidden(element: Element) -> bool:
    mark = element.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(VALUE) not in {"0", "false"}


def _text_boxes(paragraph: Element) -> Iterator[Element]:
    for box in paragraph.iter(TEXT_BOX):
        if not any(above.tag in {FALLBACK, TEXT_BOX} for above in box.iterancestors()):
            yield box
