"""The report on a consultation as a Word document: real headings, tables with repeated headers, languages."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from itertools import groupby
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from consult.domain.languages import Language, Shown
from consult.domain.outcome_report import Report, ReportLine, ReportWords
from consult.domain.report_cells import ReportCell, cells_of

FONT = "Arial"
"""Has every Kazakh letter, and is on nearly every computer; the document embeds none."""
WIDTHS_MM = (18, 76, 76, 27, 18, 18, 34)
TWIPS_IN_MM = 56.7
LOCALES = {Language.KK: "kk-KZ", Language.RU: "ru-RU", Language.EN: "en-GB"}
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - Word keeps times without a zone; one for all gives the same bytes


def report_docx(report: Report, words: ReportWords) -> bytes:
    """The document; the same report always gives the same bytes."""
    document = docx.Document()
    _set_up(document, report, words)
    document.add_heading(level=0)
    _write(document.paragraphs[-1]._p, (report.title,))  # noqa: SLF001 - the library has no languages
    _write(document.add_paragraph()._p, (report.authority,))  # noqa: SLF001
    if words.draft:
        document.add_paragraph(words.draft, style="Intense Quote")
    for _, lines in groupby(report.lines, key=lambda line: line.question):
        _add_section(document, tuple(lines), words)
    out = BytesIO()
    document.save(out)
    return _same_bytes(out)


def _set_up(document: Document, report: Report, words: ReportWords) -> None:
    """Landscape A4, the font and language of all text, and what the document says of itself."""
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(15)
    for style in document.styles.element.findall(qn("w:style")):
        for fonts in style.iter(qn("w:rFonts")):
            fonts.attrib.clear()
            for script in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{script}"), FONT)
    for spoken in document.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), LOCALES[report.language])
    document.styles["Normal"].font.name = FONT
    about = document.core_properties
    about.title = f"{report.title.text} – {words.heading}"
    about.author, about.comments = report.authority.text, ""
    about.language = LOCALES[report.language]
    about.created = about.modified = EPOCH


def _add_section(document: Document, lines: tuple[ReportLine, ...], words: ReportWords) -> None:
    """A heading with the question, and a table of its comments."""
    document.add_heading(level=1)
    _write(document.paragraphs[-1]._p, (f"{lines[0].question}. ", lines[0].section))  # noqa: SLF001
    table = document.add_table(rows=0, cols=0, style="Table Grid")
    element = table._tbl  # noqa: SLF001
    grid = element.tblGrid
    for width in WIDTHS_MM:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(round(width * TWIPS_IN_MM)))
        grid.append(column)
    element.append(_row(((column,) for column in words.columns), is_header=True))
    for line in lines:
        element.append(_row(cells_of(line, words)))


def _row(cells: Iterable[ReportCell], *, is_header: bool = False) -> Any:
    row = OxmlElement("w:tr")
    if is_header:
        about = OxmlElement("w:trPr")
        about.append(OxmlElement("w:tblHeader"))
        row.append(about)
    for cell, width in zip(cells, WIDTHS_MM, strict=True):
        row.append(_cell(cell, width, is_bold=is_header))
    return row


def _cell(cell: ReportCell, width: int, *, is_bold: bool) -> Any:
    element = OxmlElement("w:tc")
    about, size = OxmlElement("w:tcPr"), OxmlElement("w:tcW")
    size.set(qn("w:w"), str(round(width * TWIPS_IN_MM)))
    size.set(qn("w:type"), "dxa")
    about.append(size)
    element.append(about)
    for paragraph in cell or ("",):
        written = OxmlElement("w:p")
        _write(written, (paragraph,), is_bold=is_bold)
        element.append(written)
    return element


def _write(paragraph: Any, parts: Iterable[str | Shown], *, is_bold: bool = False) -> None:
    """Runs of text, each marked with its language where it is known."""
    for part in parts:
        text = part if isinstance(part, str) else part.text
        run = OxmlElement("w:r")
        look = OxmlElement("w:rPr")
        if is_bold:
            look.append(OxmlElement("w:b"))
        if isinstance(part, Shown):
            spoken = OxmlElement("w:lang")
            spoken.set(qn("w:val"), LOCALES[part.language])
            look.append(spoken)
        run.append(look)
        for element in _lines(text):
            run.append(element)
        paragraph.append(run)


def _lines(text: str) -> Iterator[Any]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield OxmlElement("w:br")
        element = OxmlElement("w:t")
        element.text = line
        element.set(qn("xml:space"), "preserve")
        yield element


def _same_bytes(written: BytesIO) -> bytes:
    """The archive again, its parts in order and without the times at which they were packed."""
    out = BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()
