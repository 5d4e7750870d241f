"""The report on a consultation as PDF: our font inside, bookmarks, tables with repeated headers."""

from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from itertools import groupby
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from consult.adapters.pictures import FONTS
from consult.domain.outcome_report import Report, ReportLine, ReportWords
from consult.domain.report_cells import ReportCell, cells_of

REGULAR, BOLD = "Onest", "Onest-Bold"
EDGE = 15 * mm
WIDTHS = tuple(width * mm for width in (18, 76, 76, 27, 18, 18, 34))
INK, RULE, HEAD = HexColor("#14252b"), HexColor("#8a979c"), HexColor("#e6edf0")
LONGEST = 1_500
"""Characters of one paragraph; longer ones are divided, so that a cell can be divided between pages."""


def report_pdf(report: Report, words: ReportWords) -> bytes:
    """The document; the same report always gives the same bytes. It carries title and language, no tags."""
    _register()
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        leftMargin=EDGE,
        rightMargin=EDGE,
        topMargin=EDGE,
        bottomMargin=EDGE,
        title=f"{report.title.text} – {words.heading}",
        author=report.authority.text,
        subject=words.heading,
        creator="Consult",
        lang=report.language.value,
        invariant=1,
    )
    foot = _foot(words.draft)
    document.build(list(_story(report, words)), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


@cache
def _register() -> None:
    pdfmetrics.registerFont(TTFont(REGULAR, FONTS / "onest-400.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, FONTS / "onest-700.ttf"))


def _style(name: str, size: int, *, is_bold: bool = False, after: int = 0) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName=BOLD if is_bold else REGULAR,
        fontSize=size,
        leading=round(size * 1.35),
        textColor=INK,
        spaceAfter=after,
        splitLongWords=1,
    )


TITLE, HEADING = _style("title", 18, is_bold=True, after=6), _style("heading", 13, is_bold=True, after=6)
BODY, CELL, COLUMN = _style("body", 10, after=6), _style("cell", 8), _style("column", 8, is_bold=True)


class _Section(Paragraph):  # type: ignore[misc]
    """A heading that stands in the bookmarks too, and stays with what follows."""

    def __init__(self, text: str, key: str, style: ParagraphStyle) -> None:
        super().__init__(escape(text), style)
        self.words, self.key, self.keepWithNext = text, key, 1

    def draw(self) -> None:
        self.canv.bookmarkPage(self.key)
        self.canv.addOutlineEntry(self.words, self.key, 0)
        super().draw()


def _story(report: Report, words: ReportWords) -> Iterator[Any]:
    yield Paragraph(escape(report.title.text), TITLE)
    yield Paragraph(escape(words.heading), HEADING)
    yield Paragraph(escape(report.authority.text), BODY)
    if words.draft:
        yield Paragraph(escape(words.draft), BODY)
    for number, lines in groupby(report.lines, key=lambda line: line.question):
        some = tuple(lines)
        yield Spacer(1, 4 * mm)
        yield _Section(f"{number}. {some[0].section.text}", f"question-{number}", HEADING)
        yield _table(some, words)


def _table(lines: Iterable[ReportLine], words: ReportWords) -> LongTable:
    rows = [[Paragraph(escape(column), COLUMN) for column in words.columns]]
    rows += [[_cell(cell) for cell in cells_of(line, words)] for line in lines]
    return LongTable(
        rows,
        colWidths=WIDTHS,
        repeatRows=1,
        splitInRow=1,
        style=TableStyle([
            ("GRID", (0, 0), (-1, -1), 0.5, RULE),
            ("BACKGROUND", (0, 0), (-1, 0), HEAD),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]),
    )  # fmt: skip


def _cell(cell: ReportCell) -> list[Paragraph]:
    return [
        Paragraph(escape(part), CELL)
        for paragraph in cell
        for line in str(paragraph).split("\n")
        for part in wrap(line, LONGEST)
    ]


def _foot(draft: str) -> Any:
    """Writes the number of the page, and on a draft what it is, at the foot of each page."""

    def write(canvas: Any, _document: Any) -> None:
        canvas.setFont(REGULAR, 8)
        canvas.drawRightString(landscape(A4)[0] - EDGE, EDGE / 2, str(canvas.getPageNumber()))
        if draft:
            canvas.drawString(EDGE, EDGE / 2, draft)

    return write
